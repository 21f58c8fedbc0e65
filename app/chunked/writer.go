package chunked

import (
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Writer writes chunks, each with exactly one Write to the destination, so that a
// reader at the other end of a pipe never waits for the rest of one. It is not
// safe for concurrent use.
type Writer struct {
	dst io.Writer
	buf []byte
}

// flusher is what a buffered destination offers.
type flusher interface{ Flush() error }

// NewWriter returns a Writer to dst. If dst has a Flush method, such as a
// *bufio.Writer, it is called after each chunk.
func NewWriter(dst io.Writer) *Writer { return &Writer{dst: dst} }

// Write encodes metadata as JSON and writes it with body as one chunk. It keeps
// neither.
func (w *Writer) Write(metadata any, body []byte) error {
	text, err := json.Marshal(metadata)
	if err != nil {
		return fmt.Errorf("encoding chunk metadata: %w", err)
	}
	return w.WriteRaw(text, body)
}

// WriteRaw writes a chunk whose metadata is JSON text already.
func (w *Writer) WriteRaw(metadata, body []byte) error {
	w.buf = appendHeader(w.buf[:0], header{int64(len(metadata)), int64(len(body))})
	w.buf = append(w.buf, metadata...)
	w.buf = append(w.buf, body...)
	if _, err := w.dst.Write(w.buf); err != nil {
		return fmt.Errorf("writing chunk: %w", err)
	}
	if f, ok := w.dst.(flusher); ok {
		if err := f.Flush(); err != nil {
			return fmt.Errorf("flushing chunk: %w", err)
		}
	}
	return nil
}
