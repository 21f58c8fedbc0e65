package kql

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
