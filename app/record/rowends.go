package record

import "bytes"

// rowEnds finds the last row end of a text that grows. It looks at quotes, not at
// fields or rows: each byte is searched once for a quote and, outside quotes, once
// for a line end. The dialect is that of scanField.
type rowEnds struct {
	start  int  // where the first row begins
	pos    int  // what is before it has been looked at
	quoted bool // pos is inside a quoted field
	whole  int  // behind the last row end

	from, to int // the last stretch outside quotes with a line end, at from
}

// scan looks at what text has more than the last time. It returns the length of the
// part that is whole rows, each with its line end.
func (e *rowEnds) scan(text []byte) int {
	for e.pos < len(text) {
		if e.quoted {
			if !e.leave(text) {
				break
			}
			continue
		}
		e.enter(text)
	}
	if e.to > 0 {
		e.whole = e.from + bytes.LastIndexByte(text[e.from:e.to], '\n') + 1
		e.to = 0
	}
	return e.whole
}

// enter moves behind the next quote, or to the end of text. A quote that does not
// begin a field stands for itself.
func (e *rowEnds) enter(text []byte) {
	quote := indexFrom(text, e.pos, len(text), '"')
	if k := bytes.IndexByte(text[e.pos:quote], '\n'); k >= 0 {
		e.from, e.to = e.pos+k, quote
	}
	e.pos = quote
	if quote < len(text) {
		e.quoted = quote == e.start || quote > 0 && (text[quote-1] == ',' || text[quote-1] == '\n')
		e.pos++
	}
}

// leave moves behind the quote that ends a field; false says that text is too short
// to tell.
func (e *rowEnds) leave(text []byte) bool {
	for {
		e.pos = indexFrom(text, e.pos, len(text), '"')
		if e.pos == len(text) {
			return false
		}
		switch after := text[e.pos+1:]; {
		case len(after) == 0 || len(after) == 1 && after[0] == '\r':
			return false
		case len(after) > 1 && after[0] == ',' && after[1] == '"': // into the next field
			e.pos += 3
		case after[0] == ',' || after[0] == '\n' || after[0] == '\r' && after[1] == '\n':
			e.pos++
			e.quoted = false
			return true
		case after[0] == '"':
			e.pos += 2
		default:
			e.pos++
		}
	}
}

// drop forgets n bytes of whole rows at the beginning of the text.
func (e *rowEnds) drop(n int) {
	e.pos = max(0, e.pos-n)
	e.start, e.whole = 0, 0
}
