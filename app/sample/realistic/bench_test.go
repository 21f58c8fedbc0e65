package realistic

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// BenchmarkDevice makes and renders one device's week.
func BenchmarkDevice(b *testing.B) {
	cfg, err := Config{Devices: 200, Days: 7, Seed: 1, Tail: 0.25}.complete()
	if err != nil {
		b.Fatal(err)
	}
	w := newWorld(cfg)
	var line []byte
	events := 0
	for b.Loop() {
		_, h := simulate(w, events%cfg.Devices)
		for i := range h.Events {
			line = sample.AppendEvent(line[:0], sample.FormatSysmon, &h.Events[i])
			events++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}
