package destination

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Names names addresses by lookups: the device's own, and second best those of others.
// The order in which lookups are added does not matter, nor does adding one twice. It is
// not safe for concurrent use; Merge puts together what was collected apart.
type Names struct {
	number map[string]int32
	known  []known
	own    map[resolver][]lookup
	fleet  map[netip.Addr][]int32 // the domains that any device got this address for
}

// known is a name and the number of its domain's key among the names.
type known struct {
	name   string
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

// How says how a name was found.
type How uint8

// The ways to a name, the best first.
const (
	Unnamed How = iota // no lookup, or lookups that contradict each other
	Own                // the device looked it up itself
	Others             // only other devices did
)

// NewNames returns names that know nothing.
func NewNames() *Names {
	return &Names{number: make(map[string]int32), own: make(map[resolver][]lookup), fleet: make(map[netip.Addr][]int32)}
}

// Add notes that a device looked up a name at an instant, in any unit that the caller
// keeps to, and got these addresses. Answers that are no addresses are passed over.
func (n *Names) Add(device int32, at int64, name string, answers []netip.Addr) {
	if name = strings.ToLower(strings.Trim(strings.TrimSpace(name), ".")); name == "" || OfName(name).Address {
		return
	}
	number := n.numberOf(name)
	for _, answer := range answers {
		if answer = plain(answer); !answer.IsValid() || answer.IsUnspecified() {
			continue
		}
		n.add(resolver{device, answer}, lookup{at, number})
	}
}

func (n *Names) add(r resolver, l lookup) {
	n.own[r] = append(n.own[r], l)
	if domain := n.known[l.name].domain; !slices.Contains(n.fleet[r.address], domain) && len(n.fleet[r.address]) < 2 {
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
	n.known = append(n.known, known{name, number})
	if domain := OfName(name).Name; domain != name {
		n.known[number].domain = n.numberOf(domain)
	}
	return number
}

// Merge adds what others know; devices have the same numbers in both.
func (n *Names) Merge(other *Names) {
	number := make([]int32, len(other.known))
	for i := range other.known {
		number[i] = n.numberOf(other.known[i].name)
	}
	for r, all := range other.own {
		for _, l := range all {
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
	if own := n.own[resolver{device, address}]; len(own) > 0 {
		if domain, sure := n.pick(own, at); sure {
			return OfName(n.known[domain].name), Own
		}
		return OfAddress(address), Unnamed
	}
	if domains := n.fleet[address]; len(domains) == 1 {
		return OfName(n.known[domains[0]].name), Others
	}
	return OfAddress(address), Unnamed
}

// pick returns the domain that lookups agree on, else that of the last one before.
func (n *Names) pick(own []lookup, at int64) (domain int32, sure bool) {
	last, agree := -1, true
	for i, l := range own {
		agree = agree && n.known[l.name].domain == n.known[own[0].name].domain
		if l.at <= at && (last < 0 || n.later(l, own[last]) > 0) {
			last = i
		}
	}
	if agree {
		last = 0
	}
	if last < 0 {
		return 0, false
	}
	return n.known[own[last].name].domain, true
}

// later compares lookups by time; at the same instant the names decide, so that their
// order does not.
func (n *Names) later(a, b lookup) int {
	return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(n.known[b.name].name, n.known[a.name].name))
}
