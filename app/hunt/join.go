package hunt

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// joiner makes one finding of those that a tree which registered a task and the runs of that
// task are in. Runs go by their indexes.
type joiner struct {
	*ranker
	runs  []candidate
	of    map[int]*ranked
	moves map[int]bool // runs that leave their finding
	up    map[int]int  // towards what a run is joined with
}

// join joins findings of one task by its name, and the two halves of one. They come the
// highest score first, and go so. The tree that registered a task moves to its task's finding;
// where that is not kept, the task's run to the tree's.
func (r *ranker) join(all []*ranked, runs []candidate, keeps func(*ranked) bool) []*ranked {
	j := joiner{ranker: r, runs: runs, of: make(map[int]*ranked), moves: make(map[int]bool), up: make(map[int]int)}
	for _, f := range all {
		for _, run := range f.Runs {
			j.of[run.Index] = f
		}
	}
	linked := j.link(keeps)
	if named := j.linkNames(all, keeps); !named && !linked {
		return all
	}
	joined := j.groups(all)
	slices.SortFunc(joined, compareRanked)
	return joined
}

// compareRanked puts the highest score first.
func compareRanked(a, b *ranked) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID))
}

func (j *joiner) find(run int) int {
	for {
		up, joined := j.up[run]
		if !joined || up == run {
			return run
		}
		run = up
	}
}

func (j *joiner) union(a, b int) {
	if a, b = j.find(a), j.find(b); a != b {
		j.up[max(a, b)] = min(a, b)
	}
}

// link joins the runs of tasks with the trees that registered them. It reports whether there
// are any.
func (j *joiner) link(keeps func(*ranked) bool) (some bool) {
	byTree := make(map[string]int)
	for i := range j.runs {
		if j.runs[i].allowed == nil && j.runs[i].tree.ID != "" {
			byTree[j.runs[i].tree.ID] = i
		}
	}
	for made := range j.runs {
		f := j.of[made]
		if f == nil || j.runs[made].creator == identity.None {
			continue
		}
		maker, known := byTree[j.runs[made].tree.Task.Maker]
		by := j.of[maker]
		switch {
		case !known || by == f || by == nil && !j.runs[maker].beside:
			continue
		case keeps(f):
			j.moves[maker] = true
		case by != nil && keeps(by):
			j.moves[made] = true
		default:
			continue
		}
		j.union(made, maker)
		some = true
	}
	return some
}

// linkNames joins findings whose runs are all of one task by its name, be they of several
// templates; the runs without a name go with those of their template. A finding about how runs
// depart stays what it is, and one with runs of several tasks too: their host's command line
// says nothing of which is which. So does one that only has the name of a task of Windows' own:
// among that task's runs it would not be seen.
func (j *joiner) linkNames(all []*ranked, keeps func(*ranked) bool) (some bool) {
	byName := make(map[string]int)
	for _, f := range all {
		name := j.nameOf(f)
		at := slices.IndexFunc(f.Runs, func(r finding.Run) bool { return !j.moves[r.Index] })
		if name == "" || len(f.Departs) > 0 || f.isHijack() || !keeps(f) || at < 0 {
			continue
		}
		own := f.Runs[at].Index
		if first, known := byName[name]; known {
			j.union(first, own)
			some = true
			continue
		}
		byName[name] = own
	}
	return some
}

// nameOf returns the name of the one task that a finding's runs are of, without what differs
// from device to device, "" for none and for several.
func (j *joiner) nameOf(f *ranked) (name string) {
	for _, run := range f.Runs {
		own := j.runs[run.Index].taskName()
		if own == "" {
			continue
		}
		if name != "" && own != name {
			return ""
		}
		name = own
	}
	return name
}

// taskName is the name of a run's task without what differs from device to device, "" for none.
func (c *candidate) taskName() string {
	switch {
	case c.foreign != nil:
		return c.foreign.Name
	case c.tree.Task.Name == "":
		return ""
	}
	return string(template.Append(nil, []byte(c.tree.Task.Name), template.NewNames(c.tree.Device)))
}

// group is what becomes one finding.
type group struct {
	cores, left []*ranked // findings with runs that stay, and those that runs leave
	moved       []int
}

// groups returns the findings anew: those that all runs leave are none.
func (j *joiner) groups(all []*ranked) (joined []*ranked) {
	for _, f := range all {
		j.stay(f)
	}
	groups := make(map[int]*group)
	var order []*group
	of := func(run int) *group {
		at := j.find(run)
		if groups[at] == nil {
			groups[at] = &group{}
			order = append(order, groups[at])
		}
		return groups[at]
	}
	for _, f := range all {
		core := false
		for _, run := range f.Runs {
			switch g := of(run.Index); {
			case j.moves[run.Index]:
				g.left = append(g.left, f)
			case !core:
				core, g.cores = true, append(g.cores, f)
			}
		}
	}
	for i := range j.runs {
		if j.moves[i] {
			g := of(i)
			g.moved = append(g.moved, i)
		}
	}
	for _, g := range order {
		joined = append(joined, j.finding(g))
	}
	return joined
}

// stay joins the runs that stay in a finding.
func (j *joiner) stay(f *ranked) {
	first := -1
	for _, run := range f.Runs {
		switch {
		case j.moves[run.Index]:
		case first < 0:
			first = run.Index
		default:
			j.union(first, run.Index)
		}
	}
}

// finding makes the finding of a group: the one of the highest score is it, and what was of
// others is beside it. Where each run registered the task of another, none stays: then the
// highest keeps its own.
func (j *joiner) finding(g *group) *ranked {
	leaves := func(r finding.Run) bool { return j.moves[r.Index] }
	if len(g.cores) == 0 {
		alone := *g.left[0]
		alone.Runs = slices.DeleteFunc(slices.Clone(alone.Runs), func(r finding.Run) bool { return !slices.Contains(g.moved, r.Index) })
		g.moved = slices.DeleteFunc(g.moved, func(i int) bool { return j.of[i] == g.left[0] })
		g.cores, leaves = []*ranked{&alone}, func(finding.Run) bool { return false }
	}
	one := *g.cores[0]
	copied := *one.Finding
	one.Finding, copied.Runs = &copied, nil
	for _, f := range g.cores {
		copied.Runs = append(copied.Runs, slices.DeleteFunc(slices.Clone(f.Runs), leaves)...)
		one.evidence.Devices = max(one.evidence.Devices, f.evidence.Devices)
	}
	for _, i := range g.moved {
		one.own.add(&j.runs[i].own, false)
	}
	// A tree beside it that is not known makes all of it unknown.
	one.settle()
	for _, f := range g.cores { // which of several scores most has no say in the id
		copied.ID = min(copied.ID, f.ID)
	}
	one.beside, one.joined = g.moved, one.joined || len(g.moved) > 0 || len(g.cores) > 1
	slices.SortFunc(one.beside, func(a, b int) int { return cmp.Compare(j.runs[a].tree.ID, j.runs[b].tree.ID) })
	if len(g.left) > 0 {
		best := slices.MinFunc(g.left, compareRanked)
		one.takeOver(best, j.Text(best.Task.Template))
	}
	return &one
}

// takeOver lets a finding score what the finding of the tree that registered its task scores
// alone, if that is more: the two halves of an intrusion are no less together.
func (f *ranked) takeOver(o *ranked, template string) {
	if o.beacon.Judged && (!f.beacon.Judged || o.beacon.Score > f.beacon.Score) {
		f.beacon = o.beacon
	}
	more := o.score - f.score
	if more <= 0 {
		return
	}
	best := slices.MaxFunc(o.parts, func(a, b score.Part) int { return cmp.Compare(a.Bits, b.Bits) })
	f.parts = append(slices.Clone(f.parts), score.Part{Name: "creator", Bits: math.Round(10*more) / 10,
		Why: fmt.Sprintf("the tree beside it, %s, scores %.1f alone: %s", template, o.score, best)})
	f.score = score.Sum(f.parts)
}
