// Package stock knows what Windows itself schedules: one table, and one question, whether a
// run of a task is as it is known. Texts go in and texts come out, so that it needs nothing
// of the hunt.
//
// Where rarity says nothing, on a single machine, most of what the scheduler starts is
// Windows' own. To know it is worth something only if nobody can pass for it. So a run is
// known when all that was told of it is as the table has it, and what was not told counts
// against it. See Table.Known.
package stock

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed tasks.tsv
var tasks string

// Row is one action of one task.
type Row struct {
	Task     string   // path and name; <guid> and <sid> are slots. Empty: not known by name
	Seen     string   // versions of Windows, or where a golden row is from
	Account  string   // whom it runs as; empty where that is not known
	Hidden   bool     // its definition says so
	Action   string   // program and arguments with variables and slots; empty for a COM handler
	Class    string   // class id of a COM handler, in braces
	Triggers string   // kinds, periods and random delays
	Period   string   // the shortest period, as ISO 8601 has it
	Children []string // what it may start, and that again
	Hosts    []string // whom it may speak to outside; .x is any name below x
	By       string   // ByWindows or ByGolden

	command  command
	children []command
}

// Whose table a row is of: the column `known`.
const (
	ByWindows = "windows"
	ByGolden  = "golden"
)

// Table is what is known. It is not changed after it was made: Extend makes another.
type Table struct {
	rows      []*Row
	slotted   []*Row // whose task's name has a slot
	byTask    map[string][]*Row
	byClass   map[string][]*Row
	byProgram map[string][]*Row // by file name
	beneath   []command         // children that are known beneath anything
	others    []string          // folders that others put tasks into, up to their last backslash
}

// Windows returns the table of what Windows schedules. It is read once.
var Windows = sync.OnceValue(func() *Table {
	rows, err := parseTable(tasks)
	if err != nil {
		panic("the program's own table of tasks: " + err.Error()) // a test reads it
	}
	return newTable(rows)
})

// Rows returns all rows in their order. They are shared: nobody may change them.
func (t *Table) Rows() []*Row { return t.rows }

func newTable(rows []*Row) *Table {
	t := &Table{byTask: make(map[string][]*Row), byClass: make(map[string][]*Row), byProgram: make(map[string][]*Row)}
	for _, r := range rows {
		t.add(r)
	}
	return t
}

func (t *Table) add(r *Row) {
	if r.Task == anything {
		t.beneath = append(t.beneath, r.children...)
		return
	}
	if folder, is := r.othersFolder(); is {
		t.others = append(t.others, folder)
		return
	}
	t.rows = append(t.rows, r)
	name := lower(r.Task)
	switch {
	case strings.Contains(name, "<"):
		t.slotted = append(t.slotted, r)
	case name != "":
		t.byTask[name] = append(t.byTask[name], r)
	}
	if r.Class != "" {
		class := lower(r.Class)
		t.byClass[class] = append(t.byClass[class], r)
		return
	}
	base := r.command.base()
	t.byProgram[base] = append(t.byProgram[base], r)
}

// othersFolder returns the folder of a line that is none of a task, but of a folder that
// others put tasks into.
func (r *Row) othersFolder() (folder string, is bool) {
	folder, is = strings.CutSuffix(lower(r.Task), `\*`)
	return folder + `\`, is
}

// anything is the task of the line that says what is known beneath any.
const anything = "*"

// columns of the file.
const columns = 10

func parseTable(text string) (rows []*Row, err error) {
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func parseLine(line string) (*Row, error) {
	f := strings.Split(line, "\t")
	if len(f) != columns {
		return nil, fmt.Errorf("%d columns instead of %d", len(f), columns)
	}
	r := &Row{
		Task: f[0], Seen: f[1], Account: f[2], Hidden: f[3] == "hidden", Action: f[4], Class: f[5],
		Triggers: f[6], Period: f[7], Hosts: strings.Fields(f[9]), By: ByWindows,
	}
	if f[8] != "" {
		r.Children = strings.Split(f[8], " ; ")
	}
	return r, r.parse()
}

// parse reads a row's action and children.
func (r *Row) parse() (err error) {
	switch {
	case r.Task == anything:
	case strings.HasSuffix(r.Task, `\*`):
		if r.Action != "" || r.Class != "" {
			return fmt.Errorf("%q is a folder of others' tasks and has an action", r.Task)
		}
	case r.Class != "" && r.Action != "":
		return fmt.Errorf("task %q has an action and a class in one line", r.Task)
	case r.Class != "":
		if !isClass(r.Class) {
			return fmt.Errorf("task %q: %q is no class id in braces", r.Task, r.Class)
		}
	default:
		if r.command, err = parseCommand(r.Action); err != nil {
			return fmt.Errorf("task %q: %w", r.Task, err)
		}
	}
	for _, child := range r.Children {
		c, err := parseChild(child)
		if err != nil {
			return fmt.Errorf("a child of task %q: %w", r.Task, err)
		}
		r.children = append(r.children, c)
	}
	return nil
}

// named returns the rows of a task, by its name in any case.
func (t *Table) named(name string) (rows []*Row) {
	if name == "" {
		return nil
	}
	name = lower(name)
	if rows = t.byTask[name]; rows != nil {
		return rows
	}
	for _, r := range t.slotted {
		if matchName(lower(r.Task), name) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Does returns what the row's task does: its action, or its class.
func (r *Row) Does() string {
	if r.Class != "" {
		return "COM handler " + r.Class
	}
	return r.Action
}
