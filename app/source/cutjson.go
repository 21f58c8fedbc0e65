package source

import "bytes"

// jsonScan is the state of a walk over one JSON object, as far as its end is
// concerned: the open brackets, and the last sign that was no white space.
type jsonScan struct {
	data    []byte
	pos     int
	levels  []byte
	last    byte
	suspect int // where a line began that may be an object of its own; 0 for none

	base     int  // levels around the object that are not among levels
	floor    int  // levels at which the scan ends
	envelope int  // levels that may be an envelope's
	str      span // the string last passed
	columns  span // the list of a table's columns
	found    list // the list of events in which the scan ended
	deep     bool // there is one, too deep to end in
}

// span is a stretch of the data.
type span struct{ start, end int }

func (s span) of(data []byte) []byte { return data[s.start:s.end] }

// maxLevels bounds the open brackets of one object.
const maxLevels = 1000

// cutJSON cuts at a text that begins with {. An object may span lines. One that
// lost its end, as half a line does, ends where the next line begins an event: an
// object cannot hold another where a key is due, nor a line end in a string.
//
// One that turns out to be the envelope of a list of events ends where the list begins:
// see envelope.
func (c *cutter) cutJSON(data []byte, eof bool) part {
	s := jsonScan{data: data, levels: c.levels[:0], envelope: 1, base: len(c.around)}
	found := s.scan()
	c.levels = s.levels
	switch {
	case found == yes && s.found != noList:
		c.enter(&s)
		return part{length: s.pos}
	case found == yes && isFrame(data):
		c.tables.header(&s)
		return part{length: s.pos}
	case found == yes:
		c.deep = c.deep || s.deep
		return part{length: s.pos, event: true}
	case found == unsure && !eof:
		return needMore
	case s.suspect > 0:
		return part{length: s.suspect, event: true}
	case found == unsure:
		return part{length: len(data), event: true}
	}
	return brokenAt(data, s.pos, eof)
}

// brokenAt cuts what is broken at a place: up to the end of the line there.
func brokenAt(data []byte, pos int, eof bool) part {
	line, _, ended := bytes.Cut(data[pos:min(len(data), pos+maxNoise)], newline)
	if !ended && !eof && len(line) < maxNoise {
		return needMore
	}
	return part{length: max(1, pos+len(line)), event: true}
}

// scan moves to the end of the object: yes, pos is behind it; no, the object is
// broken at pos; unsure, data is too short.
func (s *jsonScan) scan() verdict {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r':
		case '\n':
			if v := s.lineEnd(); v != yes {
				return v
			}
		case '"':
			next, v := stringEnd(s.data, s.pos+1)
			s.str = span{s.pos + 1, next - 1}
			if s.pos = next; v != yes {
				return v
			}
			s.last = c
			continue
		case '{', '[':
			if !s.open(c) {
				return no
			}
			if v := s.enters(c); v != no {
				return v
			}
			s.last = c
		case '}', ']':
			if !s.close(c) {
				return no
			}
			s.last = c
			if len(s.levels) == s.floor {
				s.pos++
				return yes
			}
		default:
			s.last = c
		}
		s.pos++
	}
	return unsure
}

func (s *jsonScan) top() byte { return s.levels[len(s.levels)-1] }

// open notes a bracket, where a value may stand.
func (s *jsonScan) open(c byte) bool {
	if len(s.levels) > 0 && s.last != ':' && (s.top() == '{' || s.last != '[' && s.last != ',') {
		return false
	}
	if len(s.levels) >= maxLevels {
		return false
	}
	s.levels = append(s.levels, c)
	return true
}

// close undoes the bracket that c closes; it is two code points below in ASCII.
func (s *jsonScan) close(c byte) bool {
	if s.top() != c-2 {
		return false
	}
	s.levels = s.levels[:len(s.levels)-1]
	s.envelope = min(s.envelope, len(s.levels))
	if s.columns.end < 0 && len(s.levels) == s.envelope {
		s.columns.end = s.pos + 1
	}
	return true
}

// lineEnd looks at the line after the one that ends at pos: no, if it begins an
// event of its own.
func (s *jsonScan) lineEnd() verdict {
	next := s.data[s.pos+1:]
	switch {
	case len(next) == 0:
		return unsure
	case next[0] == '<':
		return no
	case next[0] == '{' && s.last != ':' && s.top() == '{':
		return no
	case next[0] == '{' && s.suspect == 0:
		s.suspect = s.pos + 1
	}
	return yes
}
