package source

import (
	"bytes"
	"slices"
)

// patience is how much text is read in search of the end of an XML event before
// the search for another event in it begins, in bytes.
const patience = 1 << 20

// longestMarkup bounds a comment or instruction between events, in bytes.
const longestMarkup = 64 << 10

// cutXML cuts at a text that begins with <.
func (c *cutter) cutXML(data []byte, eof bool) part {
	if len(data) < longestPrefix && !eof {
		return needMore
	}
	if n := eventTag(data); n > 0 {
		if around, more := deliveredTag(data); around > 0 || more && !eof {
			return part{length: around, more: around == 0}
		}
		return cutXMLEvent(data, n, eof)
	}
	if isResult(data) {
		return cutResult(data, eof)
	}
	for _, between := range [][2]string{{"<!--", "-->"}, {"<?", "?>"}, {"<Events", ">"}, {"</Events", ">"},
		{"<results", ">"}, {"</results", ">"}, {"<meta>", "</meta>"}, {"<messages>", "</messages>"}} {
		if !bytes.HasPrefix(data, []byte(between[0])) {
			continue
		}
		if i := bytes.Index(data[:min(len(data), longestMarkup)], []byte(between[1])); i >= 0 {
			return part{length: i + len(between[1])}
		}
		if !eof && len(data) < longestMarkup {
			return needMore
		}
	}
	if n, more := soapTag(data); n > 0 || more && !eof {
		return part{length: n, more: n == 0}
	}
	return c.cutNoise(data, eof)
}

// cutXMLEvent cuts an event whose start tag has a name of n bytes after the <. An
// event that lost its end, as a length limit of the collector does, ends where
// the next event begins.
func cutXMLEvent(data []byte, n int, eof bool) part {
	name, body := data[1:n+1], n+1
	begin, end := firstTag(data[body:min(len(data), patience)], name)
	switch {
	case end > 0:
		return part{length: body + end, event: true}
	case begin >= 0:
		return part{length: upToEventLine(data[:body+begin]), event: true}
	case len(data) < patience && !eof:
		return needMore
	}
	return cutLongXMLEvent(data, body, eof)
}

// cutLongXMLEvent cuts an event in whose first bytes, as many as patience, no tag
// ends it: at the tag that does, or a line that begins another event.
func cutLongXMLEvent(data []byte, body int, eof bool) part {
	begin, end := firstTag(data[body:], data[1:body])
	stop := len(data)
	switch {
	case end > 0:
		stop = body + end
	case begin >= 0:
		stop = body + begin
	}
	length := upToEventLine(data[:stop])
	return part{length: length, event: true, more: length == len(data) && end < 0 && !eof}
}

// upToEventLine returns the length of text up to a line that begins another event.
func upToEventLine(text []byte) int {
	if next := nextEventLine(text); next > 0 {
		return next
	}
	return len(text)
}

// firstTag finds the first tag in text that ends an event of the given name: its
// end tag, and then end is the place behind it, or the start tag of another event,
// which begins at begin. What is not found is -1.
func firstTag(text, name []byte) (begin, end int) {
	for at := 0; ; {
		i := bytes.Index(text[at:], eventName)
		if i < 0 {
			return -1, -1
		}
		at += i + len(eventName)
		if at < len(text) && !endsName(text[at]) { // EventID, EventData and the like
			continue
		}
		if end := endTag(text, at, name); end > 0 {
			return -1, end
		}
		if begin := startTag(text, at); begin >= 0 {
			return begin, -1
		}
	}
}

var eventName, prefixedName = []byte("Event"), []byte(":Event")

func endsName(c byte) bool { return isSpace(c) || c == '/' || c == '>' }

// endTag returns the place behind the end tag whose name ends at text[at]; -1 if
// there is none.
func endTag(text []byte, at int, name []byte) int {
	start := at - len(name) - len("</")
	if start < 0 || string(text[start:start+2]) != "</" || !bytes.Equal(text[start+2:at], name) {
		return -1
	}
	at += leadingSpace(text[at:])
	if at == len(text) || text[at] != '>' {
		return -1
	}
	return at + 1
}

// startTag returns where the start tag of an event begins whose name ends at
// text[at]; -1 if there is none.
func startTag(text []byte, at int) int {
	from := max(0, at-longestPrefix)
	open := bytes.LastIndexByte(text[from:at], '<')
	if open < 0 || eventTag(text[from+open:]) == 0 {
		return -1
	}
	return from + open
}

// longestPrefix is room for < and a namespace prefix, Event, and what ends the name.
const longestPrefix = 64

// eventTag returns the length of the name in a text that begins with the start
// tag of an event, <Event> or <prefix:Event>; 0 for any other text.
func eventTag(text []byte) int {
	if len(text) == 0 || text[0] != '<' {
		return 0
	}
	name := text[1:min(len(text), longestPrefix)]
	end := slices.IndexFunc(name, endsName)
	if end < 0 {
		return 0
	}
	if name = name[:end]; bytes.Equal(name, eventName) || bytes.HasSuffix(name, prefixedName) && bytes.IndexByte(name, '<') < 0 {
		return end
	}
	return 0
}

// nextEventTag returns where in text the first start tag of an event begins; -1
// for nowhere.
func nextEventTag(text []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], eventName)
		if i < 0 {
			return -1
		}
		at += i + len(eventName)
		if begin := startTag(text, at); begin >= 0 {
			return begin
		}
	}
}

// nextEventLine returns where, after the first line of text, a line begins that
// begins another event; -1 for nowhere.
func nextEventLine(text []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
		rest := text[at:]
		if eventTag(rest) > 0 || bytes.HasPrefix(rest, []byte(`{"`)) || classicHeader(rest) == yes {
			return at
		}
	}
}

// A result of Splunk's XML export has the event in it, its signs escaped.
var resultStart, resultEnd = []byte("<result"), []byte("</result>")

func isResult(data []byte) bool {
	return bytes.HasPrefix(data, resultStart) && len(data) > len(resultStart) && (isSpace(data[len(resultStart)]) || data[len(resultStart)] == '>')
}

// cutResult cuts at a text that begins with <result>. One that lost its end ends where the
// next begins.
func cutResult(data []byte, eof bool) part {
	end := bytes.Index(data, resultEnd)
	upTo := len(data)
	if end >= 0 {
		upTo = end
	}
	for at := 1; ; {
		i := bytes.Index(data[at:upTo], resultStart)
		if i < 0 {
			break
		}
		if at += i; isResult(data[at:]) {
			return part{length: at, event: true}
		}
		at++
	}
	switch {
	case end >= 0:
		return part{length: end + len(resultEnd), event: true}
	case !eof:
		return needMore
	}
	return part{length: len(data), event: true}
}
