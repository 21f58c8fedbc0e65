package source

import (
	"bytes"
	"errors"
	"io"
)

// maxEvent bounds one event, in bytes.
const maxEvent = 64 << 20

// errLongEvent says that no end of an event was found within maxEvent.
var errLongEvent = errors.New("no end of the event within 64 MB: is the file cut or damaged?")

var newline = []byte{'\n'}

// window is the part of a stream that is in memory: the event being cut, and some
// of what follows.
type window struct {
	r          io.Reader
	buf        []byte
	start, end int
	line       int // of buf[start], from 1
	eof        bool
}

// windowSize is the first size of a window, in bytes.
const windowSize = 256 << 10

func newWindow(r io.Reader) *window {
	return &window{r: r, buf: make([]byte, windowSize), line: 1}
}

func (w *window) data() []byte { return w.buf[w.start:w.end] }

// take moves past n bytes and returns them, valid until the next grow.
func (w *window) take(n int) []byte {
	taken := w.buf[w.start : w.start+n : w.start+n]
	w.start += n
	w.line += bytes.Count(taken, newline)
	return taken
}

// grow reads on. The window is filled to its end, and doubled when it is full of
// one event, so that a long event is looked at a few times and not at every read.
func (w *window) grow() error {
	w.end = copy(w.buf, w.data())
	w.start = 0
	if w.end == len(w.buf) {
		if len(w.buf) >= maxEvent {
			return errLongEvent
		}
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	return w.fill()
}

// fill does not use io.ReadFull, which gives one error for the end of the stream
// and for the broken end of a compressed file.
func (w *window) fill() error {
	for w.end < len(w.buf) {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		if err == io.EOF {
			w.eof = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
