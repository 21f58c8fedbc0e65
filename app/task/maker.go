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
		switch low := strings.ToLower(w); {
		case definition.BaseName(low) == "schtasks":
			return schtasks(words[i+1:])
		case strings.ContainsAny(w, " \t") && len(w) < len(command) && (strings.Contains(low, "schtasks") || strings.Contains(low, "register-scheduledtask")):
			return ReadRegistration(w) // a command line within one
		case strings.Contains(low, "register-scheduledtask"):
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
	m := makers{byName: make(map[event.Sym][]int32), byBase: make(map[string][]*maker)}
	symbols := t.roster.Symbols()
	known := make(map[event.Sym]*maker) // by command line; nil for one that registers nothing
	names := make(map[*maker]event.Sym)
	for _, i := range t.forest.Order {
		command := t.roster.Actors[i].Self.Command
		one, asked := known[command]
		if !asked {
			if r, ok := ReadRegistration(symbols.String(command)); ok {
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
	one := new(maker)
	if program, arguments := definition.CutCommand(r.Runs); program != "" {
		one.action = definition.Action{Command: program, Arguments: arguments}
		base := definition.BaseName(program)
		m.byBase[base] = append(m.byBase[base], one)
	}
	return one
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
	image, command := symbols.String(a.Self.Path), symbols.String(a.Self.Command)
	var possible []int32
	for _, m := range t.makers.byBase[definition.BaseName(symbols.String(a.Self.Name))] {
		if m.action.Runs(image, command) {
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
