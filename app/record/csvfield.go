package record

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// ending says what stands after a CSV field.
type ending uint8

const (
	atComma     ending = iota // another field of the row
	atRowEnd                  // LF or CRLF: it is read past
	atBodyEnd                 // the end of the text, without a line end
	atOpenQuote               // the end of the text, inside quotes
)

// csvField is one field as it stands in the text, without its quotes.
type csvField struct {
	value  []byte
	quotes bool // a quoted field that holds quotes: see appendPlain
}

// scanField reads the field that begins at b[i] and returns where the next begins.
// The dialect is RFC 4180 read leniently: CR and LF inside quotes belong to the
// field; a quote inside a bare field, or one inside a quoted field that is neither
// doubled nor followed by a comma or the end of the row, stands for itself.
func scanField(b []byte, i int) (f csvField, next int, end ending) {
	if i < len(b) && b[i] == '"' {
		return scanQuoted(b, i+1)
	}
	switch j := bareEnd(b, i); {
	case j == len(b):
		return csvField{value: withoutCR(b[i:])}, j, atBodyEnd
	case b[j] == ',':
		return csvField{value: b[i:j]}, j + 1, atComma
	default:
		return csvField{value: withoutCR(b[i:j])}, j + 1, atRowEnd
	}
}

// What finds a byte in eight at a time: a byte of word^(c*everyByte) is 0 where c stands, and a
// 0 is the only one of which neither the highest bit is set nor a lower one, so that adding
// lowerBits sets it.
const (
	everyByte  = 0x0101010101010101
	lowerBits  = 0x7F * everyByte
	highestBit = 0x80 * everyByte
)

// fieldEnds returns the highest bit of every byte of a word that is a comma or a line end.
func fieldEnds(word uint64) uint64 {
	commas, lineEnds := word^(','*everyByte), word^('\n'*everyByte)
	return ^((commas&lowerBits + lowerBits | commas) & (lineEnds&lowerBits + lowerBits | lineEnds)) & highestBit
}

// bareEnd returns the place of the first comma or line end at or after b[i], or
// len(b). Most fields are too short for a call of bytes.IndexByte to pay.
func bareEnd(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if ends := fieldEnds(binary.LittleEndian.Uint64(b[i:])); ends != 0 {
			return i + bits.TrailingZeros64(ends)/8
		}
	}
	for ; i < len(b) && b[i] != ',' && b[i] != '\n'; i++ {
	}
	return i
}

// scanQuoted is scanField after the opening quote.
func scanQuoted(b []byte, start int) (f csvField, next int, end ending) {
	for j := start; ; {
		k := bytes.IndexByte(b[j:], '"')
		if k < 0 {
			return csvField{value: b[start:], quotes: f.quotes}, len(b), atOpenQuote
		}
		j += k
		f.value = b[start:j]
		switch after := b[j+1:]; {
		case len(after) == 0 || len(after) == 1 && after[0] == '\r':
			return f, len(b), atBodyEnd
		case after[0] == ',':
			return f, j + 2, atComma
		case after[0] == '\n':
			return f, j + 2, atRowEnd
		case after[0] == '\r' && after[1] == '\n':
			return f, j + 3, atRowEnd
		case after[0] == '"':
			f.quotes = true
			j += 2
		default:
			f.quotes = true
			j++
		}
	}
}

func withoutCR(v []byte) []byte {
	if n := len(v); n > 0 && v[n-1] == '\r' {
		return v[:n-1]
	}
	return v
}

// appendPlain appends the value of a quoted field: doubled quotes made single.
func appendPlain(dst, v []byte) []byte {
	for {
		i := bytes.IndexByte(v, '"')
		if i < 0 {
			return append(dst, v...)
		}
		dst = append(dst, v[:i+1]...)
		v = v[i+1:]
		if len(v) > 0 && v[0] == '"' {
			v = v[1:]
		}
	}
}

// skipRow moves from the field at b[i] to the end of its row and counts the fields
// passed.
func skipRow(b []byte, i int) (next, fields int, end ending) {
	r := Rows{body: b}
	return r.skip(i)
}

// skip is skipRow for body. A stretch without quotes needs no look at its fields.
func (r *Rows) skip(i int) (next, fields int, end ending) {
	b := r.body
	for near := nowhere; ; {
		near.look(b, i)
		if near.quote == near.lineEnd {
			fields += bytes.Count(b[i:near.lineEnd], comma) + 1
			if near.lineEnd == len(b) {
				return len(b), fields, atBodyEnd
			}
			return near.lineEnd + 1, fields, atRowEnd
		}
		_, i, end = r.field(i)
		fields++
		if end != atComma {
			return i, fields, end
		}
	}
}

// near is what comes next in a text: a line end or the end of the text, and a quote before
// it or the same.
type near struct{ lineEnd, quote int }

// nowhere is a near that was not looked for yet.
var nowhere = near{-1, -1}

// look looks from b[i] on for what was found last and lies before it. Where a quote stands at
// once, as in one field after another of what splunkd sends, there is nothing to look for: the
// line end is left as it is, before b[i].
func (n *near) look(b []byte, i int) {
	if i < len(b) && b[i] == '"' {
		n.quote = i
		return
	}
	if n.lineEnd < i {
		n.lineEnd = indexFrom(b, i, len(b), '\n')
	}
	if n.quote < i {
		n.quote = indexFrom(b, i, n.lineEnd, '"')
	}
}

var comma = []byte{','}

// indexFrom returns the place of c in b[i:end], or end.
func indexFrom(b []byte, i, end int, c byte) int {
	if k := bytes.IndexByte(b[i:end], c); k >= 0 {
		return i + k
	}
	return end
}

// skipBlank returns the place of the first row at or after b[i] that is not blank.
func skipBlank(b []byte, i int) int {
	for i < len(b) {
		switch {
		case b[i] == '\n':
			i++
		case b[i] == '\r' && (i+1 == len(b) || b[i+1] == '\n'):
			i = min(i+2, len(b))
		default:
			return i
		}
	}
	return i
}
