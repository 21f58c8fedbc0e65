package score

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// plainTail is the tail of a fleet with so many rare tasks in which nothing else is odd.
func plainTail(fleet, findings int, change func(i int, e *Evidence)) ([]*Evidence, *Tail) {
	all := make([]*Evidence, findings)
	for i := range all {
		all[i] = &Evidence{Fleet: fleet, Task: 1, Devices: 1}
		change(i, all[i])
	}
	return all, NewTail(all)
}

// worth is how many bits a part of a finding has.
func worth(name string, e *Evidence, t *Tail) float64 {
	for _, p := range Standard.Parts(e, t) {
		if p.Name == name {
			return p.Bits
		}
	}
	return 0
}

// A chain of three counts, one of two does not; where every rare task of a fleet has one it
// is no evidence.
func TestChain(t *testing.T) {
	long := func(with int) float64 {
		all, tail := plainTail(500, 80, func(i int, e *Evidence) {
			e.Chain = 2
			if i < with {
				e.Chain = 4
			}
		})
		if two := worth("chain", all[79], tail); with < 80 && two != 0 {
			t.Errorf("a chain of two is worth %v", two)
		}
		return worth("chain", all[0], tail)
	}
	if one, some, every := long(1), long(20), long(80); one != mostChain || some >= one || some == 0 || every != 0 {
		t.Errorf("%v bits for one, %v for twenty, %v for all", one, some, every)
	}
}

// A clock's delays are no drift, however wide, nor is what is hardly regular.
func TestDrift(t *testing.T) {
	for _, c := range []struct {
		of   Rhythm
		some bool
	}{
		{Rhythm{Bits: 30, Jitter: 0.2, Sleeps: true}, true},
		{Rhythm{Bits: 30, Jitter: 0.2}, false},
		{Rhythm{Bits: 30, Jitter: 0.02, Sleeps: true}, false},
		{Rhythm{Bits: 3, Jitter: 0.2, Sleeps: true}, false},
	} {
		all, tail := plainTail(500, 80, func(i int, e *Evidence) {
			if i == 0 {
				e.Runs = c.of
			}
		})
		if got := worth("drift", all[0], tail); (got > 0) != c.some || got > mostDrift {
			t.Errorf("%+v is worth %v", c.of, got)
		}
	}
	all, tail := plainTail(500, 80, func(_ int, e *Evidence) { e.Runs = Rhythm{Bits: 30, Jitter: 0.2, Sleeps: true} })
	if got := worth("drift", all[0], tail); got != 0 {
		t.Errorf("what all rare findings do is worth %v", got)
	}
}

// Where many tasks depart as far, one more is less of a surprise.
func TestDepartureCountsOthers(t *testing.T) {
	of := func(n int) float64 {
		all, tail := plainTail(500, 80, func(i int, e *Evidence) {
			if i < n {
				e.Task, e.Devices, e.How, e.Departs, e.Within, e.Alike = 400, 1, "x", 8, 1, 1
			}
		})
		return worth("departs", all[0], tail)
	}
	if one, many := of(1), of(60); one != 8 || many >= 4 || many == 0 {
		t.Errorf("%v bits for one, %v for sixty", one, many)
	}
}

// In a small fleet, three findings that depart as far are few of its tasks, though many for its
// devices. In a large one, which has fewer tasks than devices, these have no say.
func TestDeparturesAreFewOfTasks(t *testing.T) {
	of := func(fleet, tasks int) float64 {
		all, tail := plainTail(fleet, 80, func(i int, e *Evidence) {
			e.Tasks = tasks
			if i < 3 {
				e.Task, e.Devices, e.How, e.Departs, e.Within, e.Alike = fleet*4/5, 1, "x", 12, 1, 1
			}
		})
		return worth("departs", all[0], tail)
	}
	if few, many := of(50, 40), of(50, 110); few != 4.3 || many != 5.5 {
		t.Errorf("%v bits where 40 tasks may depart, %v where 110 may", few, many)
	}
	if few, many := of(1000, 40), of(1000, 400); few != many {
		t.Errorf("of 1000 devices %v bits with 40 tasks, %v with 400", few, many)
	}
}

// A departure that so many make that it is worth nothing is said all the same: the rest is
// scaled by it. One that is new to its task says in how many days.
func TestDeparturesAreSaid(t *testing.T) {
	all, tail := plainTail(30, 80, func(_ int, e *Evidence) {
		e.Task, e.Devices, e.How, e.Departs, e.Within, e.Alike, e.Fresh, e.FreshDays = 20, 1, "x", 4, 1, 1, 2, 70
	})
	parts := Standard.Parts(all[0], tail)
	if worth("departs", all[0], tail) != 0 || len(parts) == 0 || !strings.Contains(parts[0].Why, "; departs by x: 1 of 20 devices with the task have something as odd, new to it in 70 device-days 2, in") {
		t.Errorf("%v", parts)
	}
	_, alone := plainTail(30, 1, func(int, *Evidence) {})
	for _, p := range Standard.Parts(all[0], alone) {
		if strings.Contains(p.Why, "departs by") {
			t.Errorf("a departure that counts is said twice: %v", p)
		}
	}
}

// The same programs again make no chain; what stands beside does not either.
func TestCarries(t *testing.T) {
	for name, want := range map[string]bool{"cmd.exe": true, "rundll32.exe": true, "node": true, "conhost.exe": false, "curl.exe": false, "": false} {
		if Carries([]byte(name)) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}

// A device more with the task never raises the score, whatever the finding's evidence.
func TestNewPartsFallWithDevices(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		fleet := 20 + rng.IntN(500)
		all := fleetOf(rng, fleet, 30)
		tail := NewTail(all)
		e := &Evidence{Fleet: fleet, Task: 1, Devices: 1, Chain: 3 + rng.IntN(4),
			Runs: Rhythm{Bits: 20, Jitter: 0.3, Sleeps: true}}
		for e.Task < fleet {
			before := Sum(Standard.Parts(e, tail))
			e.Task, e.Devices = e.Task+1, e.Devices+1
			if after := Sum(Standard.Parts(e, tail)); after > before+0.21 { // each part is rounded anew
				t.Fatalf("%v became %v with device %d", before, after, e.Task)
			}
		}
	}
}
