package netjoin

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Logon is that of an account over the network to a device.
type Logon struct {
	Device      event.Sym
	Session     uint64
	User        event.Sym
	From        netip.Addr // not valid where only the name of the other machine is known
	Workstation event.Sym
	At          event.Time
	machine     bool // the account is a machine's own
}

// Logons are those to one device, in the order of their times.
type Logons []Logon

// sessionLasts is how long before a process's start the logon lies at most whose session it runs in: the
// numbers of sessions come again after the machine was started anew.
const sessionLasts = 24 * 60 * 60 * event.Second

// LogonsTo returns the logons to the device of a store.
func LogonsTo(store *event.Store) (all Logons) {
	for i := range store.Logons {
		l := &store.Logons[i]
		user := store.Symbols.Bytes(l.User)
		all = append(all, Logon{l.Device, l.Session, l.User, l.From.Addr(), l.Workstation, l.Time, len(user) > 0 && user[len(user)-1] == '$'})
	}
	slices.SortFunc(all, func(a, b Logon) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Session, b.Session), a.From.Compare(b.From))
	})
	return all
}

// Closest returns the logon of a person or a service to a device which is closest to the start of a process, by
// record times, and reports whether there is one close in time: see Calls.Closest. Machines log on
// to each other all day, so that their own accounts are passed over.
func (all Logons) Closest(device event.Sym, start event.Time) (closest Logon, some bool) {
	if start == event.NoTime {
		return Logon{}, false
	}
	for _, l := range all[all.from(start-callBefore):] {
		if l.At > start+callAfter {
			break
		}
		if l.Device == device && !l.machine && (!some || apart(l.At, start) < apart(closest.At, start)) {
			closest, some = l, true
		}
	}
	return closest, some
}

// Of returns the logon whose session a process runs in that starts at a time, and reports whether there is one: the
// latest with that number within a day before it.
func (all Logons) Of(device event.Sym, session uint64, start event.Time) (of Logon, some bool) {
	if session == 0 || start == event.NoTime {
		return Logon{}, false
	}
	for _, l := range all[all.from(start-sessionLasts):] {
		if l.At > start+callAfter {
			break
		}
		if l.Device == device && l.Session == session {
			of, some = l, true
		}
	}
	return of, some
}

// from returns where those at a time and behind it begin.
func (all Logons) from(at event.Time) int {
	first, _ := slices.BinarySearchFunc(all, at, func(l Logon, at event.Time) int { return cmp.Compare(l.At, at) })
	return first
}
