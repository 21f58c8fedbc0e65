package score

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// habitsOf returns habits by their names.
func habitsOf(names ...string) (some []*Habit) {
	for i := range Habits {
		for _, name := range names {
			if Habits[i].Name == name {
				some = append(some, &Habits[i])
			}
		}
	}
	return some
}

// ofHabits is what a finding's habits and its tool are worth together.
func ofHabits(e *Evidence, t *Tail) (sum float64) {
	for _, p := range Standard.Parts(e, t) {
		if p.Name == "tool" || t.habits[p.Name] > 0 {
			sum += p.Bits
		}
	}
	return sum
}

// What goes together in many rare findings is one surprise. Each part says so, and of habits
// of which no other finding shows all nothing is taken.
func TestHabitsTogether(t *testing.T) {
	all, tail := plainTail(500, 80, func(i int, e *Evidence) {
		switch {
		case i < 10:
			e.Habits = habitsOf("hidden", "download", "open_folder")
		case i == 10:
			e.Habits = habitsOf("hidden", "download", "profile")
		}
	})
	many, one := ofHabits(all[0], tail), ofHabits(all[10], tail)
	if want := tail.surprise(10); math.Abs(many-want) > 0.2 {
		t.Errorf("%.1f bits for what ten findings show, want %.1f", many, want)
	}
	if one < 5.8 {
		t.Errorf("%.1f bits for what one finding shows, want 6", one)
	}
	for _, p := range Standard.Parts(all[0], tail) {
		if p.Name == "hidden" && !strings.Contains(p.Why, "; all of this together 10, so that ") {
			t.Error(p)
		}
	}
}

// One more finding that shows the same never makes it worth more, be the tool as rare or not,
// and never anything a part's own bits.
func TestMoreFindingsNeverRaiseHabits(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		fleet := 2 + rng.IntN(1000)
		all := fleetOf(rng, fleet, 2+rng.IntN(40))
		e := all[0]
		for range 8 {
			tail := NewTail(all)
			before := ofHabits(e, tail)
			copied := *e
			all = append(all, &copied)
			// Each part is rounded anew.
			if after := ofHabits(e, NewTail(all)); e.IsRare() && after > before+0.1*float64(len(e.Habits)+1) {
				t.Fatalf("from %v to %v with one more: %+v", before, after, e)
			}
		}
	}
}

// The count is that of asking each rare finding.
func TestTogetherCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 100 {
		all := fleetOf(rng, 10+rng.IntN(500), 1+rng.IntN(60))
		tail := NewTail(all)
		for _, e := range all {
			want := 0
			for _, o := range all {
				shows := map[*Habit]bool{}
				for _, h := range o.Habits {
					shows[h] = true
				}
				has := o.IsRare() && o.tool() >= e.tool()
				for _, h := range e.Habits {
					has = has && (shows[h] || tail.habits[h.Name] == 0)
				}
				if has {
					want++
				}
			}
			if got := tail.all(e.Habits, e.tool()); got != want {
				t.Fatalf("%d findings, want %d", got, want)
			}
		}
	}
}

// The more devices run rare scripts in the same way, the less rare a script is; it says so, and
// no other finding's score has to do with it.
func TestKin(t *testing.T) {
	all, tail := plainTail(500, 80, func(i int, e *Evidence) { e.Habits = habitsOf("hidden") })
	last := math.Inf(1)
	for kin := range 300 {
		e := *all[0]
		e.Kin = kin
		sum := Sum(Standard.Parts(&e, tail))
		if sum > last {
			t.Fatalf("%v bits with %d, %v with one fewer", sum, kin, last)
		}
		says := strings.Contains(Standard.Parts(&e, tail)[0].Why, "rare scripts that are run so")
		if says != (kin > e.Task) {
			t.Errorf("%d: %v", kin, Standard.Parts(&e, tail)[0])
		}
		last = sum
	}
}
