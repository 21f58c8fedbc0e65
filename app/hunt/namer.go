package hunt

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// namer says what the texts of one device come down to.
type namer struct {
	symbols *event.Symbols
	device  template.Names
	people  map[string]bool // accounts of people on the device, without their domain, in lower case
	odd     [][]byte        // those of them that are no plain words
	book    book
	answers map[event.Sym]answers
	said    map[lookup]bool
	keys    map[event.Sym]string // of hosts
	forest  *tree.Forest
	habits  *habits
	roster  *identity.Roster
	folds   map[event.Sym]string // templates by the text that they are of
	tasks   map[taskOf]int32     // a number for each, which is the resolver in the book
	runs    map[int32]int32      // by root: its task's number
	kept    []string             // templates by the task's number
	isApart func(device event.Sym) bool
	stock   *stockRuns
	lookups bool // the device's trees look names up
}

// answers are the addresses that a lookup was answered with.
type answers struct {
	all    []netip.Addr
	inside bool // all of them are, and there are some
}

// lookup is what was asked and answered.
type lookup struct{ host, answers event.Sym }

// namer returns what names the things of a part's device.
func (g *part) namer() *namer {
	n := &namer{
		symbols: g.roster.Symbols(), device: template.NewNames(g.deviceName()),
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

func (n *namer) learn(root int32, c *event.Connection) {
	name, known := n.book.hosts[c.Host]
	if !known {
		name = n.book.names.Name(n.symbols.String(c.Host))
		n.book.hosts[c.Host] = name
	}
	n.book.names.AddName(n.task(root), int64(c.Time), name, n.read(c.Answers).all)
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

// book is what the lookups of trees say: each task is a resolver of its own, whose runs have
// the answers of those before, as Windows has. Thousands of names share the addresses of a
// content network, so that what another task got an address for does not tell whom this one
// calls there.
type book struct {
	names *destination.Names
	hosts map[event.Sym]destination.Name
}

// read reads what a lookup was answered with: each text once.
func (n *namer) read(text event.Sym) answers {
	read, known := n.answers[text]
	if !known {
		read.inside = true
		for part := range bytes.SplitSeq(n.symbols.Bytes(text), []byte(";")) {
			if a, err := netip.ParseAddr(string(bytes.TrimSpace(part))); err == nil {
				read.all = append(read.all, a)
				read.inside = read.inside && netjoin.Classify(a).Internal()
			}
		}
		read.inside = read.inside && len(read.all) > 0
		n.answers[text] = read
	}
	return read
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
		text = string(n.anybody(template.Append(nil, n.symbols.Bytes(y), n.device), 0))
		n.folds[y] = text
	}
	return text
}

// anybody replaces the names of the device's own people from start on: where they are a
// whole argument or the value of a switch, and, of a name that is no plain word, wherever
// else they stand alone.
func (n *namer) anybody(dst []byte, start int) []byte {
	for at := start; at < len(dst); {
		end := at
		for end < len(dst) && !endsArgument(dst[end]) {
			end++
		}
		if at > start && n.people[string(dst[at:end])] {
			dst = replaced(dst, at, end)
			end = at + len(anyUser)
		}
		at = end + 1
	}
	for _, name := range n.odd {
		for at := start + 1; at < len(dst); {
			found := bytes.Index(dst[at:], name)
			if found < 0 {
				break
			}
			if at += found; standsAlone(dst, at, at+len(name)) {
				dst = replaced(dst, at, at+len(name))
			}
			at++
		}
	}
	return dst
}

func endsArgument(c byte) bool { return c == ' ' || c == '=' || c == ':' || c == ',' }

// anyUser is what stands for a person.
const anyUser = "<user>"

func replaced(dst []byte, from, to int) []byte {
	rest := append([]byte(anyUser), dst[to:]...)
	return append(dst[:from], rest...)
}

// standsAlone reports whether neither a letter nor a digit is beside a part of a text, and no
// dot: what a program's or a domain's name begins with is no account.
func standsAlone(text []byte, from, to int) bool {
	isPart := func(c byte) bool {
		return c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80
	}
	return !isPart(text[from-1]) && (to == len(text) || !isPart(text[to]))
}

// oddOnes are the names of people that are no plain words, the longest first: of the others
// many a one is a word of some command.
func oddOnes(people map[string]bool) (odd [][]byte) {
	for name := range people {
		if len(name) >= leastOdd && strings.ContainsAny(name, "0123456789._-") && strings.Trim(name, "0123456789") != "" {
			odd = append(odd, []byte(name))
		}
	}
	slices.SortFunc(odd, func(a, b []byte) int { return cmp.Or(len(b)-len(a), bytes.Compare(a, b)) })
	return odd
}

// leastOdd is how long the name of a person has to be to be looked for within arguments.
const leastOdd = 5

// people are the accounts that are no system's.
func (g *part) people() map[string]bool {
	people := make(map[string]bool)
	var last event.Sym
	symbols := g.roster.Symbols()
	for _, i := range g.forest.Order {
		user := g.roster.Actors[i].User
		if user == event.NoSym || user == last || g.isApart(g.roster.Actors[i].Device) {
			continue
		}
		last = user
		name := symbols.Bytes(symbols.Fold(user))
		if account := name[bytes.LastIndexByte(name, '\\')+1:]; len(account) > 2 && !isSystem(account) {
			people[string(account)] = true
		}
	}
	return people
}

// isSystem reports whether an account, in lower case, means the same on every device.
func isSystem(account []byte) bool {
	switch string(account) {
	case "system", "local service", "network service", "localsystem", "localservice", "networkservice", "administrator", "guest":
		return true
	}
	return false
}

// Destination implements rarity.Namer.
func (n *namer) Destination(dst []byte, root int32, c *event.Connection) []byte {
	if c.Direction == event.Inbound || c.Direction == event.Listen {
		return dst
	}
	host := n.symbols.Fold(c.Host)
	class := netjoin.Classify(c.Remote.Addr())
	if class.Internal() {
		if class != netjoin.Private && class != netjoin.CGNAT {
			return dst
		}
		dst = c.Remote.Addr().AppendTo(dst)
		return strconv.AppendUint(append(dst, ':'), uint64(c.RemotePort), 10)
	}
	switch {
	case host != event.NoSym && n.read(c.Answers).inside: // the answers of a lookup
		return dst
	case host != event.NoSym && !n.isReverse(root, host, c):
		return append(dst, n.key(host)...)
	case !c.Remote.IsZero():
		if key, how := n.book.names.Of(n.task(root), c.Remote.Addr(), int64(c.Time)); how == destination.Own {
			return append(dst, key.Name...)
		}
		// What others looked up names it if the whole fleet agrees: see Survey.Resolve.
		return append(dst, destination.OfAddress(c.Remote.Addr()).Name...)
	}
	return dst
}

// key returns that of a host's name.
func (n *namer) key(host event.Sym) string {
	key, known := n.keys[host]
	if !known {
		key = destination.OfName(n.symbols.String(host)).Name
		n.keys[host] = key
	}
	return key
}

// Answers implements rarity.Namer.
func (n *namer) Answers(c *event.Connection, see func(address, key []byte)) {
	host := n.symbols.Fold(c.Host)
	if n.said[lookup{host, c.Answers}] {
		return
	}
	n.said[lookup{host, c.Answers}] = true
	key := []byte(n.key(host))
	for _, a := range n.read(c.Answers).all {
		if !netjoin.Classify(a).Internal() {
			see([]byte(a.Unmap().String()), key)
		}
	}
}

// User implements rarity.Namer: accounts of the system mean the same everywhere, people do
// not.
func (n *namer) User(dst, name []byte) []byte {
	if account := name[bytes.LastIndexByte(name, '\\')+1:]; isSystem(account) {
		return append(dst, account...)
	}
	return append(dst, anyUser...)
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
