package rarity

import (
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Namer says what the texts of a device come down to. What it appends is folded by case.
type Namer interface {
	// Template appends the template of a root's command. Roots of unlike kinds have unlike
	// templates.
	Template(dst []byte, root int32, self *event.Ref) []byte
	// Destination appends the key of a destination that a tree contacts; nothing for what is none.
	Destination(dst []byte, root int32, c *event.Connection) []byte
	// Answers calls see with every address that a lookup was answered with, and the key of
	// its name. It need not say again what it said before.
	Answers(c *event.Connection, see func(address, key []byte))
	// User appends what kind of account a name in lower case is of; nothing where that cannot be told.
	User(dst, name []byte) []byte
	// Traits calls see with every habit of attackers that a process shows: by its name, path
	// and command, and by the name of its parent.
	Traits(actor *identity.Actor, parent *event.Ref, see func(trait string))
	// Claims returns what the task of a root says of itself that is not so. It is not changed.
	Claims(root int32) []string
}

// Visitor makes Visits, one device after the other, in the memory of those before. The zero
// Visitor is ready for use.
type Visitor struct {
	visit  Visit
	tables tables
	shapes []int32
}

// tables number what a device has, and are empty again for the next.
type tables struct {
	templates map[rootCommand]event.Sym
	taskOf    map[event.Sym]int32
	fleetOf   map[local]int32
	factOf    map[taskFact]int32
	shown     map[shape][]int32
	programs  map[event.Sym]int32 // of roots, by name
}

// visitor makes one Visit.
type visitor struct {
	*Trees
	*Visit
	tables
	namer    Namer
	symbols  *event.Symbols
	lookback Span
	buffer   []byte
	shapes   []int32 // the facts of all shapes, one behind the other
}

// taskFact is a fact of a task, by where both are in the visit.
type taskFact struct{ task, fact int32 }

// rootCommand is what a root ran, and of which kind it is.
type rootCommand struct {
	command
	kind uint8
}

// shape is all that the facts of a process's start depend on. Most starts look like one
// before, so that their facts are known by their numbers.
type shape struct {
	task                            int32
	name, path, command, hash, user event.Sym
	above                           event.Sym // the parent's name
	isRoot                          bool
}

// Visit finds what the trees of a device did in the lookback. skip leaves out trees by
// their roots. The Visit is the visitor's own: the next one voids it.
func (w *Visitor) Visit(t *Trees, namer Namer, lookback Span, skip []bool) *Visit {
	w.visit.reset(len(t.Roster.Actors))
	w.tables.reset()
	v := &visitor{Trees: t, Visit: &w.visit, tables: w.tables, namer: namer, symbols: t.Roster.Symbols(), lookback: lookback, shapes: w.shapes[:0]}
	for _, i := range t.Order {
		if !skip[t.Root[i]] {
			v.process(i)
		}
	}
	for i := range t.Connections {
		if o := t.Owner[i]; o != identity.None && t.Root[o] != identity.None && !skip[t.Root[o]] {
			v.connection(o, &t.Connections[i])
		}
	}
	v.close()
	w.shapes = v.shapes
	return v.Visit
}

func (m *tables) reset() {
	m.templates, m.taskOf, m.fleetOf = emptied(m.templates), emptied(m.taskOf), emptied(m.fleetOf)
	m.factOf, m.shown, m.programs = emptied(m.factOf), emptied(m.shown), emptied(m.programs)
}

// mostReused is how many entries a map has at most that is used again: to empty one takes as
// long as it is large, and the device that filled it may be the only one of its size.
const mostReused = 1 << 12

// emptied returns the map without its entries, or a new one.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	if m == nil || len(m) > mostReused {
		return make(map[K]V)
	}
	clear(m)
	return m
}

func (v *visitor) process(i int32) {
	a := &v.Roster.Actors[i]
	if a.Ended != event.NoTime && v.lookback.Holds(a.Ended) {
		v.run(v.Root[i], a.Ended)
	}
	if !v.lookback.Holds(a.Time) {
		return
	}
	run := v.run(v.Root[i], a.Time)
	for _, fact := range v.start(i, v.runs[run].task) {
		v.see(run, fact, a.Time)
	}
	if v.Root[i] != i {
		return
	}
	// Tasks of several names may look alike, so that these are no facts of a shape.
	for _, claim := range v.namer.Claims(i) {
		v.see(run, v.fact(v.runs[run].task, local{Claim, v.symbols.Intern([]byte(claim))}), a.Time)
	}
}

// start returns the facts of a process's start.
func (v *visitor) start(i, task int32) []int32 {
	a := &v.Roster.Actors[i]
	s := shape{task: task, name: a.Self.Name, path: a.Self.Path, command: a.Self.Command, hash: a.Hash, user: a.User, isRoot: true}
	var above *event.Ref
	if parent := v.Parent[i]; v.Root[i] != i && parent != identity.None {
		above = &v.Roster.Actors[parent].Self
		s.above, s.isRoot = above.Name, false
	}
	facts, known := v.shown[s]
	if !known {
		facts = v.factsOf(a, above, task)
		v.shown[s] = facts
	}
	return facts
}

// factsOf numbers what a process's start shows.
func (v *visitor) factsOf(a *identity.Actor, above *event.Ref, task int32) (facts []int32) {
	from := len(v.shapes)
	show := func(kind Kind, text event.Sym) { v.shapes = append(v.shapes, v.fact(task, local{kind, text})) }
	name := v.symbols.Fold(a.Self.Name)
	if above != nil {
		show(Child, v.pair(v.symbols.Fold(above.Name), name, '>'))
	}
	if a.Hash != event.NoSym {
		show(Hash, v.pair(name, v.symbols.Fold(a.Hash), '|'))
	}
	if a.User != event.NoSym {
		v.buffer = v.namer.User(v.buffer[:0], v.symbols.Bytes(v.symbols.Fold(a.User)))
		if len(v.buffer) > 0 {
			show(User, v.symbols.Intern(v.buffer))
		}
	}
	v.namer.Traits(a, above, func(trait string) { show(Trait, v.symbols.Intern([]byte(trait))) })
	return v.shapes[from:len(v.shapes):len(v.shapes)]
}

// connection notes where a process connects to. One that comes after its process's start
// was forgotten still belongs to the run.
func (v *visitor) connection(owner int32, c *event.Connection) {
	if !v.lookback.Holds(c.Time) {
		return
	}
	run := v.run(v.Root[owner], c.Time)
	if v.buffer = v.namer.Destination(v.buffer[:0], v.Root[owner], c); len(v.buffer) == 0 {
		return
	}
	number := v.fact(v.runs[run].task, local{Destination, v.symbols.Intern(v.buffer)})
	v.see(run, number, c.Time)
	f := &v.facts[number]
	if c.Host != event.NoSym && isAsked(c) {
		f.names.add(v.symbols.Fold(c.Host))
	}
	if c.Lookup {
		f.Lookups += int32(c.Weight)
		v.namer.Answers(c, v.answer)
	}
	f.contact(beacon.Contact{Time: c.Time, Run: owner + 1, Weight: int32(min(c.Weight, 1<<30))})
}

// isAsked reports whether a host's name is one that the process asked for, by a lookup or an
// address as a whole, and not what the other side calls the address that was called.
func isAsked(c *event.Connection) bool {
	return c.Lookup || c.URL != event.NoSym || c.Remote.IsZero()
}

// answer notes what an address stands for.
func (v *visitor) answer(address, key []byte) {
	v.named[answered{v.symbols.Intern(address), v.symbols.Intern(key)}] = struct{}{}
}

// run returns the number of the run of a root that was active at some time.
func (v *visitor) run(root int32, at event.Time) int32 {
	if v.runOf[root] == 0 {
		v.runs = append(v.runs, visitedRun{task: v.task(root)})
		v.runOf[root] = int32(len(v.runs))
		v.program(v.Roster.Actors[root].Self.Name, at)
	}
	run := v.runOf[root] - 1
	v.tasks[v.runs[run].task].see(at, v.lookback.To)
	return run
}

func (v *visitor) task(root int32) int32 {
	own := rootCommand{command: v.command(root)}
	if v.Kind != nil {
		own.kind = v.Kind[root]
	}
	template, known := v.templates[own]
	if !known {
		v.buffer = v.namer.Template(v.buffer[:0], root, &v.Roster.Actors[root].Self)
		template = v.symbols.Intern(v.buffer)
		v.templates[own] = template
	}
	at, known := v.taskOf[template]
	if !known {
		at = int32(len(v.tasks))
		v.taskOf[template] = at
		v.tasks = append(v.tasks, visitedTask{template: template})
	}
	return at
}

// program notes, for the fleet, that a task is a program of that name: the child of a parent
// that no program can be called. Of the task it is no fact, as its template says it.
func (v *visitor) program(name event.Sym, at event.Time) {
	number, known := v.programs[name]
	if !known {
		number = v.anywhere(local{Child, v.pair(v.symbols.Intern([]byte(AnyTask)), v.symbols.Fold(name), '>')})
		v.programs[name] = number
	}
	v.fleet[number].see(at, v.lookback.To)
}

// anywhere returns the number of a fact over all tasks.
func (v *visitor) anywhere(what local) int32 {
	number, known := v.fleetOf[what]
	if !known {
		number = int32(len(v.fleet))
		v.fleetOf[what] = number
		v.fleet = append(v.fleet, sighted{local: what})
	}
	return number
}

// fact returns the number of a fact of a task.
func (v *visitor) fact(task int32, what local) int32 {
	everywhere := v.anywhere(what)
	key := taskFact{task, everywhere}
	number, known := v.factOf[key]
	if !known {
		number = int32(len(v.facts))
		v.factOf[key] = number
		v.facts = append(v.facts, visitedFact{fact: everywhere, task: task})
	}
	return number
}

// see notes a fact of a run.
func (v *visitor) see(run, fact int32, at event.Time) {
	f := &v.facts[fact]
	f.see(at, v.lookback.To)
	v.fleet[f.fact].see(at, v.lookback.To)
	v.did.add(does(run, fact))
}

// pair returns the text that two symbols make.
func (v *visitor) pair(a, b event.Sym, between byte) event.Sym {
	v.buffer = append(append(v.buffer[:0], v.symbols.Bytes(a)...), between)
	v.buffer = append(v.buffer, v.symbols.Bytes(b)...)
	return v.symbols.Intern(v.buffer)
}
