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

// identity compares what makes a record of a log one event: device, record number,
// process and the sensor's time of it. A process with a stable id is compared by
// that alone, since the same event may come with and without its process id (NXLog
// drops it where names clash). Where only a process id is there, the record time
// counts: both numbers come again, Defender's ReportId by its own documentation. What
// mappers read comes after all that the program's own readers gave, and is never one
// with it.
func (o order) identity(a, b *Source, p, q *Ref, s, t Time) int {
	if c := cmp.Compare(o.rank[a.Device], o.rank[b.Device]); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(a.Mapper, b.Mapper), cmp.Compare(a.Record, b.Record)); c != 0 {
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
	return cmp.Or(cmp.Compare(a.Time, b.Time), o.texts(a.DeviceName, b.DeviceName), compareBool(a.Audit, b.Audit))
}

func (o order) refs(a, b *Ref) int {
	if *a == *b {
		return 0
	}
	return cmp.Or(o.ids(b.ID, a.ID), cmp.Compare(b.PID, a.PID), cmp.Compare(b.Created, a.Created),
		o.texts(a.Name, b.Name), o.texts(a.Path, b.Path), o.texts(a.Command, b.Command),
		cmp.Compare(a.Style, b.Style), compareBool(a.Unique, b.Unique), compareBool(a.Rival, b.Rival))
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

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
