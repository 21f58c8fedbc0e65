// Package inventory lists the tasks of a fleet, one row a task: from the events of tasks,
// and from what was exported of the tasks themselves, so that those show which never ran.
package inventory

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// Header is the columns of the rows, in order. Times are epoch seconds; where several
// devices have a task, what it is defined to do is that of the latest definition.
var Header = row.NewHeader([]string{
	"task_name", "task_action", "devices", "runs", "first_seen", "last_seen",
	"task_author", "task_trigger", "task_period", "task_hidden", "sources",
})

// Inventory gathers tasks. It is for one goroutine.
type Inventory struct {
	store *event.Store
	tasks map[string]*entry // by name in lower case
	// Unread counts definitions that could not be read, Cut those of which a part was.
	Unread, Cut int
}

// entry is a task.
type entry struct {
	name        string
	action      string // as an event of a run has it
	devices     map[event.Sym]bool
	runs        int
	first, last event.Time
	by          string
	defined     *definition.Task
	definedAt   event.Time
	sources     map[string]bool
}

// New returns an empty inventory.
func New() *Inventory {
	store := event.NewStore()
	return &Inventory{store: store, tasks: make(map[string]*entry)}
}

// Sink returns where a reader of events puts facts. Those of processes are left out.
func (v *Inventory) Sink() event.Sink {
	return sink{event.Drop{Symbols: v.store.Symbols.Sibling(), Most: mostScratch}, v.store}
}

// AddDefinition adds a task that was exported; name is that which stands beside it, "" where
// there is none: then the definition has to tell it. source is where it was found, in a word.
func (v *Inventory) AddDefinition(name string, text []byte, source string) {
	d, err := definition.Parse(text)
	if err != nil && len(d.Actions) == 0 {
		v.Unread++
		return
	}
	if d.Cut {
		v.Cut++
	}
	if d.URI != "" {
		name = d.URI
	}
	e := v.entry(name)
	e.sources[source] = true
	if e.defined == nil {
		e.defined = &d
	}
}

// AddCommand adds a task of which no more is known than what it runs.
func (v *Inventory) AddCommand(name, command, source string) {
	e := v.entry(name)
	e.sources[source] = true
	e.action = cmp.Or(e.action, command)
}

func (v *Inventory) entry(name string) *entry {
	name = `\` + strings.TrimLeft(name, `\`)
	key := strings.ToLower(name)
	e := v.tasks[key]
	if e == nil {
		e = &entry{name: name, devices: make(map[event.Sym]bool), sources: make(map[string]bool)}
		v.tasks[key] = e
	}
	return e
}

// Rows returns the tasks, those that fewest devices have first, and of these by name. Call
// it once, when all is added.
func (v *Inventory) Rows() (rows []row.Row) {
	v.store.JoinNames()
	v.store.Settle()
	for i := range v.store.Tasks {
		v.addEvent(&v.store.Tasks[i])
	}
	all := make([]*entry, 0, len(v.tasks))
	for _, e := range v.tasks {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(len(a.devices), len(b.devices)), cmp.Compare(a.name, b.name))
	})
	for _, e := range all {
		rows = append(rows, e.row())
	}
	return rows
}

func (v *Inventory) addEvent(t *event.Task) {
	text := v.store.Symbols.String
	e := v.entry(text(t.Name))
	e.devices[t.Device] = true
	if t.Time != event.NoTime {
		if e.first == event.NoTime || t.Time < e.first {
			e.first = t.Time
		}
		e.last = max(e.last, t.Time)
	}
	source := "log"
	if t.Audit {
		source = "audit"
	}
	e.sources[source] = true
	switch t.Act {
	case event.TaskProcess:
		e.runs++
		e.action = cmp.Or(text(t.Action), e.action)
	case event.TaskCreated:
		e.by = cmp.Or(text(t.User), e.by)
	}
	if t.Content != event.NoSym && (e.defined == nil || t.Time >= e.definedAt) {
		v.define(e, t)
	}
}

// define takes the definition of an event, which counts before an exported one of which
// nobody knows the time.
func (v *Inventory) define(e *entry, t *event.Task) {
	d, err := definition.Parse(v.store.Symbols.Bytes(t.Content))
	switch {
	case err != nil && len(d.Actions) == 0:
		v.Unread++
		return
	case d.Cut:
		v.Cut++
	}
	e.defined, e.definedAt = &d, t.Time
}

func (e *entry) row() row.Row {
	var author, trigger, period, hidden string
	action, author := e.action, e.by
	if d := e.defined; d != nil {
		every, _ := d.Period()
		author, trigger, hidden = cmp.Or(d.Author, author), d.Trigger(), strconv.FormatBool(d.Hidden)
		if every > 0 {
			period = strconv.FormatInt(int64(every/time.Second), 10)
		}
		action = cmp.Or(actionsOf(d), action)
	}
	sources := make([]string, 0, len(e.sources))
	for s := range e.sources {
		sources = append(sources, s)
	}
	slices.Sort(sources)
	return Header.Row([]string{e.name, action, strconv.Itoa(len(e.devices)), strconv.Itoa(e.runs), e.first.Epoch(), e.last.Epoch(),
		author, trigger, period, hidden, strings.Join(sources, ",")})
}

func actionsOf(d *definition.Task) string {
	actions := make([]string, 0, len(d.Actions))
	for i := range d.Actions {
		actions = append(actions, d.Actions[i].String())
	}
	return strings.Join(actions, "; ")
}
