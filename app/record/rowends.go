package record

import (
	"bytes"
	"slices"
)

// rowEnds finds the last row end of a text that grows. It looks at quotes, not at
// fields or rows: each byte is searched once for a quote and, outside quotes, once
// for a line end. The dialect is that of scanField.
type rowEnds struct {
	start  int  // where the first row begins
	pos    int  // what is before it has been looked at
	quoted bool // pos is inside a quoted field
	within bool // which has quotes in it
	whole  int  // behind the last row end

	from, to int // the last stretch outside quotes with a line end, at from

	closes []closing

	marking bool
	rows    []int32 // where rows begin that may be headers, if marking, but the first
}

// closing is the quote that ends a quoted field, and whether there are others in the
// field. Who knows where all of them are need not look for them again.
type closing uint32

func closingAt(pos int, within bool) closing {
	if within {
		return closing(pos)<<1 | 1
	}
	return closing(pos) << 1
}

func (c closing) pos() int     { return int(c >> 1) }
func (c closing) within() bool { return c&1 != 0 }

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
		if e.marking {
			e.mark(text, e.from, quote)
		}
	}
	e.pos = quote
	if quote < len(text) {
		e.quoted = quote == e.start || quote > 0 && (text[quote-1] == ',' || text[quote-1] == '\n')
		e.pos++
	}
}

// mark notes the rows behind a line end and behind those that follow it in a stretch outside
// quotes, which ends at quote: those that may begin with a name.
func (e *rowEnds) mark(text []byte, lineEnd, quote int) {
	for lineEnd < quote {
		at := lineEnd + 1
		if at == len(text) || beginsName(text[at]) || text[at] == '"' && (at+1 == len(text) || beginsName(text[at+1])) {
			e.rows = append(e.rows, int32(at))
		}
		lineEnd = indexFrom(text, at, quote, '\n')
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
			e.close()
			e.pos += 3
		case after[0] == ',' || after[0] == '\n' || after[0] == '\r' && after[1] == '\n':
			e.close()
			e.pos++
			e.quoted = false
			return true
		case after[0] == '"':
			e.within = true
			e.pos += 2
		default:
			e.within = true
			e.pos++
		}
	}
}

// close notes that the quote at pos ends its field.
func (e *rowEnds) close() {
	e.closes = append(e.closes, closingAt(e.pos, e.within))
	e.within = false
}

// drop forgets n bytes of whole rows at the beginning of the text, and returns the ends
// of the quoted fields in them, which are the caller's; memory is for those behind, and
// no longer the caller's.
func (e *rowEnds) drop(n int, memory []closing) (dropped []closing) {
	k, _ := slices.BinarySearch(e.closes, closingAt(n, false))
	dropped, e.closes = e.closes[:k], shifted(memory, e.closes[k:], n)
	e.pos = max(0, e.pos-n)
	e.dropRows(n)
	e.start, e.whole = 0, max(0, e.whole-n)
	return dropped
}

// dropRows forgets the rows that begin in the first n bytes.
func (e *rowEnds) dropRows(n int) {
	k, _ := slices.BinarySearch(e.rows, int32(n))
	rest := e.rows[:0]
	for _, at := range e.rows[k:] {
		rest = append(rest, at-int32(n))
	}
	e.rows = rest
}

// shifted appends the ends of quoted fields as they are n bytes on.
func shifted(dst, closes []closing, n int) []closing {
	for _, c := range closes {
		dst = append(dst, closingAt(c.pos()-n, c.within()))
	}
	return dst
}
