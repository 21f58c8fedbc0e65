package chunked

import (
	"bufio"
	"fmt"
	"io"
)

// Body is the body of one chunk, read while it arrives. It ends with io.EOF after
// exactly as many bytes as the chunk's header promised. If the input ends before,
// the error wraps io.ErrUnexpectedEOF; it is said again at every further Read.
//
// Reads of 64 KiB or more go straight from the pipe into the reader's memory. A Body
// is for one goroutine.
type Body struct {
	src  *bufio.Reader
	size int
	left int
	err  error
}

// Len returns how many bytes are still to be read.
func (b *Body) Len() int { return b.left }

// Read reads what is there, at most len(p) bytes.
func (b *Body) Read(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.left == 0:
		return 0, io.EOF
	case len(p) == 0:
		return 0, nil
	}
	n, err := b.src.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, b.failed(err)
}

// Discard drops what is unread, so that the next chunk can be read. Its error is
// that of Read, but for io.EOF; one that Read has returned comes back.
func (b *Body) Discard() error {
	if b.err != nil {
		return b.err
	}
	n, err := b.src.Discard(b.left)
	b.left -= n
	return b.failed(err)
}

// failed keeps an error of the source. At the end of the body there is none: who
// reads on finds it.
func (b *Body) failed(err error) error {
	if err != nil && b.left > 0 {
		b.err = fmt.Errorf("reading chunk body of %d bytes: %w", b.size, insideChunk(err))
	}
	return b.err
}
