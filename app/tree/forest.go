// Package tree builds process trees: who started whom, from the processes that the
// Task Scheduler (or another root) started downwards.
package tree

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Forest is the ancestry of a roster's actors. All slices are indexed like
// Roster.Actors.
type Forest struct {
	Parent []int32         // identity.None where the parent is not known
	Edge   []identity.Edge // how the actor was tied to its parent
	Root   []int32         // the tree's root, identity.None outside of trees
	Depth  []int32         // 1 for a root, 0 outside of trees and below the greatest depth
	Roots  []int32         // the roots, in the order of the roster
	Order  []int32         // the actors in trees, every parent before its children
	Report Report
	// Evidence says how each actor is known to be a root, or one that stands in a tree.
	Evidence []Evidence
	// Kinds are the ways in which trees begin, Kind which of them is that of an actor with
	// Evidence, and Label what is known of its program beforehand.
	Kinds Kinds
	Kind  []uint8
	Label []Label

	children adjacency
	leaves   map[int32]bool // roots below which nothing is followed
}

// Report is what the reader of the trees has to be told.
type Report struct {
	Ambiguous int // parents that several processes fit; none was taken
	Cycles    int // loops of parents that were cut
	Selfs     int // processes that claim to be their own parent
	TooDeep   int // processes below the greatest depth, left out
	Deepest   int // greatest depth reached

	Pretenders int // processes whose parent only has the name of one that starts trees
	Late       int // those that a parent started when it had run for too long
	Undated    int // those of which nothing tells for how long it had
	Unfollowed int // processes below a root that is not followed
}

// Add adds up what two sets of devices have to tell.
func (r *Report) Add(other Report) {
	r.Ambiguous += other.Ambiguous
	r.Cycles += other.Cycles
	r.Selfs += other.Selfs
	r.TooDeep += other.TooDeep
	r.Deepest = max(r.Deepest, other.Deepest)
	r.Pretenders += other.Pretenders
	r.Late += other.Late
	r.Undated += other.Undated
	r.Unfollowed += other.Unfollowed
}

// Options say what a tree is.
type Options struct {
	Start    Starter
	MaxDepth int // generations from the root down, at least 1
	Log      Log // the scheduler's own, nil for none
}

// Build ties every actor to its parent, cuts what is no tree, and grows the trees
// from their roots. It takes linear time and does not recurse: chains may be as long
// as the input.
//
// Where a start event can be read in two ways and nothing tells which is right, it is read
// so that its process is in a tree.
func Build(roster *identity.Roster, o Options) *Forest {
	for {
		f := build(roster, o)
		if !f.takeRivals(roster, o.Start) {
			return f
		}
	}
}

// takeRivals takes the second way to read the start of processes that are in no tree, where
// that puts them into one. It reports whether there are any.
func (f *Forest) takeRivals(roster *identity.Roster, start Starter) (taken bool) {
	left := roster.Rivals[:0]
	for _, rival := range roster.Rivals {
		parent := rival.Other.Parent
		at, _ := roster.Find(rival.Other.Device, &parent, rival.Other.Time, identity.ParentWindow)
		name, command := roster.Symbols().String(parent.Name), roster.Symbols().String(parent.Command)
		inTree := at != identity.None && f.Root[at] != identity.None || start.Starts(name, command) == Yes
		if f.Root[rival.Actor] == identity.None && inTree {
			roster.Take(rival)
			taken = true
			continue
		}
		left = append(left, rival)
	}
	roster.Rivals = left
	return taken
}

func build(roster *identity.Roster, o Options) *Forest {
	f := newForest(len(roster.Actors))
	f.link(roster)
	f.cut()
	f.children = childrenOf(f.Parent)
	f.findRoots(roster, o)
	f.grow(o.MaxDepth)
	return f
}

func newForest(n int) *Forest {
	f := &Forest{Parent: make([]int32, n), Edge: make([]identity.Edge, n), Root: make([]int32, n), Depth: make([]int32, n),
		Evidence: make([]Evidence, n), Kind: make([]uint8, n), Label: make([]Label, n), leaves: make(map[int32]bool)}
	for i := range n {
		f.Parent[i], f.Root[i] = identity.None, identity.None
	}
	return f
}

// KindOf returns the name of the kind of an actor with Evidence.
func (f *Forest) KindOf(actor int32) string { return f.Kinds[f.Kind[actor]].Name }

// Scheduled reports whether the Task Scheduler is known to have started an actor.
func (f *Forest) Scheduled(actor int32) bool {
	return f.Evidence[actor] != NoEvidence && f.Kinds[f.Kind[actor]].scheduled()
}

// Children returns the actors that an actor started, in the order of the roster. The
// slice is the forest's own.
func (f *Forest) Children(actor int32) []int32 { return f.children.of(actor) }

// link finds each actor's parent. An actor whose parent's own event is missing is
// still tied to what its parent fields say.
func (f *Forest) link(roster *identity.Roster) {
	for i := range roster.Actors {
		a := &roster.Actors[i]
		if a.Parent == (event.Ref{}) {
			continue
		}
		parent, edge := roster.Find(a.Device, &a.Parent, a.Time, identity.ParentWindow)
		switch {
		case edge == identity.Ambiguous:
			f.Report.Ambiguous++
			edge = identity.ByParentFields
		case parent == int32(i):
			f.Report.Selfs++
			parent, edge = identity.None, identity.NoEdge
		case a.Witnessed:
			edge = identity.ByPIDInterval
		case parent == identity.None:
			edge = identity.ByParentFields
		}
		f.Parent[i], f.Edge[i] = parent, edge
	}
}

// cut opens every loop of parents at its first actor. Each actor is visited once.
func (f *Forest) cut() {
	const fresh, onPath, done = 0, 1, 2
	state := make([]uint8, len(f.Parent))
	var path []int32
	for i := range f.Parent {
		path = path[:0]
		at := int32(i)
		for at != identity.None && state[at] == fresh {
			state[at] = onPath
			path = append(path, at)
			at = f.Parent[at]
		}
		if at != identity.None && state[at] == onPath {
			f.open(at)
		}
		for _, p := range path {
			state[p] = done
		}
	}
}

// open cuts the loop that actor is in, at the member that comes first in the roster.
func (f *Forest) open(actor int32) {
	first := actor
	for at := f.Parent[actor]; at != actor; at = f.Parent[at] {
		first = min(first, at)
	}
	f.Parent[first], f.Edge[first] = identity.None, identity.NoEdge
	f.Report.Cycles++
}

// grow walks down from the actors without a parent. A tree begins at the topmost
// root on the way, and at one of a higher level than it: one process is in one tree.
func (f *Forest) grow(maxDepth int) {
	stack := make([]int32, 0, 64)
	for i := range f.Parent {
		if f.Parent[i] == identity.None {
			stack = append(stack, int32(i))
		}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = append(stack[:len(stack)-1], f.Children(at)...)
			f.place(at, f.Evidence[at] != NoEvidence, maxDepth)
		}
	}
	for i := range f.Root {
		if f.Root[i] == int32(i) {
			f.Roots = append(f.Roots, int32(i))
		}
	}
}

// place puts one actor into its parent's tree, or makes it a root. Below the
// greatest depth a process still belongs to the root, so that what is left out can
// be counted, but it is in no tree.
func (f *Forest) place(at int32, isRoot bool, maxDepth int) {
	parent := f.Parent[at]
	above := identity.None
	if parent != identity.None {
		above = f.Root[parent]
	}
	switch {
	case above != identity.None && isRoot && f.apart(at, above):
		f.Root[at], f.Depth[at] = at, 1
	case above != identity.None && f.leaves[above]:
		f.Report.Unfollowed++
		return
	case above != identity.None:
		f.Root[at] = above
		if depth := f.Depth[parent]; depth == 0 || int(depth) >= maxDepth {
			f.Report.TooDeep++
			return
		}
		f.Depth[at] = f.Depth[parent] + 1
	case isRoot:
		f.Root[at], f.Depth[at] = at, 1
	default:
		return
	}
	f.Order = append(f.Order, at)
	f.Report.Deepest = max(f.Report.Deepest, int(f.Depth[at]))
}

// apart reports whether a root that stands within a tree begins one of its own.
func (f *Forest) apart(at, above int32) bool {
	return f.leaves[above] || f.Kinds[f.Kind[at]].Level > f.Kinds[f.Kind[above]].Level
}
