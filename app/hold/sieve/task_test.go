package sieve

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Of the scheduler's log those events are kept that name a process which counts, and those of which
// another has the number.
func TestSelectTasks(t *testing.T) {
	h, r := NewHasher(), rand.New(rand.NewPCG(1, 2))
	var s Sieve
	for range 300 {
		var entries []Entry
		numbers := 1 + r.IntN(120)
		for range r.IntN(60) {
			act := []event.Act{event.TaskStarted, event.TaskTriggered, event.TaskProcess, event.ActionStarted, event.ActionEnded, event.ActionFailed}[r.IntN(6)]
			e := EntryOfTask(&event.Keys{Record: uint64(1+r.IntN(numbers)) << (r.IntN(2) * 40), PID: uint32(r.IntN(30)), Writer: uint32(r.IntN(3)), Act: act})
			if e.Flags.Kind() != event.TaskEvent || e.Flags.Act() != act || (e.Flags|Read).Act() != act || e.Flags&Read != 0 {
				t.Fatalf("flags %b, want those of %d", e.Flags, act)
			}
			entries = append(entries, e)
		}
		whole := r.IntN(10) == 0
		counts := func(pid uint32) bool { return pid%7 == 3 }
		var want []int
		for i, e := range entries {
			twice := slices.ContainsFunc(slices.Delete(slices.Clone(entries), i, i+1), func(o Entry) bool { return o.Self == e.Self })
			named := counts(e.PID) && slices.Contains([]event.Act{event.TaskProcess, event.ActionStarted, event.ActionEnded}, e.Flags.Act())
			if whole || twice || named {
				want = append(want, i)
			}
		}
		if got := places(s.SelectTasks(h, entries, whole, counts)); !slices.Equal(got, want) {
			t.Fatalf("of %+v it keeps %v, want %v", entries, got, want)
		}
	}
}
