package doors

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

// Table is rows under a header, as Splunk has them.
type Table struct {
	Header []string
	Rows   [][]string
}

// ReadTable reads CSV by Go's own reader. The values of these tests hold no CRLF,
// which that reader would change.
func ReadTable(t testing.TB, body []byte) Table {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatalf("reading CSV: %v", err)
	}
	if len(all) == 0 {
		return Table{}
	}
	return Table{all[0], all[1:]}
}

// Body is the table as a chunk has it.
func (tb Table) Body(t testing.TB) []byte {
	t.Helper()
	e := chunked.NewEncoder(tb.Header)
	for _, r := range tb.Rows {
		if err := e.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	return e.Bytes()
}

// Chunks cuts a table into bodies of so many rows; there is always one.
func (tb Table) Chunks(t testing.TB, size int) (bodies [][]byte) {
	t.Helper()
	for part := range slices.Chunk(tb.Rows, size) {
		bodies = append(bodies, Table{tb.Header, part}.Body(t))
	}
	if bodies == nil {
		bodies = [][]byte{tb.Body(t)}
	}
	return bodies
}

// Only keeps the columns that a command asked for, as splunkd does.
func (tb Table) Only(fields []string) Table {
	var keep []int
	out := Table{}
	for i, name := range tb.Header {
		if slices.Contains(fields, name) {
			keep, out.Header = append(keep, i), append(out.Header, name)
		}
	}
	for _, r := range tb.Rows {
		cells := make([]string, len(keep))
		for i, at := range keep {
			cells[i] = r[at]
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// How Splunk holds events: their text in _raw, fields that an add-on extracted, or both.
const (
	RawFields       = "raw"
	ExtractedFields = "extracted"
	BothFields      = "both"
)

// millisecond is as far as Splunk reads the timestamps it finds.
const millisecond = event.Second / 1000

// Indexed makes Splunk's rows of events. A text that is no event cannot be extracted
// and stays in _raw.
func Indexed(t testing.TB, how string, events [][]byte) Table {
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
		if whole && how != RawFields {
			for _, s := range rec.Filled() {
				index.set(schemas.Names().Name(s), string(rec.Get(s)))
			}
		}
		if !whole || how != ExtractedFields {
			index.set(schema.Raw, string(e))
		}
	}
	for i, cells := range index.Rows {
		index.Rows[i] = append(cells, make([]string, len(index.Header)-len(cells))...)
	}
	return index.Table
}

// index is a table whose columns grow with the rows.
type index struct {
	Table
	columns map[string]int
}

func (x *index) begin() { x.Rows = append(x.Rows, nil) }

// set sets a cell of the last row.
func (x *index) set(column, value string) {
	at, known := x.columns[column]
	if !known {
		at = len(x.Header)
		x.columns[column], x.Header = at, append(x.Header, column)
	}
	cells := &x.Rows[len(x.Rows)-1]
	for len(*cells) <= at {
		*cells = append(*cells, "")
	}
	(*cells)[at] = value
}
