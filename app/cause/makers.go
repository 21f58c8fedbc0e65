package cause

import (
	"cmp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// soon is how far apart a command line and what it installs are recorded at most.
const soon = 60 * event.Second

// readCommands looks for installations in the command lines of all processes, in the order of
// their time: of two that install one thing the later is nearer to what does it, as sc create
// is to cmd /c sc create.
func (in *Installed) readCommands() {
	for _, i := range in.mayInstall() {
		a, s := &in.roster.Actors[i], in.roster.Symbols()
		command := s.String(a.Self.Command)
		in.makeConsumers(i, strings.ToLower(command))
		if c, ok := ReadCommand(command); ok && in.isHere(c.On, a.Device) {
			in.makeService(i, c)
		}
	}
	slices.SortStableFunc(in.services, func(a, b thing) int { return cmp.Compare(a.At, b.At) })
}

// mayInstall returns the processes whose command lines may install something, by time.
func (in *Installed) mayInstall() (makers []int32) {
	asked := make(map[event.Sym]bool)
	for i := range in.roster.Actors {
		a := &in.roster.Actors[i]
		may, known := asked[a.Self.Command]
		if !known {
			may = MayInstall(in.roster.Symbols().Bytes(a.Self.Command))
			asked[a.Self.Command] = may
		}
		if may && a.Time != event.NoTime {
			makers = append(makers, int32(i))
		}
	}
	slices.SortStableFunc(makers, func(a, b int32) int { return cmp.Compare(in.roster.Actors[a].Time, in.roster.Actors[b].Time) })
	return makers
}

// isHere reports whether the machine that a command line names is the device itself.
func (in *Installed) isHere(machine string, device event.Sym) bool {
	switch machine = strings.ToLower(strings.TrimLeft(machine, `\`)); machine {
	case "", ".", "localhost", "127.0.0.1", "::1":
		return true
	}
	own := strings.ToLower(in.roster.Symbols().String(in.roster.DeviceName(device)))
	short, _, _ := strings.Cut(own, ".")
	return machine == own || machine == short
}

// makeService takes a process for the maker of a service. Where no event tells of the service,
// the command line does.
func (in *Installed) makeService(actor int32, c Command) {
	a, s := &in.roster.Actors[actor], in.roster.Symbols()
	text, name := spelled(c.Runs), strings.ToLower(c.Name)
	for i := range in.services {
		t := &in.services[i]
		if t.text == text && (t.service == name || !t.byCommand()) && t.At >= a.Time-soon && t.At <= a.Time+soon {
			t.madeBy(actor)
			return
		}
	}
	t := thing{Cause: Cause{What: Service, Name: s.Intern([]byte(c.Name)), At: a.Time, By: a.User, Maker: identity.None}, commands: patternsOf(c.Runs), service: name, text: text}
	t.madeBy(actor)
	in.services = append(in.services, t)
}

// byCommand reports whether command lines alone tell of a thing.
func (t *thing) byCommand() bool { return t.Told[len(t.Told)-1].Number == 0 }

// madeBy notes that a process's command line installs a thing. The process that an event
// names stays its maker.
func (t *thing) madeBy(actor int32) {
	if t.Maker == identity.None || t.read {
		t.Maker, t.read = actor, true
	}
	if !slices.Contains(t.Told, Told{}) {
		t.Told = slices.Insert(t.Told, 0, Told{})
	}
}

// makeConsumers takes a process for the maker of the consumers that its command line, in lower
// case, names together with their class.
func (in *Installed) makeConsumers(actor int32, command string) {
	if !strings.Contains(command, "eventconsumer") {
		return
	}
	a, s := &in.roster.Actors[actor], in.roster.Symbols()
	for i := range in.consumers {
		t := &in.consumers[i]
		name := nameOf(s, t.Name)
		if len(name) >= shortestWord && strings.Contains(command, name) && t.At >= a.Time-late && t.At <= a.Time+soon {
			t.madeBy(actor)
		}
	}
}
