package identity

import "github.com/schtaskhunt/schtaskhunt/app/event"

// A start event comes up to so long after what it tells of, and a little before by another
// clock: in one capture of Defender 4 ms to 7 s after, with a median of 82 ms.
const (
	mostDelay = 10 * event.Second
	mostHaste = event.Second
)

// isUndated holds for a start event that says neither which process it is nor when that
// was created: its record time has to do.
func isUndated(p *event.Process) bool {
	return p.Self.ID.IsZero() && p.Self.Created == event.NoTime && p.Self.PID != 0 && p.Time != event.NoTime
}

// written reports whether a process that was created then may have been written down at
// that record time.
func written(created, at event.Time) bool {
	return at >= created-mostHaste && at <= created+mostDelay
}

// alike reports whether nothing that two references say of a process differs.
func (r *Roster) alike(a, b *event.Ref) bool {
	return r.namesAgree(a.Name, b.Name) && (a.Command == event.NoSym || b.Command == event.NoSym || a.Command == b.Command) &&
		!contradict(a.ID, b.ID)
}

// findUndated returns the one process without a creation time that may be the one which
// ref tells the creation time of.
func (r *Roster) findUndated(device event.Sym, ref *event.Ref) int32 {
	found := None
	for _, at := range r.undated[pidKey{device, ref.PID}] {
		a := &r.Actors[at]
		if a.Self.Created != event.NoTime || !written(ref.Created, a.Time) || !r.alike(&a.Self, ref) {
			continue
		}
		if found != None {
			return several
		}
		found = at
	}
	return found
}

// enrolUndated enrols the start events without a creation time, after all others: each is
// the same process as its twin with one, if it has one twin only.
func (r *Roster) enrolUndated(all []event.Process, undated []int32) {
	if len(undated) == 0 {
		return
	}
	dated := make(map[pidKey][]int32)
	for i := range r.Actors {
		if a := &r.Actors[i]; a.Self.PID != 0 && a.Self.Created != event.NoTime && (a.Self.ID.IsZero() || a.Self.Unique) {
			key := pidKey{a.Device, a.Self.PID}
			dated[key] = append(dated[key], int32(i))
		}
	}
	for _, i := range undated {
		p := &all[i]
		if twin := r.datedTwin(p, dated[pidKey{p.Device, p.Self.PID}]); twin != None {
			r.learn(twin, p)
			continue
		}
		r.enrol(p)
	}
}

func (r *Roster) datedTwin(p *event.Process, dated []int32) int32 {
	found := None
	for _, at := range dated {
		a := &r.Actors[at]
		if !written(a.Self.Created, p.Time) || !r.alike(&a.Self, &p.Self) || r.contradicts(a, p) {
			continue
		}
		if found != None {
			return None
		}
		found = at
	}
	return found
}

// lend gives a process whose own start event does not tell its parent the one that its
// connections tell. Where these differ, it has none.
func (r *Roster) lend(at int32, parent *event.Ref) {
	a := &r.Actors[at]
	switch {
	case parent.PID == 0 && parent.ID.IsZero() || a.torn:
	case a.lent && (differ(a.Parent.PID, parent.PID) || differ(a.Parent.Created, parent.Created) || contradict(a.Parent.ID, parent.ID)):
		a.Parent, a.torn = event.Ref{}, true
	case a.lent, a.Parent.PID == 0 && a.Parent.ID.IsZero() && r.namesAgree(a.Parent.Name, parent.Name):
		a.Parent.Complete(parent)
		a.lent = true
	}
}
