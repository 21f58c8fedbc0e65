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
// devices have a task, what it is defined to do is that of the latest definition. The columns
// from root_template on are those of a hunt, which knows what the runs did: the command of the
// runs with slots where it varies, where they connected to (at most 20, and how many more), and
// the finding that they are of with its score.
var Header = row.NewHeader([]string{
	"task_name", "task_action", "devices", "runs", "first_seen", "last_seen",
	"task_author", "task_trigger", "task_period", "task_hidden", "sources",
	"row", "root_template", "destinations", "finding_id", "score",
})

// Inventory gathers tasks. It is for one goroutine.
type Inventory struct {
	tasks   map[string]*entry // by name in lower case
	unnamed map[string]*entry // by template: of runs whose task's name is not known
	// Unread counts definitions that could not be read, Cut those of which a part was.
	Unread, Cut int
}

// entry is a task.
type entry struct {
	name        string
	action      string          // as an event of a run has it
	command     string          // of a run's root
	devices     map[string]*ran // in lower case
	first, last event.Time
	by          string
	defined     *definition.Task
	definedAt   event.Time
	content     string // that it was read from, of an event
	sources     map[string]bool

	templates    map[string]bool // of its runs
	destinations map[string]bool
	finding      string
	score        string
}

// New returns an empty inventory.
func New() *Inventory {
	return &Inventory{tasks: make(map[string]*entry), unnamed: make(map[string]*entry)}
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
		e = newEntry(name)
		v.tasks[key] = e
	}
	e.name = min(e.name, name) // of several spellings, whatever comes first
	return e
}

func newEntry(name string) *entry {
	return &entry{name: name, devices: make(map[string]*ran), sources: make(map[string]bool), templates: make(map[string]bool), destinations: make(map[string]bool)}
}

// Rows returns the tasks, those that fewest devices have first, and of these by name. Call
// it once, when all is added.
func (v *Inventory) Rows() (rows []row.Row) {
	v.nameRuns()
	all := make([]*entry, 0, len(v.tasks)+len(v.unnamed))
	for _, e := range v.unnamed {
		all = append(all, e)
	}
	for _, e := range v.tasks {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(len(a.devices), len(b.devices)), cmp.Compare(a.name, b.name), cmp.Compare(a.action, b.action), cmp.Compare(a.template(), b.template()))
	})
	for _, e := range all {
		rows = append(rows, e.row())
	}
	return rows
}

// AddStore adds the task events of a settled store of one device, which stays as it is. shift is
// what their times lack to those of its processes: see task.Tasks.Shift.
func (v *Inventory) AddStore(store *event.Store, shift event.Time) {
	runs := make(instances)
	for i := range store.Tasks {
		t := store.Tasks[i]
		if t.Time != event.NoTime {
			t.Time += shift
		}
		on := v.addEvent(&t, store.Symbols)
		if runs.begins(&t, store.Symbols) {
			on.instances++
		}
	}
}

// addEvent adds an event, and returns what ran of its task on its device.
func (v *Inventory) addEvent(t *event.Task, symbols *event.Symbols) *ran {
	text := symbols.String
	e := v.entry(text(t.Name))
	on := e.on(text(symbols.Fold(t.Device)))
	e.seen(t.Time)
	source := "log"
	if t.Audit {
		source = "audit"
	}
	e.sources[source] = true
	switch t.Act {
	case event.TaskProcess:
		on.processes++
		e.action = least(e.action, text(t.Action))
	case event.TaskCreated:
		e.by = least(e.by, text(t.User))
	}
	if t.Content != event.NoSym {
		v.define(e, t, string(symbols.Bytes(t.Content)))
	}
	return on
}

// least is the text that sorts first, of those that are not empty: the order of events has no
// say in what is shown of several.
func least(a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	return min(a, b)
}

// seen takes a time into account.
func (e *entry) seen(at event.Time) {
	if at == event.NoTime {
		return
	}
	if e.first == event.NoTime || at < e.first {
		e.first = at
	}
	e.last = max(e.last, at)
}

// define takes the definition of an event, which counts before an exported one of which
// nobody knows the time.
func (v *Inventory) define(e *entry, t *event.Task, content string) {
	isOlder := t.Time < e.definedAt || t.Time == e.definedAt && content < e.content
	if e.content != "" && (isOlder || e.content == content) {
		if e.content == content {
			e.definedAt = max(e.definedAt, t.Time)
		}
		return
	}
	d, err := definition.Parse([]byte(content))
	switch {
	case err != nil && len(d.Actions) == 0:
		v.Unread++
		return
	case d.Cut:
		v.Cut++
	}
	e.defined, e.definedAt, e.content = &d, t.Time, content
}

func (e *entry) row() row.Row {
	var author, trigger, period, hidden string
	action, author := cmp.Or(e.action, e.command), e.by
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
	return Header.Row([]string{e.name, action, strconv.Itoa(len(e.devices)), strconv.Itoa(e.runs()), e.first.Epoch(), e.last.Epoch(),
		author, trigger, period, hidden, strings.Join(sources, ","),
		"task", e.template(), e.reached(), e.finding, e.score})
}

func actionsOf(d *definition.Task) string {
	actions := make([]string, 0, len(d.Actions))
	for i := range d.Actions {
		actions = append(actions, d.Actions[i].String())
	}
	return strings.Join(actions, "; ")
}
