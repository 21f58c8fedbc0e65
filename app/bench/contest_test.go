//go:build bench

package bench

import (
	"cmp"
	"slices"
	"testing"
	"time"
)

// contest is several competitors with the same events.
type contest struct {
	name    string
	size    int // of the fleet
	events  int
	bytes   int64
	entries []*entry
}

// entry is one competitor and what its runs gave.
type entry struct {
	who   string
	run   func() (outcome, error)
	often int // how often it runs in a round, 0 for once: what takes a moment varies most
	runs  []outcome
	agree string // what its rows have to do with ours; "" when there are none to compare
}

// outcome is one run.
type outcome struct {
	cost
	rows   int
	answer []string // for the comparison with the others; nil for none
	beyond int      // rows that the others cannot have
	passed int64    // bytes that the map half sends on
}

// run lets the competitors run by turns, so that what else the machine does meets all.
func (c *contest) run(t *testing.T, rounds int) {
	t.Helper()
	for range rounds {
		c.round(t)
	}
	c.compare(t)
}

// round lets each competitor run.
func (c *contest) round(t *testing.T) {
	t.Helper()
	for _, e := range c.entries {
		for range max(1, e.often) {
			o, err := e.run()
			if err != nil {
				t.Fatalf("%s, fleet of %d, %s: %v", c.name, c.size, e.who, err)
			}
			e.runs = append(e.runs, o)
		}
	}
}

// compare holds every answer of every round against the first.
func (c *contest) compare(t *testing.T) {
	t.Helper()
	var want []string
	for _, e := range c.entries {
		for _, o := range e.runs {
			switch {
			case o.answer == nil:
			case want == nil:
				want, e.agree = o.answer, "yes"
			default:
				e.agree = cmp.Or(no(differ(o.answer, want)), "yes")
			}
			if e.agree != "yes" && e.agree != "" {
				t.Errorf("%s, fleet of %d, %s: %s", c.name, c.size, e.who, e.agree)
				break
			}
		}
	}
}

func no(said string) string {
	if said == "" {
		return ""
	}
	return "no: " + said
}

// all returns the runs, none of a competitor that did not take part.
func (e *entry) all() []outcome {
	if e == nil {
		return nil
	}
	return e.runs
}

// median takes each figure's median by itself.
func (e *entry) median() cost {
	return cost{
		Wall:   middle(e.runs, func(o outcome) time.Duration { return o.Wall }),
		CPU:    middle(e.runs, func(o outcome) time.Duration { return o.CPU }),
		Memory: middle(e.runs, func(o outcome) int64 { return o.Memory }),
	}
}

func middle[T any, N cmp.Ordered](all []T, of func(T) N) N {
	figures := make([]N, len(all))
	for i, one := range all {
		figures[i] = of(one)
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// find returns a competitor, nil when it did not take part.
func (c *contest) find(who string) *entry {
	for _, e := range c.entries {
		if e.who == who {
			return e
		}
	}
	return nil
}
