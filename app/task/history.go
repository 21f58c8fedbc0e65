package task

import (
	"slices"
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// history is what happened to the tasks of a device beside their runs.
type history struct {
	log     *Log
	known   *Definitions
	read    map[event.Sym]*defined // by content
	changes map[event.Sym][]change // of a task, by its folded name, each by time
	names   []event.Sym            // in the order of their first change

	fixed  map[string][]event.Sym // by what actions have in common with what they start: tasks that ever had one; nil until it is needed
	varied []event.Sym            // tasks that ever had an action with variables
}

// change is an event that changes a task.
type change struct {
	event int32      // its place in the store
	at    event.Time // on the clock of records
	holds int32      // the event with the definition that the task has from then on, none where that is not known
}

// none is the place of no event.
const none int32 = -1

// newHistory reads the log, whose clock is set by then. Definitions are remembered in known.
func newHistory(l *Log, known *Definitions) *history {
	h := &history{log: l, known: known, read: make(map[event.Sym]*defined), changes: make(map[event.Sym][]change)}
	for _, i := range l.byTime {
		t := &l.events[i]
		if !t.Act.IsChange() || t.Time == event.NoTime {
			continue
		}
		name := l.symbols.Fold(t.Name)
		before := h.changes[name]
		if len(before) == 0 {
			h.names = append(h.names, name)
		}
		h.changes[name] = append(before, change{i, t.Time + l.clock.shift, holds(before, t, i)})
	}
	return h
}

// holds is the event with the definition that a task has from the event at a place on: of the
// last change that tells one, unless the task was deleted since.
func holds(before []change, t *event.Task, place int32) int32 {
	switch {
	case t.Act == event.TaskDeleted, len(before) == 0 && t.Content == event.NoSym:
		return none
	case t.Content != event.NoSym:
		return place
	}
	return before[len(before)-1].holds
}

// until returns the changes of a task up to a time, with the slack of records that are
// written in no fixed order.
func (h *history) until(name event.Sym, at event.Time) []change {
	all := h.changes[name]
	return all[:sort.Search(len(all), func(i int) bool { return all[i].at > at+before })]
}

// definition returns what a task was defined to do at a time; of nothing where no event tells.
func (h *history) definition(name event.Sym, at event.Time) *defined {
	past := h.until(name, at)
	if len(past) == 0 || past[len(past)-1].holds == none {
		return &defined{}
	}
	return h.of(past[len(past)-1].holds)
}

// of returns what the definition in an event says.
func (h *history) of(place int32) *defined {
	content := h.log.events[place].Content
	one := h.read[content]
	if one == nil {
		one = h.known.of(h.log.symbols.Bytes(content))
		h.read[content] = one
	}
	return one
}

// index notes which tasks may run what. Most devices have more tasks than trees without a name,
// and few of them fit.
func (h *history) index() {
	h.fixed = make(map[string][]event.Sym)
	for _, name := range h.names {
		for _, c := range h.changes[name] {
			if c.holds == c.event {
				h.enter(name, h.of(c.event).marks)
			}
		}
	}
}

func (h *history) enter(name event.Sym, marks []mark) {
	for _, m := range marks {
		switch {
		case m.fixed && !slices.Contains(h.fixed[m.text], name):
			h.fixed[m.text] = append(h.fixed[m.text], name)
		case !m.fixed && !slices.Contains(h.varied, name):
			h.varied = append(h.varied, name)
		}
	}
}

// running returns the tasks whose definition at that time runs a program with that
// command line, by folded name.
func (h *history) running(image, command string, at event.Time) (tasks []event.Sym) {
	if h.fixed == nil {
		h.index()
	}
	started := definition.NewStarted(image, command)
	starts := func(p definition.Pattern) bool { return p.Starts(&started) }
	for _, some := range [...][]event.Sym{h.fixed[started.Fixed()], h.varied} {
		for _, name := range some {
			if !slices.Contains(tasks, name) && slices.ContainsFunc(h.definition(name, at).patterns, starts) {
				tasks = append(tasks, name)
			}
		}
	}
	return tasks
}
