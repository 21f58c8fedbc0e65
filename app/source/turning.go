package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
)

// turning tells at each line end of a text in UTF-16 whether what follows is still so: tools
// that append to a log do not ask how it was begun. A text may turn back, so that nobody who
// writes a line that looks like another encoding hides more than that line.
type turning struct {
	plain   bool // lines are in UTF-8 here
	lineEnd bool // the last character was one
}

// How many bytes of a line tell its encoding. Thirty-two letters of ASCII are sixteen
// characters of East Asian scripts in UTF-16, each of few of its rows, which is no text.
const (
	plainSure = 32
	utf16Sure = 16
)

// turn looks at the line that begins in r.
func (t *turning) turn(r *bufio.Reader, order binary.ByteOrder) {
	if !t.plain {
		line, _ := r.Peek(plainSure) // an error comes back at the next read
		t.plain = len(line) == plainSure && isPrintable(line)
		return
	}
	line, _ := r.Peek(utf16Sure)
	switch half := order == littleEndian && zeroAt(line, 0); {
	case half: // the line was in UTF-16 after all, and this is the other half of its end
		_, _ = r.Discard(1)
		t.plain = false
	case order == littleEndian:
		t.plain = !zeroAt(line, 1)
	default:
		t.plain = !zeroAt(line, 0)
	}
}

// isPrintable reports whether a text is of letters and signs of ASCII alone.
func isPrintable(text []byte) bool {
	return bytes.IndexFunc(text, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') }) < 0
}

// zeroAt reports whether of a line's bytes the even ones are zero, or the odd ones, and no others.
func zeroAt(line []byte, odd int) bool {
	for i, c := range line {
		if (c == 0) != (i%2 == odd) {
			return false
		}
	}
	return len(line) == utf16Sure
}
