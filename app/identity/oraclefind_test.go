package identity

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func (o *slowRoster) find(device event.Sym, ref event.Ref, at event.Time, w Window) (int32, Edge) {
	if !ref.ID.IsZero() {
		edge := ByGUID
		if ref.Unique {
			edge = ByUID
		}
		found := o.where(func(a *slowActor) bool { return a.Device == device && a.Self.ID == ref.ID })
		if len(found) > 1 {
			found = o.byID(device, ref) // several have the id, so the process id is asked
		}
		if len(found) > 0 || !ref.Unique {
			return o.theOne(found, edge)
		}
	}
	if ref.PID == 0 {
		return None, NoEdge
	}
	if ref.Created != event.NoTime {
		found := o.byStart(device, ref)
		if len(found) == 0 {
			found = o.byCutStart(device, ref)
		}
		exact := o.where(func(a *slowActor) bool {
			return a.Device == device && a.Self.PID == ref.PID && a.Self.Created == ref.Created && (a.Self.ID.IsZero() || a.Self.Unique)
		})
		if len(found) == 0 && len(exact) == 0 {
			found = o.where(func(a *slowActor) bool {
				return a.Device == device && a.Self.PID == ref.PID && a.Self.ID.IsZero() && a.Self.Created == event.NoTime && a.Time != event.NoTime &&
					!a.rebuilt && o.soonAfter(ref.Created, a.Time) && o.sayTheSame(&a.Self, &ref)
			})
		}
		return o.theOne(found, ByPIDTime)
	}
	if at == event.NoTime {
		return None, NoEdge
	}
	found := o.where(func(a *slowActor) bool {
		return o.had(a, device, ref.PID) && o.agree(a.Self.Name, ref.Name) && compatible(a.Self.ID, ref.ID) && o.lived(a, at, w)
	})
	if all := o.where(func(a *slowActor) bool { return o.had(a, device, ref.PID) }); len(found) == 0 && len(all) == 1 {
		if a := &o.actors[all[0]]; a.Time > at && a.Time <= at+event.Day && ref.Name != event.NoSym && a.Self.Name != event.NoSym &&
			ref.Command != event.NoSym && a.Self.Command == ref.Command && o.agree(a.Self.Name, ref.Name) && compatible(a.Self.ID, ref.ID) {
			found = all // the clock was set back
		}
	}
	return o.theOne(found, ByPIDInterval)
}

func (o *slowRoster) theOne(found []int32, edge Edge) (int32, Edge) {
	switch {
	case len(found) == 0:
		return None, NoEdge
	case len(found) > 1:
		return None, Ambiguous
	case o.actors[found[0]].rebuilt:
		return found[0], ByParentFields
	}
	return found[0], edge
}

func (o *slowRoster) byID(device event.Sym, ref event.Ref) []int32 {
	if ref.ID.IsZero() {
		return nil
	}
	return o.where(func(a *slowActor) bool {
		return a.Device == device && a.Self.ID == ref.ID && (a.Self.PID == ref.PID || a.Self.PID == 0 || ref.PID == 0)
	})
}

// byStart lists at most one: the actor that came first with this start.
func (o *slowRoster) byStart(device event.Sym, ref event.Ref) []int32 {
	found := o.where(func(a *slowActor) bool {
		return a.Device == device && ref.PID != 0 && a.Self.PID == ref.PID && ref.Created != event.NoTime && a.Self.Created == ref.Created &&
			(a.Self.ID.IsZero() || a.Self.Unique)
	})
	if len(found) == 0 || !compatible(o.actors[found[0]].Self.ID, ref.ID) {
		return nil
	}
	return found[:1]
}

// byCutStart lists the actors whose start agrees to the millisecond, when no start is
// the very one and either side's time has whole milliseconds only.
func (o *slowRoster) byCutStart(device event.Sym, ref event.Ref) []int32 {
	seen := map[event.Time]bool{}
	found := o.where(func(a *slowActor) bool {
		fits := a.Device == device && ref.PID != 0 && a.Self.PID == ref.PID && a.Self.Created != event.NoTime &&
			(a.Self.ID.IsZero() || a.Self.Unique) && a.Self.Created/millisecond == ref.Created/millisecond && !seen[a.Self.Created]
		seen[a.Self.Created] = seen[a.Self.Created] || fits
		return fits
	})
	exact := o.where(func(a *slowActor) bool {
		return a.Device == device && a.Self.PID == ref.PID && a.Self.Created == ref.Created && (a.Self.ID.IsZero() || a.Self.Unique)
	})
	if len(exact) > 0 || len(found) == 0 {
		return nil
	}
	if len(found) == 1 && (isCut(o.actors[found[0]].Self.Created) == isCut(ref.Created) || !compatible(o.actors[found[0]].Self.ID, ref.ID)) {
		return nil
	}
	return found
}

func (o *slowRoster) where(holds func(*slowActor) bool) (found []int32) {
	for i := range o.actors {
		if holds(&o.actors[i]) {
			found = append(found, int32(i))
		}
	}
	return found
}

// had reports whether the actor is known to have had the process id from some time on.
func (o *slowRoster) had(a *slowActor, device event.Sym, pid uint32) bool {
	return a.Device == device && pid != 0 && a.Self.PID == pid && a.Time != event.NoTime && !a.rebuilt
}

// lived reports whether at is between the actor's start and its end, with the slack;
// an end not seen is bounded by the next start, or by w.Open where the actor has an id.
func (o *slowRoster) lived(a *slowActor, at event.Time, w Window) bool {
	if at < a.Time-w.Before {
		return false
	}
	if a.ended != event.NoTime {
		return at <= a.ended+w.After
	}
	for i := range o.actors {
		if next := &o.actors[i]; o.had(next, a.Device, a.Self.PID) && next.Time > a.Time && next.Time <= at {
			return false
		}
	}
	return w.Open == 0 || a.Self.ID.IsZero() || at <= a.Time+w.Open
}

func compatible(a, b event.ID) bool { return a.IsZero() || b.IsZero() || a == b }

func (o *slowRoster) agree(a, b event.Sym) bool {
	return a == event.NoSym || b == event.NoSym || strings.EqualFold(o.symbols.String(a), o.symbols.String(b))
}
