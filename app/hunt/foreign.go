package hunt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// foreign is what one share of a fleet tells the others of runs on its devices that do the
// same: all that findings need to know of runs that others show. Its spelling as JSON is
// the note that a census keeps; a field that is added there needs another census.Version, unless
// a note without it says what is true all the same.
type foreign struct {
	Share   string // i/n
	Root    row.Root
	Name    string // of the task, without what differs from device to device
	Tree    string // the id of a tree that registered a task, or whose task a tree did
	Maker   string // the id of the tree that registered its task
	Beside  bool
	Chain   int
	Tools   []string // the programs of Windows' own that it ran, in order
	Known   string
	Folds   bool
	Starts  bool
	Calls   bool
	Crashed int
	Shows   []shows
	Listed  bool     `json:",omitempty"` // its share's allow= covers it
	Origin  *origin  `json:",omitempty"`
	Periods triggers `json:",omitempty"` // what their tasks' triggers say
	Summary sum
}

// alike is what runs have to have in common to be told of together.
func (n *foreign) alike() string {
	return fmt.Sprintf("%q", []any{n.Root, n.Name, n.Tree, n.Maker, n.Beside, n.Known, n.Folds, n.Starts, n.Calls, n.Shows, n.Listed})
}

// foreignOf is what is told of a run alone. linked says that another's task was registered
// by its tree, or its own by another's.
func (c *candidate) foreignOf(share command.Shard, linked bool) *foreign {
	n := &foreign{
		Share: share.String(), Root: c.tree.Root, Name: c.taskName(), Beside: c.beside, Chain: chainOf(c.tree.Nodes), Known: c.own.known,
		Folds: c.own.folds, Starts: c.own.starts, Calls: c.own.calls, Crashed: c.own.crashed, Shows: c.own.shows,
		Listed: c.listed != nil, Origin: c.origin,
	}
	if linked {
		n.Tree = c.tree.ID
		if c.creator != identity.None {
			n.Maker = c.tree.Task.Maker
		}
	}
	n.Tools = toolsOf(c.tree.Nodes)
	n.Summary.add(&c.tree)
	return n
}

// add adds runs that are alike.
func (n *foreign) add(o *foreign) {
	n.Chain, n.Crashed = max(n.Chain, o.Chain), n.Crashed+o.Crashed
	n.Origin = n.Origin.and(o.Origin)
	n.Periods = n.Periods.and(o.Periods)
	n.Tools = slices.Compact(slices.Sorted(slices.Values(slices.Concat(n.Tools, o.Tools))))
	n.Summary.unite(&o.Summary)
}

// note tells the other shares of what may be shown here.
func (h *Hunt) note(c *census.Census, f *findings, s spans) {
	if h.options.Shard.Of < 2 {
		return
	}
	type alike struct {
		task        rarity.Text
		facts, rest string
	}
	all := make(map[alike]*foreign)
	runs := make(map[alike]rarity.Run)
	linked := f.linked()
	for i := range f.runs {
		run := &f.runs[i]
		if run.allowed != nil {
			continue
		}
		n := run.foreignOf(h.options.Shard, linked[run.tree.ID])
		if prior, known := run.trigger(); known {
			n.Periods = triggers{census.IDOf(f.survey.Devices[run.run.Device].Name): prior}
		}
		key := alike{run.run.Task, fmt.Sprint(run.run.Facts), n.alike()}
		if all[key] == nil {
			all[key], runs[key] = n, run.run.Run
			continue
		}
		all[key].add(n)
	}
	for key, n := range all {
		text, err := json.Marshal(n)
		if err != nil || !c.Note(f.survey, runs[key], string(text), s.now) {
			f.unnoted += n.Summary.Runs
		}
	}
}

// linked are the ids of the trees that registered tasks of others, and of those others.
func (f *findings) linked() map[string]bool {
	ids := f.creators(func(*candidate) bool { return true })
	made := make(map[string]bool)
	for i := range f.runs {
		if c := &f.runs[i]; c.allowed == nil && c.creator != identity.None && ids[c.tree.Task.Maker] {
			made[c.tree.ID] = true
		}
	}
	for id := range made {
		ids[id] = true
	}
	return ids
}

// otherShares adds the runs of other shares to those at hand. What was noted under other shares
// than those of this hunt may be the same runs, and is left out.
func (h *Hunt) otherShares(f *findings, noted []census.Noted, devices map[census.ID]rarity.Device) {
	if h.options.Shard.Of < 2 { // all devices are this hunt's own
		return
	}
	_, of, _ := strings.Cut(h.options.Shard.String(), "/")
	for _, other := range noted {
		n := &foreign{}
		err := json.Unmarshal([]byte(other.Note), n)
		switch _, theirs, _ := strings.Cut(n.Share, "/"); {
		case err != nil || theirs != of:
			f.strange++
		case n.Share != h.options.Shard.String():
			f.runs = append(f.runs, n.candidate(other.Run, devices))
		}
	}
}

// candidate is runs of another share among those at hand.
func (n *foreign) candidate(run rarity.Run, devices map[census.ID]rarity.Device) candidate {
	c := candidate{foreign: n, origin: n.Origin, beside: n.Beside, creator: identity.None, run: finding.Run{Run: run, Device: -1}}
	c.own = own{known: n.Known, folds: n.Folds, starts: n.Starts, calls: n.Calls, crashed: n.Crashed, shows: n.Shows}
	c.tree = row.Tree{ID: n.Tree, Root: n.Root, Task: row.Task{Maker: n.Maker}}
	if n.Maker != "" {
		c.creator = 0
	}
	for id, prior := range n.Periods {
		if d, known := devices[id]; known {
			c.devices = append(c.devices, triggered{d, prior})
		}
	}
	return c
}

// chain is the longest chain of carriers of code in a run.
func (c *candidate) chain() int {
	if c.foreign != nil {
		return c.foreign.Chain
	}
	return chainOf(c.tree.Nodes)
}

// tools are the programs of Windows' own that a run ran.
func (c *candidate) tools() []string {
	if c.foreign != nil {
		return c.foreign.Tools
	}
	return toolsOf(c.tree.Nodes)
}

// lacks are the kinds of events that the device of a run does not log, as the column
// `coverage` has them.
func (c *candidate) lacks() []string {
	if c.foreign != nil {
		return c.foreign.Summary.Lacks
	}
	return c.tree.Coverage
}

// sum is what runs have together, whatever their order and whoever shows them.
type sum struct {
	Runs                                int
	First, Last                         event.Time
	Devices, Remotes, IPs, Ports, Lacks []string // the first mostNamed of each, in order
	Best                                best
}

// add adds a run.
func (s *sum) add(t *row.Tree) {
	one := sum{Runs: 1, Devices: []string{t.Device}, Lacks: t.Coverage, Best: bestOf(t)}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		one.saw(n.Started, n.Started)
		for j := range n.Connections {
			c := &n.Connections[j]
			one.Remotes, one.IPs = append(one.Remotes, cmp.Or(c.Host, c.IP)), append(one.IPs, c.IP)
			one.Ports = append(one.Ports, portText(c.Port))
			one.saw(event.NoTime, c.Last)
		}
	}
	s.unite(&one)
}

func (s *sum) saw(first, last event.Time) {
	if first != event.NoTime && (s.First == event.NoTime || first < s.First) {
		s.First = first
	}
	s.Last = max(s.Last, last)
}

// unite adds other runs.
func (s *sum) unite(o *sum) {
	if s.Runs == 0 || s.Best.compare(o.Best) > 0 {
		s.Best = o.Best
	}
	s.Runs += o.Runs
	s.saw(o.First, o.Last)
	for _, of := range [...]struct{ all, more *[]string }{
		{&s.Devices, &o.Devices}, {&s.Remotes, &o.Remotes}, {&s.IPs, &o.IPs}, {&s.Ports, &o.Ports}, {&s.Lacks, &o.Lacks},
	} {
		*of.all = few(slices.Concat(*of.all, *of.more))
	}
}

// best says how well a tree shows its finding: one that tells its task's name does so best,
// then one that called out, then the latest.
type best struct {
	Unnamed, Silent bool
	Started         event.Time
	Device, Tree    string
}

func bestOf(t *row.Tree) best {
	b := best{Unnamed: t.Task.Name == "", Silent: true, Device: strings.ToLower(t.Device), Tree: t.ID}
	for i := range t.Nodes {
		b.Silent = b.Silent && len(t.Nodes[i].Connections) == 0
	}
	if len(t.Nodes) > 0 {
		b.Started = t.Nodes[0].Started
	}
	return b
}

// compare is negative for what shows a finding better.
func (b best) compare(o best) int {
	less := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case b:
			return -1
		}
		return 1
	}
	return cmp.Or(less(b.Unnamed, o.Unnamed), less(b.Silent, o.Silent), cmp.Compare(o.Started, b.Started),
		cmp.Compare(b.Device, o.Device), cmp.Compare(b.Tree, o.Tree))
}
