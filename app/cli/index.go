package cli

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// index makes Splunk events of a file's: a _time and a _raw, fields as an add-on
// would extract them, or both; rows of CSV as they are.
type index struct {
	raw, extracted bool
	names          *record.Names
	reader         *schema.Reader
	rec            *record.Record

	columns map[string]int
	header  []string
	rows    [][]string
}

const timeColumn = "_time"

func newIndex(fields string, schemas *schema.Set) (*index, error) {
	reader, err := schemas.NewReader(event.NewStore())
	if err != nil {
		return nil, err
	}
	return &index{
		raw: fields != "extracted", extracted: fields != "raw",
		names: schemas.Names(), reader: reader, rec: record.New(schemas.Names()), columns: make(map[string]int),
	}, nil
}

// add never fails; it is a function that Batch.Each takes.
func (x *index) add(e source.Event) error {
	row := make([]string, len(x.header))
	if e.Text == nil {
		columns := e.Columns()
		for i, v := range e.Values() {
			if i < len(columns) {
				row = x.set(row, columns[i], string(v))
			}
		}
	}
	_ = e.Fill(x.rec) // a broken event is indexed as it is
	if e.Text != nil {
		if x.extracted {
			for _, s := range x.rec.Filled() {
				row = x.set(row, x.names.Name(s), string(x.rec.Get(s)))
			}
		}
		if x.raw || len(x.rec.Filled()) == 0 {
			row = x.set(row, schema.Raw, string(e.Text))
		}
	}
	x.rows = append(x.rows, x.setTime(row))
	return nil
}

// setTime gives an event without a _time the one that its own text tells, cut to
// milliseconds as Splunk does with the timestamps it finds.
func (x *index) setTime(row []string) []string {
	if at, there := x.columns[timeColumn]; there && at < len(row) && row[at] != "" {
		return row
	}
	x.reader.Recognise(x.rec)
	const millisecond = event.Second / 1000
	t := x.reader.Time()
	return x.set(row, timeColumn, (t - t%millisecond).Epoch())
}

func (x *index) set(row []string, column, value string) []string {
	at, known := x.columns[column]
	if !known {
		at = len(x.header)
		x.columns[column] = at
		x.header = append(x.header, column)
	}
	if at >= len(row) {
		row = slices.Grow(row, at+1-len(row))[:at+1]
	}
	row[at] = value
	return row
}

// table returns the events, every row as wide as the header.
func (x *index) table() (header []string, rows [][]string) {
	for i, row := range x.rows {
		x.rows[i] = append(row, make([]string, len(x.header)-len(row))...)
	}
	return x.header, x.rows
}
