// Package rival ranks the trees of a hunt by ways that others have published, so that the
// score can be held against them on the same trees: path rarity (NoDoze, NDSS 2019), rare
// children by parent and by host (Elastic's ProblemChild jobs), and RITA's threat score by
// device and destination.
//
// It reads rows as they leave the program. Each way gives a tree a number: the higher, the
// odder. The formulas are those of the papers and documents; the code is our own.
package rival

import (
	"cmp"
	"slices"
)

// Tree is what the ways see of one tree.
type Tree struct {
	ID     string
	Device string
	Day    int64  // of the root's start, in days since 1970
	Steps  []Step // the root first, each after the one it comes from
}

// Step is a process that a tree's process starts, or a destination that it calls.
type Step struct {
	Above  int    // the step that it comes from; Scheduler for the root
	Name   string // image name, or destination
	Label  string // the root's template; of others the name
	Call   bool
	Second float64 // of the first contact, in epoch seconds
	Last   float64 // of the last
	Count  int     // contacts
}

// Scheduler is what the root comes from.
const Scheduler = -1

// Way is a way to rank: the number of each tree, in their order.
type Way struct {
	Name string
	Rate func(trees []*Tree) []float64
}

// Ways are all ways. Those of NoDoze are its product of frequencies along a path, over
// what it was defined for, image names, and over templates of root commands; with the
// stability of both ends of an edge, as the paper has it; and with paths of unlike lengths
// made comparable.
var Ways = []Way{
	{"NoDoze, image names", PathRarity{Label: byName}.Rate},
	{"NoDoze, templates", PathRarity{Label: byLabel}.Rate},
	{"NoDoze, templates, with stability", PathRarity{Label: byLabel, Stability: true}.Rate},
	{"NoDoze, templates, by length", PathRarity{Label: byLabel, ByLength: true}.Rate},
	{"ProblemChild, rare by parent and host", RareChildren},
	{"RITA's threat score", Threats},
}

func byName(s *Step) string  { return s.Name }
func byLabel(s *Step) string { return s.Label }

// byHostDay are the places of trees by device and day, so that a count of host-days is a
// count of changes.
func byHostDay(trees []*Tree) []int {
	at := make([]int, len(trees))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(trees[a].Device, trees[b].Device), cmp.Compare(trees[a].Day, trees[b].Day))
	})
	return at
}
