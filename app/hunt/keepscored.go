package hunt

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
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
// them.
func (h *Hunt) keepScored(f *findings, s spans) (trees []row.Tree, shown []*row.Finding) {
	f.letGoCommon()
	runs := h.unite(f, s)
	r := newRanker(f.survey, s)
	r.own = func(run *finding.Run) *own { return &f.runs[run.Index].own }
	renamed := r.Resolve()
	final := r.learn()
	r.ways(h.options.Proxy)
	for i := range runs {
		runs[i].Task = final[runs[i].Task]
		runs[i].Rename(renamed)
	}
	for i := range f.runs {
		c := &f.runs[i]
		if c.allowed != nil {
			*c.allowed++
			f.dropped.Allowed++
			continue
		}
		c.run.Index, c.run.Task = i, final[c.run.Task]
		c.run.Rename(renamed)
		runs = append(runs, c.run)
	}
	level := score.Standard.Shape * score.Rare(h.options.MaxDevices-1, r.fleet-1)
	place := 0
	for _, one := range r.rank(runs) {
		mine := one.mine()
		if !h.keeps(one, level) {
			f.dropped.Common += mine
			continue
		}
		if one.score < h.options.MinScore || (h.options.Top > 0 && place == h.options.Top) {
			f.cut++
			f.cutTrees += mine
			continue
		}
		if place++; mine == 0 { // another share's
			continue
		}
		some := f.shown(one)
		finding := r.describe(one, some)
		for i := range some {
			r.regularity(one, &some[i], renamed)
		}
		for i := range some {
			some[i].Finding = finding
		}
		trees, shown = append(trees, some...), append(shown, finding)
	}
	f.ledger.Kept = len(trees)
	h.ledger.Add(f.ledger)
	return trees, shown
}

// mine is how many of a finding's runs this hunt can show.
func (r *ranked) mine() (n int) {
	for i := range r.Runs {
		if r.Runs[i].Index >= 0 {
			n++
		}
	}
	return n
}

// keeps decides on a finding. max_devices is a level: what scores as much as being that
// rare alone is kept too.
func (h *Hunt) keeps(r *ranked, level float64) bool {
	return h.options.MaxDevices == 0 || r.evidence.Devices <= h.options.MaxDevices || r.level >= level
}

// fewDevices is how many devices a fleet has at least whose rarity says something.
const fewDevices = 10

// sayScores tells what the scores cannot say, and what was cut.
func (h *Hunt) sayScores(m *account.Messages, f *findings) {
	if f.survey == nil {
		return
	}
	if n := len(f.survey.Devices); n > 0 && n < fewDevices {
		m.Say(account.Info, "rarity cannot be judged on %s, where being on one of them is %.1f bits at most: the order of findings rests on what is not Windows' own, "+
			"habits, cadence, contacts inside runs, age, and the tasks' facts", account.Plural(n, "device"), score.Standard.Shape*score.Rare(0, n-1))
	}
	if f.cut > 0 {
		m.Say(account.Info, "%s left out by min_score or top, with %s", account.Plural(f.cut, "finding"), account.Plural(f.cutTrees, "tree"))
	}
}

// shown are the trees of a finding, that which shows it best first.
func (f *findings) shown(one *ranked) (trees []row.Tree) {
	for _, run := range one.Runs {
		if run.Index >= 0 {
			c := &f.runs[run.Index]
			trees = append(trees, f.finish(c, f.rootDevices(c.command)))
		}
	}
	sortTrees(trees)
	return trees
}

// regularity says of every connection of a tree how regular the contacts of its task on
// its device with its destination are, over all runs.
func (r *ranker) regularity(one *ranked, t *row.Tree, renamed map[rarity.Fact]rarity.Fact) {
	device, known := r.device(t.Device)
	if !known {
		return
	}
	for i := range t.Nodes {
		for j := range t.Nodes[i].Connections {
			c := &t.Nodes[i].Connections[j]
			if v, judged := r.between(one, device, c, renamed); judged {
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

// between is the verdict on the contacts of a finding's task on a device with the
// destination of a connection.
func (r *ranker) between(one *ranked, d rarity.Device, c *row.Connection, renamed map[rarity.Fact]rarity.Fact) (v beacon.Verdicts, judged bool) {
	for _, key := range [...]string{destination.OfName(c.Host).Name, c.IP, c.IP + ":" + strconv.Itoa(int(c.Port))} {
		text, known := r.Find(key)
		if !known || key == "" {
			continue
		}
		fact := rarity.Fact{Kind: rarity.Destination, Text: text}
		if to, is := renamed[fact]; is {
			fact = to
		}
		seen := one.Task.Facts[fact]
		if seen == nil || seen.At(d) == nil || seen.At(d).Contacts == nil {
			continue
		}
		return r.judge(seen.At(d).Contacts), true
	}
	return v, false
}

// mostNamed is how many values a multivalue column of a finding has.
const mostNamed = 20

// describe puts a finding into words.
func (r *ranker) describe(one *ranked, trees []row.Tree) *row.Finding {
	f := &row.Finding{
		ID: one.ID, Scored: true, Score: one.score, Template: r.template(one.Task), TemplateDevices: one.Task.Devices(),
		Devices: one.evidence.Devices, Runs: len(trees), Beacon: one.beacon, Shown: &trees[0], Process: trees[0].Process,
	}
	f.Known = one.own.column()
	for _, p := range one.parts {
		f.Why = append(f.Why, p.String())
	}
	var remotes, ips, ports, lacks []string
	devices := make([]string, 0, len(trees))
	for i := range trees {
		lacks = append(lacks, trees[i].Coverage...)
		devices = append(devices, trees[i].Device)
		for j := range trees[i].Nodes {
			n := &trees[i].Nodes[j]
			if f.First == event.NoTime || n.Started < f.First {
				f.First = n.Started
			}
			f.Last = max(f.Last, n.Started)
			for k := range n.Connections {
				c := &n.Connections[k]
				remotes, ips = append(remotes, cmp.Or(c.Host, c.IP)), append(ips, c.IP)
				ports = append(ports, portText(c.Port))
				f.Last = max(f.Last, c.Last)
			}
		}
	}
	f.DeviceNames, f.Remotes, f.IPs, f.Ports = few(devices), few(remotes), few(ips), few(ports)
	f.Coverage = few(lacks)
	return f
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
