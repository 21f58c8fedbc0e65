package source

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	littleEndian binary.ByteOrder = binary.LittleEndian
	bigEndian    binary.ByteOrder = binary.BigEndian
)

// utf16Reader turns UTF-16 into UTF-8. Lone surrogates, and half a unit at the
// end, become U+FFFD.
type utf16Reader struct {
	r       *bufio.Reader
	order   binary.ByteOrder
	turning turning
	pending []byte // UTF-8 that did not fit
	memory  [utf8.UTFMax]byte
}

// fromUTF16 returns the text of r, which begins with a byte order mark, in UTF-8.
func fromUTF16(r *bufio.Reader, order binary.ByteOrder) *bufio.Reader {
	_, _ = r.Discard(2)
	return plainUTF16(r, order)
}

// plainUTF16 is fromUTF16 for a text without the mark.
func plainUTF16(r *bufio.Reader, order binary.ByteOrder) *bufio.Reader {
	return bufio.NewReaderSize(&utf16Reader{r: r, order: order}, headSize)
}

func (u *utf16Reader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(u.pending) == 0 {
			r, err := u.rune()
			if err != nil {
				return n, atEnd(n, err)
			}
			u.pending = utf8.AppendRune(u.memory[:0], r)
		}
		k := copy(p[n:], u.pending)
		n, u.pending = n+k, u.pending[k:]
	}
	return n, nil
}

// atEnd holds the end back while there is something to give out.
func atEnd(n int, err error) error {
	if errors.Is(err, io.EOF) && n > 0 {
		return nil
	}
	return err
}

func (u *utf16Reader) rune() (rune, error) {
	r, err := u.next()
	u.turning.lineEnd = r == '\n'
	return r, err
}

func (u *utf16Reader) next() (rune, error) {
	if u.turning.lineEnd {
		u.turning.turn(u.r, u.order)
	}
	if u.turning.plain {
		r, _, err := u.r.ReadRune()
		return r, err
	}
	unit, err := u.unit()
	if err != nil || !utf16.IsSurrogate(unit) {
		return unit, err
	}
	next, _ := u.r.Peek(2) // an error comes back at the next read
	if len(next) < 2 {
		return utf8.RuneError, nil
	}
	r := utf16.DecodeRune(unit, rune(u.order.Uint16(next)))
	if r != utf8.RuneError {
		_, _ = u.r.Discard(2)
	}
	return r, nil
}

func (u *utf16Reader) unit() (rune, error) {
	b, err := u.r.Peek(2)
	if len(b) == 1 && err == io.EOF {
		_, _ = u.r.Discard(1)
		return utf8.RuneError, nil
	}
	if err != nil {
		return 0, err
	}
	unit := rune(u.order.Uint16(b))
	_, err = u.r.Discard(2)
	return unit, err
}
