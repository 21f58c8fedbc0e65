package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// namer says what the texts of one device come down to.
type namer struct {
	symbols  *event.Symbols
	device   template.Names
	people   map[string]bool   // accounts of people on the device, without their domain, in lower case
	odd      [][]byte          // those of them that are no plain words
	named    string            // the device
	accounts map[string]string // what accounts are called everywhere
	book     book
	answers  map[event.Sym]answers
	said     map[lookup]bool
	keys     map[event.Sym]string // of hosts
	forest   *tree.Forest
	habits   *habits
	roster   *identity.Roster
	folds    map[event.Sym]string // templates by the text that they are of
	tasks    map[taskOf]int32     // a number for each, which is the resolver in the book
	runs     map[int32]int32      // by root: its task's number
	kept     []string             // templates by the task's number
	isApart  func(device event.Sym) bool
	stock    *stockRuns
	lookups  bool // the device's trees look names up
}

// namer returns what names the things of a part's device.
func (g *part) namer() *namer {
	n := &namer{
		symbols: g.roster.Symbols(), device: template.NewNames(g.deviceName()), named: g.deviceName(), accounts: make(map[string]string),
		people: g.people(), book: book{destination.NewNames(), make(map[event.Sym]destination.Name)}, keys: make(map[event.Sym]string),
		answers: make(map[event.Sym]answers), said: make(map[lookup]bool), forest: g.forest, habits: &g.texts.habits,
		roster: g.roster, folds: make(map[event.Sym]string), tasks: make(map[taskOf]int32), runs: make(map[int32]int32), isApart: g.isApart, stock: g.stockRuns(),
	}
	n.odd = oddOnes(n.people)
	// What is in no tree has no say: of rows that are read twice it was never read.
	for i, owner := range g.ties.Owner {
		if c := &g.store.Connections[i]; owner != identity.None && g.forest.Depth[owner] > 0 && c.Lookup && c.Answers != event.NoSym {
			n.lookups = true
			n.learn(g.forest.Root[owner], c)
		}
	}
	return n
}

func (g *part) deviceName() string {
	if len(g.roster.Actors) == 0 {
		return g.roster.Symbols().String(g.loggedAs())
	}
	return g.text(g.roster.DeviceName(g.roster.Actors[0].Device))
}

// loggedAs is the name of a device on which no process was seen: it is watched all the same,
// and a census has to know it by its name.
func (g *part) loggedAs() (name event.Sym) {
	switch s := g.store; {
	case len(s.Connections) > 0:
		return g.roster.DeviceName(s.Connections[0].Device)
	case len(s.Ends) > 0:
		return g.roster.DeviceName(s.Ends[0].Device)
	default:
		for i := range s.Tasks {
			if n := s.Tasks[i].DeviceName; name == event.NoSym || g.roster.Symbols().Compare(n, name) < 0 {
				name = n
			}
		}
	}
	return name
}

// taskOf is a task of the device, or of a mapper that stands apart on it: such a mapper lends
// no task of others' a name.
type taskOf struct {
	apart    event.Sym // the mapper's name space, NoSym for all others
	template string
}

// task is the number of the task that a tree is a run of.
func (n *namer) task(root int32) int32 {
	if number, known := n.runs[root]; known {
		return number
	}
	actor := &n.roster.Actors[root]
	key := taskOf{template: string(n.Template(nil, root, &actor.Self))}
	if n.isApart(actor.Device) {
		key.apart = actor.Device
	}
	number, known := n.tasks[key]
	if !known {
		number = int32(len(n.tasks))
		n.tasks[key], n.kept = number, append(n.kept, key.template)
	}
	n.runs[root] = number
	return number
}

// Template implements rarity.Namer.
func (n *namer) Template(dst []byte, root int32, self *event.Ref) []byte {
	if number, known := n.runs[root]; known {
		return append(dst, n.kept[number]...)
	}
	return appendKind(n.template(dst, self), n.forest.KindOf(root))
}

func (n *namer) template(dst []byte, self *event.Ref) []byte {
	for _, y := range [...]event.Sym{self.Command, self.Path, self.Name} {
		if y != event.NoSym {
			return append(dst, n.fold(y)...)
		}
	}
	return append(dst, unnamed...)
}

// fold is the template of one text: most runs of a task have the command of the one before.
func (n *namer) fold(y event.Sym) string {
	text, known := n.folds[y]
	if !known {
		text = string(n.anybody(template.Append(nil, event.UTF8(n.symbols.Bytes(y)), n.device), 0))
		n.folds[y] = text
	}
	return text
}

// Traits implements rarity.Namer.
func (n *namer) Traits(a *identity.Actor, parent *event.Ref, see func(string)) {
	p := score.Process{Name: n.folded(a.Self.Name), Path: n.folded(a.Self.Path), Command: n.folded(a.Self.Command)}
	if parent != nil {
		p.Parent = n.folded(parent.Name)
	}
	for _, name := range n.habits.of(&p) {
		see(name)
	}
}

// Claims implements rarity.Namer.
func (n *namer) Claims(root int32) []string { return n.stock.claims(root) }

func (n *namer) folded(y event.Sym) []byte { return n.symbols.Bytes(n.symbols.Fold(y)) }
