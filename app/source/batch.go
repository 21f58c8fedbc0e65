package source

import (
	"bytes"
	"slices"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Batch is a run of events of one file in memory of its own, so that they can be
// read later, and on another goroutine, while the next batch is being cut. A batch
// is for one goroutine at a time.
type Batch struct {
	File   string
	Number int  // 0, 1, 2 ... over all files of one call of Batches
	First  bool // of its file

	text   []byte         // the rows of a CSV file, or what events are places in
	line   int            // on which text begins
	events []place        // of text; not for rows
	tables [][]string     // the columns of the tables whose rows are among events
	memory *record.Buffer // of text; not for rows
	piece  *record.Piece  // whose rows text is
	rows   *record.Rows   // made on first use, and kept with the header it knows
	lines  lineCounter
	binary bool      // the batch is log's chunk
	log    *logChunk // made on first use, and kept with its memory
	notes  *Notes    // on rows; may be nil
	device device    // for rows that name none
	read   int
}

// place is where an event lies in a batch's text. The rows of a table have its number,
// from 1.
type place struct{ start, end, table int32 }

// table returns the number of the table whose row a part is; 0 for none.
func (b *Batch) table(c *cutter, p part) int32 {
	if !p.row {
		return 0
	}
	columns := c.tables.now
	if n := len(b.tables); n == 0 || !slices.Equal(b.tables[n-1], columns) {
		b.tables = append(b.tables, columns)
	}
	return int32(len(b.tables))
}

var batches = sync.Pool{New: func() any { return new(Batch) }}

// Each calls fn for every event of the batch, in the file's order. An error of fn
// ends the reading and comes back as it is. A broken event does not: see Event.Fill.
func (b *Batch) Each(fn func(Event) error) error {
	b.read = 0
	if b.binary {
		return b.eachRecord(fn)
	}
	if b.piece != nil {
		return b.eachRow(fn)
	}
	b.lines = lineCounter{text: b.text, last: b.line}
	for _, at := range b.events {
		b.read++
		e := Event{File: b.File, Text: b.text[at.start:at.end:at.end], lines: &b.lines, at: int(at.start)}
		if at.table > 0 {
			e.list, e.columns, e.Text = e.Text, b.tables[at.table-1], nil
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) eachRow(fn func(Event) error) error {
	if b.rows == nil {
		b.rows = record.NewRows()
	}
	b.rows.Open(b.piece)
	row := csvRow{rows: b.rows, device: b.device}
	b.lines = lineCounter{text: b.text, last: b.line}
	for b.rows.More() {
		b.read++
		row.read, row.unnamed = false, false
		at := len(b.text) - len(b.rows.Rest())
		if err := fn(Event{File: b.File, row: &row, lines: &b.lines, at: at}); err != nil {
			return err
		}
		if !row.read {
			row.skip()
		}
		if row.unnamed {
			b.notes.addRow(b.File, noDevice, b.lines.line(at))
		}
		if b.rows.Overflows() {
			b.notes.addRow(b.File, overflow, b.lines.line(at))
		}
		if b.rows.BreaksOff() {
			b.notes.addRow(b.File, cutRow, b.lines.line(at))
		}
	}
	return nil
}

// Events returns how many events the last call of Each handed on.
func (b *Batch) Events() int { return b.read }

// Free gives the batch's memory to a later batch. Neither the batch nor what its
// events gave out may be used afterwards. A batch that is not freed is left to the
// garbage collector.
func (b *Batch) Free() {
	if b.piece != nil {
		b.piece.Free()
	}
	if b.memory != nil {
		b.memory.Free()
	}
	*b = Batch{events: b.events[:0], rows: b.rows, log: b.log}
	batches.Put(b)
}

// lineCounter tells on which line a place of a text is, for places in their order.
type lineCounter struct {
	text []byte
	pos  int
	last int // the line of pos
}

func (l *lineCounter) line(pos int) int {
	l.last += bytes.Count(l.text[l.pos:pos], newline)
	l.pos = pos
	return l.last
}
