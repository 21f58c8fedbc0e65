package task

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// Tasks says of the trees of one device which task each is a run of, and what is known of
// the task.
type Tasks struct {
	log     *Log
	history *history
	roster  *identity.Roster
	forest  *tree.Forest
	names   map[int32]Name // by root
	makers  makers
}

// Of names the trees, and finds what registered their tasks. The log must be the one that the
// forest was built with, or one that was aligned by hand. What definitions say that were read
// for other devices is not read again.
func Of(log *Log, roster *identity.Roster, forest *tree.Forest, known *Definitions) *Tasks {
	t := &Tasks{log: log, history: newHistory(log, known), roster: roster, forest: forest}
	t.makers = t.findMakers()
	if len(log.events) == 0 {
		return t
	}
	t.names = log.named(roster, startedBy(forest))
	for _, root := range forest.Roots {
		if !forest.Scheduled(root) {
			continue
		}
		if name, known := t.names[root]; !known {
			t.nameByAction(root)
		} else if name.Edge == Ambiguous {
			log.Report.Ambiguous++
		} else {
			log.Report.Named++
		}
	}
	return t
}

// startedBy returns the actors that the scheduler started: the roots, and those that stand
// within another tree.
func startedBy(forest *tree.Forest) (actors []int32) {
	for i := range forest.Evidence {
		if forest.Scheduled(int32(i)) {
			actors = append(actors, int32(i))
		}
	}
	return actors
}

// mostTasks is how many tasks of one device are compared with a command. Windows comes with
// some 200; a device on which more are registered than this is flooded.
const mostTasks = 1 << 12

// nameByAction names a tree by the only task that runs its root's command.
func (t *Tasks) nameByAction(root int32) {
	a := &t.roster.Actors[root]
	if len(t.history.names) == 0 || a.Self.Command == event.NoSym {
		return
	}
	if len(t.history.names) > mostTasks {
		t.log.Report.TooMany++
		return
	}
	symbols := t.roster.Symbols()
	image := symbols.String(a.Self.Path)
	if image == "" {
		image = symbols.String(a.Self.Name)
	}
	switch tasks := t.history.running(image, symbols.String(a.Self.Command), a.Time); len(tasks) {
	case 0:
	case 1:
		changes := t.history.until(tasks[0], a.Time)
		t.names[root] = Name{Edge: ByAction, Task: t.log.events[changes[len(changes)-1].event].Name, event: -1}
		t.log.Report.Named++
		t.log.Report.ByAction++
	default:
		t.names[root] = Name{Edge: Ambiguous, event: -1}
		t.log.Report.Ambiguous++
	}
}

// Shift is what the times of the device's events of tasks lack to those of its processes, 0 where
// that is not clear.
func (t *Tasks) Shift() event.Time { return t.log.clock.shift }

// Name returns the task of a tree, by its root.
func (t *Tasks) Name(root int32) Name { return t.names[root] }

// Facts is what is known of a tree's task and of its run.
type Facts struct {
	Name     event.Sym
	Edge     Edge
	Instance event.ID   // of the run, where 200 tells it
	Result   uint32     // of the run
	Created  event.Time // when it was registered last before the run, NoTime where that was not seen
	Changed  event.Time // when it was updated last between that and the run
	Deleted  event.Time // when it was deleted first after the run began
	By       event.Sym  // who registered it
	// Definition is what it was defined to do at the time of the run, nil where no event
	// tells. It is shared and not to be changed.
	Definition *definition.Task
	// Maker is the process that registered it, identity.None where it is not known. It is of
	// the same device, and need not be in a tree: a person's shell is not.
	Maker int32
	// Asked says that an event of its registration names the maker; else its command line does.
	Asked bool
}

// Does returns what a tree's task was defined to do at the time of the run, nil where no event
// tells. It is shared and not to be changed.
func (t *Tasks) Does(root int32) *definition.Task {
	return t.history.definition(t.log.symbols.Fold(t.names[root].Task), t.roster.Actors[root].Time).task
}

// Facts returns what is known of a tree's task. A tree without a name has none but its
// edge, and the maker of a task that runs the same command.
func (t *Tasks) Facts(root int32) Facts {
	n := t.names[root]
	a := &t.roster.Actors[root]
	f := Facts{Name: n.Task, Edge: n.Edge, Maker: identity.None}
	if n.Task == event.NoSym {
		if n.Edge == NoEdge {
			f.Maker = t.makerOfCommand(root, false)
		}
		return f
	}
	name := t.log.symbols.Fold(n.Task)
	f.Definition = t.Does(root)
	t.changes(&f, name, a.Time)
	t.run(&f, n, name)
	if f.Maker == identity.None {
		f.Maker = t.makerOfName(name, a)
	}
	if f.Maker == identity.None {
		f.Maker = t.makerOfCommand(root, true)
	}
	return f
}

// changes tells what happened to the task before and after a run began.
func (t *Tasks) changes(f *Facts, name event.Sym, at event.Time) {
	past := t.history.until(name, at)
	for i := range past {
		switch t.log.events[past[i].event].Act {
		case event.TaskCreated:
			t.created(f, &past[i])
		case event.TaskUpdated:
			f.Changed = past[i].at
		case event.TaskDeleted:
			f.Created, f.Changed, f.By, f.Maker, f.Asked = event.NoTime, event.NoTime, event.NoSym, identity.None, false
		}
	}
	for _, later := range t.history.changes[name][len(past):] {
		if t.log.events[later.event].Act == event.TaskDeleted {
			f.Deleted = later.at
			return
		}
	}
}

// sameRegistration is how far apart the two logs tell of one registration.
const sameRegistration = 5 * event.Second

// created notes a registration, of which both logs may tell: 106 and 4698.
func (t *Tasks) created(f *Facts, now *change) {
	c, at := &t.log.events[now.event], now.at
	if f.Created == event.NoTime || at-f.Created > sameRegistration {
		f.Created, f.Changed, f.By, f.Maker, f.Asked = at, event.NoTime, event.NoSym, identity.None, false
	}
	if f.By == event.NoSym || c.Audit {
		f.By = c.User
	}
	if maker := t.client(c, at); maker != identity.None {
		f.Maker, f.Asked = maker, true
	}
}

// run tells of the run itself: its instance, and how the action ended.
func (t *Tasks) run(f *Facts, n Name, name event.Sym) {
	if n.event < 0 {
		return
	}
	named := &t.log.events[n.event]
	f.Instance = named.Instance
	for _, c := range t.log.claimsOf(named.PID) {
		e := &t.log.events[c.event]
		if c.name != name || f.Instance != (event.ID{}) && e.Instance != f.Instance {
			continue
		}
		if d := c.at - named.Time; e.Act == event.ActionStarted && d >= -before && d <= after {
			f.Instance = e.Instance
		} else if e.Act == event.ActionEnded && f.Instance == e.Instance && !f.Instance.IsZero() {
			f.Result = e.Result
		}
	}
}
