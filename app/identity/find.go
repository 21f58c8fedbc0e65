package identity

import (
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Edge is how an event was tied to a process; its text is the column `edge`.
type Edge uint8

// The ways to tie, the surest first.
const (
	NoEdge         Edge = iota
	ByGUID              // ProcessGuid
	ByUID               // another stable id of the sensor
	ByPIDTime           // process id and creation time
	ByPIDInterval       // process id, between its start and its end or next start
	ByParentFields      // told by the child's parent fields: the parent's own event is missing
	Ambiguous           // several processes fit: none is taken
)

// String returns the edge's spelling in rows.
func (e Edge) String() string {
	return [...]string{"", "guid", "uid", "pid_time", "pid_interval", "parent_fields", ""}[e]
}

// Window says how far from a process's start and end an event may lie that is tied
// by process id alone. Records of one moment are written in no fixed order, and
// Sysmon loses a process's GUID at its end rather than in its midst.
type Window struct {
	Before event.Time // this much before the start is allowed
	After  event.Time // this much after the end
	// Open bounds a process whose end was not seen and whose sensor has ids: that long
	// after its start. 0 leaves it open.
	Open event.Time
}

// Find returns the process on a device that ref is about and how it is known. at is
// the record time of the event that holds ref, needed only where a process id is all
// there is; with NoTime a process id alone finds nothing.
//
// An id that is there decides: when no process has it, the process was not seen,
// and no process id may stand in for it.
func (r *Roster) Find(device event.Sym, ref *event.Ref, at event.Time, w Window) (int32, Edge) {
	if !ref.ID.IsZero() {
		if found, edge := r.findID(device, ref); edge != NoEdge || !ref.Unique {
			return found, edge
		}
		// A unique id came late to Defender: start events may be without.
	}
	switch {
	case ref.PID == 0:
		return None, NoEdge
	case ref.Created != event.NoTime:
		return r.findStart(device, ref)
	case at == event.NoTime:
		return None, NoEdge
	}
	return r.findInterval(device, ref, at, w)
}

// findID returns the process with that id. Its process id need not agree, since some
// collectors put the sensor's own in its place; it is asked only where several
// processes have the id.
func (r *Roster) findID(device event.Sym, ref *event.Ref) (int32, Edge) {
	key := idKey{device, ref.ID}
	found, known := r.byID.get(key)
	if !known {
		return None, NoEdge
	}
	if r.Actors[found].twin {
		if ref.PID == 0 {
			return None, Ambiguous
		}
		if found, known = r.byTwin[twinKey{key, ref.PID}]; !known {
			return None, NoEdge
		}
	}
	if ref.Unique {
		return found, r.edgeTo(found, ByUID)
	}
	return found, r.edgeTo(found, ByGUID)
}

// findStart returns the process with that process id and creation time.
func (r *Roster) findStart(device event.Sym, ref *event.Ref) (int32, Edge) {
	found, known := r.byStart[startKey{device, ref.PID, ref.Created}]
	if !known {
		if found = r.findCut(device, ref); found == None || found >= 0 && contradict(r.Actors[found].Self.ID, ref.ID) {
			found = r.findUndated(device, ref)
		}
	}
	switch {
	case found == several:
		return None, Ambiguous
	case found == None || contradict(r.Actors[found].Self.ID, ref.ID):
		return None, NoEdge
	}
	return found, r.edgeTo(found, ByPIDTime)
}

// contradict reports whether two ids are there and differ: then they are of two
// processes, whatever else agrees.
func contradict(a, b event.ID) bool { return !a.IsZero() && !b.IsZero() && a != b }

// edgeTo is edge, or ByParentFields when the process found has no event of its own.
func (r *Roster) edgeTo(at int32, edge Edge) Edge {
	if r.Actors[at].Rebuilt {
		return ByParentFields
	}
	return edge
}

// nearStarts is how many starts of one process id are looked at. No system gives one
// out so often within the seconds that a Window allows.
const nearStarts = 8

// findInterval looks for the one process that had the process id at that time. The
// file name, where both sides have it, must agree: process ids are reused quickly,
// and the process in between may not have been logged.
func (r *Roster) findInterval(device event.Sym, ref *event.Ref, at event.Time, w Window) (int32, Edge) {
	starts := r.startsOf(pidKey{device, ref.PID})
	after := sort.Search(len(starts), func(i int) bool { return r.Actors[starts[i]].Time > at+w.Before })
	found := None
	for i := after - 1; i >= max(0, after-nearStarts); i-- {
		a := &r.Actors[starts[i]]
		if !a.covers(at, r.nextStart(starts, i), w) || !r.namesAgree(a.Self.Name, ref.Name) || contradict(a.Self.ID, ref.ID) {
			continue
		}
		if found != None {
			return None, Ambiguous
		}
		found = starts[i]
	}
	if found == None {
		found = r.findRewound(starts, ref, at)
	}
	if found == None {
		return None, NoEdge
	}
	return found, ByPIDInterval
}

// farthestBack is how far a clock may be set back between a process and its child, in
// ticks, before the two are taken for what they seem.
const farthestBack = event.Day

// findRewound finds a parent that by its clock started after its child: the clock was set
// back in between. Only a process that alone had the process id, and that is what the child
// says of its parent to the letter, is taken.
func (r *Roster) findRewound(starts []int32, ref *event.Ref, at event.Time) int32 {
	if len(starts) != 1 || ref.Name == event.NoSym || ref.Command == event.NoSym {
		return None
	}
	a := &r.Actors[starts[0]]
	if a.Time <= at || a.Time > at+farthestBack || a.Self.Command != ref.Command || !r.alike(&a.Self, ref) || a.Self.Name == event.NoSym {
		return None
	}
	return starts[0]
}

// ParentWindow is how a parent is found by process id alone: it was there when its child
// was started, but records written within a second come in any order.
var ParentWindow = Window{Before: event.Second, After: event.Second}

// nextStart returns when the process id was given out again after starts[i].
func (r *Roster) nextStart(starts []int32, i int) event.Time {
	later := starts[i+1:]
	n := sort.Search(len(later), func(j int) bool { return r.Actors[later[j]].Time > r.Actors[starts[i]].Time })
	if n == len(later) {
		return event.NoTime
	}
	return r.Actors[later[n]].Time
}

// covers reports whether the process may have had an event at that time. next is the
// next start of its process id, which bounds it when its end was not seen.
func (a *Actor) covers(at, next event.Time, w Window) bool {
	switch {
	case at < a.Time-w.Before:
		return false
	case a.Ended != event.NoTime:
		return at <= a.Ended+w.After
	case next != event.NoTime && at >= next:
		return false
	case w.Open > 0 && !a.Self.ID.IsZero():
		return at <= a.Time+w.Open
	}
	return true
}

func (r *Roster) namesAgree(a, b event.Sym) bool {
	return a == event.NoSym || b == event.NoSym || r.symbols.Fold(a) == r.symbols.Fold(b)
}
