package hunt

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// An intrusion that registers a task is two trees: that which registers it, and that which
// the task runs. Both are shown as one finding, whatever each would be alone: the first may
// be common or not recent, and is kept beside the second then.

// creator returns the root of the tree whose process registered the task of a root,
// identity.None for none. A task that registers itself anew has no second half.
func (g *part) creator(root, maker int32) int32 {
	if maker == identity.None || g.forest.Root[maker] == identity.None {
		return identity.None
	}
	tree, symbols := g.forest.Root[maker], g.roster.Symbols()
	own, other := g.tasks.Name(root).Task, g.tasks.Name(tree).Task
	if tree == root || own != event.NoSym && symbols.Fold(own) == symbols.Fold(other) {
		return identity.None
	}
	return tree
}

// withCreators adds to candidates the trees that registered their tasks, where these were
// left out. gather makes such a candidate, and says whether it may be shown.
func (g *part) withCreators(candidates []candidate, gather func(root int32) (candidate, bool)) []candidate {
	made := func(c candidate) bool { return c.allowed == nil && c.creator != identity.None }
	if !slices.ContainsFunc(candidates, made) {
		return candidates
	}
	there := make(map[int32]bool, len(candidates))
	for i := range candidates {
		there[candidates[i].root] = true
	}
	for _, c := range candidates {
		if !made(c) || there[c.creator] {
			continue
		}
		there[c.creator] = true
		if creator, shown := gather(c.creator); shown {
			candidates = append(candidates, creator)
		}
	}
	return candidates
}

// creators are the ids of the trees that registered the tasks of those runs which are found
// in their own right.
func (f *findings) creators(isFound func(*candidate) bool) map[string]bool {
	ids := make(map[string]bool)
	for i := range f.runs {
		if c := &f.runs[i]; c.creator != identity.None && c.allowed == nil && isFound(c) {
			ids[c.tree.Task.Maker] = true
		}
	}
	return ids
}

// letGoCommon drops the runs of which everything has become common. At the end it makes what
// is left depend on all devices, not on their order.
func (f *findings) letGoCommon() {
	isFound := func(c *candidate) bool { return !c.beside && !f.survey.IsCommon(c.run.Run, f.options.MaxDevices) }
	needed := f.creators(isFound)
	kept := f.runs[:0]
	for _, c := range f.runs {
		found := isFound(&c)
		if !found && !c.beside {
			c.beside = true
			if c.foreign == nil {
				f.dropped.Common++
				c.leftOut = dropped{Common: 1}
			}
		}
		if found || c.tree.ID != "" && needed[c.tree.ID] {
			kept = append(kept, c)
		}
	}
	clear(f.runs[len(kept):])
	f.runs = kept
}

// showBeside notes that a tree is shown that was counted as left out.
func (f *findings) showBeside(c *candidate) {
	f.dropped.NotRecent -= c.leftOut.NotRecent
	f.dropped.Later -= c.leftOut.Later
	f.dropped.Behind -= c.leftOut.Behind
	f.dropped.Common -= c.leftOut.Common
	c.leftOut = dropped{}
}
