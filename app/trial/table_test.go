package trial_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// table is rows under a header, as Splunk has them.
type table struct {
	header []string
	rows   [][]string
}

// readTable reads CSV by Go's own reader. The values of these tests hold no CRLF,
// which that reader would change.
func readTable(t testing.TB, body []byte) table {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatalf("reading CSV: %v", err)
	}
	if len(all) == 0 {
		return table{}
	}
	return table{all[0], all[1:]}
}

func (tb table) body(t testing.TB) []byte {
	t.Helper()
	e := chunked.NewEncoder(tb.header)
	for _, r := range tb.rows {
		if err := e.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	return e.Bytes()
}

// chunks cuts a table into bodies of so many rows; there is always one.
func (tb table) chunks(t testing.TB, size int) (bodies [][]byte) {
	t.Helper()
	for part := range slices.Chunk(tb.rows, size) {
		bodies = append(bodies, table{tb.header, part}.body(t))
	}
	if bodies == nil {
		bodies = [][]byte{tb.body(t)}
	}
	return bodies
}

// only keeps the columns that a command asked for, as splunkd does.
func (tb table) only(fields []string) table {
	var keep []int
	out := table{}
	for i, name := range tb.header {
		if slices.Contains(fields, name) {
			keep, out.header = append(keep, i), append(out.header, name)
		}
	}
	for _, r := range tb.rows {
		cells := make([]string, len(keep))
		for i, at := range keep {
			cells[i] = r[at]
		}
		out.rows = append(out.rows, cells)
	}
	return out
}

// How Splunk holds events: their text in _raw, fields that an add-on extracted, or both.
const (
	rawFields       = "raw"
	extractedFields = "extracted"
	bothFields      = "both"
)

// millisecond is as far as Splunk reads the timestamps it finds.
const millisecond = event.Second / 1000

// indexed makes Splunk's rows of events. A text that is no event cannot be extracted
// and stays in _raw.
func indexed(t testing.TB, how string, events [][]byte) table {
	t.Helper()
	schemas := allSchemas(t)
	reader, err := schemas.NewReader(event.NewStore(), event.LogonEvent, event.InjectionEvent) // Splunk knows every event's time
	if err != nil {
		t.Fatal(err)
	}
	rec := record.New(schemas.Names())
	index := index{columns: map[string]int{}}
	for _, e := range events {
		rec.Reset()
		whole := record.Decode(e, rec) == nil
		reader.Recognise(rec)
		at := reader.Time()
		index.begin()
		index.set("_time", (at - at%millisecond).Epoch())
		if whole && how != rawFields {
			for _, s := range rec.Filled() {
				index.set(schemas.Names().Name(s), string(rec.Get(s)))
			}
		}
		if !whole || how != extractedFields {
			index.set(schema.Raw, string(e))
		}
	}
	for i, cells := range index.rows {
		index.rows[i] = append(cells, make([]string, len(index.header)-len(cells))...)
	}
	return index.table
}

// index is a table whose columns grow with the rows.
type index struct {
	table
	columns map[string]int
}

func (x *index) begin() { x.rows = append(x.rows, nil) }

// set sets a cell of the last row.
func (x *index) set(column, value string) {
	at, known := x.columns[column]
	if !known {
		at = len(x.header)
		x.columns[column], x.header = at, append(x.header, column)
	}
	cells := &x.rows[len(x.rows)-1]
	for len(*cells) <= at {
		*cells = append(*cells, "")
	}
	(*cells)[at] = value
}
