package row

import (
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Finding is what one decision settles, ready to be shown.
type Finding struct {
	ID              string // 16 hex digits
	Scored          bool
	Score           float64 // bits, in tenths
	Why             []string
	Template        string
	TemplateDevices int
	Known           string

	Process     string   // the root's command line in the tree that shows it best
	Devices     int      // that it is on
	DeviceNames []string // at most 20, like the following
	Runs        int
	First, Last event.Time
	Remotes     []string
	IPs         []string
	Ports       []string
	Beacon      Beacon
	Coverage    []string
	Shown       *Tree // the tree that shows it best
	Task        Task  // what is known of the task of its trees
	Creator     *Tree // the tree whose process registered that task; nil where it is none of the finding's
}

// Beacon is how regular contacts are. The zero Beacon is that nobody knows.
type Beacon struct {
	Judged bool
	Score  float64 // 0 to 1
	Period float64 // seconds
	Count  int
}

// Verdicts is what is known of a tree beside its events.
type Verdicts struct {
	Finding  *Finding // nil when nobody scored it
	Coverage []string
}

// FindingColumns are the columns of findings' rows, in order.
var FindingColumns = []Column{
	{"_time", Findings, "when it was last seen", func(c *cell) string { return c.of.Last.Epoch() }},
	{"row", Findings, "finding", func(*cell) string { return Findings.String() }},
	{"finding_id", Findings, "the same on every day and device for what one decision settles", func(c *cell) string { return c.of.ID }},
	{"score", Findings, "bits: how much less expected it is than what this fleet's tasks do", func(c *cell) string { return c.of.ScoreText() }},
	{"why", Findings, "the parts of the score, which add up to it", func(c *cell) string { return lines(c.of.Why) }},
	{"task_name", Findings, "the scheduled task", func(c *cell) string { return c.of.Task.Name }},
	{"root_template", Findings, "the root's command, with slots where it varies", func(c *cell) string { return c.of.Template }},
	{"root_process", Findings, "command line at depth 1 of one of its trees", func(c *cell) string { return c.of.Process }},
	{"devices", Findings, "devices that it is on", func(c *cell) string { return strconv.Itoa(c.of.Devices) }},
	{"device", Findings, "their names, at most 20", func(c *cell) string { return lines(c.of.DeviceNames) }},
	{"runs", Findings, "trees", func(c *cell) string { return strconv.Itoa(c.of.Runs) }},
	{"first_seen", Findings, "when it was first seen in the lookback", func(c *cell) string { return c.of.First.Epoch() }},
	{"last_seen", Findings, "when it was last seen", func(c *cell) string { return c.of.Last.Epoch() }},
	{"remote", Findings, "destinations, at most 20", func(c *cell) string { return lines(c.of.Remotes) }},
	{"remote_ip", Findings, "their addresses, at most 20", func(c *cell) string { return lines(c.of.IPs) }},
	{"remote_port", Findings, "their ports, at most 20", func(c *cell) string { return lines(c.of.Ports) }},
	{"beacon_score", Findings, "0 to 1, of its most regular contacts", func(c *cell) string { return c.of.Beacon.score() }},
	{"beacon_period", Findings, "seconds", func(c *cell) string { return c.of.Beacon.period() }},
	{"beacon_count", Findings, "contacts counted", func(c *cell) string { return number(c.of.Beacon.Count) }},
	{"coverage", Findings, "what the verdict lacks", func(c *cell) string { return lines(c.of.Coverage) }},
	{"known", Findings, "windows or golden, when every tree is known", func(c *cell) string { return c.of.Known }},
	{"tree_id", Findings, "the tree that shows it best", func(c *cell) string { return c.of.Shown.ID }},
	{"tree", Findings, "that tree drawn, and beneath it that which made its task", func(c *cell) string { return c.of.draw() }},
	{"root_kind", Findings, "the preset of root= that its trees are of, or regex", func(c *cell) string { return c.of.Shown.Root.Kind }},
	{"root_label", Findings, "usual or odd beneath such a parent, by the preset's table", func(c *cell) string { return c.of.Shown.Root.Label }},
	{"task_edge", Findings, "how the task of that tree is known", func(c *cell) string { return c.of.Task.Edge }},
	{"root_evidence", Findings, "how its root is known to be the scheduler's", func(c *cell) string { return c.of.Task.Evidence }},
	{"task_created", Findings, "when the task was registered, if that was seen", func(c *cell) string { return c.of.Task.Created.Epoch() }},
	{"task_author", Findings, "whom its definition names, or who registered it", func(c *cell) string { return c.of.Task.Author }},
	{"task_trigger", Findings, "what starts the task", func(c *cell) string { return c.of.Task.Trigger }},
	{"task_period", Findings, "seconds from one start to the next", func(c *cell) string { return c.of.Task.period() }},
	{"task_action", Findings, "what it is defined to run", func(c *cell) string { return c.of.Task.Action }},
	{"task_hidden", Findings, "whether its definition hides it", func(c *cell) string { return c.of.Task.Hidden }},
	{"created_by_tree", Findings, "the tree whose process registered it, which is of the finding too", func(c *cell) string { return c.of.Task.Maker }},
	{"task_creator", Findings, "command line of that process, in a tree or not", func(c *cell) string { return c.of.Task.Creator }},
	{"task_run_level", Findings, "highest, when its definition asks for all rights of its account, or limited", func(c *cell) string { return c.of.Task.RunLevel }},
	{"intel_score", Findings, "0 to 100, from plugins that enrich: the best of all rows of its trees", func(c *cell) string { return c.verdict.score() }},
	{"intel_label", Findings, "what the plugin says", func(c *cell) string { return c.verdict.Label }},
	{"intel_source", Findings, "the list or plugin that says so", func(c *cell) string { return c.verdict.Source }},
}

// BuildFindings returns one row a finding, in their order. trees are all that are shown of
// them, judged: a finding has the best of what is known of any.
func BuildFindings(findings []*Finding, trees []Tree) (rows []Row) {
	best := make(map[*Finding]Verdict, len(findings))
	for i := range trees {
		of := trees[i].Finding
		best[of] = best[of].Or(trees[i].verdict())
	}
	for _, f := range findings {
		c := cell{kind: Findings, tree: f.Shown, of: f, verdict: best[f]}
		rows = append(rows, c.row())
	}
	return rows
}

// Show lets one of the finding's trees stand for it: what is known of its task, and the tree
// that registered this task, if it is one of the finding's. The trees are referred to from
// then on.
func (f *Finding) Show(trees []Tree, at int) {
	f.Shown, f.Process, f.Task = &trees[at], trees[at].Process, trees[at].Task
	for i := range trees {
		if f.Task.Maker != "" && trees[i].ID == f.Task.Maker {
			f.Creator = &trees[i]
		}
	}
}

// draw draws both halves of a finding: what ran, and what had registered it.
func (f *Finding) draw() string {
	if f.Creator == nil {
		return f.Shown.Draw()
	}
	return f.Shown.Draw() + "\n" + f.Creator.Draw()
}

// ScoreText is the score as rows have it, "" where nobody scored it.
func (f *Finding) ScoreText() string {
	if !f.Scored {
		return ""
	}
	return strconv.FormatFloat(f.Score, 'f', 1, 64)
}

func (b Beacon) score() string {
	if !b.Judged {
		return ""
	}
	return strconv.FormatFloat(b.Score, 'f', 2, 64)
}

func (b Beacon) period() string {
	if !b.Judged || b.Period == 0 {
		return ""
	}
	return strconv.FormatFloat(b.Period, 'f', 0, 64)
}

// number is a count, nothing for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// lines are the values of a multivalue column, as Splunk writes them to files: a line each.
func lines(values []string) string { return strings.Join(values, "\n") }
