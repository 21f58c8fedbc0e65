package event

import "cmp"

// order compares events by content: identity first, so that two renderings of one
// record come to lie side by side; then everything else, so that the one that
// survives does not depend on which came first. Of two renderings the one that
// knows more comes first.
type order struct {
	symbols *Symbols
	rank    []uint32 // of devices, by symbol
}

func (o order) processes(a, b *Process) int {
	if c := o.identity(&a.Source, &b.Source, &a.Self, &b.Self, a.Self.Created, b.Self.Created); c != 0 {
		return c
	}
	return cmp.Or(
		o.refs(&a.Self, &b.Self), o.refs(&a.Parent, &b.Parent), o.refs(&a.Grandparent, &b.Grandparent),
		o.texts(a.User, b.User), o.texts(a.Hash, b.Hash), o.sources(&a.Source, &b.Source))
}

func (o order) sameProcess(a, b *Process) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.identity(&a.Source, &b.Source, &a.Self, &b.Self, a.Self.Created, b.Self.Created) == 0
}

func (o order) ends(a, b *End) int {
	if c := o.identity(&a.Source, &b.Source, &a.Self, &b.Self, 0, 0); c != 0 {
		return c
	}
	return cmp.Or(o.refs(&a.Self, &b.Self), o.sources(&a.Source, &b.Source))
}

func (o order) sameEnd(a, b *End) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.identity(&a.Source, &b.Source, &a.Self, &b.Self, 0, 0) == 0
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

// identity compares what makes a record of a log one event: device, record number,
// process and the sensor's time of it. A process with a stable id is compared by
// that alone, since the same event may come with and without its process id (NXLog
// drops it where names clash). Where only a process id is there, the record time
// counts: both numbers come again, Defender's ReportId by its own documentation.
func (o order) identity(a, b *Source, p, q *Ref, s, t Time) int {
	if c := cmp.Compare(o.rank[a.Device], o.rank[b.Device]); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Record, b.Record); c != 0 {
		return c
	}
	if c := cmp.Or(o.ids(p.ID, q.ID), cmp.Compare(s, t)); c != 0 || !p.ID.IsZero() {
		return c
	}
	if c := cmp.Or(cmp.Compare(p.PID, q.PID), cmp.Compare(p.Created, q.Created)); c != 0 || s != NoTime || p.Created != NoTime {
		return c
	}
	return cmp.Compare(a.Time, b.Time)
}

func (o order) sources(a, b *Source) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), o.texts(a.DeviceName, b.DeviceName))
}

func (o order) refs(a, b *Ref) int {
	if *a == *b {
		return 0
	}
	return cmp.Or(o.ids(b.ID, a.ID), cmp.Compare(b.PID, a.PID), cmp.Compare(b.Created, a.Created),
		o.texts(a.Name, b.Name), o.texts(a.Path, b.Path), o.texts(a.Command, b.Command),
		cmp.Compare(a.Style, b.Style), compareBool(a.Unique, b.Unique))
}

// texts orders two texts bytewise, an absent one last.
func (o order) texts(a, b Sym) int {
	switch {
	case a == b:
		return 0
	case a == NoSym:
		return 1
	case b == NoSym:
		return -1
	}
	return o.symbols.Compare(a, b)
}

// ids orders ids by value; those that are symbols by their text, because the
// numbers of symbols depend on the order of arrival.
func (o order) ids(a, b ID) int {
	x, xText := a.Text()
	y, yText := b.Text()
	if xText && yText {
		return o.symbols.Compare(x, y)
	}
	return cmp.Or(cmp.Compare(a.Hi, b.Hi), cmp.Compare(a.Lo, b.Lo))
}

// CompareAddress orders addresses: absent ones first, then IPv4, then IPv6.
func CompareAddress(a, b Address) int {
	return cmp.Or(cmp.Compare(a.family, b.family), cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
