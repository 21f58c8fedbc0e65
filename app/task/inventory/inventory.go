// Package inventory lists the tasks of a fleet, one row for each thing that tasks of a name
// do: from the events of tasks, and from what was exported of the tasks themselves, so that
// those show which never ran.
package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// Header is the columns of the rows, in order. Times are epoch seconds; where several
// devices have a task, what it is defined to do is that of the latest definition. A name has a
// row for each thing that its task does, see does. The columns
// from root_template to score are those of a hunt, which knows what the runs did: the command of
// the runs with slots where it varies, where they connected to (at most 20, and how many more), and
// the finding that they are of with its score. task_user is whom the definition has the task run as.
var Header = row.NewHeader([]string{
	"task_name", "task_action", "devices", "runs", "first_seen", "last_seen",
	"task_author", "task_trigger", "task_period", "task_hidden", "sources",
	"row", "root_template", "destinations", "finding_id", "score", "task_user", "task_run_level",
})

// Inventory gathers tasks. It is for one goroutine.
type Inventory struct {
	tasks   map[string]*named // by name in lower case
	unnamed map[string]*entry // by template: of runs whose task's name is not known
	exports int32             // that were read
	device  device            // that was added last
	// Unread counts definitions that could not be read, Cut those of which a part was.
	Unread, Cut int
}

// entry is what a task does, or what is known of it by one thing that tells what it does; of
// several the rows are put together.
type entry struct {
	name        string
	action      string            // a command line of which no more is known
	programs    map[string]string // in logs, by their templates
	command     string            // of a run's root
	devices     map[string]*ran   // in lower case
	first, last event.Time
	by          string
	defined     *definition.Task
	definedAt   event.Time
	content     string // that it was read from
	audited     bool   // an event holds it
	sources     map[string]bool

	templates    map[string]bool // of its runs
	destinations map[string]bool
	finding      string
	score        string
}

// New returns an empty inventory.
func New() *Inventory {
	return &Inventory{tasks: make(map[string]*named), unnamed: make(map[string]*entry)}
}

// AddDefinition adds a task that was exported; name is that which stands beside it, "" where
// there is none: then the definition has to tell it. source is where it was found, in a word.
func (v *Inventory) AddDefinition(name string, text []byte, source string) {
	d := v.parse(string(text))
	if d == nil {
		return
	}
	if d.URI != "" {
		name = d.URI
	}
	n := v.named(name)
	e := n.does(does{how: defined, manner: mannerOf(d), action: template.Of(d.Action(), template.Names{})})
	e.exported[v.exports] = true
	e.sources[source] = true
	e.define(d, event.NoTime, string(text), false)
}

// AddCommand adds a task of which no more is known than what it runs.
func (v *Inventory) AddCommand(name, command, source string) {
	e := v.named(name).does(does{how: commanded, action: template.Of(command, template.Names{})})
	e.exported[v.exports] = true
	e.sources[source] = true
	e.action = least(e.action, command)
}

// parse reads a definition, nil where it cannot be read.
func (v *Inventory) parse(content string) *definition.Task {
	d, err := definition.Parse([]byte(content))
	switch {
	case err != nil && len(d.Actions) == 0:
		v.Unread++
		return nil
	case d.Cut:
		v.Cut++
	}
	return &d
}

func newEntry(name string) *entry {
	return &entry{
		name: name, programs: make(map[string]string), devices: make(map[string]*ran), sources: make(map[string]bool), templates: make(map[string]bool), destinations: make(map[string]bool),
	}
}

// Rows returns the tasks, those that fewest devices have first, and of these by name. Call
// it once, when all is added.
func (v *Inventory) Rows() (rows []row.Row) {
	v.nameRuns()
	all := make([]*entry, 0, len(v.tasks)+len(v.unnamed))
	for _, e := range v.unnamed {
		all = append(all, e)
	}
	for _, n := range v.tasks {
		all = append(all, n.settled()...)
	}
	for _, e := range all {
		rows = append(rows, e.row())
	}
	slices.SortFunc(rows, compareRows)
	return rows
}

// compareRows has the order of rows: that of their devices, and then of their texts.
func compareRows(a, b row.Row) int {
	devices := func(r row.Row) int {
		n, _ := strconv.Atoi(r.Get("devices"))
		return n
	}
	return cmp.Or(cmp.Compare(devices(a), devices(b)), cmp.Compare(a.Get("task_name"), b.Get("task_name")), slices.Compare(a.Values, b.Values))
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

// define takes a definition. The newest one that an event holds counts, before any that was
// exported, of which nobody knows the time.
func (e *entry) define(d *definition.Task, at event.Time, content string, audited bool) {
	isBetter := cmp.Or(boolean(audited)-boolean(e.audited), cmp.Compare(at, e.definedAt), cmp.Compare(content, e.content))
	if e.defined == nil || isBetter > 0 {
		e.defined, e.definedAt, e.content, e.audited = d, at, content, audited
	}
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (e *entry) row() row.Row {
	var trigger, period, hidden, user, level string
	action, author := cmp.Or(e.action, e.started(), e.command), e.by
	if d := e.defined; d != nil {
		every, _ := d.Period()
		author, trigger, hidden = cmp.Or(d.Author, author), d.Trigger(), strconv.FormatBool(d.Hidden)
		user, level = account(d), d.RunLevel()
		if every > 0 {
			period = strconv.FormatInt(int64(every/time.Second), 10)
		}
		action = cmp.Or(d.Action(), action)
	}
	sources := make([]string, 0, len(e.sources))
	for s := range e.sources {
		sources = append(sources, s)
	}
	slices.Sort(sources)
	return Header.Row([]string{e.name, action, strconv.Itoa(len(e.devices)), strconv.Itoa(e.runs()), e.first.Epoch(), e.last.Epoch(),
		author, trigger, period, hidden, strings.Join(sources, ","),
		"task", e.template(), e.reached(), e.finding, e.score, user, level})
}

// started lists the programs that logs have, of each that varies one.
func (e *entry) started() string {
	all := make([]string, 0, len(e.programs))
	for _, template := range slices.Sorted(maps.Keys(e.programs)) {
		all = append(all, e.programs[template])
	}
	return strings.Join(all, "; ")
}
