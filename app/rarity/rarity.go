// Package rarity counts how common trees are: on how many devices a root command
// ran, how often a chain of names occurs, and which trees were active lately. It
// takes one device after the other; only prevalence needs them all.
package rarity

import (
	"bytes"
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Span is a time window: after From, up to and including To, in record time. The
// zero From has no beginning.
type Span struct{ From, To event.Time }

// Holds reports whether an instant is in the span. An event without a time might be,
// so it is: nothing is lost because an agent dropped a field.
func (s Span) Holds(t event.Time) bool {
	return t == event.NoTime || (t <= s.To && (s.From == event.NoTime || t > s.From))
}

// Trees is what there is to count of one device. The slices are indexed like
// Roster.Actors and belong to the caller.
type Trees struct {
	Roster *identity.Roster
	Parent []int32
	Root   []int32 // identity.None outside of trees
	Order  []int32 // actors in trees, parents before children
	Kind   []uint8 // by root: what kind of root it is, nil where all are of one
	// Connections and the actor that each belongs to, identity.None for none.
	Connections []event.Connection
	Owner       []int32
}

// Counts are what a device tells, indexed like Roster.Actors. Those of a tree stand at
// its root. What other devices have a say in, the Census answers.
type Counts struct {
	Recent       []bool    // by root: some activity of the tree is in the recent span
	Later        []bool    // by root: some activity of the tree is after the recent span
	Known        []bool    // by root: some activity of the tree is in the lookback
	Command      []Command // by root: what it ran
	Path         []Path    // the names from the root down
	PatternCount []int32   // nodes with this path in the lookback
}

// Add counts all trees of a device that was not counted yet. A tree is active whenever
// any of its processes starts, ends, connects or looks up a name, so that a task started
// weeks ago that calls home today is recent.
func (c *Census) Add(t Trees, recent, lookback Span) *Counts {
	n := len(t.Roster.Actors)
	counts := &Counts{Recent: make([]bool, n), Later: make([]bool, n), Known: make([]bool, n),
		Command: make([]Command, n), Path: make([]Path, n), PatternCount: make([]int32, n)}
	known := t.active(lookback)
	t.spread(t.active(recent), counts.Recent)
	t.spread(t.active(Span{From: recent.To, To: math.MaxInt64}), counts.Later)
	t.spread(known, counts.Known)
	t.countRoots(c, counts)
	t.countPatterns(c, counts, known)
	return counts
}

// active reports for every actor whether one of its events is in the span.
func (t *Trees) active(span Span) []bool {
	active := make([]bool, len(t.Roster.Actors))
	for _, i := range t.Order {
		a := &t.Roster.Actors[i]
		active[i] = (!a.Rebuilt && span.Holds(a.Time)) || (a.Ended != event.NoTime && span.Holds(a.Ended))
	}
	for i := range t.Connections {
		if owner := t.Owner[i]; owner != identity.None && span.Holds(t.Connections[i].Time) {
			active[owner] = true
		}
	}
	return active
}

// spread marks the roots of the trees in which any actor is active.
func (t *Trees) spread(active, roots []bool) {
	for _, i := range t.Order {
		if active[i] {
			roots[t.Root[i]] = true
		}
	}
}

// command identifies what a root ran: file name and command line, case aside.
type command struct{ name, line event.Sym }

// countRoots numbers the commands of the roots, those of this device first.
func (t *Trees) countRoots(census *Census, c *Counts) {
	numbers := make(map[command]Command)
	var all []command
	var known []bool // by number: a tree of that root is known
	for _, i := range t.Order {
		if t.Root[i] != i {
			continue
		}
		own := t.command(i)
		number, seen := numbers[own]
		if !seen {
			number = Command(len(all))
			numbers[own] = number
			all, known = append(all, own), append(known, false)
		}
		known[number] = known[number] || c.Known[i]
		c.Command[i] = number
	}
	everywhere := census.commands(t.Roster.Symbols(), all, known)
	for _, i := range t.Order {
		if t.Root[i] == i {
			c.Command[i] = everywhere[c.Command[i]]
		}
	}
}

// command folds letter case and the blanks that some schedulers leave at the end.
func (t *Trees) command(actor int32) command {
	symbols := t.Roster.Symbols()
	self := &t.Roster.Actors[actor].Self
	line := symbols.Fold(self.Command)
	if text := symbols.Bytes(line); len(bytes.TrimSpace(text)) < len(text) {
		line = symbols.Intern(bytes.TrimSpace(text))
	}
	return command{symbols.Fold(self.Name), line}
}

func (t *Trees) countPatterns(census *Census, c *Counts, known []bool) {
	paths := t.paths()
	count := make([]int32, len(paths.all))
	for _, i := range t.Order {
		if known[i] {
			count[paths.of[i]]++
		}
	}
	everywhere := census.paths(t.Roster.Symbols(), paths.all, count)
	for _, i := range t.Order {
		c.Path[i], c.PatternCount[i] = everywhere[paths.of[i]], count[paths.of[i]]
	}
}

// pattern identifies a path by its parent's path and its own name.
type pattern struct {
	above int32
	name  event.Sym
}

// patterns are the distinct paths of a device, every one after those above it, and the
// path of each actor. Comparing numbers keeps a chain of 10^5 processes from needing
// 10^5 long texts.
type patterns struct {
	all []pattern
	of  []int32
}

func (t *Trees) paths() patterns {
	symbols := t.Roster.Symbols()
	numbers := make(map[pattern]int32)
	p := patterns{of: make([]int32, len(t.Roster.Actors))}
	for _, i := range t.Order {
		own := pattern{-1, symbols.Fold(t.Roster.Actors[i].Self.Name)}
		if t.Root[i] != i {
			own.above = p.of[t.Parent[i]]
		}
		number, seen := numbers[own]
		if !seen {
			number = int32(len(p.all))
			numbers[own] = number
			p.all = append(p.all, own)
		}
		p.of[i] = number
	}
	return p
}
