package sizes_test

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// BenchmarkHunt is the whole program but for its ends: files cut into batches, read on
// all lanes, hunted in. Profile this one first:
//
//	go test -run '^$' -bench BenchmarkHunt -cpuprofile cpu.out ./app/trial/sizes && go tool pprof -top cpu.out
func BenchmarkHunt(b *testing.B) {
	for _, format := range []string{sample.FormatSysmonXML, sample.FormatSysmon, sample.FormatDefender} {
		b.Run(format, func(b *testing.B) {
			folder := b.TempDir()
			if _, err := sample.Generate(sample.Config{Devices: 40, Days: 7, Seed: 1, Format: format}, folder); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			events := 0
			for b.Loop() {
				events += huntIn(b, folder).Ledger.Events
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
		})
	}
}

func huntIn(b *testing.B, folder string) account.Result {
	b.Helper()
	h, err := engine.Start(engine.Config{Options: doors.Parse(b, "recent=1d")})
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	feed, err := engine.NewFeed(h, func(lane engine.Lane) func(*source.Batch) {
		return func(batch *source.Batch) {
			_ = batch.Each(func(e source.Event) error {
				_, _ = lane.AddText(e.Text)
				return nil
			})
			batch.Free()
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	send := func(batch *source.Batch) error {
		feed.Send(batch)
		return nil
	}
	if _, err := (source.Source{}).Batches(folder, send); err != nil {
		b.Fatal(err)
	}
	if err := feed.Close(); err != nil {
		b.Fatal(err)
	}
	result, err := h.Finish()
	if err != nil {
		b.Fatal(err)
	}
	return result
}
