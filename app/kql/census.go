package kql

import "github.com/schtaskhunt/schtaskhunt/app/kql/keep"

// census counts processes, each once, however many events tell of it and however many
// paths lead through it.
type census struct {
	tables  *keep.Tables
	seen    map[string]struct{}
	scratch []byte
}

func newCensus(t *keep.Tables) *census { return &census{tables: t, seen: make(map[string]struct{})} }

func (c *census) add(event int32) {
	c.scratch = c.tables.AppendIdentity(c.scratch[:0], event)
	if _, counted := c.seen[string(c.scratch)]; !counted {
		c.seen[string(c.scratch)] = struct{}{}
	}
}

func (c *census) count() int { return len(c.seen) }

// countPaths counts the trees that are shown, and the processes on the paths through them
// that are. What the query drops for want of an id is not shown.
func (r *run) countPaths(patterns *patterns) {
	roots, nodes := newCensus(r.Tables), newCensus(r.Tables)
	for _, g := range patterns.groups {
		roots.add(g.latest.Events[0])
		for level, event := range g.latest.Events {
			if event != keep.Absent && !r.OnLevel(&g.latest, level).IsUnknown(r.Sysmon) {
				nodes.add(event)
			}
		}
	}
	r.counts.Kept, r.counts.Nodes = roots.count(), nodes.count()
}

// countTrees counts the processes that the scheduler started.
func (r *run) countTrees(sched []scheduled) {
	trees := newCensus(r.Tables)
	for _, s := range sched {
		trees.add(s.event)
	}
	r.counts.Trees = trees.count()
}
