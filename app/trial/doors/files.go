package doors

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// HuntedFiles hunts in files, as the hunt subcommand reads them.
func HuntedFiles(t testing.TB, args string, paths ...string) Outcome {
	t.Helper()
	h := newHunt(t, args)
	rec := record.New(h.Names())
	events := 0
	for _, path := range paths {
		stats, err := source.Each(path, func(e source.Event) error {
			switch {
			case e.Text != nil:
				_, _ = h.Turn().AddText(e.Text)
			case e.Fill(rec) != nil:
				h.Turn().AddMalformed()
			default:
				_, _ = h.Turn().Add(rec)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		events += stats.Events
	}
	return finished(t, h, events)
}
