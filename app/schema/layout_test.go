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

// A row tells the same whether or not the reader knows which columns there may be.
func TestLayoutChangesNothing(t *testing.T) {
	known, plain := newReading(t), newReading(t)
	rows, rec := record.NewRows(), record.New(Names())
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := maps.Clone(benchmarkEvents[r.IntN(len(benchmarkEvents))].fields)
		if other := benchmarkEvents[r.IntN(len(benchmarkEvents))].fields; r.IntN(3) == 0 {
			maps.Copy(f, other)
		}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			if r.IntN(8) == 0 {
				f[name] = "" // an empty cell, or a column that is not there
			}
		}
		header, row := []string{"unknown"}, []string{"x"}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			if f[name] != "" || r.IntN(2) == 0 {
				header, row = append(header, name), append(row, f[name])
			}
		}
		var body bytes.Buffer
		w := csv.NewWriter(&body)
		if err := w.WriteAll([][]string{header, row}); err != nil {
			t.Fatal(err)
		}
		if err := rows.Reset(body.Bytes()); err != nil || !rows.Next(rec) {
			t.Fatalf("reading %q: %v", body.String(), err)
		}
		if rec.Layout() == nil {
			t.Fatal("a CSV row has no layout")
		}
		gotKind, got := known.readRecord(rec)
		wantKind, want := plain.read(f)
		if gotKind != wantKind || !reflect.DeepEqual(got, want) || !slices.Equal(known.Used(), plain.Used()) {
			t.Fatalf("%v\nwith a layout: %v %v, used %v\nwithout: %v %v, used %v", f, gotKind, got, known.Used(), wantKind, want, plain.Used())
		}
	}
}
