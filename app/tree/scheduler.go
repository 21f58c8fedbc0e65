package tree

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// schedulers are the processes known to start roots, by what identifies them. A
// parent whose own words do not tell (a plain netsvcs host, a missing command line)
// is one of them when another event says so of the same id.
type schedulers struct {
	start *starter
	ids   map[schedulerKey]struct{}
}

type schedulerKey struct {
	device  event.Sym
	id      event.ID
	pid     uint32
	created event.Time
}

// findRoots reports for every actor whether a starter of roots started it. Roots
// proved by other evidence (the TaskScheduler log) would be added here.
func (f *Forest) findRoots(roster *identity.Roster, start Starter) []bool {
	s := schedulers{
		start: newStarter(start, roster.Symbols()),
		ids:   make(map[schedulerKey]struct{}),
	}
	for i := range roster.Actors {
		a := &roster.Actors[i]
		s.note(a.Device, &a.Self)
		s.note(a.Device, &a.Parent)
	}
	roots := make([]bool, len(roster.Actors))
	for i := range roster.Actors {
		roots[i] = s.started(&roster.Actors[i], f.parent(roster, int32(i)))
	}
	return roots
}

// note remembers a process that says itself, or of which another event says, that
// it starts roots.
func (s *schedulers) note(device event.Sym, ref *event.Ref) {
	if s.start.verdict(ref) != Yes {
		return
	}
	for _, key := range schedulerKeys(device, ref) {
		s.ids[key] = struct{}{}
	}
}

// started reports whether the actor's parent starts roots. parent is the parent's
// own actor, nil when it has no event.
func (s *schedulers) started(a *identity.Actor, parent *identity.Actor) bool {
	ref := a.Parent
	if parent != nil && ref.Command == event.NoSym {
		ref.Name, ref.Command = parent.Self.Name, parent.Self.Command
	}
	if ref == (event.Ref{}) {
		return false
	}
	switch s.start.verdict(&ref) {
	case Yes:
		return true
	case Maybe:
		return s.known(a.Device, &ref) || (parent != nil && s.known(a.Device, &parent.Self))
	}
	return false
}

func (s *schedulers) known(device event.Sym, ref *event.Ref) bool {
	for _, key := range schedulerKeys(device, ref) {
		if _, known := s.ids[key]; known {
			return true
		}
	}
	return false
}

// schedulerKeys returns what identifies a process for good: never a process id alone.
func schedulerKeys(device event.Sym, ref *event.Ref) (keys []schedulerKey) {
	if !ref.ID.IsZero() {
		keys = append(keys, schedulerKey{device: device, id: ref.ID})
	}
	if ref.PID != 0 && ref.Created != event.NoTime && (ref.ID.IsZero() || ref.Unique) {
		keys = append(keys, schedulerKey{device: device, pid: ref.PID, created: ref.Created})
	}
	return keys
}

func (f *Forest) parent(roster *identity.Roster, actor int32) *identity.Actor {
	if p := f.Parent[actor]; p != identity.None {
		return &roster.Actors[p]
	}
	return nil
}
