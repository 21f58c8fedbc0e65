package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// run is the query over the tables of one sensor.
type run struct {
	*tables
	options *Options
	window  *window
	stages  Stages
	scratch []byte
}

// results is the query, stage by stage. What is joined to the roots, the processes by
// their parents, does not depend on them, and is got ready meanwhile.
func (r *run) results() []result {
	r.stages.Processes = r.inLookback()
	var roots []root
	var found *children
	sideBySide(2, func(side int) {
		switch {
		case side == 0:
			roots = r.roots()
		case r.scheduled.len() > 0:
			found = newChildren(r.tables, r.window, r.options.NullKeysMatch)
		}
	})
	patterns := r.patterns(roots, found)
	nodes := r.nodes(patterns)
	return r.connected(nodes)
}

// inLookback counts the processes within the lookback.
func (r *run) inLookback() (n int) {
	if r.window.hasAll() {
		return r.processes.len()
	}
	for _, page := range r.processes.split() {
		for i := range page {
			if r.window.inLookback(page[i].timestamp) {
				n++
			}
		}
	}
	return n
}

// roots finds the roots of the trees that are shown.
func (r *run) roots() []root {
	sched := r.sched()
	return r.recent(r.joinBack(r.prevalence(sched), sched))
}

// patterns goes down from the roots through the five joins and summarizes their paths.
func (r *run) patterns(roots []root, found *children) *patterns {
	s := &patterns{tables: r.tables, symbols: event.NewSymbols(), groups: make(map[patternKey]*pattern)}
	walk := treeWalk{children: found, visit: func(p *path) { s.add(p); r.stages.Paths++ }}
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
