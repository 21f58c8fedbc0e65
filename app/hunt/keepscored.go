package hunt

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// unseenRoots reports for every root whether rebuilt= leaves its tree out.
func (g *part) unseenRoots() []bool {
	was := g.dropped.RebuiltIn
	unseen := g.unseen()
	g.dropped.RebuiltIn = was
	return unseen
}

// keepScored returns the trees and findings to show, the highest score first, and books
// them: runs are ranked as findings, some of these are chosen, and the chosen get rows.
func (h *Hunt) keepScored(f *findings, s spans) (trees []row.Tree, shown []*row.Finding) {
	f.letGoCommon()
	h.list(f, s)
	h.unite(f, s)
	r := h.learn(f, s)
	runs, keeps := f.countable(r), h.keeping(r)
	all := r.join(r.rank(runs), f.runs, keeps)
	if h.options.Output == command.OutputProposals {
		h.propose(f, kept(all, keeps), r, s.now)
	}
	for _, one := range h.choose(f, all, keeps) {
		some, finding, best := r.rows(one, f)
		if trees = append(trees, some...); best {
			shown = append(shown, finding)
		}
	}
	f.ledger.Kept = len(trees)
	h.ledger.Add(f.ledger)
	return trees, shown
}

// learn makes the ranker: names are resolved, templates get their slots, and ways out and
// programs are counted.
func (h *Hunt) learn(f *findings, s spans) *ranker {
	r := newRanker(f.survey, s)
	r.run = func(index int) *candidate { return &f.runs[index] }
	r.renamed = r.Resolve()
	f.final = r.learn()
	r.ResolveWithin(r.renamed)
	r.ways(h.options.Proxy)
	r.countPrograms()
	return r
}

// countable are the runs that findings are made of, with their tasks and facts as r has
// learnt them: those that no allow-list hides, and that are no more than beside another's.
func (f *findings) countable(r *ranker) []finding.Run {
	runs := make([]finding.Run, 0, len(f.runs))
	for i := range f.runs {
		c := &f.runs[i]
		if c.allowed != nil {
			*c.allowed++
			f.dropped.Allowed++
			continue
		}
		c.run.Index, c.run.Task = i, f.final[c.run.Task]
		c.run.Rename(r.renamed)
		if !c.beside {
			runs = append(runs, c.run)
		}
	}
	r.periods = periodsOf(f.runs)
	return runs
}

// keeping decides on findings. max_devices is a level: what scores as much as being that
// rare alone is kept too.
func (h *Hunt) keeping(r *ranker) func(*ranked) bool {
	level := score.Alone(h.options.MaxDevices, r.fleet)
	return func(one *ranked) bool {
		return one.joined || h.options.MaxDevices == 0 || one.evidence.Devices <= h.options.MaxDevices || score.Sum(one.judged) >= level
	}
}

// choose returns the findings to show of all that there are, in their order, and counts
// those that are too common, hidden by allow=, or cut by min_score and top. Those of which
// other shares of the fleet show all take their place in the order and are left out.
func (h *Hunt) choose(f *findings, all []*ranked, keeps func(*ranked) bool) (chosen []*ranked) {
	place := 0
	for _, one := range all {
		if !keeps(one) {
			f.dropped.Common += f.mine(one)
			continue
		}
		one, hidden := f.visible(one, isListed)
		if f.hide(hidden); one == nil {
			continue
		}
		mine := f.mine(one)
		if one.score < h.options.MinScore || (h.options.Top > 0 && place == h.options.Top) {
			f.cut++
			f.cutTrees += mine
			continue
		}
		if place++; mine > 0 {
			chosen = append(chosen, one)
		}
	}
	return chosen
}

// rows returns a finding's trees, and the finding itself; best says whether one of these
// trees is that which shows it best (see describe).
func (r *ranker) rows(one *ranked, f *findings) (trees []row.Tree, finding *row.Finding, best bool) {
	trees, tasks, own := r.shown(one, f)
	finding, best = r.describe(one, trees, own)
	for i := range trees {
		r.regularity(tasks[i], &trees[i])
		trees[i].Finding = finding
	}
	return trees, finding, best
}

// kept are the findings that are kept.
func kept(all []*ranked, keeps func(*ranked) bool) (some []*ranked) {
	for _, one := range all {
		if keeps(one) {
			some = append(some, one)
		}
	}
	return some
}

// mine is how many of a finding's runs this hunt can show.
func (f *findings) mine(one *ranked) (n int) {
	for i := range one.Runs {
		if f.runs[one.Runs[i].Index].foreign == nil {
			n++
		}
	}
	return n
}

// sayScores tells what the scores cannot say, and what was cut.
func (h *Hunt) sayScores(m *account.Messages, f *findings) {
	if f.survey == nil {
		return
	}
	n := len(f.survey.Devices)
	if few := account.FewDevices(n); few != "" {
		m.Say(account.Info, "%s; being on one of them is %.1f bits at most", few, score.Alone(1, n))
	}
	if f.cut > 0 {
		m.Say(account.Info, "%s left out by min_score or top, with %s", account.Plural(f.cut, "finding"), account.Plural(f.cutTrees, "tree"))
	}
}

// shown are the trees of a finding, that which shows it best first and those that registered
// its tasks last, and the task of each as it was surveyed; and how many are the finding's own.
func (r *ranker) shown(one *ranked, f *findings) (trees []row.Tree, tasks []*rarity.Task, own int) {
	runs, beside := make([]row.Tree, 0, len(one.Runs)), make([]row.Tree, 0, len(one.beside))
	of := make(map[string]*rarity.Task)
	for _, run := range one.Runs {
		c := &f.runs[run.Index]
		if c.foreign != nil {
			continue
		}
		runs = append(runs, f.finish(c, f.rootDevices(c.command)))
		of[c.tree.ID] = r.Task(c.run.Task)
	}
	for _, index := range one.beside {
		c := &f.runs[index]
		if c.foreign != nil {
			continue
		}
		f.showBeside(c)
		beside = append(beside, f.finish(c, f.rootDevices(c.command)))
		if len(c.run.Facts) > 0 { // else it was not surveyed
			of[c.tree.ID] = r.Task(c.run.Task)
		}
	}
	sortTrees(runs)
	sortTrees(beside)
	trees = slices.Concat(runs, beside)
	for i := range trees {
		tasks = append(tasks, of[trees[i].ID])
	}
	return trees, tasks, len(runs)
}

// regularity says of every connection of a tree how regular the contacts of its task on
// its device with its destination are, over all runs.
func (r *ranker) regularity(task *rarity.Task, t *row.Tree) {
	device, known := r.device(t.Device)
	if !known || task == nil {
		return
	}
	for i := range t.Nodes {
		for j := range t.Nodes[i].Connections {
			c := &t.Nodes[i].Connections[j]
			if v, judged := r.between(task, device, c); judged {
				best := v.Runs
				if v.Inside.Score > best.Score {
					best = v.Inside
				}
				c.Beacon = row.Beacon{Judged: true, Score: best.Score, Period: best.Period, Count: best.Count}
			}
		}
	}
}

// device returns the number of a device by the name that is shown.
func (r *ranker) device(name string) (rarity.Device, bool) {
	if r.numbers == nil {
		r.numbers = make(map[string]rarity.Device, len(r.Devices))
		for i := range r.Devices {
			r.numbers[r.Devices[i].Name] = rarity.Device(i)
		}
	}
	d, known := r.numbers[name]
	return d, known
}

// between is the verdict on the contacts of a task on a device with the
// destination of a connection.
func (r *ranker) between(task *rarity.Task, d rarity.Device, c *row.Connection) (v beacon.Verdicts, judged bool) {
	for _, key := range [...]string{destination.OfName(c.Host).Name, c.IP, c.IP + ":" + strconv.Itoa(int(c.Port))} {
		text, known := r.Find(key)
		if !known || key == "" {
			continue
		}
		seen := task.Facts[r.renamed.Of(task.Template, rarity.Fact{Kind: rarity.Destination, Text: text})]
		if seen == nil || seen.At(d) == nil || seen.At(d).Contacts == nil {
			continue
		}
		return r.judge(seen.At(d).Contacts, task.Template, d), true
	}
	return v, false
}

// mostNamed is how many values a multivalue column of a finding has.
const mostNamed = 20

// describe puts a finding into words. It says whether one of these trees shows the finding
// best: where it is of several shares of a fleet, another share's may. The first own of the
// trees are the finding's, and the others beside it.
func (r *ranker) describe(one *ranked, trees []row.Tree, own int) (f *row.Finding, best bool) {
	all, shown := r.sumUp(one, trees, own)
	f = &row.Finding{
		ID: one.ID, Scored: true, Score: one.score, Template: event.Text([]byte(r.template(one.Task))), TemplateDevices: one.Task.Devices(),
		Devices: one.evidence.Devices, Runs: all.Runs, Beacon: one.beacon, Known: one.own.column(), First: all.First, Last: all.Last,
		DeviceNames: all.Devices, Remotes: all.Remotes, IPs: all.IPs, Ports: all.Ports, Coverage: all.Lacks,
	}
	for _, p := range one.parts {
		f.Why = append(f.Why, p.String())
	}
	f.Show(trees, shown)
	return f, bestOf(&trees[shown]) == all.Best
}

// sumUp sums up all runs of a finding, and says which of these trees shows it best.
func (r *ranker) sumUp(one *ranked, trees []row.Tree, own int) (all sum, shown int) {
	for i := range trees {
		all.add(&trees[i])
	}
	for i := range trees[:own] {
		if bestOf(&trees[i]).compare(bestOf(&trees[shown])) < 0 {
			shown = i
		}
	}
	best := bestOf(&trees[shown])
	for _, run := range one.Runs {
		if n := r.run(run.Index).foreign; n != nil {
			all.unite(&n.Summary)
			if n.Summary.Best.compare(best) < 0 {
				best = n.Summary.Best
			}
		}
	}
	for _, index := range one.beside {
		if n := r.run(index).foreign; n != nil {
			all.unite(&n.Summary)
		}
	}
	all.Best = best
	return all, shown
}

func portText(p uint16) string {
	if p == 0 {
		return ""
	}
	return strconv.Itoa(int(p))
}

// few are the first distinct values in order.
func few(values []string) []string {
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	})
	values = slices.DeleteFunc(slices.Compact(values), func(s string) bool { return s == "" })
	return values[:min(len(values), mostNamed)]
}
