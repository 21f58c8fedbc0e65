package kql

// run is the query over the tables of one sensor.
type run struct {
	*tables
	options *Options
	window  *window
	stages  Stages
	scratch []byte
}

// results is the query, stage by stage.
func (r *run) results() []result {
	sched := r.sched()
	prevalence := r.prevalence(sched)
	roots := r.joinBack(prevalence, sched)
	patterns := r.patterns(r.recent(roots))
	nodes := r.nodes(patterns)
	return r.connected(nodes)
}

// patterns goes down from the roots through the five joins and summarizes their paths.
func (r *run) patterns(roots []root) *patterns {
	s := &patterns{tables: r.tables, groups: make(map[patternKey]*pattern)}
	if len(roots) == 0 {
		return s
	}
	walk := treeWalk{
		children: newChildren(r.tables, r.window, r.options.NullKeysMatch),
		visit:    func(p *path) { s.add(p); r.stages.Paths++ },
	}
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
