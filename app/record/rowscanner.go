package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// PieceSize is about how much a RowScanner yields at a time, in bytes: enough to
// make the cost of a piece small, and little enough to stay in a core's cache.
const PieceSize = 256 << 10

// MaxRow bounds one CSV row, in bytes. Splunk's own limit for a field is 10 MB.
const MaxRow = 64 << 20

// ErrLongRow is what RowScanner.Next returns (wrapped) for a row beyond MaxRow.
var ErrLongRow = errors.New("a CSV row is longer than 64 MB: is a quote missing?")

// Piece is a run of whole rows of a CSV text, in memory of its own: it may be read
// on another goroutine, and later, while the scanner cuts the next. Rows.Open reads
// it. Nobody may write to it.
type Piece struct {
	// Header is the header row of the table. All pieces of a table share it, and it stays
	// valid after Free.
	Header []byte
	// Rows are the rows, at least one byte of them. The last row of the last piece may
	// lack its line end, or end inside quotes.
	Rows []byte
	// Line is the line of the text, from 1, on which Rows begins.
	Line int
	// Place is where Rows begins, for whoever knows that the text is a file's; the
	// scanner only counts on from that of the text.
	Place Place

	closes []closing // of the quoted fields in Rows, as far as their ends are certain
	buffer *Buffer
}

// Free gives the memory of Rows to a later piece. Neither the rows nor values read
// from them may be used any more. A piece that is not freed is left to the garbage
// collector.
func (p *Piece) Free() {
	if p.buffer != nil {
		p.buffer.closes = p.closes
		p.buffer.Free()
		p.buffer, p.Rows, p.closes = nil, nil, nil
	}
}

// RowScanner reads a CSV text from a stream in pieces of whole rows, so that a text
// need not fit into memory and several cores can read it. Pieces it has handed out
// are independent of it and of each other; the scanner itself is for one goroutine.
type RowScanner struct {
	r      io.Reader
	size   int
	buffer *Buffer
	ends   rowEnds // of buffer
	ended  error   // why there is no more to read: io.EOF, or another
	header []byte
	bare   []byte // header without its line end
	line   int    // on which buffer begins
	place  Place  // where it begins

	names  *Names          // by which another table is known: see Knows
	before map[string]bool // the columns of header, made on first use
}

// NewRowScanner returns a scanner of r.
func NewRowScanner(r io.Reader) *RowScanner { return NewRowScannerSize(r, PieceSize) }

// NewRowScannerSize is NewRowScanner with pieces of about size bytes, more for a
// larger row.
func NewRowScannerSize(r io.Reader, size int) *RowScanner {
	return &RowScanner{r: r, size: size, line: 1}
}

// Starts says where the text begins that the scanner reads: its pieces have a Place
// then. Call it before Next.
func (s *RowScanner) Starts(at Place) { s.place = at }

// Line returns the line of the text, from 1, on which begins what Next has not yet
// returned.
func (s *RowScanner) Line() int { return s.line }

// Next returns the next piece, which is the caller's, and io.EOF after the last. A
// text without rows has no pieces. An error of the stream comes after the whole
// rows before it; what is left of a row then is dropped.
func (s *RowScanner) Next() (*Piece, error) {
	for {
		data := s.read()
		n := s.ends.scan(data)
		if errors.Is(s.ended, io.EOF) {
			n = len(data)
		}
		switch {
		case n > 0:
			if piece, err := s.cutTable(data[:n]); piece != nil || err != nil {
				return piece, err
			}
		case s.ended != nil:
			s.buffer.Free()
			s.buffer = nil
			return nil, s.ended
		case len(data) >= MaxRow:
			s.ended = ErrLongRow
		default:
			s.carry(0).Free()
		}
	}
}

// read fills the buffer.
func (s *RowScanner) read() []byte {
	first := s.buffer == nil
	if first {
		s.buffer = NewBuffer(nil, s.size)
	}
	if s.ended == nil {
		if s.ended = s.buffer.Fill(s.r); s.ended != nil && !errors.Is(s.ended, io.EOF) {
			s.ended = fmt.Errorf("reading CSV: %w", s.ended)
		}
	}
	if first && bytes.HasPrefix(s.buffer.Bytes(), utf8BOM) {
		s.ends.start, s.ends.pos = len(utf8BOM), len(utf8BOM)
	}
	return s.buffer.Bytes()
}

// carry moves what is behind the first n bytes to a buffer of its own and returns
// the one before. The rest is copied before anyone else has that one in hand.
func (s *RowScanner) carry(n int) *Buffer {
	full := s.buffer
	s.buffer = NewBuffer(full.Bytes()[n:], s.size)
	return full
}

// cutTable makes a piece of the whole rows up to where another table begins; nil if there
// are none but the header.
func (s *RowScanner) cutTable(data []byte) (piece *Piece, err error) {
	rows := 0
	if s.header == nil || s.isTable(data) {
		if rows, err = s.takeHeader(data); err != nil {
			return nil, err
		}
	}
	return s.cut(s.untilTable(data), rows), nil
}

// cut makes a piece of the first n bytes, of which the rows begin behind the header; nil if
// they hold none.
func (s *RowScanner) cut(n, rows int) *Piece {
	full := s.carry(n)
	data := full.Bytes()[:n:n]
	closes := s.ends.drop(n, s.buffer.takeCloses())
	piece := &Piece{
		Header: s.header, Rows: data[rows:], Line: s.line + bytes.Count(data[:rows], lineFeed),
		closes: closesFrom(closes, rows), buffer: full,
	}
	s.line = piece.Line + bytes.Count(piece.Rows, lineFeed)
	if s.place.Known() {
		piece.Place = Place{s.place.File, s.place.At + int64(rows)}
		s.place.At += int64(n)
	}
	if len(piece.Rows) == 0 {
		piece.Free()
		return nil
	}
	return piece
}

// closesFrom returns those that are not before the place from, counted from there.
func closesFrom(closes []closing, from int) []closing {
	if from == 0 {
		return closes
	}
	k, _ := slices.BinarySearch(closes, closingAt(from, false))
	return shifted(closes[:0], closes[k:], from)
}

var lineFeed = []byte{'\n'}

// takeHeader keeps a copy of the header row and returns where the rows begin: behind
// data, if there are but blank lines.
func (s *RowScanner) takeHeader(data []byte) (int, error) {
	start := skipBlank(data, s.ends.start)
	if start == len(data) {
		return start, nil
	}
	next, _, end := skipRow(data, start)
	if end == atOpenQuote {
		s.ended = errHeaderQuote
		return next, errHeaderQuote
	}
	s.header, s.before = bytes.Clone(bytes.TrimPrefix(data[start:next], utf8BOM)), nil
	s.bare = withoutEnd(s.header)
	return next, nil
}
