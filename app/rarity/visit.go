package rarity

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Namer says what the texts of a device come down to. What it appends is folded by case.
type Namer interface {
	// Template appends the template of a root's command. Roots of unlike kinds have unlike
	// templates.
	Template(dst []byte, root int32, self *event.Ref) []byte
	// Destination appends the key of a destination; nothing for what is none.
	Destination(dst []byte, c *event.Connection) []byte
	// Answers calls see with every address that a lookup was answered with, and the key of
	// its name.
	Answers(c *event.Connection, see func(address, key []byte))
	// User appends what kind of account a name is of.
	User(dst, name []byte) []byte
	// Traits calls see with every habit of attackers that a process shows.
	Traits(actor *identity.Actor, parent *event.Ref, see func(trait string))
}

// Watched is when trees were seen on a device, and which kinds of events it logs, one bit
// an event.Kind.
type Watched struct {
	First, Last event.Time
	Kinds       uint8
}

// Visit is what one device does, in the symbols of that device.
type Visit struct {
	Name string
	Watched

	tasks []visitedTask
	facts []visitedFact
	fleet map[local]*Sight
	named map[event.Sym]event.Sym // the destination that an address stands for; NoSym for several
	runs  map[int32]*visitedRun   // by root
}

type visitedTask struct {
	template event.Sym
	Sight
	number Text
}

// local is a fact in the device's own symbols.
type local struct {
	kind Kind
	text event.Sym
}

type visitedFact struct {
	local
	task int32
	On
	names  map[event.Sym]struct{}
	number Fact
}

type visitedRun struct {
	task  int32
	facts []int32
	full  int // when to look for repeated facts
}

// add notes a fact, in memory that grows with distinct ones.
func (r *visitedRun) add(fact int32) {
	if n := len(r.facts); n > 0 && r.facts[n-1] == fact {
		return
	}
	if r.facts = append(r.facts, fact); len(r.facts) > max(r.full, 64) {
		r.compact()
		r.full = 2 * len(r.facts)
	}
}

func (r *visitedRun) compact() {
	slices.Sort(r.facts)
	r.facts = slices.Compact(r.facts)
}

// Run is one tree: what its task is, and what it did, in the survey's numbers.
type Run struct {
	Task  Text
	Facts []Fact // sorted, each once
}

// Run returns what a tree did, after the visit was added to a survey.
func (v *Visit) Run(root int32) (r Run) {
	run := v.runs[root]
	if run == nil {
		return r
	}
	r.Task = v.tasks[run.task].number
	for _, f := range run.facts {
		r.Facts = append(r.Facts, v.facts[f].number)
	}
	slices.SortFunc(r.Facts, CompareFacts)
	return r
}

// Rename calls what a run did by what it is called now.
func (r *Run) Rename(now map[Fact]Fact) {
	for i, f := range r.Facts {
		if to, renamed := now[f]; renamed {
			r.Facts[i] = to
		}
	}
	slices.SortFunc(r.Facts, CompareFacts)
	r.Facts = slices.Compact(r.Facts)
}

// CompareFacts orders facts by kind, then by number.
func CompareFacts(a, b Fact) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text))
}

// visitor makes a Visit.
type visitor struct {
	*Trees
	*Visit
	namer    Namer
	symbols  *event.Symbols
	lookback Span
	buffer   []byte

	templates map[rootCommand]event.Sym
	taskOf    map[event.Sym]int32
	factOf    map[taskFact]int32
	pairs     map[pairKey]event.Sym
}

type taskFact struct {
	task int32
	local
}

// rootCommand is what a root ran, and of which kind it is.
type rootCommand struct {
	command
	kind uint8
}

// pairKey is two symbols that together make a text.
type pairKey struct {
	kind Kind
	a, b event.Sym
}

// Visit finds what the trees of a device did in the lookback. skip leaves out trees by
// their roots.
func (t *Trees) Visit(namer Namer, lookback Span, skip []bool) *Visit {
	v := &visitor{
		Trees: t, Visit: &Visit{fleet: make(map[local]*Sight), named: make(map[event.Sym]event.Sym), runs: make(map[int32]*visitedRun)}, namer: namer,
		symbols: t.Roster.Symbols(), lookback: lookback, templates: make(map[rootCommand]event.Sym),
		taskOf: make(map[event.Sym]int32), factOf: make(map[taskFact]int32), pairs: make(map[pairKey]event.Sym),
	}
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
	for _, run := range v.runs {
		v.close(run)
	}
	return v.Visit
}

// close counts a run in, once for whatever it did.
func (v *visitor) close(run *visitedRun) {
	run.compact()
	v.tasks[run.task].Runs++
	for _, f := range run.facts {
		v.facts[f].Runs++
	}
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
	name := v.symbols.Fold(a.Self.Name)
	var above *event.Ref
	if parent := v.Parent[i]; v.Root[i] != i && parent != identity.None {
		above = &v.Roster.Actors[parent].Self
		v.see(run, local{Child, v.pair(Child, v.symbols.Fold(above.Name), name, '>')}, a.Time)
	}
	if a.Hash != event.NoSym {
		v.see(run, local{Hash, v.pair(Hash, name, v.symbols.Fold(a.Hash), '|')}, a.Time)
	}
	if a.User != event.NoSym {
		v.see(run, local{User, v.user(a.User)}, a.Time)
	}
	v.namer.Traits(a, above, func(trait string) {
		v.see(run, local{Trait, v.symbols.Intern([]byte(trait))}, a.Time)
	})
}

// connection notes where a process connects to. One that comes after its process's start
// was forgotten still belongs to the run.
func (v *visitor) connection(owner int32, c *event.Connection) {
	if !v.lookback.Holds(c.Time) {
		return
	}
	run := v.run(v.Root[owner], c.Time)
	if v.buffer = v.namer.Destination(v.buffer[:0], c); len(v.buffer) == 0 {
		return
	}
	f := v.see(run, local{Destination, v.symbols.Intern(v.buffer)}, c.Time)
	if c.Host != event.NoSym {
		if f.names == nil {
			f.names = make(map[event.Sym]struct{})
		}
		f.names[v.symbols.Fold(c.Host)] = struct{}{}
	}
	if c.Lookup {
		f.Lookups += int32(c.Weight)
		v.namer.Answers(c, v.answer)
	}
	if f.Contacts == nil {
		f.Contacts = &beacon.Contacts{}
	}
	f.Contacts.Add(beacon.Contact{Time: c.Time, Run: owner + 1, Weight: int32(min(c.Weight, 1<<30))})
}

// answer notes what an address stands for.
func (v *visitor) answer(address, key []byte) {
	from, to := v.symbols.Intern(address), v.symbols.Intern(key)
	if was, known := v.named[from]; known && was != to {
		to = event.NoSym
	}
	v.named[from] = to
}

func (f *visitedFact) settle() {
	f.Names = int32(len(f.names))
	if f.Contacts != nil {
		f.Contacts.Settle()
	}
}

// run returns the run of a root that was active at some time.
func (v *visitor) run(root int32, at event.Time) *visitedRun {
	run := v.runs[root]
	if run == nil {
		run = &visitedRun{task: v.task(root)}
		v.runs[root] = run
	}
	v.tasks[run.task].see(at, v.lookback.To)
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

// see notes a fact of a run.
func (v *visitor) see(run *visitedRun, key local, at event.Time) *visitedFact {
	number, known := v.factOf[taskFact{run.task, key}]
	if !known {
		number = int32(len(v.facts))
		v.factOf[taskFact{run.task, key}] = number
		v.facts = append(v.facts, visitedFact{local: key, task: run.task})
	}
	run.add(number)
	v.facts[number].see(at, v.lookback.To)
	all := v.fleet[key]
	if all == nil {
		all = &Sight{}
		v.fleet[key] = all
	}
	all.see(at, v.lookback.To)
	return &v.facts[number]
}

func (v *visitor) pair(kind Kind, a, b event.Sym, between byte) event.Sym {
	key := pairKey{kind, a, b}
	y, known := v.pairs[key]
	if !known {
		v.buffer = append(append(append(v.buffer[:0], v.symbols.Bytes(a)...), between), v.symbols.Bytes(b)...)
		y = v.symbols.Intern(v.buffer)
		v.pairs[key] = y
	}
	return y
}

func (v *visitor) user(name event.Sym) event.Sym {
	key := pairKey{User, name, event.NoSym}
	y, known := v.pairs[key]
	if !known {
		v.buffer = v.namer.User(v.buffer[:0], bytes.ToLower(v.symbols.Bytes(name)))
		y = v.symbols.Intern(v.buffer)
		v.pairs[key] = y
	}
	return y
}
