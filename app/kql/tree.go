package kql

import "github.com/schtaskhunt/schtaskhunt/app/kql/keep"

// treeWalk goes through the rows of the five left-outer joins,
//
//	| join kind=leftouter (DeviceProcessEvents | where Timestamp > ago(timeframe) | project ...)
//	  on DeviceId, InitiatingProcessG3ParentFileName, InitiatingProcessG3ParentId, InitiatingProcessG3ParentCreationTime
//
// and so on down, one at a time: they are too many to keep when events repeat.
type treeWalk struct {
	children *children
	visit    func(*keep.Path)
	left     int                  // paths that the root may still have
	found    [keep.Levels][]int32 // children found on each level
}

// paths visits every path of a root. It returns false when there were more than limit.
func (w *treeWalk) paths(r root, limit int) (complete bool) {
	w.left = limit
	p := keep.Path{Name: r.name}
	p.Events[0] = r.event
	return w.join(&p, 1)
}

// join finds the children of the level above, or leaves the level empty.
func (w *treeWalk) join(p *keep.Path, level int) (complete bool) {
	if level == keep.Levels {
		return w.close(p)
	}
	found := w.children.of(w.children.KeyOf(p, level-1), w.found[level][:0])
	w.found[level] = found
	if len(found) == 0 {
		p.Events[level] = keep.Absent
		return w.join(p, level+1)
	}
	for _, child := range found {
		p.Events[level] = child
		if !w.join(p, level+1) {
			return false
		}
	}
	return true
}

func (w *treeWalk) close(p *keep.Path) (complete bool) {
	if w.left == 0 {
		return false
	}
	w.left--
	w.visit(p)
	return true
}
