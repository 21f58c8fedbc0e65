package event

import "cmp"

// Act is what happened to a scheduled task.
type Act uint8

// The acts, by what Windows logs: TaskScheduler/Operational 100 to 203, Security 4698 to
// 4702, and Defender's ScheduledTask* beside them.
const (
	NoAct         Act = iota
	TaskStarted       // 100
	TaskEnded         // 102
	TaskFailed        // 103
	TaskCreated       // 106, 4698
	TaskTriggered     // 107, 108, 110, 118, 119
	TaskProcess       // 129: a process was made for an action
	TaskUpdated       // 140, 4702
	TaskDeleted       // 141, 4699
	TaskEnabled       // 4700
	TaskDisabled      // 142, 4701
	ActionStarted     // 200
	ActionEnded       // 201, whatever its result
	ActionFailed      // 203
)

// IsChange reports whether an act changes a task rather than runs it.
func (a Act) IsChange() bool {
	switch a {
	case TaskCreated, TaskUpdated, TaskDeleted, TaskEnabled, TaskDisabled:
		return true
	}
	return false
}

// IsRun reports whether an act is of a run of a task.
func (a Act) IsRun() bool { return a != NoAct && !a.IsChange() }

// IsOfProcess reports whether an act is that of a process, which events of it name.
func (a Act) IsOfProcess() bool { return a == TaskProcess || a == ActionStarted || a == ActionEnded }

// Task is what an event tells of a scheduled task.
type Task struct {
	Source
	Stamp    Time // by the clock of the device, where Time is when a collector took it over
	Act      Act
	Audit    bool   // it is of the audit log, or of Defender: Writer is not the scheduler's
	Name     Sym    // \Folder\Name
	Action   Sym    // the action's program as it is written there; a COM handler's display name
	Instance ID     // of the run
	User     Sym    // who did it, or runs it; a name, a SID or a group
	Content  Sym    // the task's definition, as it stands in the event
	PID      uint32 // process made for the action
	Writer   uint32 // process that wrote the log: the scheduler's own
	Client   Ref    // process that asked for it, as far as known
	Parent   uint32 // process id of that one's parent
	Result   uint32 // of an action: its exit code, or an HRESULT
}

var taskTraits = traits[Task]{
	source:  func(e *Task) *Source { return &e.Source },
	compare: order.tasks, same: order.sameTask, complete: (*Task).complete,
	beside: true, // the ledger has them among the other events, of which it counts no duplicates
}

func (o order) tasks(a, b *Task) int {
	if c := o.taskIdentity(a, b); c != 0 {
		return c
	}
	return cmp.Or(
		o.texts(a.Action, b.Action), o.ids(b.Instance, a.Instance), o.texts(a.User, b.User), o.texts(a.Content, b.Content),
		cmp.Compare(b.Writer, a.Writer), o.refs(&a.Client, &b.Client), cmp.Compare(b.Parent, a.Parent),
		cmp.Compare(b.Result, a.Result), cmp.Compare(b.Stamp, a.Stamp), o.sources(&a.Source, &b.Source))
}

func (o order) sameTask(a, b *Task) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.taskIdentity(a, b) == 0
}

// taskIdentity compares what makes a record one event: besides its number, which two logs
// share and a cleared log gives out anew, what happened to which task, and the process or
// else the instant.
func (o order) taskIdentity(a, b *Task) int {
	if c := cmp.Or(cmp.Compare(o.rank[a.Device], o.rank[b.Device]), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Act, b.Act),
		compareBool(a.Audit, b.Audit), o.texts(a.Name, b.Name), cmp.Compare(a.PID, b.PID)); c != 0 || a.PID != 0 {
		return c
	}
	return cmp.Compare(a.Time, b.Time)
}

// complete fills what t does not know from another rendering of the same record.
func (t *Task) complete(other *Task) {
	for _, pair := range [...]struct {
		to   *Sym
		from Sym
	}{{&t.Action, other.Action}, {&t.User, other.User}, {&t.Content, other.Content}} {
		fill(pair.to, pair.from)
	}
	fill(&t.Instance, other.Instance)
	fill(&t.Writer, other.Writer)
	t.Client.Complete(&other.Client)
	fill(&t.Parent, other.Parent)
	fill(&t.Result, other.Result)
	fill(&t.Stamp, other.Stamp)
	fill(&t.Time, other.Time)
}
