package task

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// makers are the processes in trees whose command lines register tasks.
type makers struct {
	byName map[event.Sym][]int32 // by the task's folded name, in the order of the forest
	byBase map[string][]*maker   // those that say what the task is to run, by the program's base name
}

// maker is a command line that registers a task which runs something.
type maker struct {
	actors []int32
	action definition.Action
	named  bool // it says the task's name
}

// findMakers looks for registrations in the command lines of all trees.
func (t *Tasks) findMakers() makers {
	m := makers{byName: make(map[event.Sym][]int32), byBase: make(map[string][]*maker)}
	symbols := t.roster.Symbols()
	known := make(map[event.Sym]*maker) // by command line; nil for one that registers nothing
	names := make(map[*maker]event.Sym)
	for _, i := range t.forest.Order {
		command := t.roster.Actors[i].Self.Command
		one, asked := known[command]
		if !asked {
			if !mayRegister(symbols.Bytes(command)) {
				known[command] = nil
				continue
			}
			if r, ok := ReadRegistration(symbols.String(command)); ok && t.isHere(r.On, t.roster.Actors[i].Device) {
				one = m.add(r)
				if r.Task != "" {
					names[one] = symbols.Fold(symbols.Intern([]byte(r.Task)))
				}
			}
			known[command] = one
		}
		if one != nil {
			one.actors = append(one.actors, i)
			m.byName[names[one]] = append(m.byName[names[one]], i)
		}
	}
	return m
}

// add adds what a command line registers.
func (m *makers) add(r Registration) *maker {
	one := &maker{named: r.Task != ""}
	if program, arguments := definition.CutCommand(r.Runs); program != "" {
		one.action = definition.Action{Command: program, Arguments: arguments}
		base := definition.BaseName(program)
		m.byBase[base] = append(m.byBase[base], one)
	}
	return one
}

// isHere reports whether the machine that a command line names is the device itself.
func (t *Tasks) isHere(machine string, device event.Sym) bool {
	switch machine = strings.ToLower(strings.TrimLeft(machine, `\`)); machine {
	case "", ".", "localhost", "127.0.0.1", "::1":
		return true
	}
	own := strings.ToLower(t.roster.Symbols().String(t.roster.DeviceName(device)))
	short, _, _ := strings.Cut(own, ".")
	return machine == own || machine == short || strings.HasPrefix(machine, short+".") && short == own
}

// makerOfName returns the process of a tree that registered a task of that name last before
// a process started.
func (t *Tasks) makerOfName(name event.Sym, run *identity.Actor) int32 {
	return t.latest(t.makers.byName[name], run)
}

// makerOfCommand returns the process that registered a task which runs what a tree's root
// runs. Of a task whose name is known, only those that do not say a name can be it.
func (t *Tasks) makerOfCommand(root int32, named bool) int32 {
	if len(t.makers.byBase) == 0 { // as on most devices
		return identity.None
	}
	a, symbols := &t.roster.Actors[root], t.roster.Symbols()
	image, command := symbols.String(a.Self.Path), symbols.String(a.Self.Command)
	var possible []int32
	for _, m := range t.makers.byBase[definition.BaseName(symbols.String(a.Self.Name))] {
		if (!named || !m.named) && m.action.Runs(image, command) {
			possible = append(possible, m.actors...)
		}
	}
	return t.latest(possible, a)
}

// latest returns the last of some processes that started before another one.
func (t *Tasks) latest(possible []int32, run *identity.Actor) int32 {
	found := identity.None
	for _, i := range possible {
		a := &t.roster.Actors[i]
		if a.Time == event.NoTime || a.Time > run.Time || a.Device != run.Device || t.forest.Root[i] == identity.None || a == run {
			continue
		}
		if found == identity.None || a.Time > t.roster.Actors[found].Time {
			found = i
		}
	}
	return found
}

// clientWindow is how a client is found: it was there when it asked.
var clientWindow = identity.Window{Before: before, After: after}

// client returns the process that asked for what an event tells, identity.None where its
// start is not in the log or several fit.
func (t *Tasks) client(e *event.Task, at event.Time) int32 {
	if e.Client.PID == 0 {
		return identity.None
	}
	found, edge := t.roster.Find(e.Device, &e.Client, at, clientWindow)
	if edge == identity.Ambiguous {
		return identity.None
	}
	return found
}
