package hunt

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
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
	r := newRanker(f.survey, s)
	renamed := r.Resolve()
	final := r.learn()
	r.ways(h.options.Proxy)
	runs := make([]finding.Run, 0, len(f.runs))
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
	for _, one := range r.rank(runs) {
		if !h.keeps(one, level, len(shown)) {
			f.dropped.Common += len(one.Runs)
			continue
		}
		some := f.shown(one)
		finding := r.describe(one, some)
		for i := range some {
			some[i].Finding = finding
		}
		trees, shown = append(trees, some...), append(shown, finding)
	}
	f.ledger.Kept = len(trees)
	h.ledger.Add(f.ledger)
	return trees, shown
}

// keeps decides on a finding. max_devices is a level: what scores as much as being that
// rare alone is kept too.
func (h *Hunt) keeps(r *ranked, level float64, kept int) bool {
	o := &h.options
	rare := o.MaxDevices == 0 || r.evidence.Devices <= o.MaxDevices
	return (rare || r.score >= level) && r.score >= o.MinScore && (o.Top == 0 || kept < o.Top)
}

// shown are the trees of a finding, that which shows it best first.
func (f *findings) shown(one *ranked) (trees []row.Tree) {
	for _, run := range one.Runs {
		c := &f.runs[run.Index]
		trees = append(trees, f.finish(c, f.census.RootDevices(c.command)))
	}
	sortTrees(trees)
	return trees
}

// mostNamed is how many values a multivalue column of a finding has.
const mostNamed = 20

// describe puts a finding into words.
func (r *ranker) describe(one *ranked, trees []row.Tree) *row.Finding {
	f := &row.Finding{
		ID: one.ID, Scored: true, Score: one.score, Template: r.Text(one.Task.Template), TemplateDevices: one.Task.Devices(),
		Devices: one.evidence.Devices, Runs: len(trees), Beacon: one.beacon, Shown: &trees[0], Process: trees[0].Process,
	}
	for _, p := range one.parts {
		f.Why = append(f.Why, p.String())
	}
	var devices, remotes, ips, ports, lacks []string
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
