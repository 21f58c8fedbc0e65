package score

import (
	"fmt"
	"sort"
)

// fewestTogether is from how many devices on it can be told that habits go together.
const fewestTogether = 10

// shows are the habits of a finding, by number.
type shows uint64

// together counts, for each set of habits that some rare finding shows, how rare a tool the
// findings with that set run, in order.
type together map[shows][]float64

// set are the habits as numbers of the tail's. One that no rare finding shows has none: who
// asks about it is no rare finding.
func (t *Tail) set(habits []*Habit) (s shows) {
	for _, h := range habits {
		if at, known := t.numbers[h.Name]; known {
			s |= 1 << at
		}
	}
	return s
}

// mostHabits are as many as a set has bits, on any machine: there are fewer habits.
const mostHabits = 64

// noteShown counts what a rare finding shows.
func (t *Tail) noteShown(e *Evidence) {
	for _, h := range e.Habits {
		if _, known := t.numbers[h.Name]; !known && len(t.numbers) < mostHabits {
			t.numbers[h.Name] = len(t.numbers)
		}
		t.habits[h.Name]++
	}
	s := t.set(e.Habits)
	t.shown[s] = append(t.shown[s], e.tool())
}

// settleShown puts what was counted in order.
func (t *Tail) settleShown() {
	for _, tools := range t.shown {
		sort.Float64s(tools)
	}
}

// all counts the rare findings that show all of these habits, and run a tool as rare.
func (t *Tail) all(habits []*Habit, tool float64) (k int) {
	s := t.set(habits)
	for other, tools := range t.shown {
		if other&s == s {
			k += atLeast(tools, tool)
		}
	}
	return k
}

// most is how many bits of a sum count of which k findings show all. What is more than one
// finding among so many can show at all is nobody's measure: it counts whole where one shows
// it, and less the more do.
func (t *Tail) most(k int, sum float64) float64 {
	return t.surprise(k) + max(0, sum-t.surprise(1))/float64(max(k, 1))
}

// shown adds what a finding's habits and its tool are worth: each no more than how few of the
// rare findings show it, and all of them no more than how few show them all. A script that
// fetches with curl from a folder that anyone may write to is one habit of somebody's, not
// four: where one administrator has it on many devices, each of them tells the same.
func (p *parts) shown(e *Evidence, t *Tail, weight float64) {
	var own parts
	own.tool(e, t)
	for _, h := range e.Habits {
		k := t.habits[h.Name]
		own.add(h.Name, min(h.Bits, t.surprise(k)), "%s (%s); %d of %d rare findings do", h.Means, h.Source, k, t.Findings)
	}
	sum, share, says := Sum(own), 1.0, ""
	if len(own) > 1 && e.Fleet >= fewestTogether {
		k := t.all(e.Habits, e.tool())
		if most := t.most(k, sum); most < sum {
			share, says = most/sum, fmt.Sprintf("; all of this together %d, so that %.1f of %.1f bits count", k, most, sum)
		}
	}
	for _, one := range own {
		p.add(one.Name, one.Bits*share*weight, "%s", one.Why+says)
	}
}
