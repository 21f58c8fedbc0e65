package kql

// levels is how many processes a path has at most: the root, G3, and the right sides
// of five joins: G2, G1, parent, process and leaf.
const levels = 6

// absent is the event of a level where the join found none.
const absent = -1

// path is a row of _process_tree_data: a root and, level by level, a child of the
// level above.
type path struct {
	name   textRef // of level 0: see root
	events [levels]int32
}

// treeWalk goes through the rows of the five left-outer joins,
//
//	| join kind=leftouter (DeviceProcessEvents | where Timestamp > ago(timeframe) | project ...)
//	  on DeviceId, InitiatingProcessG3ParentFileName, InitiatingProcessG3ParentId, InitiatingProcessG3ParentCreationTime
//
// and so on down, one at a time: they are too many to keep when events repeat.
type treeWalk struct {
	children *children
	visit    func(*path)
	left     int             // paths that the root may still have
	found    [levels][]int32 // children found on each level
}

// paths visits every path of a root. It returns false when there were more than limit.
func (w *treeWalk) paths(r root, limit int) (complete bool) {
	w.left = limit
	p := path{name: r.name}
	p.events[0] = r.event
	return w.join(&p, 1)
}

// join finds the children of the level above, or leaves the level empty.
func (w *treeWalk) join(p *path, level int) (complete bool) {
	if level == levels {
		return w.close(p)
	}
	found := w.children.of(w.children.keyOf(p, level-1), w.found[level][:0])
	w.found[level] = found
	if len(found) == 0 {
		p.events[level] = absent
		return w.join(p, level+1)
	}
	for _, child := range found {
		p.events[level] = child
		if !w.join(p, level+1) {
			return false
		}
	}
	return true
}

func (w *treeWalk) close(p *path) (complete bool) {
	if w.left == 0 {
		return false
	}
	w.left--
	w.visit(p)
	return true
}

// keyOf is the key of the process on a level of a path. What a left-outer join leaves
// empty has empty texts and nulls, which may even match (Options.NullKeysMatch).
func (t *tables) keyOf(p *path, level int) key {
	if p.events[level] == absent {
		return absentKey(t.processes.at(p.events[0]).device)
	}
	return t.processes.at(p.events[level]).ownKey(t.nameOf(p, level), t.sysmon)
}

// nameOf is the file name on a level; none where there is no process.
func (t *tables) nameOf(p *path, level int) textRef {
	switch {
	case level == 0:
		return p.name
	case p.events[level] == absent:
		return 0
	}
	return t.processes.at(p.events[level]).fileName
}
