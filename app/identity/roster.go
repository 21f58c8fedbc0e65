// Package identity says which process an event means. It exists because each sensor has
// its own notion of identity: a ProcessGuid, a unique id, a process id with a creation
// time, or a process id that means something between a start and an end only.
package identity

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// None is the index of no process.
const None int32 = -1

// Actor is one process of the roster: all that its events say of it.
type Actor struct {
	event.Process
	Ended   event.Time // record time of its end, NoTime when that was not seen
	Rebuilt bool       // it has no start event: what is known comes from others' parent fields

	// Witnessed says that Parent was a process id only, and that other events told whose.
	Witnessed bool

	lent      bool // Parent is what connections say
	torn      bool // they say different things
	endedByID bool // Ended is of an event that bears its id
	twin      bool // another process has the same id
}

// Roster is every distinct process of a store, and the way to find the one that an
// event speaks of. All are scoped by device.
type Roster struct {
	Actors []Actor
	// Contradictions counts start events of a process that has one already and that
	// tell of another name or parent. The first in the order of Settle stands.
	Contradictions int

	// Rivals are second ways to read a start event, where nothing tells yet which is the
	// right one: see Take.
	Rivals []Rival

	symbols *event.Symbols
	spelled map[event.Sym]event.Sym // by device: the name to show
	last    event.Source            // that was spelled
	byID    idTable                 // the first with that id
	byTwin  map[twinKey]int32       // of an id that several processes have
	byStart map[startKey]int32
	byCut   map[startKey]int32 // byStart to the millisecond, made when it is needed
	anyCut  bool               // some start has a time of whole milliseconds
	byTime  map[timeKey]int32  // by record time, where there is no id and no creation time
	undated map[pidKey][]int32 // those without id and creation time
	byPID   map[pidKey][]int32 // by start time: see startsOf
	asked   int                // how often startsOf was, without byPID
}

// NewRoster identifies the processes of a settled store. The actors are in an order
// that depends on the events' content only.
func NewRoster(s *event.Store) *Roster {
	r := &Roster{}
	r.Of(s)
	return r
}

// mostToReuse is for how many processes a roster keeps its memory: one device with more
// must not hold it until all others are done.
const mostToReuse = 1 << 14

// Of makes r the roster of another settled store, in the memory of the last one's, of
// which everything is void.
func (r *Roster) Of(s *event.Store) {
	actors, byID := r.Actors, r.byID
	if cap(actors) > mostToReuse {
		actors, byID = nil, idTable{}
	}
	byID.reset(s.Symbols.Seed(), len(s.Processes))
	*r = Roster{
		Actors: slices.Grow(actors[:0], len(s.Processes)), symbols: s.Symbols, spelled: make(map[event.Sym]event.Sym), byID: byID,
		byTwin: make(map[twinKey]int32), byStart: make(map[startKey]int32), byTime: make(map[timeKey]int32),
	}
	var undated []int32
	for i := range s.Processes {
		r.spell(&s.Processes[i].Source)
		if s.Processes[i].Self.Rival {
			continue
		}
		if isUndated(&s.Processes[i]) {
			undated = append(undated, int32(i))
			continue
		}
		r.enrol(&s.Processes[i])
	}
	r.enrolUndated(s.Processes, undated)
	r.rebuild(s)
	r.end(s.Ends)
	r.askWitnesses(s.Ends)
	r.weighRivals(s.Processes)
	for i := range s.Ends {
		r.spell(&s.Ends[i].Source)
	}
	for i := range s.Connections {
		r.spell(&s.Connections[i].Source)
	}
}

// spell notes how an event spells its device. Of several spellings the one that
// sorts first is shown, whichever came first; a name comes before the device's key
// (Defender's DeviceId stands in for a name that is missing), and before none.
func (r *Roster) spell(s *event.Source) {
	if s.Device == r.last.Device && s.DeviceName == r.last.DeviceName {
		return
	}
	r.last = *s
	shown, known := r.spelled[s.Device]
	if !known || r.moreOfAName(s.Device, s.DeviceName, shown) {
		r.spelled[s.Device] = s.DeviceName
	}
}

func (r *Roster) moreOfAName(device, name, shown event.Sym) bool {
	switch {
	case name == shown || name == event.NoSym:
		return false
	case shown == event.NoSym:
		return true
	}
	if isKey, wasKey := r.symbols.Fold(name) == device, r.symbols.Fold(shown) == device; isKey != wasKey {
		return wasKey
	}
	return r.symbols.Compare(name, shown) < 0
}

// DeviceName returns the spelling of a device to show.
func (r *Roster) DeviceName(device event.Sym) event.Sym { return r.spelled[device] }

// Devices returns the number of devices that any event came from.
func (r *Roster) Devices() int { return len(r.spelled) }

// Symbols returns the table of the roster's texts.
func (r *Roster) Symbols() *event.Symbols { return r.symbols }

// enrol adds a process, or adds what is new to the actor that it already is.
func (r *Roster) enrol(p *event.Process) {
	if at := r.same(p); at != None {
		if r.contradicts(&r.Actors[at], p) {
			r.Contradictions++
		}
		r.learn(at, p)
		return
	}
	r.insert(p, false)
}

// same returns the actor that a start event is about. One id with two process ids is
// two processes: some Sysmon builds for Linux give one GUID to several processes
// that start within a second.
func (r *Roster) same(p *event.Process) int32 {
	if !p.Self.ID.IsZero() {
		switch at, edge := r.findID(p.Device, &p.Self); {
		case edge == Ambiguous:
			first, _ := r.byID.get(idKey{p.Device, p.Self.ID})
			return first
		case at != None && !differ(r.Actors[at].Self.PID, p.Self.PID):
			return at
		case !p.Self.Unique:
			return None
		}
	}
	if p.Self.Created != event.NoTime {
		if at, known := r.byStart[startKey{p.Device, p.Self.PID, p.Self.Created}]; known && !contradict(r.Actors[at].Self.ID, p.Self.ID) {
			return at
		}
	}
	if at, known := r.byTime[r.timeKey(p)]; known && !contradict(r.Actors[at].Self.ID, p.Self.ID) {
		return at
	}
	return None
}

func (r *Roster) insert(p *event.Process, rebuilt bool) {
	r.Actors = append(r.Actors, Actor{Process: *p, Rebuilt: rebuilt})
	r.index(int32(len(r.Actors) - 1))
}

// rebuild enrols the processes without a start event of which another event tells
// both what they were and who started them: Defender's initiating process with its
// parent. Others cannot be placed in a tree, so they are left out.
func (r *Roster) rebuild(s *event.Store) {
	for i := range s.Processes {
		if p := &s.Processes[i]; p.Grandparent != (event.Ref{}) {
			r.recall(&event.Process{Source: event.Source{Device: p.Device, DeviceName: p.DeviceName}, Self: p.Parent, Parent: p.Grandparent})
		}
	}
	for i := range s.Connections {
		if c := &s.Connections[i]; c.Parent != (event.Ref{}) {
			r.recall(&event.Process{Source: event.Source{Device: c.Device, DeviceName: c.DeviceName}, Self: c.Self, Parent: c.Parent,
				User: c.User, Hash: c.Hash})
		}
	}
}

// recall enrols a process from others' fields, if it is known well enough and is not
// there already. What its own start event says stands.
func (r *Roster) recall(p *event.Process) {
	if p.Self.ID.IsZero() && (p.Self.PID == 0 || p.Self.Created == event.NoTime) {
		return
	}
	switch at, edge := r.Find(p.Device, &p.Self, event.NoTime, Window{}); {
	case edge == Ambiguous:
	case at == None:
		r.insert(p, true)
	case r.Actors[at].Rebuilt:
		r.learn(at, p)
	default:
		if a := &r.Actors[at]; a.Self.ID.IsZero() && a.Self.Created == event.NoTime {
			a.Self.Created = p.Self.Created
			r.index(at)
		}
		r.lend(at, &p.Parent)
	}
}
