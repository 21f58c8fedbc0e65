package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

// inventoryFor returns what output=tasks lists tasks in, nil for any other output.
func inventoryFor(c Config) *inventory.Inventory {
	switch {
	case c.Options.Output != command.OutputTasks:
		return nil
	case c.Inventory != nil:
		return c.Inventory
	}
	return inventory.New()
}

// inventoryRows are the rows of output=tasks: one a task, with the finding that it is of.
func (f *findings) inventoryRows(trees []row.Tree) []row.Row {
	f.inventory.Rename(func(template string) string {
		if t, known := f.survey.Find(template); known {
			if to, learnt := f.final[t]; learnt {
				t = to
			}
			return f.survey.Text(t)
		}
		return template
	})
	for i := range trees { // the highest score comes first
		if t := &trees[i]; t.Finding != nil {
			f.inventory.SetFinding(t.Task.Name, t.Finding.Template, t.Finding.ID, t.Finding.ScoreText())
		}
	}
	return f.inventory.Rows()
}

// list adds what a device tells of its tasks: by the scheduler's log, the audit log, and what
// the runs did.
func (f *findings) list(p *part, n *namer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inventory.AddStore(p.store, p.shift())
	unseen, reached := p.unseenRoots(), p.reached(n)
	for _, root := range p.forest.Roots {
		if !unseen[root] {
			r := p.inventoryRun(root, n)
			r.Destinations = reached[root]
			f.inventory.AddRun(r)
		}
	}
}

// shift is what the times of the device's events of tasks lack to those of its processes.
func (g *part) shift() event.Time {
	if g.tasks == nil {
		return 0
	}
	return g.tasks.Shift()
}

// inventoryRun is a tree as a run of its task.
func (g *part) inventoryRun(root int32, n *namer) *inventory.Run {
	a := &g.roster.Actors[root]
	r := &inventory.Run{Device: g.deviceName(), Template: string(n.Template(nil, root, &a.Self)), Command: g.text(a.Self.Command), At: a.Time}
	if g.tasks != nil {
		name := g.tasks.Name(root)
		r.Task, r.Logged = g.text(name.Task), name.Edge == task.ByPID
	}
	return r
}

// reached returns what the trees connected to, by their roots.
func (g *part) reached(n *namer) map[int32][]string {
	reached := make(map[int32][]string)
	var key []byte
	for _, i := range g.forest.Order {
		for _, c := range g.owned[i] {
			root := g.forest.Root[i]
			if key = n.Destination(key[:0], root, &g.store.Connections[c]); len(key) > 0 {
				reached[root] = append(reached[root], string(key))
			}
		}
	}
	return reached
}
