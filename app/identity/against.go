package identity

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// compare holds what a mapper tells against what others told. It reports whether they tell of
// a process in common, and of none in contradiction.
func (t *told) compare(s *event.Store, one *Apart) (shared bool) {
	see := func(source *event.Source, check func() (same, against bool)) {
		if source.Mapper != one.Mapper {
			return
		}
		same, against := check()
		if shared = shared || same; against {
			one.Against++
		}
	}
	for i := range s.Processes {
		p := &s.Processes[i]
		see(&p.Source, func() (bool, bool) { return t.process(p) })
	}
	for i := range s.Ends {
		e := &s.Ends[i]
		see(&e.Source, func() (bool, bool) { return t.end(e) })
	}
	for i := range s.Connections {
		c := &s.Connections[i]
		see(&c.Source, func() (bool, bool) {
			return t.process(&event.Process{Self: c.Self, Parent: c.Parent, User: c.User, Hash: c.Hash})
		})
	}
	return shared && one.Against == 0
}

// process compares a start event, or what a connection says of its process.
func (t *told) process(p *event.Process) (same, against bool) {
	same, against = t.refs(&p.Self, &p.Parent, &p.Grandparent)
	against = against || t.isTaken(p)
	if a := t.of(&p.Self); a != nil {
		against = against || t.differs(&a.parent, &p.Parent) || noneOf(a.users, t.user(p.User)) || t.hashDiffers(a, p.Hash) || noneNear(a.began, p.Time)
	}
	return same, against
}

// isTaken reports whether another process got the process id at the same time. Ids of two
// sensors differ for one process, but for GUIDs.
func (t *told) isTaken(p *event.Process) bool {
	return isGUID(p.Self.ID) && p.Time != event.NoTime && slices.ContainsFunc(t.got[p.Self.PID], func(other got) bool {
		return other.id != p.Self.ID && !farApart(other.at, p.Time)
	})
}

func isGUID(id event.ID) bool {
	_, isText := id.Text()
	return !id.IsZero() && !isText
}

// end compares the end of a process: it cannot be before what others tell of the process.
func (t *told) end(e *event.End) (same, against bool) {
	same, against = t.refs(&e.Self)
	if a := t.of(&e.Self); a != nil && e.Time != event.NoTime {
		against = against || farApart(a.ended, e.Time) || e.Time < a.last-sameMoment
	}
	return same, against
}

// refs compares what an event says of processes.
func (t *told) refs(refs ...*event.Ref) (same, against bool) {
	for _, ref := range refs {
		a := t.of(ref)
		switch {
		case a == nil:
			same = same || ref.ID.IsZero() && ref.PID != 0 && ref.Name != event.NoSym && t.named[nameKey{ref.PID, t.text(ref.Name)}]
		case t.differs(&a.self, ref):
			against = true
		default:
			same = same || t.agrees(&a.self, ref)
		}
	}
	return same, against
}

// differs reports whether a reference says of a process what nobody else says.
func (t *told) differs(w *words, ref *event.Ref) bool {
	return noneOf(w.ids, ref.ID) || noneOf(w.pids, ref.PID) || noneNear(w.created, ref.Created) ||
		noneOf(w.names, t.text(ref.Name)) || noneOf(w.commands, t.text(ref.Command))
}

// agrees reports whether a reference that contradicts nobody is to the same process: a GUID or
// a moment of creation is enough, another id is unique in its own sensor only.
func (t *told) agrees(w *words, ref *event.Ref) bool {
	_, isText := ref.ID.Text()
	return !isText || slices.Contains(w.pids, ref.PID) || slices.Contains(w.names, t.text(ref.Name)) || slices.Contains(w.commands, t.text(ref.Command))
}

// hashDiffers compares digests of one kind.
func (t *told) hashDiffers(a *account, hash event.Sym) bool {
	var alike []event.Sym
	for _, other := range a.hashes {
		if len(t.symbols.Bytes(other)) == len(t.symbols.Bytes(hash)) {
			alike = append(alike, other)
		}
	}
	return noneOf(alike, t.text(hash))
}

// noneOf reports whether a value is there, and others, and it is none of these.
func noneOf[T comparable](all []T, value T) bool {
	var absent T
	return value != absent && len(all) > 0 && !slices.Contains(all, value)
}

// sameMoment is how far apart two sensors may tell of one start or end.
const sameMoment = 60 * event.Second

func farApart(a, b event.Time) bool { return differ(a, b) && max(a-b, b-a) > sameMoment }

func noneNear(all []event.Time, at event.Time) bool {
	return at != event.NoTime && len(all) > 0 && !slices.ContainsFunc(all, func(other event.Time) bool { return !farApart(other, at) })
}

// call is what makes connections that two readers tell of one.
type call struct {
	id         event.ID
	pid        uint32 // where there is no id
	host       event.Sym
	remote     event.Address
	port, from uint16
	lookup     bool
	at         event.Time
}

func (t *told) call(c *event.Connection) call {
	k := call{id: c.Self.ID, host: t.text(c.Host), remote: c.Remote, port: c.RemotePort, from: c.LocalPort, lookup: c.Lookup, at: c.Time / event.Second}
	if k.id.IsZero() {
		k.pid = c.Self.PID
	}
	return k
}

// dropDoubles leaves out a mapper's connections and ends that others tell of as well.
func (t *told) dropDoubles(s *event.Store, mapper uint8) int {
	before := len(s.Connections) + len(s.Ends)
	s.Connections = slices.DeleteFunc(s.Connections, func(c event.Connection) bool { return c.Mapper == mapper && t.calls[t.call(&c)] })
	s.Ends = slices.DeleteFunc(s.Ends, func(e event.End) bool {
		a := t.of(&e.Self)
		return e.Mapper == mapper && a != nil && a.ended != event.NoTime
	})
	return before - len(s.Connections) - len(s.Ends)
}
