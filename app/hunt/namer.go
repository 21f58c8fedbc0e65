package hunt

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// namer says what the texts of one device come down to.
type namer struct {
	symbols *event.Symbols
	device  template.Names
	names   *destination.Names // device 0 is the only one
	answers []netip.Addr
	keys    map[event.Sym]string // of hosts
	habits  map[habitKey][]string
}

type habitKey struct{ name, path, command, parent event.Sym }

// namer returns what names the things of a part's device.
func (g *part) namer() *namer {
	n := &namer{
		symbols: g.roster.Symbols(), device: template.NewNames(g.deviceName()),
		names: destination.NewNames(), keys: make(map[event.Sym]string), habits: make(map[habitKey][]string),
	}
	for i := range g.store.Connections {
		if c := &g.store.Connections[i]; c.Lookup && c.Answers != event.NoSym {
			n.learn(c)
		}
	}
	return n
}

func (g *part) deviceName() string {
	for i := range g.roster.Actors {
		return g.text(g.roster.DeviceName(g.roster.Actors[i].Device))
	}
	return ""
}

func (n *namer) learn(c *event.Connection) {
	n.read(c)
	n.names.Add(0, int64(c.Time), n.symbols.String(c.Host), n.answers)
}

// read reads the addresses that a lookup was answered with.
func (n *namer) read(c *event.Connection) {
	n.answers = n.answers[:0]
	for part := range bytes.SplitSeq(n.symbols.Bytes(c.Answers), []byte(";")) {
		if a, err := netip.ParseAddr(string(bytes.TrimSpace(part))); err == nil {
			n.answers = append(n.answers, a)
		}
	}
}

// Template implements rarity.Namer.
func (n *namer) Template(dst []byte, self *event.Ref) []byte {
	for _, y := range [...]event.Sym{self.Command, self.Path, self.Name} {
		if y != event.NoSym {
			return template.Append(dst, n.symbols.Bytes(y), n.device)
		}
	}
	return append(dst, unnamed...)
}

// Destination implements rarity.Namer.
func (n *namer) Destination(dst []byte, c *event.Connection) []byte {
	if c.Direction == event.Inbound || c.Direction == event.Listen {
		return dst
	}
	host := n.symbols.Fold(c.Host)
	class := netjoin.Classify(c.Remote.Addr())
	if class.Internal() {
		if class != netjoin.Private && class != netjoin.CGNAT {
			return dst
		}
		dst = append(dst, c.Remote.Addr().String()...)
		return strconv.AppendUint(append(dst, ':'), uint64(c.RemotePort), 10)
	}
	switch {
	case host != event.NoSym && n.isInside(c):
		return dst
	case host != event.NoSym:
		return append(dst, n.key(host)...)
	case !c.Remote.IsZero():
		key, _ := n.names.Of(0, c.Remote.Addr(), int64(c.Time))
		return append(dst, key.Name...)
	}
	return dst
}

// isInside reports whether a lookup was answered, and with addresses inside only.
func (n *namer) isInside(c *event.Connection) bool {
	n.read(c)
	for _, a := range n.answers {
		if !netjoin.Classify(a).Internal() {
			return false
		}
	}
	return len(n.answers) > 0
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
	n.read(c)
	key := []byte(n.key(n.symbols.Fold(c.Host)))
	for _, a := range n.answers {
		if !netjoin.Classify(a).Internal() {
			see([]byte(a.Unmap().String()), key)
		}
	}
}

// User implements rarity.Namer: accounts of the system mean the same everywhere, people do
// not.
func (n *namer) User(dst, name []byte) []byte {
	_, account, _ := bytes.Cut(name, []byte(`\`))
	switch string(account) {
	case "system", "local service", "network service", "localsystem", "localservice", "networkservice":
		return append(dst, account...)
	}
	return append(dst, "<user>"...)
}

// Traits implements rarity.Namer.
func (n *namer) Traits(a *identity.Actor, parent *event.Ref, see func(string)) {
	key := habitKey{name: a.Self.Name, path: a.Self.Path, command: a.Self.Command}
	if parent != nil {
		key.parent = parent.Name
	}
	shown, known := n.habits[key]
	if !known {
		p := score.Process{
			Name: n.folded(key.name), Path: n.folded(key.path), Command: n.folded(key.command), Parent: n.folded(key.parent),
		}
		score.Each(&p, func(h *score.Habit) { shown = append(shown, h.Name) })
		n.habits[key] = shown
	}
	for _, habit := range shown {
		see(habit)
	}
}

func (n *namer) folded(y event.Sym) []byte { return n.symbols.Bytes(n.symbols.Fold(y)) }
