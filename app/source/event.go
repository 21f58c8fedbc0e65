package source

import (
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Event is one event of a file. It and all it gives out are valid until the
// function it was handed to returns.
type Event struct {
	File string
	// Text is the event's own text: XML, JSON or classic, in UTF-8, or what stands
	// where an event should be; of a binary log, the XML of a record. It is nil for a row
	// of a table, CSV or JSON.
	Text []byte

	list    []byte   // a row of a JSON table
	columns []string // of that table
	row     *csvRow
	lines   *lineCounter
	at      int // where in the batch's text it begins
	record  int // number of the record of a binary log, which has no lines
}

// Line returns the line, from 1, on which the event begins. It is counted when it is
// asked for, on from the event that was asked last. Of a binary log it is the record's
// number, as Windows shows it.
func (e Event) Line() int {
	if e.lines == nil {
		return e.record
	}
	return e.lines.line(e.at)
}

// Where names the event for a person: its file and line, or its file and record.
func (e Event) Where() string {
	if e.lines == nil {
		return fmt.Sprintf("%s, record %d", e.File, e.record)
	}
	return fmt.Sprintf("%s:%d", e.File, e.Line())
}

// Fill reads the event into rec, which it resets. An event that is cut, broken or
// none at all gives an error that names it as Where does; what could be read
// of it is in rec all the same.
func (e Event) Fill(rec *record.Record) error {
	var err error
	switch {
	case e.row != nil:
		err = e.row.fill(rec)
	case e.list != nil:
		rec.Reset()
		err = record.DecodeJSONRow(e.list, e.columns, rec)
	default:
		rec.Reset()
		err = record.Decode(e.Text, rec)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.Where(), err)
	}
	return nil
}

// Columns returns the header of a CSV file, as it stands there, or the names of the
// columns of a JSON table; nil for other events.
func (e Event) Columns() []string {
	if e.row == nil {
		return e.columns
	}
	return e.row.rows.Columns()
}

// Values returns all values of a row, which may be fewer or more than Columns.
func (e Event) Values() [][]byte {
	if e.row == nil {
		return record.JSONValues(e.list)
	}
	return e.row.values()
}

// csvRow is the row at which Rows stands. It is read on first use, so that a row
// whose event is filled once is looked at once.
type csvRow struct {
	rows *record.Rows
	read bool

	device  device
	unnamed bool // no value names the device
}

func (c *csvRow) fill(rec *record.Record) error {
	if c.read {
		c.rows.Again(rec)
	} else {
		c.read = true
		c.rows.Next(rec)
	}
	c.unnamed = c.device.stands(rec)
	if errors.Is(c.rows.Err(), record.ErrOpenQuote) {
		return record.ErrOpenQuote // the line says where, the number of a batch's row does not
	}
	return c.rows.Err()
}

func (c *csvRow) values() [][]byte {
	if !c.read {
		c.skip()
	}
	return c.rows.ValuesAgain()
}

func (c *csvRow) skip() {
	c.read = true
	c.rows.Skip()
}
