package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// PieceSize is about how much a RowScanner yields at a time, in bytes: enough to
// make the cost of a piece small, and little enough to stay in a core's cache.
const PieceSize = 256 << 10

// MaxRow bounds one CSV row, in bytes. Splunk's own limit for a field is 10 MB.
const MaxRow = 64 << 20

// ErrLongRow is what RowScanner.Next returns (wrapped) for a row beyond MaxRow.
var ErrLongRow = errors.New("a CSV row is longer than 64 MB: is a quote missing?")

// RowScanner reads a CSV text from a stream in pieces of whole rows, so that a
// file need not fit into memory. The header is the first row of the first piece.
type RowScanner struct {
	r          io.Reader
	buf        []byte
	start, end int // what is read and not yet given out
	eof        bool
}

// NewRowScanner returns a scanner of r.
func NewRowScanner(r io.Reader) *RowScanner {
	return &RowScanner{r: r, buf: make([]byte, PieceSize)}
}

// Next returns the next piece, valid until the next call, and io.EOF after the
// last. The last piece may lack its line end, or end inside quotes.
func (s *RowScanner) Next() ([]byte, error) {
	for {
		data := s.buf[s.start:s.end]
		n := wholeRows(data)
		if isBlank(data[:n]) {
			n = 0 // the first piece must have the header
		}
		if s.eof {
			n = len(data)
		}
		if n > 0 {
			s.start += n
			return data[:n], nil
		}
		if s.eof {
			return nil, io.EOF
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// fill makes room behind the unread rest, and reads until the room is full: a row
// that grows over several fills is then looked at about twice, not at every read.
func (s *RowScanner) fill() error {
	s.end = copy(s.buf, s.buf[s.start:s.end])
	s.start = 0
	if s.end == len(s.buf) {
		if len(s.buf) >= MaxRow {
			return ErrLongRow
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	return s.read()
}

// read does not use io.ReadFull, which gives one error for the end of the stream
// and for the broken end of a compressed file.
func (s *RowScanner) read() error {
	for s.end < len(s.buf) {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading CSV: %w", err)
		}
	}
	return nil
}

func isBlank(piece []byte) bool {
	piece = bytes.TrimPrefix(piece, utf8BOM)
	return skipBlank(piece, 0) == len(piece)
}
