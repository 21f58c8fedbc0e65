package netjoin

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Merged stands for all connections of one process to one remote side in one way.
type Merged struct {
	Edge      identity.Edge
	Remote    event.Address // for a lookup, the address that stands for its answers
	Class     Class
	Port      uint16
	Host      event.Sym // in lower case
	URL       event.Sym
	Transport event.Sym
	Direction event.Direction
	Action    event.Sym
	Lookup    bool
	Answers   string // addresses that a lookup returned, with blanks between
	Count     int    // connections this stands for
	First     event.Time
	Last      event.Time
	Stamp     event.Time // the sensor's own time of the first
	ClockGap  int64      // greatest distance of the sensor's time from the record time, in seconds
}

// Filter decides which connections are hidden.
type Filter struct {
	// Shown reports whether addresses of a class are shown.
	Shown func(Class) bool
	// Allowed reports whether a destination is on the allow-list; nil allows none. host
	// is in lower case, addresses are those connected to or answered.
	Allowed func(host string, addresses []netip.Addr) bool
}

// key is what makes two connections of a process alike. How they were tied is part
// of it, so that what is certain is never mixed with what is inferred.
type key struct {
	edge      identity.Edge
	remote    event.Address
	port      uint16
	host      event.Sym
	direction event.Direction
	action    event.Sym
	lookup    bool
}

// group is a Merged in the making.
type group struct {
	Merged
	answers []netip.Addr
	parsed  event.Sym // the answers last added: lookups repeat themselves
}

// Merge merges the connections of one process, given by their indices, and hides
// those that the filter hides. hidden is how many connections those stand for.
func Merge(store *event.Store, ties *Ties, connections []int32, filter Filter) (shown []Merged, hidden int) {
	if len(connections) == 0 { // as most processes have none
		return nil, 0
	}
	groups := make(map[key]*group)
	var order []*group
	for _, i := range connections {
		c := &store.Connections[i]
		k := keyOf(store.Symbols, c, ties.Edge[i])
		g := groups[k]
		if g == nil {
			g = &group{Merged: Merged{Edge: k.edge, Remote: k.remote, Port: k.port, Host: k.host, Direction: k.direction,
				Action: k.action, Lookup: k.lookup}}
			groups[k] = g
			order = append(order, g)
		}
		g.add(store.Symbols, c)
	}
	for _, g := range order {
		if g.settle(); filter.shows(store.Symbols, g) {
			shown = append(shown, g.Merged)
		} else {
			hidden += g.Count
		}
	}
	slices.SortFunc(shown, func(a, b Merged) int { return compare(store.Symbols, &a, &b) })
	return shown, hidden
}

func keyOf(symbols *event.Symbols, c *event.Connection, edge identity.Edge) key {
	return key{edge, c.Remote, c.RemotePort, symbols.Fold(c.Host), c.Direction, c.Action, c.Lookup}
}

// add counts one connection in. Of what is not in the key, the text that sorts first
// is kept, whichever connection came first.
func (g *group) add(symbols *event.Symbols, c *event.Connection) {
	g.Count += int(c.Weight)
	if c.Time != event.NoTime && (g.First == event.NoTime || c.Time < g.First) {
		g.First = c.Time
	}
	g.Last = max(g.Last, c.Time)
	if c.Stamp != event.NoTime && (g.Stamp == event.NoTime || c.Stamp < g.Stamp) {
		g.Stamp = c.Stamp
	}
	g.ClockGap = max(g.ClockGap, event.Gap(c.Time, c.Stamp))
	keepFirst(symbols, &g.URL, c.URL)
	keepFirst(symbols, &g.Transport, c.Transport)
	if c.Lookup && c.Answers != g.parsed {
		g.parsed = c.Answers
		g.answers = append(g.answers, parseAnswers(symbols.Bytes(c.Answers))...)
	}
}

func keepFirst(symbols *event.Symbols, kept *event.Sym, y event.Sym) {
	if *kept == event.NoSym || (y != event.NoSym && symbols.Compare(y, *kept) < 0) {
		*kept = y
	}
}

// settle computes what follows from all connections of the group.
func (g *group) settle() {
	if g.Lookup {
		g.answers = sortAnswers(g.answers)
		g.Answers = joinAnswers(g.answers)
		if len(g.answers) > 0 {
			g.Remote = event.NewAddress(g.answers[0])
		}
	}
	g.Class = Classify(g.Remote.Addr())
}

func (f Filter) shows(symbols *event.Symbols, g *group) bool {
	if !f.Shown(g.Class) {
		return false
	}
	if f.Allowed == nil {
		return true
	}
	addresses := g.answers
	if !g.Lookup && !g.Remote.IsZero() {
		addresses = []netip.Addr{g.Remote.Addr()}
	}
	return !f.Allowed(symbols.String(g.Host), addresses)
}

// compare orders connections by time, then by everything that tells them apart.
func compare(symbols *event.Symbols, a, b *Merged) int {
	return cmp.Or(
		cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), event.CompareAddress(a.Remote, b.Remote),
		cmp.Compare(a.Port, b.Port), symbols.Compare(a.Host, b.Host), cmp.Compare(a.Direction, b.Direction),
		symbols.Compare(a.Action, b.Action), cmp.Compare(a.Edge, b.Edge), cmp.Compare(boolRank(a.Lookup), boolRank(b.Lookup)))
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
