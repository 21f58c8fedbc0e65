package rarity

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Watched is when trees were seen on a device, and which kinds of events it logs, one bit
// an event.Kind.
type Watched struct {
	First, Last event.Time
	Kinds       uint8
}

// Visit is what one device does, in the symbols of that device. A Visitor makes it.
type Visit struct {
	Name string
	Watched

	tasks []visitedTask
	fleet []sighted     // over all tasks
	facts []visitedFact // of each task
	named map[answered]struct{}
	runs  []visitedRun
	runOf []int32          // by root: one more than its run's number, 0 for none
	did   distinct[uint64] // which run has which fact: see does
}

// reset makes it that of a device with so many actors, of which nothing is known yet. What a
// survey took from the last one is the survey's.
func (v *Visit) reset(actors int) {
	named := emptied(v.named)
	*v = Visit{
		tasks: v.tasks[:0], fleet: v.fleet[:0], facts: v.facts[:0], runs: v.runs[:0], did: distinct[uint64]{all: v.did.all[:0]},
		named: named, runOf: slices.Grow(v.runOf[:0], actors)[:actors],
	}
	clear(v.runOf)
}

// answered is an address that a lookup was answered with, and the destination that was asked
// for.
type answered struct{ address, name event.Sym }

type visitedTask struct {
	template event.Sym
	Sight
	number Text
}

// local is a fact in the device's own symbols.
type local struct {
	kind Kind
	text event.Sym
}

// sighted is a fact, and when it was seen.
type sighted struct {
	local
	Sight
}

// visitedFact is a fact of one task.
type visitedFact struct {
	fact, task int32 // where they are in the visit
	On
	names  distinct[event.Sym]
	number Fact
}

func (f *visitedFact) settle(symbols *event.Symbols) {
	f.Names, f.hosts = int32(len(f.names.settled())), hostsOf(f.names.all, symbols)
	if f.Contacts != nil {
		f.Contacts.Settle()
	}
}

// contact notes a contact with the destination that the fact is.
func (f *visitedFact) contact(c beacon.Contact) {
	if f.Contacts == nil {
		f.Contacts = &beacon.Contacts{}
	}
	f.Contacts.Add(c)
}

type visitedRun struct {
	task     int32
	from, to int32 // where its facts are in did
}

// does is an entry of did: a run's number above a fact's, so that a run's facts stand side
// by side when they are sorted.
func does(run, fact int32) uint64 { return uint64(run)<<32 | uint64(fact) }

// close counts each run in, once for whatever it did.
func (v *Visit) close() {
	for i := range v.runs {
		v.tasks[v.runs[i].task].Runs++
	}
	last := int32(-1)
	for at, one := range v.did.settled() {
		run := int32(one >> 32)
		if run != last {
			v.runs[run].from, last = int32(at), run
		}
		v.runs[run].to = int32(at + 1)
		v.facts[uint32(one)].Runs++
	}
}

// Run is one tree: what its task is, and what it did, in the survey's numbers.
type Run struct {
	Task  Text
	Facts []Fact // sorted, each once
}

// Run returns what a tree did, after the visit was added to a survey.
func (v *Visit) Run(root int32) (r Run) {
	if v.runOf[root] == 0 {
		return r
	}
	run := &v.runs[v.runOf[root]-1]
	r.Task = v.tasks[run.task].number
	r.Facts = make([]Fact, 0, run.to-run.from)
	for _, one := range v.did.all[run.from:run.to] {
		r.Facts = append(r.Facts, v.facts[uint32(one)].number)
	}
	slices.SortFunc(r.Facts, CompareFacts)
	return r
}

// Rename calls what a run did by what it is called now. Its task is the one that Learn made
// of it.
func (r *Run) Rename(now *Renamed) {
	for i, f := range r.Facts {
		r.Facts[i] = now.Of(r.Task, f)
	}
	slices.SortFunc(r.Facts, CompareFacts)
	r.Facts = slices.Compact(r.Facts)
}

// CompareFacts orders facts by kind, then by number.
func CompareFacts(a, b Fact) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text))
}

// distinct is a set that things are added to over and over, in memory that grows with the
// distinct ones.
type distinct[T cmp.Ordered] struct {
	all  []T
	full int // when to look for repeated ones
}

func (d *distinct[T]) add(one T) {
	if n := len(d.all); n > 0 && d.all[n-1] == one {
		return
	}
	if d.all = append(d.all, one); len(d.all) > max(d.full, 64) {
		d.full = 2 * len(d.settled())
	}
}

// settled returns the things sorted, each once. They are the set's own.
func (d *distinct[T]) settled() []T {
	slices.Sort(d.all)
	d.all = slices.Compact(d.all)
	return d.all
}
