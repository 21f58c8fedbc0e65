package tree

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// schedulers are the processes known to start roots, by what identifies them. A
// parent whose own words do not tell (a plain netsvcs host, a missing command line)
// is one of them when another event says so of the same id, or when it writes the log
// of what it starts.
type schedulers struct {
	start *starter
	log   Log // nil for none
	kin   func(event.Sym, event.ID) bool
	ids   map[schedulerKey]Evidence
}

type schedulerKey struct {
	device  event.Sym
	id      event.ID
	pid     uint32
	created event.Time
}

// findRoots finds for every actor how a starter of roots is known to have started it, and
// of which kind it is: where several are possible, of the highest level.
func (f *Forest) findRoots(roster *identity.Roster, o Options) {
	f.Kinds = kindsOf(o.Start)
	for kind := range f.Kinds {
		k := &f.Kinds[kind]
		s := schedulers{start: newStarter(k.Start, roster.Symbols()), ids: make(map[schedulerKey]Evidence)}
		if k.scheduled() {
			s.log, s.kin = o.Log, o.Kin
		}
		f.judge(roster, kind, s.find(roster, f))
	}
}

// find finds for every actor how it is known that a starter of roots started it.
func (s *schedulers) find(roster *identity.Roster, f *Forest) []Evidence {
	for i := range roster.Actors {
		a := &roster.Actors[i]
		s.note(a.Device, &a.Self)
		s.note(a.Device, &a.Parent)
	}
	roots := make([]Evidence, len(roster.Actors))
	for i := range roster.Actors {
		roots[i] = s.started(&roster.Actors[i], f.parent(roster, int32(i)))
	}
	if s.log != nil {
		s.askLog(roster, roots)
	}
	s.settle(roster, roots)
	return roots
}

// askLog finds the roots whose parent writes the scheduler's log, or which that names itself. What is known of a
// parent once holds for all that it starts.
func (s *schedulers) askLog(roster *identity.Roster, roots []Evidence) {
	var possible []int32
	for i := range roots {
		a := &roster.Actors[i]
		if roots[i] == unsure && !s.log.Writer(a.Parent.PID) && !s.log.Claims(a.Self.PID) {
			continue
		}
		if roots[i] != NoEvidence {
			possible = append(possible, int32(i))
		}
	}
	s.log.Align(roster, possible)
	possible = slices.DeleteFunc(possible, func(i int32) bool { return roots[i] != unsure })
	claimed := s.log.Claimed(roster, possible)
	for _, i := range possible {
		if a := &roster.Actors[i]; claimed[i] || s.log.Wrote(a.Parent.PID, a.Time) {
			roots[i] = ByTaskLog
			s.learn(a.Device, &a.Parent, ByTaskLog)
		}
	}
}

// settle decides on those of which nothing tells yet: by what the log told of their parents,
// or else by kin.
func (s *schedulers) settle(roster *identity.Roster, roots []Evidence) {
	for i := range roots {
		if roots[i] != unsure {
			continue
		}
		a := &roster.Actors[i]
		roots[i] = s.known(a.Device, &a.Parent)
		if roots[i] == NoEvidence && s.kin != nil && !a.Parent.ID.IsZero() && s.kin(a.Device, a.Parent.ID) {
			roots[i] = ByKin
		}
	}
}

// note remembers a process that says itself, or of which another event says, that
// it starts roots.
func (s *schedulers) note(device event.Sym, ref *event.Ref) {
	if s.start.verdict(ref) == Yes {
		s.learn(device, ref, ByGUIDSeen)
	}
}

// learn remembers how a process is known to start roots; what was known first counts.
func (s *schedulers) learn(device event.Sym, ref *event.Ref, how Evidence) {
	keys, n := schedulerKeys(device, ref)
	for _, key := range keys[:n] {
		if _, known := s.ids[key]; !known {
			s.ids[key] = how
		}
	}
}

// started finds how the actor's parent is known to start roots; unsure where neither its
// words nor its id tell. parent is the parent's own actor, nil when it has no event.
func (s *schedulers) started(a *identity.Actor, parent *identity.Actor) Evidence {
	ref := a.Parent
	if parent != nil && ref.Command == event.NoSym {
		ref.Name, ref.Command = parent.Self.Name, parent.Self.Command
	}
	if ref == (event.Ref{}) {
		return NoEvidence
	}
	switch s.start.verdict(&ref) {
	case Yes:
		return ByCommandLine
	case Maybe:
		how := s.known(a.Device, &ref)
		if how == NoEvidence && parent != nil {
			how = s.known(a.Device, &parent.Self)
		}
		if how == NoEvidence && (s.log != nil || s.kin != nil) {
			return unsure
		}
		return how
	}
	return NoEvidence
}

func (s *schedulers) known(device event.Sym, ref *event.Ref) Evidence {
	keys, n := schedulerKeys(device, ref)
	for _, key := range keys[:n] {
		if how, known := s.ids[key]; known {
			return how
		}
	}
	return NoEvidence
}

// schedulerKeys returns the n things that identify a process for good: never a process id
// alone.
func schedulerKeys(device event.Sym, ref *event.Ref) (keys [2]schedulerKey, n int) {
	if !ref.ID.IsZero() {
		keys[n] = schedulerKey{device: device, id: ref.ID}
		n++
	}
	if ref.PID != 0 && ref.Created != event.NoTime && (ref.ID.IsZero() || ref.Unique) {
		keys[n] = schedulerKey{device: device, pid: ref.PID, created: ref.Created}
		n++
	}
	return keys, n
}

func (f *Forest) parent(roster *identity.Roster, actor int32) *identity.Actor {
	if p := f.Parent[actor]; p != identity.None {
		return &roster.Actors[p]
	}
	return nil
}
