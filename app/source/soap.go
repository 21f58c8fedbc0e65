package source

import (
	"bytes"
	"slices"
)

// Windows' remote management answers in SOAP: events stand in elements of the answer, beside
// others that tell of the answer itself. Source: WS-Enumeration, WS-Eventing, MS-WSMV.

// soapAround are the elements around events, soapAside those that have none in them.
var (
	soapAround = []string{"Envelope", "Body", "EnumerateResponse", "PullResponse", "Items", "Events"}
	soapAside  = []string{"Header", "EnumerationContext", "EndOfSequence", "TotalItemsCountEstimate"}
)

// soapTag returns how much of a text is what SOAP has around events: a tag, or an element that
// has none in it; 0 for anything else. Of a text that is too short to tell it is more.
func soapTag(data []byte) (length int, more bool) {
	head := data[:min(len(data), longestMarkup)]
	end := bytes.IndexByte(head, '>') + 1
	if end == 0 {
		return 0, false
	}
	full, name, closes := tagName(head[:end])
	switch {
	case closes && name == "Event" && full != name:
		return end, false
	case slices.Contains(soapAround, name):
		return end, false
	case !slices.Contains(soapAside, name):
		return 0, false
	case closes || head[end-2] == '/':
		return end, false
	}
	after := bytes.Index(head, []byte("</"+full+">"))
	if after < 0 {
		return 0, len(data) < longestMarkup
	}
	return after + len("</>") + len(full), false
}

// cdata is what a text stands in whose signs are not escaped.
var cdata, cdataEnd = []byte("<![CDATA["), []byte("]]>")

// deliveredTag returns the length of the tag of an element that has an event as a text in it, as
// an answer delivers it: <w:Event><![CDATA[<Event>; 0 for any other tag of an event. Of a text
// that is too short to tell it is more.
func deliveredTag(data []byte) (length int, more bool) {
	end := bytes.IndexByte(data[:min(len(data), longestMarkup)], '>') + 1
	if end == 0 {
		return 0, false
	}
	after := data[end:]
	blank := leadingSpace(after)
	if !bytes.HasPrefix(after[blank:], cdata) || eventTag(bytes.TrimLeft(after[blank+len(cdata):], space)) == 0 {
		return 0, len(after) < longestPrefix+len(cdata)
	}
	return end + blank + len(cdata), false
}

// tagName returns the name of a tag with and without its prefix, and whether the tag closes an
// element.
func tagName(tag []byte) (full, name string, closes bool) {
	inner, closes := bytes.CutPrefix(bytes.Trim(tag, "<>"), []byte{'/'})
	if end := slices.IndexFunc(inner, endsName); end >= 0 {
		inner = inner[:end]
	}
	return string(inner), string(inner[bytes.IndexByte(inner, ':')+1:]), closes
}
