// Package rarity counts how common trees are: on how many devices a root command
// ran, how often a chain of names occurs, and which trees were active lately. It
// takes the devices in parts; only prevalence needs them all.
package rarity

import (
	"bytes"
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Span is a time window: after From, up to and including To, in record time. The
// zero From has no beginning.
type Span struct{ From, To event.Time }

// Holds reports whether an instant is in the span. An event without a time might be,
// so it is: nothing is lost because an agent dropped a field.
func (s Span) Holds(t event.Time) bool {
	return t == event.NoTime || (t <= s.To && (s.From == event.NoTime || t > s.From))
}

// Trees is what there is to count. The slices are indexed like Roster.Actors and
// belong to the caller.
type Trees struct {
	Roster *event.Roster
	Parent []int32
	Root   []int32 // event.None outside of trees
	Order  []int32 // actors in trees, parents before children
	// Connections and the actor that each belongs to, event.None for none.
	Connections []event.Connection
	Owner       []int32
}

// Counts are what a part of the devices tells, indexed like Roster.Actors. Those of a
// tree stand at its root. What other parts have a say in, the Census answers.
type Counts struct {
	Recent       []bool    // by root: some activity of the tree is in the recent span
	Later        []bool    // by root: some activity of the tree is after the recent span
	Known        []bool    // by root: some activity of the tree is in the lookback
	Command      []Command // by root: what it ran
	Path         []Path    // the names from the root down
	PatternCount []int32   // nodes with this path in the lookback on this device
}

// Add counts one part of the devices: all trees of devices that no other part has. A
// tree is active whenever any of its processes starts, ends, connects or looks up a
// name, so that a task started weeks ago that calls home today is recent.
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
		if owner := t.Owner[i]; owner != event.None && span.Holds(t.Connections[i].Time) {
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

func (t *Trees) countRoots(census *Census, c *Counts) {
	devices := newDeviceCount[command]()
	for _, i := range t.Order {
		if t.Root[i] == i {
			known := int32(0)
			if c.Known[i] {
				known = 1
			}
			devices.add(t.command(i), t.Roster.Actors[i].Device, known)
		}
	}
	numbers := census.commands(t.Roster.Symbols(), devices.count)
	for _, i := range t.Order {
		if t.Root[i] == i {
			c.Command[i] = numbers[t.command(i)]
		}
	}
}

// command folds letter case and the blanks that some schedulers leave at the end.
func (t *Trees) command(actor int32) command {
	symbols := t.Roster.Symbols()
	self := &t.Roster.Actors[actor].Self
	line := symbols.Intern(bytes.TrimSpace(symbols.Bytes(symbols.Fold(self.Command))))
	return command{symbols.Fold(self.Name), line}
}

func (t *Trees) countPatterns(census *Census, c *Counts, known []bool) {
	paths := t.paths()
	here := make(map[deviceKey[int32]]int32)
	devices := newDeviceCount[int32]()
	for _, i := range t.Order {
		if known[i] {
			device := t.Roster.Actors[i].Device
			here[deviceKey[int32]{paths.of[i], device}]++
			devices.add(paths.of[i], device, 1)
		}
	}
	numbers := census.paths(t.Roster.Symbols(), paths.all, devices.count)
	for _, i := range t.Order {
		c.Path[i] = numbers[paths.of[i]]
		c.PatternCount[i] = here[deviceKey[int32]{paths.of[i], t.Roster.Actors[i].Device}]
	}
}

// pattern identifies a path by its parent's path and its own name.
type pattern struct {
	above int32
	name  event.Sym
}

// patterns are the distinct paths of a part, every one after those above it, and the
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

// deviceCount counts distinct devices by key, exactly.
type deviceCount[K comparable] struct {
	seen  map[deviceKey[K]]struct{}
	count map[K]int32
}

type deviceKey[K comparable] struct {
	key    K
	device event.Sym
}

func newDeviceCount[K comparable]() *deviceCount[K] {
	return &deviceCount[K]{make(map[deviceKey[K]]struct{}), make(map[K]int32)}
}

// add counts a device once for a key. With n = 0 it notes the key and counts nothing.
func (d *deviceCount[K]) add(key K, device event.Sym, n int32) {
	k := deviceKey[K]{key, device}
	if _, counted := d.seen[k]; counted || n == 0 {
		n = 0
	} else {
		d.seen[k] = struct{}{}
	}
	d.count[key] += n
}
