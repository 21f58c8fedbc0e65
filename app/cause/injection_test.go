package cause

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// ref is a process of a world by its id, by its process id, or by both.
func (w *world) ref(pid uint32, how int) event.Ref {
	r := event.Ref{PID: pid, ID: event.TextID(w.sym(fmt.Sprint("p", pid)))}
	switch how {
	case 1:
		r.ID = event.ID{}
	case 2:
		r.PID = 0
	}
	return r
}

// slowInjections says of each pair of processes whether one reached into the other, how, when first and how
// often, by looking at every event. All processes of these worlds live on, and have process ids of their own; by such an
// id alone they are known for a minute.
func (w *world) slowInjections(started map[uint32]event.Time, parents map[uint32]uint32) map[string]string {
	pid := func(r *event.Ref) uint32 {
		if r.PID != 0 {
			return r.PID
		}
		for p := range started {
			if event.TextID(w.sym(fmt.Sprint("p", p))) == r.ID {
				return p
			}
		}
		return 0
	}
	first, count := map[string]event.Time{}, map[string]int{}
	for i := range w.Injections {
		e := &w.Injections[i]
		by, into := pid(&e.By), pid(&e.Into)
		at, isKnown := started[into]
		from, hasStart := started[by]
		switch {
		case !isKnown || e.Into.ID.IsZero() && (e.Time < at-2*second || e.Time > at+60*second):
			continue
		case e.By.ID.IsZero() && (e.Time < from-2*second || e.Time > from+60*second):
			hasStart = false
		}
		if hasStart && by == into || !e.Thread && parents[into] == by && (hasStart || !e.By.ID.IsZero()) { // what these starts say of a parent is its id
			continue
		}
		who := fmt.Sprint(by)
		if !hasStart {
			who = fmt.Sprint("unknown ", e.By.PID, e.By.ID)
		}
		key := fmt.Sprint(who, " ", into, " ", e.Thread)
		if count[key]++; count[key] == 1 || e.Time != event.NoTime && (e.Time < first[key] || first[key] == event.NoTime) {
			first[key] = e.Time
		}
	}
	all := map[string]string{}
	for key := range count {
		all[key] = fmt.Sprint(first[key], " ", count[key])
	}
	return all
}

// Whatever reaches into whatever, in whatever order the events come, the injections are those of the slow
// matcher.
func TestInjectionsAsSlowMatcher(t *testing.T) {
	threads, opened, unknown := 0, 0, 0
	for seed := range uint64(400) {
		d := rand.New(rand.NewPCG(seed, 8))
		w := newWorld()
		started, parents := map[uint32]event.Time{}, map[uint32]uint32{}
		for i := range uint32(8) {
			pid, parent := 10+i, 10+uint32(d.IntN(8))
			if started[pid] = event.Time(100+10*i) * second; parent >= pid {
				parent = 4
			}
			parents[pid] = parent
			w.start(started[pid], pid, `C:\a\p.exe`, "p", fmt.Sprint("p", parent))
		}
		for range d.IntN(25) {
			e := event.Injection{Source: w.source(event.Time(80+d.IntN(300)) * second), Thread: d.IntN(2) == 0, Number: 10, Rights: 2}
			if d.IntN(12) == 0 {
				e.Time = event.NoTime
			}
			e.By, e.Into = w.ref(10+uint32(d.IntN(10)), d.IntN(3)), w.ref(10+uint32(d.IntN(9)), d.IntN(3))
			w.AddInjection(&e)
			if d.IntN(5) == 0 {
				w.AddInjection(&e) // sent again
			}
		}
		d.Shuffle(len(w.Injections), func(i, j int) { w.Injections[i], w.Injections[j] = w.Injections[j], w.Injections[i] })
		w.Settle()
		r := identity.NewRoster(w.Store)
		parent := func(actor int32) int32 {
			at, _ := r.Find(r.Actors[actor].Device, &r.Actors[actor].Parent, r.Actors[actor].Time, reach)
			return at
		}
		want, got := w.slowInjections(started, parents), map[string]string{}
		for _, i := range Injections(w.Store, r, parent) {
			who := fmt.Sprint("unknown ", i.Source.PID, i.Source.ID)
			if i.By != identity.None && !r.Actors[i.By].Rebuilt {
				who = fmt.Sprint(r.Actors[i.By].Self.PID)
			} else {
				unknown++
			}
			got[fmt.Sprint(who, " ", r.Actors[i.Into].Self.PID, " ", i.Thread)] = fmt.Sprint(i.At, " ", i.Events)
			if i.Thread {
				threads++
			} else {
				opened++
			}
			if len(i.Told) != min(i.Events, mostTold) || i.Certainty() != map[bool]Certainty{true: Likely, false: Possible}[i.Thread] {
				t.Errorf("seed %d: %+v", seed, i)
			}
		}
		for key, text := range want {
			if got[key] != text {
				t.Errorf("seed %d: %s: %q, slowly %q", seed, key, got[key], text)
			}
			delete(got, key)
		}
		if len(got) > 0 || t.Failed() {
			t.Fatalf("seed %d: slowly there are none of %v", seed, got)
		}
	}
	if slices.Min([]int{threads, opened, unknown}) < 100 {
		t.Errorf("the worlds show little: %d threads, %d opened, %d by unknown processes", threads, opened, unknown)
	}
}
