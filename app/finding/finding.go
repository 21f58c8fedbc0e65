// Package finding says what is one finding: the runs of a task that one decision of a
// person settles. The runs of a rare task are one; of a common task, those that depart in
// the same way from what it does elsewhere or did before.
package finding

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// Run is one tree that may be shown.
type Run struct {
	rarity.Run
	Device rarity.Device
	Index  int // the caller's own
}

// Finding is what one decision settles.
type Finding struct {
	ID      string // 16 hex digits
	Task    *rarity.Task
	Departs []Departure // how its runs depart from the task's others; none for a task as a whole
	Runs    []Run
	Facts   []rarity.Fact // what its runs do, sorted, each once
	// Together is how many of the task's devices depart in all the kinds of ways in which
	// the finding does, each by something at least as rare; 0 where it departs in one kind
	// only, or in nothing rare.
	Together int
}

// Departure is a fact that a task does not do elsewhere, or did not before.
type Departure struct {
	rarity.Fact
	*rarity.Seen
	Bits   float64 // how little expected it is on a device that has the task
	Within int     // of the task's devices, those with a fact of the kind that is as rare
	New    bool    // the task was watched before, without it
	// Fresh is how many facts of the kind are new to the task in its device-days, where that
	// is less expected than Within; else 0.
	Fresh int
}

// IsDeparted reports whether a fact is one by which the finding's runs depart.
func (f *Finding) IsDeparted(fact rarity.Fact) bool {
	return slices.ContainsFunc(f.Departs, func(d Departure) bool { return d.Fact == fact })
}

// Options say what counts as new.
type Options struct {
	Recent rarity.Span
	// Watched is when the fleet's log begins.
	Watched event.Time
	// Ways are destinations that are ways out: whoever goes through one does so with all of
	// its tasks, so none departs by it.
	Ways map[rarity.Text]bool
}

// isAnyone reports whether a fact is a way out, which does not say whom a task calls.
func (o Options) isAnyone(fact rarity.Fact) bool {
	return fact.Kind == rarity.Destination && o.Ways[fact.Text]
}

// ages reports whether there is a time before the recent one, in which something that is
// new would not have been.
func (o Options) ages() bool {
	return o.Recent.From != event.NoTime && o.Watched != event.NoTime && o.Watched+event.Day/2 <= o.Recent.From
}

// IsNew reports whether something was first seen in the recent span, on devices or in a
// task that were watched before.
func (o Options) IsNew(first, watched event.Time) bool {
	return o.ages() && first > o.Recent.From && watched != event.NoTime && watched+event.Day/2 <= o.Recent.From
}

// Group makes findings of the runs. Their order has no say in the findings, which come in
// the order of their ids.
func Group(s *rarity.Survey, runs []Run, o Options) []*Finding {
	byTask := make(map[rarity.Text][]Run)
	for _, r := range runs {
		byTask[r.Task] = append(byTask[r.Task], r)
	}
	all := make([]*Finding, 0, len(byTask))
	for template, some := range byTask {
		all = append(all, ofTask(s.Task(template), some, o)...)
	}
	for _, f := range all {
		f.finish(s)
	}
	slices.SortFunc(all, func(a, b *Finding) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// ofTask splits the runs of a task by how they depart.
func ofTask(task *rarity.Task, runs []Run, o Options) []*Finding {
	departs := departures(task, o)
	sets := newSets()
	for _, r := range runs {
		sets.join(r.Facts, departs)
	}
	parts := make(map[rarity.Fact]*Finding) // by the first of the facts that depart together
	whole := &Finding{Task: task}
	for _, r := range runs {
		f := whole
		if lead, some := sets.lead(r.Facts, departs); some {
			if f = parts[lead]; f == nil {
				f = &Finding{Task: task}
				parts[lead] = f
			}
		}
		f.Runs = append(f.Runs, r)
	}
	var all []*Finding
	if len(whole.Runs) > 0 {
		all = append(all, whole)
	}
	for _, f := range parts {
		all = append(all, f)
	}
	odd := oddOf(task, o)
	for _, f := range all {
		f.gather(departs)
		f.Together = odd.together(f.Departs)
	}
	return all
}

// gather collects what the runs do, and what of it departs.
func (f *Finding) gather(departs map[rarity.Fact]Departure) {
	for _, r := range f.Runs {
		f.Facts = append(f.Facts, r.Facts...)
		if len(f.Facts) > 1024 {
			f.compact()
		}
	}
	f.compact()
	for _, fact := range f.Facts {
		if d, yes := departs[fact]; yes {
			f.Departs = append(f.Departs, d)
		}
	}
	if !slices.ContainsFunc(f.Departs, func(d Departure) bool { return d.Leads() }) {
		f.Departs = nil
	}
}

func (f *Finding) compact() {
	slices.SortFunc(f.Facts, rarity.CompareFacts)
	f.Facts = slices.Compact(f.Facts)
}

// Leads reports whether a fact makes a finding of its own. A new digest alone is the first
// machine of an update, a habit alone is no change of what a task does, and a claim alone is a
// version of Windows that few have.
func (d Departure) Leads() bool {
	return d.Kind != rarity.Hash && d.Kind != rarity.Trait && d.Kind != rarity.Claim
}

// sets joins facts that depart in one run.
type sets struct{ up map[rarity.Fact]rarity.Fact }

func newSets() sets { return sets{make(map[rarity.Fact]rarity.Fact)} }

func (s sets) root(f rarity.Fact) rarity.Fact {
	for {
		up, joined := s.up[f]
		if !joined || up == f {
			return f
		}
		if over, more := s.up[up]; more {
			s.up[f] = over
		}
		f = up
	}
}

func (s sets) join(facts []rarity.Fact, departs map[rarity.Fact]Departure) {
	var first rarity.Fact
	some := false
	for _, f := range facts {
		if d, yes := departs[f]; !yes || !d.Leads() {
			continue
		}
		if !some {
			first, some = s.root(f), true
			continue
		}
		if r := s.root(f); r != first {
			s.up[r] = first
		}
	}
}

func (s sets) lead(facts []rarity.Fact, departs map[rarity.Fact]Departure) (lead rarity.Fact, some bool) {
	for _, f := range facts {
		if d, yes := departs[f]; yes && d.Leads() {
			return s.root(f), true
		}
	}
	return lead, false
}
