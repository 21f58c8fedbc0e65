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
	run    []maker               // those that say what the task is to run
}

// maker is a process that registers a task which runs something.
type maker struct {
	actor  int32
	action definition.Action
}

// Registration is what a command line says of the task that it registers.
type Registration struct {
	Task string // \Folder\Name, "" where it is not said
	Runs string // command line of the task, "" where it is not said
}

// ReadRegistration reads the command line of a process that may register a task: schtasks
// /create or /change and PowerShell's Register-ScheduledTask. Whatever stands before them,
// as in "cmd /c schtasks ...", has no part. ok is false for any other command line.
func ReadRegistration(command string) (r Registration, ok bool) {
	words := splitWords(command)
	for i, w := range words {
		switch name := definition.BaseName(w); {
		case name == "schtasks":
			return schtasks(words[i+1:])
		case strings.Contains(strings.ToLower(w), "register-scheduledtask"):
			return registerScheduledTask(words[i+1:])
		}
	}
	return Registration{}, false
}

func schtasks(words []string) (r Registration, ok bool) {
	for i, w := range words {
		switch option := strings.ToLower(strings.Replace(w, "-", "/", 1)); option {
		case "/create":
			ok = true
		case "/tn", "/tr":
			if i+1 == len(words) {
				continue
			}
			if option == "/tn" {
				r.Task = rooted(words[i+1])
			} else {
				r.Runs = strings.ReplaceAll(words[i+1], `\"`, `"`)
			}
		}
	}
	return r, ok
}

func registerScheduledTask(words []string) (r Registration, ok bool) {
	folder := `\`
	for i, w := range words {
		if i+1 == len(words) {
			break
		}
		switch value := strings.Trim(words[i+1], `'";`); strings.ToLower(w) {
		case "-taskname":
			r.Task = value
		case "-taskpath":
			folder = strings.TrimRight(rooted(value), `\`) + `\`
		}
	}
	if r.Task != "" {
		r.Task = rooted(folder + r.Task)
	}
	return r, true
}

// rooted returns a task's name as the log has it.
func rooted(name string) string { return `\` + strings.TrimLeft(name, `\`) }

// splitWords splits a command line at blanks that are not within quotes, which are taken
// away; a quote with a backslash before it is part of the word.
func splitWords(command string) (words []string) {
	var word strings.Builder
	quoted, some := false, false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '"' && (i == 0 || command[i-1] != '\\'):
			quoted, some = !quoted, true
		case (c == ' ' || c == '\t') && !quoted:
			if some {
				words = append(words, word.String())
			}
			word.Reset()
			some = false
		default:
			word.WriteByte(c)
			some = true
		}
	}
	if some {
		words = append(words, word.String())
	}
	return words
}

// findMakers looks for registrations in the command lines of all trees.
func (t *Tasks) findMakers() makers {
	m := makers{byName: make(map[event.Sym][]int32)}
	symbols := t.roster.Symbols()
	known := make(map[event.Sym]*Registration) // by command line; nil for none
	for _, i := range t.forest.Order {
		command := t.roster.Actors[i].Self.Command
		r, asked := known[command]
		if !asked {
			if one, ok := ReadRegistration(symbols.String(command)); ok {
				r = &one
			}
			known[command] = r
		}
		if r == nil {
			continue
		}
		if r.Task != "" {
			name := symbols.Fold(symbols.Intern([]byte(r.Task)))
			m.byName[name] = append(m.byName[name], i)
		}
		if program, arguments := definition.CutCommand(r.Runs); program != "" {
			m.run = append(m.run, maker{i, definition.Action{Command: program, Arguments: arguments}})
		}
	}
	return m
}

// makerOfName returns the process of a tree that registered a task of that name last before
// a process started.
func (t *Tasks) makerOfName(name event.Sym, run *identity.Actor) int32 {
	return t.latest(t.makers.byName[name], run)
}

// makerOfCommand returns the process that registered a task which runs what a tree's root
// runs.
func (t *Tasks) makerOfCommand(root int32) int32 {
	a, symbols := &t.roster.Actors[root], t.roster.Symbols()
	var possible []int32
	for i := range t.makers.run {
		if m := &t.makers.run[i]; m.action.Runs(symbols.String(a.Self.Path), symbols.String(a.Self.Command)) {
			possible = append(possible, m.actor)
		}
	}
	return t.latest(possible, a)
}

// latest returns the last of some processes that started before another one.
func (t *Tasks) latest(possible []int32, run *identity.Actor) int32 {
	found := identity.None
	for _, i := range possible {
		a := &t.roster.Actors[i]
		if a.Time == event.NoTime || a.Time > run.Time || t.forest.Root[i] == identity.None || a == run {
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

// client returns the process that asked for what an event tells, if it is in a tree.
func (t *Tasks) client(e *event.Task, at event.Time) int32 {
	if e.Client.PID == 0 {
		return identity.None
	}
	found, edge := t.roster.Find(e.Device, &e.Client, at, clientWindow)
	if found == identity.None || edge == identity.Ambiguous || t.forest.Root[found] == identity.None {
		return identity.None
	}
	return found
}
