package hunt

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
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

// origin is what tells of another machine close in time to the start of a root: its call, of several
// runs the closest, and the logon of an account of its; and of how many runs. Closeness is no
// proof that the one led to the other; that a run is in the logon's session ties the two. Its
// spelling as JSON is a share's note: see foreign.
type origin struct {
	From string // of the call
	Port uint16 // 0 where there was none
	Gap  event.Time
	Runs int // that had a call or a logon

	Logon    logon `json:",omitzero"`
	Sessions int   `json:",omitempty"` // of the runs, those in the session of a logon
}

// logon is that of an account over the network.
type logon struct {
	Who, From string     // From is an address, or the other machine's name
	Gap       event.Time // from it to the start; below 0 where the log has it the other way round
	Session   bool       // the run is in its session
}

// findOrigins finds the calls and logons to the device that may have led to roots.
func (g *part) findOrigins() {
	if len(g.inbound) > 0 {
		g.calls, g.logons = netjoin.CallsTo(g.store, g.inbound.any), netjoin.LogonsTo(g.store)
	}
}

// origin returns what was closest to a root's start, nil where nothing was close.
func (g *part) origin(root int32) *origin {
	ports := g.inbound[g.forest.KindOf(root)]
	if len(ports) == 0 {
		return nil
	}
	actor := &g.roster.Actors[root]
	o := &origin{Runs: 1}
	c, called := g.calls.Closest(actor.Device, actor.Time, func(port uint16) bool { return slices.Contains(ports, port) })
	if called {
		o.From, o.Port, o.Gap = c.From.String(), c.Port, actor.Time-c.At
	}
	if !g.loggedOn(o, actor) && !called {
		return nil
	}
	return o
}

// loggedOn notes the logon in whose session a root runs, or else the one closest in time. It reports
// whether there is one.
func (g *part) loggedOn(o *origin, root *identity.Actor) bool {
	l, tied := g.logons.Of(root.Device, root.Logon, root.Time)
	if tied {
		o.Sessions = 1
	} else if near, some := g.logons.Closest(root.Device, root.Time); some {
		l = near
	} else {
		return false
	}
	o.Logon = logon{Who: g.text(l.User), From: g.text(l.Workstation), Gap: root.Time - l.At, Session: tied}
	if l.From.IsValid() {
		o.Logon.From = l.From.String()
	}
	return true
}

// and returns what two say together; either may be nil. Neither is changed.
func (o *origin) and(other *origin) *origin {
	switch {
	case o == nil:
		return other
	case other == nil:
		return o
	}
	both := *o
	if o.Port == 0 || other.Port != 0 && o.compare(other) > 0 {
		both = *other
	}
	both.Logon = o.Logon
	if o.Logon.compare(&other.Logon) > 0 {
		both.Logon = other.Logon
	}
	both.Runs, both.Sessions = o.Runs+other.Runs, o.Sessions+other.Sessions
	return &both
}

func (o *origin) compare(other *origin) int {
	return cmp.Or(compareGaps(o.Gap, other.Gap), cmp.Compare(o.Port, other.Port), cmp.Compare(o.From, other.From))
}

// compare is below 0 for the one that says more: of two the one whose session a run is in, then the closer.
func (l *logon) compare(other *logon) int {
	rank := func(l *logon) int {
		switch {
		case l.Session:
			return 0
		case l.Who != "":
			return 1
		}
		return 2 // there was none
	}
	return cmp.Or(cmp.Compare(rank(l), rank(other)), compareGaps(l.Gap, other.Gap), cmp.Compare(l.From, other.From), cmp.Compare(l.Who, other.Who))
}

func compareGaps(a, b event.Time) int {
	return cmp.Or(cmp.Compare(max(a, -a), max(b, -b)), cmp.Compare(b, a))
}

// words say what is known and what is not.
func (o *origin) words(runs int) string {
	call := fmt.Sprintf("a call of another machine: the closest from %s to port %d, %s", o.From, o.Port, gapWords(o.Gap))
	logon := fmt.Sprintf("of %s from %s, %s", o.Logon.Who, o.Logon.From, gapWords(o.Logon.Gap))
	switch {
	case o.Sessions > 0 && o.Port != 0:
		return fmt.Sprintf("%d of %d runs are in the session of a logon from another machine (the same logon id): %s; close in time to %s", o.Sessions, runs, logon, call)
	case o.Sessions > 0:
		return fmt.Sprintf("%d of %d runs are in the session of a logon from another machine (the same logon id): %s", o.Sessions, runs, logon)
	case o.Logon.Who == "":
		return fmt.Sprintf("%d of %d runs began close in time to %s; no proof that it made them start", o.Runs, runs, call)
	case o.Port == 0:
		return fmt.Sprintf("%d of %d runs began close in time to a logon from another machine: the closest %s; no proof that it made them start", o.Runs, runs, logon)
	}
	return fmt.Sprintf("%d of %d runs began close in time to %s; logon %s; no proof that they made them start", o.Runs, runs, call, logon)
}

// gapWords say how far before a start something was.
func gapWords(gap event.Time) string {
	when := "before it"
	if gap < 0 {
		when = "after it, as the log has it"
	}
	return score.Span(float64(max(gap, -gap))/float64(event.Second)) + " " + when
}

// called finds out whether a finding's runs began close to calls or logons of other machines. Where
// fewer than half did, that is chance.
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
