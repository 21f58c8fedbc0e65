package schema

import (
	"bytes"
	"encoding/csv"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// A row tells the same whether or not the reader knows which columns there may be, and
// what it made of rows like it.
func TestLayoutChangesNothing(t *testing.T) {
	known, plain := newReading(t), newReading(t)
	rows, rec := record.NewRows(), record.New(Names())
	for seed := range uint64(2000) {
		table := randomTable(rand.New(rand.NewPCG(seed, 1)))
		if err := rows.Reset(table.text(t)); err != nil {
			t.Fatal(err)
		}
		for _, f := range table.rows {
			if !rows.Next(rec) || rec.Layout() == nil {
				t.Fatalf("reading %q: %v; a CSV row has a layout", table.text(t), rows.Err())
			}
			gotKind, got := known.readRecord(rec)
			wantKind, want := plain.read(f)
			if gotKind != wantKind || !reflect.DeepEqual(got, want) || !slices.Equal(known.Used(), plain.Used()) {
				t.Fatalf("%v\nwith a layout: %v %v, used %v\nwithout: %v %v, used %v", f, gotKind, got, known.Used(), wantKind, want, plain.Used())
			}
		}
	}
}

// randomRows are events of few kinds, with gaps, under one header.
type randomRows struct {
	header []string
	rows   []fields
}

func randomTable(r *rand.Rand) (t randomRows) {
	one := func() fields { return benchmarkEvents[r.IntN(len(benchmarkEvents))].fields }
	kinds, header := []fields{one(), one()}, map[string]bool{"unknown": true}
	for range 1 + r.IntN(6) {
		f := maps.Clone(kinds[r.IntN(2)])
		if r.IntN(3) == 0 {
			maps.Copy(f, one())
		}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			if r.IntN(8) == 0 {
				f[name] = ""
			}
			header[name] = header[name] || f[name] != "" || r.IntN(2) == 0
		}
		t.rows = append(t.rows, f)
	}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if header[name] {
			t.header = append(t.header, name)
		}
	}
	return t
}

func (t randomRows) text(tb testing.TB) []byte {
	tb.Helper()
	lines := [][]string{t.header}
	for _, f := range t.rows {
		row := make([]string, len(t.header))
		for i, name := range t.header {
			row[i] = f[name]
		}
		row[slices.Index(t.header, "unknown")] = "x"
		lines = append(lines, row)
	}
	var body bytes.Buffer
	if err := csv.NewWriter(&body).WriteAll(lines); err != nil {
		tb.Fatal(err)
	}
	return body.Bytes()
}
