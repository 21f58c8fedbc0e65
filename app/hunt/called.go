package hunt

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
)

// answers are the addresses that a lookup was answered with.
type answers struct {
	all    []netip.Addr
	inside bool // all of them are, and there are some
}

// lookup is what was asked and answered.
type lookup struct{ host, answers event.Sym }

// book is what the lookups of trees say: each task is a resolver of its own, whose runs have
// the answers of those before, as Windows has. Thousands of names share the addresses of a
// content network, so that what another task got an address for does not tell whom this one
// calls there.
type book struct {
	names *destination.Names
	hosts map[event.Sym]destination.Name
}

func (n *namer) learn(root int32, c *event.Connection) {
	name, known := n.book.hosts[c.Host]
	if !known {
		name = n.book.names.Name(n.symbols.String(c.Host))
		n.book.hosts[c.Host] = name
	}
	n.book.names.AddName(n.task(root), int64(c.Time), name, n.read(c.Answers).all)
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
