package chunked

import (
	"fmt"
	"slices"
	"strings"
)

// Encoder writes the CSV text of a reply: a header row and rows of the same
// width. Lines end in LF, and only fields that need quotes have them. Bytes that
// are not UTF-8 are passed on as they are; splunkd replaces them.
type Encoder struct {
	buf    []byte
	base   int    // bytes of the header row
	start  int    // where the open row begins
	multi  []bool // by column: has a multivalue column
	column int    // next cell of the open row
}

// NewEncoder returns an Encoder with a header of the given columns. Each of those
// named in multivalue, too, is followed by its __mv_ column: Splunk takes columns
// in any order, and its SDK writes them so.
func NewEncoder(columns []string, multivalue ...string) *Encoder {
	e := &Encoder{multi: make([]bool, len(columns))}
	for i, name := range columns {
		e.appendCell(i, name)
		if e.multi[i] = slices.Contains(multivalue, name); e.multi[i] {
			e.buf = AppendField(append(e.buf, ','), MVPrefix+name)
		}
	}
	e.column = len(columns)
	_ = e.EndRow() // the width is right by construction
	e.base = len(e.buf)
	return e
}

// Cell appends one value to the open row.
func (e *Encoder) Cell(value string) { e.Values(value) }

// CellBytes is Cell for a value in a byte slice, which is not kept.
func (e *Encoder) CellBytes(value []byte) {
	if e.column < len(e.multi) {
		if e.column > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = AppendField(e.buf, value)
		e.appendMV(nil)
	}
	e.column++
}

// Values appends one cell with any number of values to the open row: the values
// joined by LF, and, for two or more, their encoding in the column's __mv_ column
// if it has one.
func (e *Encoder) Values(values ...string) {
	if e.column < len(e.multi) {
		e.appendCell(e.column, values...)
		e.appendMV(values)
	}
	e.column++
}

// Row appends a whole row of single values.
func (e *Encoder) Row(values ...string) error {
	for _, v := range values {
		e.Cell(v)
	}
	return e.EndRow()
}

// EndRow ends the open row. A row that has not one cell for each column is
// dropped, and the error says so.
func (e *Encoder) EndRow() error {
	cells := e.column
	e.column = 0
	if cells != len(e.multi) {
		e.buf = e.buf[:e.start]
		return fmt.Errorf("row of %d cells for %d columns", cells, len(e.multi))
	}
	if len(e.buf) == e.start && cells > 0 {
		e.buf = append(e.buf, `""`...) // a blank line is no row to CSV readers
	}
	e.buf = append(e.buf, '\n')
	e.start = len(e.buf)
	return nil
}

// Len returns the number of bytes written so far.
func (e *Encoder) Len() int { return e.start }

// Bytes returns the header and all whole rows. The slice belongs to the Encoder
// and is valid until the next call that appends or resets.
func (e *Encoder) Bytes() []byte { return e.buf[:e.start] }

// Reset drops all rows and keeps the header.
func (e *Encoder) Reset() {
	e.buf, e.start, e.column = e.buf[:e.base], e.base, 0
}

func (e *Encoder) appendCell(column int, values ...string) {
	if column > 0 {
		e.buf = append(e.buf, ',')
	}
	if len(values) == 1 {
		e.buf = AppendField(e.buf, values[0])
	} else {
		e.buf = AppendField(e.buf, strings.Join(values, "\n"))
	}
}

func (e *Encoder) appendMV(values []string) {
	if !e.multi[e.column] {
		return
	}
	e.buf = append(e.buf, ',')
	if len(values) > 1 {
		e.buf = AppendField(e.buf, AppendMV(nil, values...))
	}
}

// AppendField appends one CSV field, in quotes if it holds a comma, a quote, CR
// or LF, or has a space at either end.
func AppendField[T string | []byte](dst []byte, value T) []byte {
	for i := range len(value) {
		switch value[i] {
		case ',', '"', '\r', '\n':
			return AppendQuoted(dst, value)
		}
	}
	if n := len(value); n > 0 && (value[0] == ' ' || value[n-1] == ' ') {
		return AppendQuoted(dst, value)
	}
	return append(dst, value...)
}

// AppendQuoted appends one CSV field in quotes.
func AppendQuoted[T string | []byte](dst []byte, value T) []byte {
	dst = append(dst, '"')
	from := 0
	for i := range len(value) {
		if value[i] == '"' {
			dst = append(dst, value[from:i+1]...)
			from = i // the quote once more
		}
	}
	dst = append(dst, value[from:]...)
	return append(dst, '"')
}
