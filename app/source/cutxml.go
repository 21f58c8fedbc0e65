package source

import "bytes"

// patience is how much text is read in search of the end of an XML event before
// the search for another event in it begins, in bytes.
const patience = 1 << 20

// longestMarkup bounds a comment or instruction between events, in bytes.
const longestMarkup = 64 << 10

// cutXML cuts at a text that begins with <.
func cutXML(data []byte, eof bool) part {
	if len(data) < longestPrefix && !eof {
		return needMore
	}
	if n := eventTag(data); n > 0 {
		return cutXMLEvent(data, n, eof)
	}
	for _, between := range [][2]string{{"<!--", "-->"}, {"<?", "?>"}, {"<Events", ">"}, {"</Events", ">"}} {
		if !bytes.HasPrefix(data, []byte(between[0])) {
			continue
		}
		if i := bytes.Index(data, []byte(between[1])); i >= 0 {
			return part{length: i + len(between[1])}
		}
		if !eof && len(data) < longestMarkup {
			return needMore
		}
	}
	return cutNoise(data, eof)
}

// cutXMLEvent cuts an event whose start tag has a name of n bytes after the <. An
// event that lost its end, as a length limit of the collector does, ends where
// the next event begins.
func cutXMLEvent(data []byte, n int, eof bool) part {
	end := endTag(data, data[1:n+1])
	if end < 0 {
		if !eof && len(data) < patience {
			return needMore
		}
		if next := nextEventLine(data); next > 0 {
			return part{length: next, event: true}
		}
		return part{length: len(data), event: true, more: !eof}
	}
	if next := nextEventTag(data[n+1 : end]); next >= 0 {
		lost := data[:n+1+next]
		if other := nextEventLine(lost); other > 0 {
			lost = lost[:other]
		}
		return part{length: len(lost), event: true}
	}
	return part{length: end, event: true}
}

// endTag returns the place behind the first end tag of the given name in text; -1
// for none.
func endTag(text, name []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("</Event"))
		if len(name) > len("Event") {
			i = bytes.Index(text[at:], append([]byte("</"), name...))
		}
		if i < 0 {
			return -1
		}
		at += i + len("</") + len(name)
		rest := bytes.TrimLeft(text[at:], space)
		if len(rest) > 0 && rest[0] == '>' {
			return len(text) - len(rest) + 1
		}
	}
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
	end := bytes.IndexAny(name, " \t\r\n/>")
	if end < 0 {
		return 0
	}
	if name = name[:end]; string(name) == "Event" || bytes.HasSuffix(name, []byte(":Event")) && bytes.IndexByte(name, '<') < 0 {
		return end
	}
	return 0
}

// nextEventTag returns where in text the first start tag of an event begins; -1
// for nowhere.
func nextEventTag(text []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("Event"))
		if i < 0 {
			return -1
		}
		at += i + len("Event")
		open := bytes.LastIndexByte(text[max(0, at-longestPrefix):at], '<')
		if open < 0 {
			continue
		}
		if open += max(0, at-longestPrefix); eventTag(text[open:]) > 0 {
			return open
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
