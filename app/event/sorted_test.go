package event

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// timed is an event as far as sorting goes.
type timed struct{ rank, record uint32 }

func compareTimed(a, b *timed) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.record, b.record))
}

// inRuns returns events of some devices as lanes have read them: each has its part of
// the log, rising or falling, with a few that are out of place.
func inRuns(r *rand.Rand) (events []timed) {
	devices, lanes := 1+r.IntN(5), 1+r.IntN(4)
	for range lanes {
		lane := make([]timed, r.IntN(60))
		for i := range lane {
			lane[i] = timed{uint32(r.IntN(devices)), uint32(r.IntN(200))}
		}
		slices.SortFunc(lane, func(a, b timed) int { return cmp.Compare(b.record, a.record) })
		if r.IntN(2) == 0 {
			slices.Reverse(lane)
		}
		for range r.IntN(4) {
			if n := len(lane); n > 0 {
				lane[r.IntN(n)], lane[r.IntN(n)] = lane[r.IntN(n)], lane[r.IntN(n)]
			}
		}
		events = append(events, lane...)
	}
	return events
}

// TestRunsAreSorted holds the merging of runs to the library's sorting: every position is
// there once, and the events stand in order.
func TestRunsAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		events := inRuns(r)
		at := sortedBy(events, compareTimed, func(e *timed) uint32 { return e.rank })
		got := make([]timed, len(at))
		for i, p := range at {
			got[i] = events[p]
		}
		want := slices.Clone(events)
		slices.SortFunc(want, func(a, b timed) int { return compareTimed(&a, &b) })
		if !slices.Equal(got, want) {
			t.Fatalf("%v is sorted to %v", events, got)
		}
		slices.Sort(at)
		for i, p := range at {
			if int(p) != i {
				t.Fatalf("%v: the positions are %v", events, at)
			}
		}
	}
}

// TestRunsAreNotSortedAgain: events of one device that come newest first on two lanes
// are compared a few times each, not log n times.
func TestRunsAreNotSortedAgain(t *testing.T) {
	const n = 1 << 12
	events := make([]timed, 0, n)
	for lane := range uint32(2) {
		for i := range uint32(n / 2) {
			events = append(events, timed{0, 2*(n-i) + lane})
		}
	}
	compared := 0
	sortedBy(events, func(a, b *timed) int { compared++; return compareTimed(a, b) }, func(*timed) uint32 { return 0 })
	if compared > 3*n {
		t.Errorf("%d events were compared %d times", n, compared)
	}
}
