package destination

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Names names addresses by lookups: the device's own, and second best those of others.
// The order in which lookups are added does not matter, nor does adding one twice. It is
// not safe for concurrent use, not even Of, which puts lookups in order when asked; Merge puts together what was collected apart.
type Names struct {
	number map[string]int32
	known  []known
	own    map[resolver]*history
	fleet  map[netip.Addr][]int32 // the domains that any device got this address for
}

// known is a name, its key, and the number of its domain among the names.
type known struct {
	name   string
	key    Key
	domain int32
}

type resolver struct {
	device  int32
	address netip.Addr
}

type lookup struct {
	at   int64
	name int32
}

// history is what one device looked up and got one address for.
type history struct {
	all    []lookup
	domain int32 // of all of them; several if they disagree
	sorted bool
}

const several = -1

// How says how a name was found.
type How uint8

// The ways to a name.
const (
	Unnamed How = iota // no lookup, or lookups that contradict each other
	Own                // the device looked it up itself
	Others             // only other devices did
)

// NewNames returns names that know nothing.
func NewNames() *Names {
	return &Names{number: make(map[string]int32), own: make(map[resolver]*history), fleet: make(map[netip.Addr][]int32)}
}

// Add notes that a device looked up a name at an instant, in any unit that the caller
// keeps to, and got these addresses. Answers that are no addresses are passed over.
func (n *Names) Add(device int32, at int64, name string, answers []netip.Addr) {
	n.AddName(device, at, n.Name(name), answers)
}

// Name is the number of a name, for AddName; NoName for what is none.
type Name int32

// NoName is the number of what nobody looks up: nothing at all, or an address.
const NoName Name = -1

// Name returns the number of a name: who meets the same one often looks it up once.
func (n *Names) Name(name string) Name {
	if name = strings.ToLower(strings.Trim(strings.TrimSpace(name), ".")); name == "" {
		return NoName
	}
	number := n.numberOf(name)
	if n.known[number].key.Address {
		return NoName
	}
	return Name(number)
}

// AddName is Add for the number of a name.
func (n *Names) AddName(device int32, at int64, name Name, answers []netip.Addr) {
	if name == NoName {
		return
	}
	for _, answer := range answers {
		if answer = plain(answer); !answer.IsValid() || answer.IsUnspecified() {
			continue
		}
		n.add(resolver{device, answer}, lookup{at, int32(name)})
	}
}

func (n *Names) add(r resolver, l lookup) {
	domain := n.known[l.name].domain
	h := n.own[r]
	if h == nil {
		h = &history{domain: domain}
		n.own[r] = h
	}
	if h.domain != domain {
		h.domain = several
	}
	h.all, h.sorted = append(h.all, l), false
	if !slices.Contains(n.fleet[r.address], domain) && len(n.fleet[r.address]) < 2 {
		n.fleet[r.address] = append(n.fleet[r.address], domain) // two are as ambiguous as more
	}
}

// numberOf returns the number of a name.
func (n *Names) numberOf(name string) int32 {
	if number, seen := n.number[name]; seen {
		return number
	}
	number := int32(len(n.known))
	n.number[name] = number
	key := OfName(name)
	n.known = append(n.known, known{name, key, number})
	if key.Name != name {
		n.known[number].domain = n.numberOf(key.Name)
	}
	return number
}

// Merge adds what others know; devices have the same numbers in both.
func (n *Names) Merge(other *Names) {
	number := make([]int32, len(other.known))
	for i := range other.known {
		number[i] = n.numberOf(other.known[i].name)
	}
	for r, h := range other.own {
		for _, l := range h.all {
			n.add(r, lookup{l.at, number[l.name]})
		}
	}
}

// Of returns the key of a contact of a device to an address at an instant.
//
// Names of one domain agree. Where the device got the address for several domains, the
// one that it looked up last before the contact counts; without such a lookup, and where
// only other devices looked it up and disagree, the address stays an address: a shared
// cloud's address must not lend a channel the name of a neighbour.
func (n *Names) Of(device int32, address netip.Addr, at int64) (Key, How) {
	address = plain(address)
	if h := n.own[resolver{device, address}]; h != nil {
		if domain := n.pick(h, at); domain != several {
			return n.known[domain].key, Own
		}
		return OfAddress(address), Unnamed
	}
	if domains := n.fleet[address]; len(domains) == 1 {
		return n.known[domains[0]].key, Others
	}
	return OfAddress(address), Unnamed
}

// pick returns the domain that lookups agree on, else that of the last one before.
func (n *Names) pick(h *history, at int64) (domain int32) {
	if h.domain != several {
		return h.domain
	}
	if !h.sorted {
		slices.SortFunc(h.all, n.later)
		h.all, h.sorted = slices.Compact(h.all), true
	}
	after, _ := slices.BinarySearchFunc(h.all, at, func(l lookup, at int64) int {
		if l.at > at {
			return 1
		}
		return -1
	})
	if after == 0 {
		return several
	}
	return n.known[h.all[after-1].name].domain
}

// later compares lookups by time; at the same instant the names decide, so that their
// order does not.
func (n *Names) later(a, b lookup) int {
	return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(n.known[b.name].name, n.known[a.name].name))
}
