package source

import (
	"errors"
	"fmt"
	"io"
)

// PackedError says that a compressed file breaks off, or is damaged, and how much of its text
// was unpacked before.
type PackedError struct {
	Bytes int64
	Err   error
}

// Error implements error.
func (e *PackedError) Error() string {
	what := fmt.Sprintf("the compressed file is damaged (%v)", e.Err)
	if errors.Is(e.Err, io.ErrUnexpectedEOF) || errors.Is(e.Err, io.EOF) {
		what = "the compressed file ends too early"
	}
	if e.Bytes == 0 {
		return what + ", nothing of it could be unpacked: copy it again"
	}
	return fmt.Sprintf("%s: %d bytes of text were unpacked and read before that, the rest is missing; copy it again to have it whole", what, e.Bytes)
}

// Unwrap returns what is wrong.
func (e *PackedError) Unwrap() error { return e.Err }

// unpacking is the text of a compressed file.
type unpacking struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = &PackedError{u.n, err}
	}
	return n, err
}

// inPart lists a compressed file that breaks off as one that is not whole, when something of
// it was read: what it has lost is no reason to pass over the rest. Its name is a label.
func (r *reading) inPart(name string, stats Stats, err error) (Stats, error) {
	var broken *PackedError
	if r.failed != nil || r.number == 0 || !errors.As(err, &broken) {
		return stats, err
	}
	stats.add(skipped(name, err))
	return stats, nil
}
