package task

import (
	"slices"
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// history is what happened to the tasks of a device beside their runs, by folded name.
type history struct {
	log     *Log
	changes map[event.Sym][]int32 // events that change a task, by time
	names   []event.Sym           // in the order of their first change
	parsed  map[event.Sym]*definition.Task
	actions map[*definition.Task][]definition.Pattern
	broken  map[event.Sym]error // why a definition could not be read
}

// changes reports whether an act changes a task rather than runs it.
func changes(a event.Act) bool {
	switch a {
	case event.TaskCreated, event.TaskUpdated, event.TaskDeleted, event.TaskEnabled, event.TaskDisabled:
		return true
	}
	return false
}

func newHistory(l *Log) *history {
	h := &history{log: l, changes: make(map[event.Sym][]int32), parsed: make(map[event.Sym]*definition.Task), actions: make(map[*definition.Task][]definition.Pattern), broken: make(map[event.Sym]error)}
	for _, i := range l.byTime() {
		t := &l.events[i]
		if !changes(t.Act) || t.Time == event.NoTime {
			continue
		}
		name := l.symbols.Fold(t.Name)
		if _, known := h.changes[name]; !known {
			h.names = append(h.names, name)
		}
		h.changes[name] = append(h.changes[name], i)
	}
	return h
}

// at returns the time of an event on the clock of records.
func (h *history) at(i int32) event.Time { return h.log.events[i].Time + h.log.clock.shift }

// until returns the changes of a task up to a time, with the slack of records that are
// written in no fixed order.
func (h *history) until(name event.Sym, at event.Time) []int32 {
	all := h.changes[name]
	return all[:sort.Search(len(all), func(i int) bool { return h.at(all[i]) > at+before })]
}

// content returns the event that has the definition which a task had at a time: of the last
// change that tells one, unless the task was deleted since; -1 when none does.
func (h *history) content(name event.Sym, at event.Time) int32 {
	for _, i := range slices.Backward(h.until(name, at)) {
		switch t := &h.log.events[i]; {
		case t.Act == event.TaskDeleted:
			return -1
		case t.Content != event.NoSym:
			return i
		}
	}
	return -1
}

// definition returns what an event's definition says, nil where it cannot be read.
func (h *history) definition(i int32) *definition.Task {
	if i < 0 {
		return nil
	}
	content := h.log.events[i].Content
	if d, known := h.parsed[content]; known {
		return d
	}
	var found *definition.Task
	d, err := definition.Parse(h.log.symbols.Bytes(content))
	if len(d.Actions) > 0 || err == nil {
		found = &d
	} else {
		h.broken[content] = err
	}
	h.parsed[content] = found
	return found
}

// patterns are the actions of a definition.
func (h *history) patterns(d *definition.Task) []definition.Pattern {
	patterns, known := h.actions[d]
	if !known {
		for i := range d.Actions {
			patterns = append(patterns, d.Actions[i].Pattern())
		}
		h.actions[d] = patterns
	}
	return patterns
}

// running returns the tasks whose definition at that time runs a program with that
// command line, by folded name.
func (h *history) running(image, command string, at event.Time) (tasks []event.Sym) {
	started := definition.NewStarted(image, command)
	for _, name := range h.names {
		d := h.definition(h.content(name, at))
		if d != nil && slices.ContainsFunc(h.patterns(d), func(p definition.Pattern) bool { return p.Starts(&started) }) {
			tasks = append(tasks, name)
		}
	}
	return tasks
}
