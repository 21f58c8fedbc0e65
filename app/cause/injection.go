package cause

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Injection is that one process reached into another, once or more. It is told as soon as it was seen first.
type Injection struct {
	By     int32     // the process that did, identity.None where its start is not known
	Source event.Ref // what the events tell of it
	Into   int32
	At     event.Time
	User   event.Sym // whose process By is
	Thread bool      // it started a thread there; else it opened the process with the rights to run code in it
	Rights uint32    // of one that opened it
	Where  event.Sym // what the thread began in
	Told   []Told    // the first mostTold events
	Events int       // how many there were
}

// Certainty is how sure it is that code ran in the other process: likely where a thread was started in it, of
// which no event tells what it did, and possible where only the rights were taken.
func (i *Injection) Certainty() Certainty {
	if i.Thread {
		return Likely
	}
	return Possible
}

// mostTold is how many of the events of an injection are named.
const mostTold = 3

// reach is how far from a process's start and end an event of it may lie that has no id.
var reach = identity.Window{Before: 2 * event.Second, After: 5 * event.Second, Open: 60 * event.Second}

// pair is what the events of one injection have in common. Of a source that is not known what they say of it counts.
type pair struct {
	by, into int32
	source   event.Ref
	thread   bool
}

// Injections puts the injections of a settled store of one device together, by time. parent returns the parent of
// a process: that it opens what it started is a part of starting it, and no injection. An injection into a process
// whose start is not known is none that can be shown, and left out.
func Injections(store *event.Store, roster *identity.Roster, parent func(actor int32) int32) (all []Injection) {
	at := make(map[pair]int)
	for _, e := range inTime(store.Injections) {
		into, edge := roster.Find(e.Device, &e.Into, e.Time, reach)
		if into == identity.None || edge == identity.Ambiguous {
			continue
		}
		by, edge := roster.Find(e.Device, &e.By, e.Time, reach)
		if edge == identity.Ambiguous {
			by = identity.None
		}
		if by == into || !e.Thread && (by != identity.None && by == parent(into) || isNamed(&roster.Actors[into].Parent, &e.By)) {
			continue
		}
		key := pair{by: by, into: into, thread: e.Thread}
		if by == identity.None {
			key.source = event.Ref{ID: e.By.ID, PID: e.By.PID, Path: e.By.Path}
		}
		i, known := at[key]
		if !known {
			i, at[key] = len(all), len(all)
			all = append(all, Injection{By: by, Source: e.By, Into: into, At: e.Time, User: e.User, Thread: e.Thread, Rights: e.Rights, Where: e.Where})
		}
		all[i].add(e)
	}
	return all
}

// isNamed reports whether a process is the one that another's start names as its parent, whose own start need not
// be known.
func isNamed(parent, by *event.Ref) bool {
	if !parent.ID.IsZero() && !by.ID.IsZero() {
		return parent.ID == by.ID
	}
	return parent.PID != 0 && parent.PID == by.PID
}

// add counts one event.
func (i *Injection) add(e *event.Injection) {
	i.Events++
	if len(i.Told) < mostTold {
		i.Told = append(i.Told, Told{e.Number, e.Record})
	}
	i.Rights |= e.Rights
	if i.Where == event.NoSym {
		i.Where = e.Where
	}
	if i.User == event.NoSym {
		i.User = e.User
	}
}

// inTime returns the events by time; those of one time as the store has them, and those without a time last.
func inTime(events []event.Injection) []*event.Injection {
	all := make([]*event.Injection, len(events))
	for i := range events {
		all[i] = &events[i]
	}
	slices.SortStableFunc(all, func(a, b *event.Injection) int {
		switch {
		case a.Time == event.NoTime && b.Time == event.NoTime:
			return 0
		case a.Time == event.NoTime:
			return 1
		case b.Time == event.NoTime:
			return -1
		}
		return cmp.Compare(a.Time, b.Time)
	})
	return all
}
