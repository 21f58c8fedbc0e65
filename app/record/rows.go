package record

import (
	"errors"
	"fmt"
)

// ErrOpenQuote is what Rows.Err returns (wrapped, with the row's number) when the
// last row of a text opens a quote and never closes it. That row is lost.
var ErrOpenQuote = errors.New("a quote is opened and never closed")

// Rows reads the rows of a CSV text: the body of a chunk of Splunk's search
// command protocol, or a CSV file, whole or in the pieces of a RowScanner. It is
// several times faster than encoding/csv, because columns that nobody wants are
// passed over, and it leaves CRLF inside quotes alone, which encoding/csv does not.
//
// Rows may end in LF or CRLF; blank ones are skipped, as is the header where it stands once
// more; a stray quote stands for itself. A Rows is for one goroutine, and is reused through Reset.
type Rows struct {
	header header
	body   []byte
	pos    int // start of the next row
	start  int // start of the row last read
	row    int
	ragged int
	over   bool // the row last read has more values than there are columns
	short  bool // it has fewer
	err    error
	values [][]byte
	plain  []byte
	place  Place // of body

	closes []closing // of the quoted fields in body, as far as they are known
	next   int       // the first of closes at or after pos
	first  int       // the first of closes at or after start
}

// NewRows returns a reader of nothing; give it a text with Reset.
func NewRows() *Rows { return &Rows{} }

// Reset starts over with body, whose first row is the header. A byte order mark is
// dropped. A body without a header has no rows. The body must not change while the
// rows are read or their values used. A header equal to the last one costs nothing.
func (r *Rows) Reset(body []byte) error {
	r.row, r.ragged = 0, 0
	r.Continue(body)
	var err error
	if r.pos, err = r.header.read(body); err != nil {
		r.pos = len(body)
	}
	return err
}

// Continue goes on with a piece of the same text, which has no header of its own.
// Rows are counted on. An error of the piece before is forgotten.
func (r *Rows) Continue(piece []byte) {
	r.body, r.pos, r.start, r.err, r.place = piece, 0, 0, nil, Place{}
	r.closes, r.next, r.first = nil, 0, 0
}

// Open starts over with a piece of a RowScanner. Rows are counted from the start of
// the piece. Pieces with an equal header cost no more than their rows, so that a
// goroutine that reads pieces keeps one Rows for them all.
func (r *Rows) Open(p *Piece) {
	_ = r.Reset(p.Header) // the scanner has found its end
	r.Continue(p.Rows)
	r.place, r.closes = p.Place, p.closes
}

// Columns returns the header's names as they stand in the text. The slice is not
// to be written to, and valid until the next Reset.
func (r *Rows) Columns() []string { return r.header.columns }

// Rest returns what is still unread of the body: after Reset, all rows.
func (r *Rows) Rest() []byte { return r.body[r.pos:] }

// More reports whether there is another row.
func (r *Rows) More() bool {
	r.pos = skipBlank(r.body, r.pos)
	for r.pos < len(r.body) && r.header.isNoRow(r.body[r.pos:]) {
		next, _, _ := r.skip(r.pos)
		r.pos = skipBlank(r.body, next)
	}
	return r.pos < len(r.body)
}

// Next reads a row into rec, which it resets. Columns that rec has no name for are
// skipped, missing and empty ones are absent, surplus ones ignored. It returns
// false at the end, and for a last row whose quote is never closed: Err tells.
func (r *Rows) Next(rec *Record) bool {
	if !r.begin() {
		rec.Reset()
		return false
	}
	next, fields, end := r.fill(rec, r.pos)
	return r.finish(next, fields, end)
}

// Again reads the row last read once more, into rec.
func (r *Rows) Again(rec *Record) {
	r.next = r.first
	r.fill(rec, r.start)
}

// Values reads a row with all its columns, of which there may be fewer or more
// than Columns. The values are valid until the next call, and of the body.
func (r *Rows) Values() ([][]byte, bool) {
	if !r.begin() {
		return nil, false
	}
	next, end := r.collect(r.pos)
	return r.values, r.finish(next, len(r.values), end)
}

// ValuesAgain is Values for the row last read.
func (r *Rows) ValuesAgain() [][]byte {
	r.next = r.first
	r.collect(r.start)
	return r.values
}

// Skip moves past a row; it returns what Next would.
func (r *Rows) Skip() bool {
	if !r.begin() {
		return false
	}
	return r.finish(r.skip(r.pos))
}

// Row returns the text of the row last read, with its line end.
func (r *Rows) Row() []byte { return r.body[r.start:r.pos] }

// Number returns the number of the row last read; the first after the header is 1.
// Blank lines do not count.
func (r *Rows) Number() int { return r.row }

// Ragged returns how many rows had fewer or more columns than the header.
func (r *Rows) Ragged() int { return r.ragged }

// Err returns why the last row was lost, or nil.
func (r *Rows) Err() error { return r.err }

func (r *Rows) begin() bool {
	if !r.More() {
		return false
	}
	r.start, r.first = r.pos, r.next
	r.row++
	return true
}

func (r *Rows) finish(next, fields int, end ending) bool {
	r.pos, r.over, r.short = next, false, false
	if end == atOpenQuote {
		r.err = fmt.Errorf("row %d: %w", r.row, ErrOpenQuote)
		return false
	}
	if fields != len(r.header.columns) {
		r.ragged++
		r.over = fields > len(r.header.columns)
		r.short = !r.over
	}
	return true
}

// fill resets rec, sets the fields of the row at body[i] and returns where the next
// begins.
func (r *Rows) fill(rec *Record, i int) (next, fields int, end ending) {
	slots := r.header.slotsFor(rec.names)[:r.header.wanted]
	if r.header.twice {
		rec.Reset()
	} else {
		rec.resetFor(slots, r.body)
	}
	rec.layout = r.header.layout
	if r.place.Known() {
		rec.place = Place{r.place.File, r.place.At + int64(i)}
	}
	for ; fields < len(slots) && end == atComma; fields++ {
		if rec.row != nil && i < len(r.body) && r.body[i] != '"' {
			if fields, i = rec.row.setBare(fields, i); fields == len(slots) {
				break
			}
		}
		from := i
		var f csvField
		f, i, end = r.field(i)
		rec.setColumn(slots[fields], f, from)
	}
	rec.row.lacks(fields)
	if end != atComma {
		return i, fields, end
	}
	next, rest, end := r.skip(i)
	return next, fields + rest, end
}

// field is scanField for a field of body. Where the end of a quoted field is known, it
// need not be looked for.
func (r *Rows) field(i int) (f csvField, next int, end ending) {
	if r.next == len(r.closes) || i == len(r.body) || r.body[i] != '"' {
		return scanField(r.body, i)
	}
	c := r.closes[r.next]
	r.next++
	f = csvField{r.body[i+1 : c.pos()], c.within()}
	switch next = c.pos() + 2; r.body[next-1] {
	case ',':
		return f, next, atComma
	case '\n':
		return f, next, atRowEnd
	}
	return f, next + 1, atRowEnd
}

// collect puts all fields of the row at body[i] into values.
func (r *Rows) collect(i int) (next int, end ending) {
	r.values, r.plain = r.values[:0], r.plain[:0]
	for {
		var f csvField
		f, i, end = r.field(i)
		if f.quotes {
			start := len(r.plain)
			r.plain = appendPlain(r.plain, f.value)
			f.value = r.plain[start:len(r.plain):len(r.plain)]
		}
		r.values = append(r.values, f.value)
		if end != atComma {
			return i, end
		}
	}
}
