package identity

import (
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// end notes the ends of processes. An end that bears an id is its process's for
// sure, so those go first; one with a process id alone is that of the latest start.
func (r *Roster) end(ends []event.End) {
	for _, byID := range [...]bool{true, false} {
		for i := range ends {
			if e := &ends[i]; e.Time != event.NoTime && identifies(e) == byID {
				r.endOne(e, byID)
			}
		}
	}
}

// identifies reports whether the end says more of its process than a process id.
func identifies(e *event.End) bool { return !e.Self.ID.IsZero() || e.Self.Created != event.NoTime }

func (r *Roster) endOne(e *event.End, byID bool) {
	var at int32
	if byID {
		at, _ = r.Find(e.Device, &e.Self, event.NoTime, Window{})
	} else {
		at = r.latestStart(e)
	}
	if at == None {
		return
	}
	if a := &r.Actors[at]; a.Ended == event.NoTime || (e.Time < a.Ended && a.endedByID == byID) {
		a.Ended, a.endedByID = e.Time, byID
	}
}

// latestStart returns the last process that got the process id up to then. Where the
// file names differ, that start was not logged.
func (r *Roster) latestStart(e *event.End) int32 {
	starts := r.startsOf(pidKey{e.Device, e.Self.PID})
	after := sort.Search(len(starts), func(i int) bool { return r.Actors[starts[i]].Time > e.Time })
	if after == 0 || !r.namesAgree(r.Actors[starts[after-1]].Self.Name, e.Self.Name) {
		return None
	}
	return starts[after-1]
}
