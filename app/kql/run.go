package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/kql/write"
)

// run is the query over the tables of one sensor.
type run struct {
	*keep.Tables
	options *Options
	window  *keep.Window
	stages  Stages
	counts  Counts
	scratch []byte
}

// results is the query, stage by stage. What is joined to the roots, the processes by
// their parents, does not depend on them, and is got ready meanwhile.
func (r *run) results() []write.Row {
	r.stages.Processes = r.inLookback()
	var roots []root
	var found *children
	sideBySide(2, func(side int) {
		switch {
		case side == 0:
			roots = r.roots()
		case r.Scheduled.Len() > 0:
			found = newChildren(r.Tables, r.window, r.options.NullKeysMatch)
		}
	})
	patterns := r.patterns(roots, found)
	r.countPaths(patterns)
	nodes := r.nodes(patterns)
	return r.connected(nodes)
}

// inLookback counts the processes within the lookback.
func (r *run) inLookback() (n int) {
	if r.window.HasAll() {
		return r.Processes.Len()
	}
	for _, page := range r.Processes.Split() {
		for i := range page {
			if r.window.InLookback(page[i].Timestamp) {
				n++
			}
		}
	}
	return n
}

// roots finds the roots of the trees that are shown.
func (r *run) roots() []root {
	sched := r.sched()
	r.countTrees(sched)
	return r.recent(r.joinBack(r.prevalence(sched), sched))
}

// patterns goes down from the roots through the five joins and summarizes their paths.
func (r *run) patterns(roots []root, found *children) *patterns {
	s := &patterns{Tables: r.Tables, symbols: event.NewSymbols(), groups: make(map[patternKey]*pattern)}
	walk := treeWalk{children: found, visit: func(p *keep.Path) { s.add(p); r.stages.Paths++ }}
	for _, root := range roots {
		if !walk.paths(root, r.options.MaxPaths) {
			r.stages.Capped++
		}
	}
	r.stages.Patterns = len(s.groups)
	for _, g := range s.groups {
		if g.tied {
			r.stages.Tied++
		}
	}
	return s
}
