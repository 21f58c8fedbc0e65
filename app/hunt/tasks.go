package hunt

import (
	"cmp"
	"strconv"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// build grows the trees, and names their tasks. Only what the scheduler starts is the run of a
// task. A device without events of tasks has command lines that register some.
func (g *part) build() {
	options := tree.Options{Start: g.start, MaxDepth: 1 + g.options.MaxDepth}
	if !tree.Scheduled(g.start) {
		g.forest = tree.Build(g.roster, options)
		return
	}
	options.Kin = g.isKin
	log := task.NewLog(g.store, g.briefs.device(g.store)...)
	if log.Report.Events > 0 {
		options.Log = log
	}
	g.forest = tree.Build(g.roster, options)
	g.tasks = task.Of(log, g.roster, g.forest, &g.texts.definitions)
	g.named = log.Report
}

// task returns the words for the task of a tree, and the root of the tree that registered it,
// identity.None where that is not known.
func (g *part) task(root int32) (t row.Task, creator int32) {
	t.Evidence = g.forest.Evidence[root].String()
	if g.tasks == nil || !g.forest.Scheduled(root) {
		return t, identity.None
	}
	f := g.tasks.Facts(root)
	t.Name, t.Edge, t.Created, t.Author = g.text(f.Name), f.Edge.String(), f.Created, g.text(f.By)
	t.Updated, t.Deleted = f.Changed, f.Deleted
	if !f.Instance.IsZero() {
		t.Instance = string(f.Instance.AppendGUID(nil, event.Braces))
	}
	if f.Maker != identity.None {
		self := &g.roster.Actors[f.Maker].Self
		t.Creator = cmp.Or(g.text(self.Command), g.text(self.Path), g.text(self.Name))
		if tree := g.forest.Root[f.Maker]; tree != identity.None {
			t.Maker = g.treeID(tree)
		}
	}
	if d := f.Definition; d != nil {
		defined(&t, d)
	}
	return t, g.creator(root, f.Maker)
}

// defined fills in what the definition says.
func defined(t *row.Task, d *definition.Task) {
	if d.Author != "" {
		t.Author = d.Author
	}
	period, delay := d.Period()
	t.Delay = int64(delay / time.Second)
	t.Trigger, t.Period, t.Hidden = d.Trigger(), int64(period/time.Second), strconv.FormatBool(d.Hidden)
	t.Action, t.RunLevel = d.Action(), d.RunLevel()
}

// sayTasks tells what was made of the events of tasks, if there were any. local are their times
// that were written without a zone.
func sayTasks(m *account.Messages, r task.Report, local map[string]schema.Seen) {
	if r.Events == 0 {
		return
	}
	m.Say(account.Info, "schtaskhunt tasks: %s", account.Line(r))
	if r.Unclear > 0 {
		m.Say(account.Warn, "%s: the clocks of the task log and of the processes are apart, and it is not clear by how much; no tree was named by its process there, and the times of the log stand as they are",
			account.Plural(r.Unclear, "device"))
	}
	if len(local) > 0 && r.Untold > 0 {
		fields, n, example := summary(local)
		m.Say(account.Warn, "%s of %s in events of tasks are local times, such as %q, and nothing in these events tells the zone: where no start of a process tells it either "+
			"(%s), they are shown as if they were UTC; export the events as XML or .evtx, whose times are UTC", account.Plural(n, "time"), fields, example, account.Plural(r.Untold, "device"))
	}
	if r.Shifted > 0 {
		m.Say(account.Info, "%s: the clocks of the task log and of the processes are apart by whole hours or days, which was set right", account.Plural(r.Shifted, "device"))
	}
	if r.Crowded > 0 {
		m.Say(account.Warn, "%s of the task log had too many processes with their id around them, and named none", account.Events(r.Crowded))
	}
	if r.TooMany > 0 {
		m.Say(account.Warn, "%s not named by what they run, because too many tasks are registered on their devices", account.Plural(r.TooMany, "tree"))
	}
}
