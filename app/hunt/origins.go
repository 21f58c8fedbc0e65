package hunt

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// doors are the ports at which calls come in that end in roots, by the kind of root.
type doors map[string][]uint16

// doorsOf returns those of the kinds that are asked for: none for tasks.
func doorsOf(start tree.Starter) doors {
	kinds, _ := start.(tree.Kinds)
	of := make(doors)
	for i := range kinds {
		if preset, _ := roots.Find(kinds[i].Name); preset != nil && len(preset.Doors) > 0 {
			of[preset.Name] = preset.Doors
		}
	}
	return of
}

// any reports whether a port is one of some kind's.
func (d doors) any(port uint16) bool {
	for _, ports := range d {
		if slices.Contains(ports, port) {
			return true
		}
	}
	return false
}

// origin is the call of another machine that was closest in time to the start of a root, of
// several runs the closest, and how many of them had one. It is no proof that the one led to
// the other. Its spelling as JSON is a share's note: see foreign.
type origin struct {
	From string
	Port uint16
	Gap  event.Time // from the call to the start; below 0 where the log has it the other way round
	Runs int
}

// findOrigins finds the calls to the device that may have led to roots.
func (g *part) findOrigins() {
	if len(g.inbound) > 0 {
		g.calls = netjoin.CallsTo(g.store, g.inbound.any)
	}
}

// origin returns the call that was closest to a root's start, nil where none was close.
func (g *part) origin(root int32) *origin {
	ports := g.inbound[g.forest.KindOf(root)]
	actor := &g.roster.Actors[root]
	at := actor.Time
	c, some := g.calls.Closest(actor.Device, at, func(port uint16) bool { return slices.Contains(ports, port) })
	if !some {
		return nil
	}
	return &origin{From: c.From.String(), Port: c.Port, Gap: at - c.At, Runs: 1}
}

// and returns what two say together; either may be nil. Neither is changed.
func (o *origin) and(other *origin) *origin {
	switch {
	case o == nil:
		return other
	case other == nil:
		return o
	}
	closest := *o
	if o.compare(other) > 0 {
		closest = *other
	}
	closest.Runs = o.Runs + other.Runs
	return &closest
}

func (o *origin) compare(other *origin) int {
	return cmp.Or(cmp.Compare(max(o.Gap, -o.Gap), max(other.Gap, -other.Gap)), cmp.Compare(other.Gap, o.Gap),
		cmp.Compare(o.Port, other.Port), cmp.Compare(o.From, other.From))
}

// words say what is known and what is not.
func (o *origin) words(runs int) string {
	when := "before it"
	if o.Gap < 0 {
		when = "after it, as the log has it"
	}
	return fmt.Sprintf("%d of %d runs began close in time to a call of another machine: the closest from %s to port %d, %s %s; no proof that it made them start",
		o.Runs, runs, o.From, o.Port, score.Span(float64(max(o.Gap, -o.Gap))/float64(event.Second)), when)
}

// called finds out whether a finding's runs began close to calls of other machines. Where fewer
// than half did, that is chance.
func (r *ranker) called(f *ranked) {
	var all *origin
	runs := 0
	for _, run := range f.Runs {
		c := r.run(run.Index)
		all = all.and(c.origin)
		if runs++; c.foreign != nil {
			runs += c.foreign.Summary.Runs - 1
		}
	}
	if all == nil || 2*all.Runs < runs {
		return
	}
	if h := score.Origin(f.evidence.Root.Kind, all.words(runs)); h != nil {
		f.evidence.Habits = append(f.evidence.Habits, h)
	}
}
