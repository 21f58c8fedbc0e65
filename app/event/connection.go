package event

import "cmp"

// Direction is which side opened a connection.
type Direction uint8

// Directions as the column `direction` spells them.
const (
	UnknownDirection Direction = iota
	Outbound
	Inbound
	Listen
)

// String returns the direction's spelling in rows.
func (d Direction) String() string {
	return [...]string{"unknown", "outbound", "inbound", "listen"}[d]
}

// Connection is a network connection or, when Lookup is set, a name lookup.
type Connection struct {
	Source
	Stamp  Time // the sensor's own time of it, which may run on another clock than Time
	Self   Ref  // the process that owns it
	User   Sym
	Hash   Sym
	Parent Ref // Defender: the initiating process's parent

	Remote     Address
	RemotePort uint16
	Local      Address // with LocalPort only to tell two connections apart
	LocalPort  uint16
	Host       Sym // remote host name; the name asked for in a lookup
	URL        Sym
	Transport  Sym // in lower case
	Action     Sym // the source's own action
	Direction  Direction
	Lookup     bool
	Answers    Sym    // addresses that a lookup returned, as written
	Weight     uint32 // connections this event stands for, at least 1
}

var connectionTraits = traits[Connection]{
	source:  func(e *Connection) *Source { return &e.Source },
	compare: order.connections, same: order.sameConnection, complete: (*Connection).complete,
}

func (o order) connections(a, b *Connection) int {
	if c := o.connectionIdentity(a, b); c != 0 {
		return c
	}
	return cmp.Or(
		o.refs(&a.Self, &b.Self), o.refs(&a.Parent, &b.Parent),
		CompareAddress(a.Remote, b.Remote), cmp.Compare(a.RemotePort, b.RemotePort),
		CompareAddress(a.Local, b.Local), cmp.Compare(a.LocalPort, b.LocalPort),
		o.texts(a.Host, b.Host), o.texts(a.URL, b.URL),
		o.texts(a.Transport, b.Transport), o.texts(a.Action, b.Action), o.texts(a.Answers, b.Answers),
		o.texts(a.User, b.User), o.texts(a.Hash, b.Hash),
		cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Weight, b.Weight), o.sources(&a.Source, &b.Source))
}

func (o order) sameConnection(a, b *Connection) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.connectionIdentity(a, b) == 0
}

func (o order) connectionIdentity(a, b *Connection) int {
	if c := o.identity(&a.Source, &b.Source, &a.Self, &b.Self, a.Stamp, b.Stamp); c != 0 {
		return c
	}
	return compareBool(a.Lookup, b.Lookup)
}

// complete fills what c does not know from another rendering of the same record.
func (c *Connection) complete(other *Connection) {
	c.Self.Complete(&other.Self)
	c.Parent.Complete(&other.Parent)
	for _, pair := range [...]struct {
		to   *Sym
		from Sym
	}{
		{&c.User, other.User}, {&c.Hash, other.Hash}, {&c.Host, other.Host}, {&c.URL, other.URL},
		{&c.Transport, other.Transport}, {&c.Action, other.Action}, {&c.Answers, other.Answers},
	} {
		fill(pair.to, pair.from)
	}
	fill(&c.Remote, other.Remote)
	fill(&c.RemotePort, other.RemotePort)
	fill(&c.Local, other.Local)
	fill(&c.LocalPort, other.LocalPort)
	fill(&c.Direction, other.Direction)
	fill(&c.Time, other.Time)
}
