package inventory

import (
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
)

// AddStore adds the task events of a settled store of one device, which stays as it is. shift is
// what their times lack to those of its processes: see task.Tasks.Shift.
func (v *Inventory) AddStore(store *event.Store, shift event.Time) {
	v.device = device{has: make(map[*named]*history)}
	s := adding{
		inventory: v, symbols: store.Symbols, runs: make(instances), own: make(map[int]does), programs: make(map[*history]map[string]bool),
		named: make(map[event.Sym]*named), templates: make(map[event.Sym]string),
	}
	tasks := slices.Clone(store.Tasks)
	for i := range tasks {
		if t := &tasks[i]; t.Time != event.NoTime {
			t.Time += shift
		}
		s.define(i, &tasks[i])
	}
	for _, h := range v.device.has {
		h.settle()
	}
	for i := range tasks { // what a device's log has of a task is told by all of it
		s.started(&tasks[i])
	}
	for h, programs := range s.programs {
		h.logged = origin{how: logged, action: strings.Join(slices.Sorted(maps.Keys(programs)), "\n")}
	}
	for i := range tasks {
		s.add(i, &tasks[i])
	}
}

// adding is the events of one device on their way into an inventory.
type adding struct {
	inventory *Inventory
	symbols   *event.Symbols
	runs      instances
	own       map[int]does                 // the definitions that events hold
	programs  map[*history]map[string]bool // that no definition of the device starts

	named     map[event.Sym]*named
	templates map[event.Sym]string // of programs
	names     template.Names
	called    bool // names are known
}

func (s *adding) of(t *event.Task) (*named, *history) {
	n := s.named[t.Name]
	if n == nil {
		n = s.inventory.named(s.symbols.String(t.Name))
		s.named[t.Name] = n
		s.inventory.device.name = s.symbols.String(s.symbols.Fold(t.Device))
	}
	return n, s.inventory.device.of(n)
}

// template is that of a text of the device.
func (s *adding) template(t *event.Task, text string) string {
	if !s.called {
		s.called, s.names = true, template.NewNames(s.symbols.String(t.DeviceName), s.symbols.String(t.Device))
	}
	return template.Of(text, s.names)
}

// define takes note of the definition that an event holds.
func (s *adding) define(i int, t *event.Task) {
	if t.Content == event.NoSym {
		return
	}
	n, on := s.of(t)
	content := s.symbols.Bytes(t.Content)
	if n.parsed == nil || n.content != string(content) {
		d := s.inventory.parse(string(content))
		if d == nil {
			return
		}
		n.content, n.parsed = string(content), d
	} else if n.parsed.Cut {
		s.inventory.Cut++
	}
	as := does{how: defined, manner: mannerOf(n.parsed), action: s.template(t, n.parsed.Action())}
	n.does(as).define(n.parsed, t.Time, n.content, true)
	on.definitions = append(on.definitions, inForce{t.Time, as, n.parsed})
	s.own[i] = as
}

// started takes note of a program that the log says was started, where no definition does that.
func (s *adding) started(t *event.Task) {
	_, on := s.of(t)
	image := s.image(t)
	if on.starting(image, t.Time) != nil {
		return
	}
	if s.programs[on] == nil {
		s.programs[on] = make(map[string]bool)
	}
	if image = s.symbols.String(t.Action); image != "" && t.Act == event.TaskProcess {
		s.programs[on][s.program(t, image)] = true
	}
}

// program is the template of a program.
func (s *adding) program(t *event.Task, image string) string {
	if s.templates[t.Action] == "" {
		s.templates[t.Action] = s.template(t, image)
	}
	return s.templates[t.Action]
}

// image is the program that an event tells of; an action that does not run one has a name there.
func (s *adding) image(t *event.Task) string {
	if t.Act != event.TaskProcess && t.Act != event.ActionStarted && t.Act != event.ActionEnded {
		return ""
	}
	if text := s.symbols.String(t.Action); strings.ContainsAny(text, `\/.`) {
		return text
	}
	return ""
}

// evidence returns what an event counts with: its own definition, else the one that it is a
// run of or comes after.
func (s *adding) evidence(i int, t *event.Task) *evidence {
	n, on := s.of(t)
	if own, defines := s.own[i]; defines {
		return n.does(own)
	}
	if f := on.starting(s.image(t), t.Time); f != nil {
		return n.does(f.as)
	}
	return n.does(does{how: logged, action: on.logged.action})
}

// add adds an event.
func (s *adding) add(i int, t *event.Task) {
	text := s.symbols.String
	e := s.evidence(i, t)
	on := e.on(text(s.symbols.Fold(t.Device)))
	e.seen(t.Time)
	source := "log"
	if t.Audit {
		source = "audit"
	}
	e.sources[source] = true
	switch t.Act {
	case event.TaskProcess:
		on.processes++
		if image := text(t.Action); image != "" && e.key.how == logged {
			program := s.program(t, image)
			e.programs[program] = least(e.programs[program], image)
		}
	case event.TaskCreated:
		e.by = least(e.by, text(t.User))
	}
	if s.runs.begins(t, s.symbols) {
		on.instances++
	}
}
