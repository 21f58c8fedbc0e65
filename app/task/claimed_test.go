package task_test

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// A log that does not say who wrote it names processes all the same. With no command line of
// any parent it is all there is to tell roots by: it never makes one of what the scheduler did
// not start, however often process ids come again and however many events are lost.
func TestALogWithoutItsWriterProvesWhatItNames(t *testing.T) {
	for name, c := range map[string]struct {
		pool  int
		least float64 // share of the roots that are found
	}{
		"ids come again":           {4000, 0.95},
		"ids come again and again": {60, 0.95},
	} {
		t.Run(name, func(t *testing.T) {
			var y tally
			for seed := range uint64(60) {
				w := newWorld(seed)
				w.lean, w.noPIDs = true, true
				w.shift = []event.Time{0, hour, -2 * hour}[seed%3]
				w.boots(3, 40*hour)
				w.live(c.pool)
				w.others(c.pool)
				store := w.shuffled()
				store.Settle()
				_, roster, forest, tasks := named(store)
				y.count(w, roster, forest, tasks)
			}
			t.Logf("%+v", y)
			if found := float64(y.roots) / float64(y.roots+y.noRoots); y.extra != 0 || y.wrong != 0 || found < c.least {
				t.Errorf("%d processes are roots that are none, %d names wrong, %.3f of the roots found, want %.2f", y.extra, y.wrong, found, c.least)
			}
		})
	}
}
