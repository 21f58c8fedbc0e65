package identity

import (
	"cmp"
	"slices"
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// witnessSpan is how far from a child's start, in ticks, another event may lie that alone
// says who had the parent's process id.
const witnessSpan = event.Day

// sighting is what an event says of the holder of a process id at a time: who it was, or
// that somebody got it or gave it up then.
type sighting struct {
	at    event.Time
	who   event.Ref
	turns bool // the process id had another holder on the other side
}

// askWitnesses finds who the parents were of which a process id is all that is known, and
// no start event: Sysmon loses the rest for long-lived services. What other children say
// of the holder of that process id, before and after, holds in between; where only one
// side says something, it holds for a day, unless the process id changed hands.
func (r *Roster) askWitnesses(ends []event.End) {
	needy := r.needy()
	if len(needy) == 0 {
		return
	}
	seen := r.sightings(needy, ends)
	for _, child := range needy {
		a := &r.Actors[child]
		if who, known := r.holder(seen[pidKey{a.Device, a.Parent.PID}], a.Time); known {
			a.Parent.Complete(&who)
			a.Witnessed = true
		}
	}
}

// isNameless holds for a reference that is a process id and nothing else.
func isNameless(p *event.Ref) bool {
	return p.PID != 0 && p.ID.IsZero() && p.Created == event.NoTime && p.Name == event.NoSym && p.Path == event.NoSym && p.Command == event.NoSym
}

// needy returns the processes whose parent nothing else finds.
func (r *Roster) needy() (needy []int32) {
	for i := range r.Actors {
		a := &r.Actors[i]
		if !isNameless(&a.Parent) || a.Time == event.NoTime {
			continue
		}
		if _, edge := r.Find(a.Device, &a.Parent, a.Time, ParentWindow); edge == NoEdge {
			needy = append(needy, int32(i))
		}
	}
	return needy
}

// sightings collects what is said of the process ids that the needy ask for, by time.
func (r *Roster) sightings(needy []int32, ends []event.End) map[pidKey][]sighting {
	seen := make(map[pidKey][]sighting)
	for _, child := range needy {
		seen[pidKey{r.Actors[child].Device, r.Actors[child].Parent.PID}] = nil
	}
	note := func(device event.Sym, pid uint32, s sighting) {
		key := pidKey{device, pid}
		if some, asked := seen[key]; asked && s.at != event.NoTime {
			seen[key] = append(some, s)
		}
	}
	for i := range r.Actors {
		a := &r.Actors[i]
		if !isNameless(&a.Parent) && !a.Rebuilt {
			note(a.Device, a.Parent.PID, sighting{at: a.Time, who: a.Parent})
		}
		if a.starts() {
			note(a.Device, a.Self.PID, sighting{at: a.Time, who: a.Self, turns: true})
		}
	}
	for i := range ends {
		note(ends[i].Device, ends[i].Self.PID, sighting{at: ends[i].Time, who: ends[i].Self, turns: true})
	}
	for _, some := range seen {
		slices.SortStableFunc(some, func(x, y sighting) int { return cmp.Compare(x.at, y.at) })
	}
	return seen
}

// holder returns who had a process id at that time, if nothing speaks against it.
func (r *Roster) holder(seen []sighting, at event.Time) (who event.Ref, known bool) {
	next := sort.Search(len(seen), func(i int) bool { return seen[i].at > at })
	before, isBefore := one(r, seen[:next], at)
	after, isAfter := one(r, seen[next:], at)
	switch {
	case isBefore && isAfter:
		return before.who, r.isSame(&before.who, &after.who)
	case isBefore:
		return before.who, at-before.at <= witnessSpan && (next == len(seen) || !seen[next].turns || r.isSame(&seen[next].who, &before.who))
	case isAfter:
		return after.who, after.at-at <= witnessSpan && next == 0
	}
	return who, false
}

// one returns the sighting next to a time, on one side of it. A turn of hands is none, and
// neither are sightings of one moment that contradict each other.
func one(r *Roster, side []sighting, at event.Time) (s sighting, ok bool) {
	if len(side) == 0 {
		return s, false
	}
	nearest := side[0]
	if nearest.at <= at {
		nearest = side[len(side)-1]
	}
	for _, other := range side {
		if other.at == nearest.at && (other.turns || !r.isSame(&other.who, &nearest.who)) {
			return s, false
		}
	}
	return nearest, true
}

// isSame reports whether two references are to one process: by id, or where there is none
// by all that they say.
func (r *Roster) isSame(a, b *event.Ref) bool {
	if !a.ID.IsZero() || !b.ID.IsZero() {
		return a.ID == b.ID
	}
	return a.Created == b.Created && a.Command == b.Command && r.symbols.Fold(a.Name) == r.symbols.Fold(b.Name)
}
