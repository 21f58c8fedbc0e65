package indicator

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// maxUnpacked is how much is read of a list that is packed, in bytes.
const maxUnpacked = 4 << 30

var errUnpacked = fmt.Errorf("it has more than %d bytes when it is unpacked", maxUnpacked)

// opened returns the text of a list in UTF-8, without a byte order mark, unpacked if it
// is packed by gzip. head is its beginning.
func opened(r io.Reader) (text *bufio.Reader, head []byte, err error) {
	text = bufio.NewReaderSize(r, 64<<10)
	if head, err = peek(text); err != nil {
		return nil, nil, err
	}
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		packed, err := gzip.NewReader(text)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errPacked, err)
		}
		text = bufio.NewReaderSize(&unpacked{r: packed, left: maxUnpacked}, 64<<10)
		if head, err = peek(text); err != nil {
			return nil, nil, err
		}
	}
	if order, is16 := utf16Order(head); is16 {
		text = bufio.NewReaderSize(unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(text), 64<<10)
		if head, err = peek(text); err != nil {
			return nil, nil, err
		}
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = text.Discard(3)
		head = head[3:]
	}
	return text, head, nil
}

// peek returns the beginning of a text. What is broken behind it comes up when it is
// read.
func peek(text *bufio.Reader) ([]byte, error) {
	head, err := text.Peek(4 << 10)
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull), errors.Is(err, errPacked), errors.Is(err, errUnpacked):
		return head, nil
	}
	return nil, err
}

// utf16Order finds UTF-16 by its mark, or where every other byte of the beginning is a
// NUL, as of text in Latin letters.
func utf16Order(head []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return unicode.BigEndian, true
	case len(head) < 8:
		return unicode.LittleEndian, false
	}
	var nul [2]int
	for i, b := range head[:8] {
		if b == 0 {
			nul[i%2]++
		}
	}
	switch nul {
	case [2]int{0, 4}:
		return unicode.LittleEndian, true
	case [2]int{4, 0}:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// errPacked is what a packed list is said to be that cannot be unpacked to its end.
var errPacked = errors.New("it is packed by gzip, and broken")

// unpacked reads what is unpacked, up to a limit.
type unpacked struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return n, errUnpacked
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errPacked, err)
	}
	return n, err
}

// isWebPage reports whether a list is a web page, as a feed whose address has changed
// is saved.
func isWebPage(head []byte) bool {
	text := strings.ToLower(string(bytes.TrimLeft(head, " \t\r\n")))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<head") ||
		strings.HasPrefix(text, "<?xml") && strings.Contains(text, "<html")
}
