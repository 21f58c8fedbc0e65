package kql

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// BenchmarkQuery reads the generated events and runs the query over them; bytes are
// those of the CSV.
func BenchmarkQuery(b *testing.B) {
	processes, network := content(b, "testdata/generated/5/processes.csv"), content(b, "testdata/generated/5/network.csv")
	b.SetBytes(int64(len(processes) + len(network)))
	for b.Loop() {
		q := New(original())
		addCSV(b, q, processes)
		addCSV(b, q, network)
		q.Finish()
	}
}

// BenchmarkAdd reads events of one process and its connections.
func BenchmarkAdd(b *testing.B) {
	text := content(b, "testdata/quirks/q07-depth/processes.csv")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	q := New(original())
	for b.Loop() {
		addCSV(b, q, text)
	}
}

// An event costs no allocation of its own: what is kept goes into pages.
func TestAddDoesNotAllocate(t *testing.T) {
	q, rows, rec := New(original()), record.NewRows(), record.New(Names())
	texts := [][]byte{content(t, "testdata/ex2/processes.csv"), content(t, "testdata/ex2/network.csv")}
	events := 0
	addAll := func() {
		for _, text := range texts {
			if err := rows.Reset(text); err != nil {
				t.Fatal(err)
			}
			for rows.Next(rec) {
				events++
				_, _ = q.Add(rec)
			}
		}
	}
	addAll()
	perRun := events
	allocs := testing.AllocsPerRun(100, addAll)
	if allocs > float64(perRun)/2 { // reading two headers, and a page now and then
		t.Errorf("%v allocations for %d events", allocs, perRun)
	}
}
