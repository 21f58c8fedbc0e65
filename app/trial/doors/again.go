package doors

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// counting counts the rows that are read again.
type counting struct {
	engine.RowsAgain
	rows *atomic.Int64
}

func (c counting) Row(at record.Place, rec *record.Record) error {
	c.rows.Add(1)
	return c.RowsAgain.Row(at, rec)
}

// ReadFiles reads files into a hunt. With again, rows are read for their keys first, and
// rows counts those that are read in full later.
func ReadFiles(t testing.TB, args string, again bool, rows *atomic.Int64, files ...string) (s *Spread, events int) {
	t.Helper()
	from, config := source.Source{Names: schema.Names()}, engine.Config{Options: Parse(t, args)}
	if again {
		from.Files = &source.Files{}
		config.Again = func() engine.RowsAgain { return counting{from.Files.Again(), rows} }
	}
	h, err := engine.Start(config)
	s = SpreadOver(t, h, err)
	rec := record.New(h.Names())
	for _, file := range files {
		_, err := from.Batches(file, func(b *source.Batch) error {
			lane := s.Turn()
			return b.Each(func(e source.Event) error {
				events++
				if e.Text != nil {
					_, _ = lane.AddText(e.Text)
				} else if err := e.Fill(rec); err != nil {
					lane.AddMalformed()
				} else {
					_, _ = lane.Add(rec)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, events
}

// SameTwice hunts in files, once with all rows read in full at once and once with keys
// read first, and returns how many rows had to be read in full then.
func SameTwice(t *testing.T, args string, files ...string) (found Outcome, events, read int) {
	t.Helper()
	var rows atomic.Int64
	s, events := ReadFiles(t, args, false, nil, files...)
	want := finished(t, s, events)
	s, again := ReadFiles(t, args, true, &rows, files...)
	got := finished(t, s, again)
	SameRows(t, "keys first", got.Text, want.Text)
	if got, want := got.lasting(), want.lasting(); !slices.Equal(got, want) {
		t.Errorf("keys first: messages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return want, events, int(rows.Load())
}
