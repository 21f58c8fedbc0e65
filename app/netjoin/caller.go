package netjoin

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Call is a connection that another machine opened to a device.
type Call struct {
	Device event.Sym
	From   netip.Addr
	Port   uint16     // of the device
	At     event.Time // record time
}

// Calls are those to some ports of one device, in the order of their times.
type Calls []Call

// callBefore and callAfter are how far a call's record may lie before a process's start and
// behind it. Both are record times of one log: Sysmon's own times of connections are on another
// clock than those of starts. It writes connections down late, which is why some come behind
// what they led to: in public captures of WMI, WinRM and service execution the call's record lay
// within three seconds of the start's, on either side. Before it there is room for a file that is
// copied first.
const (
	callBefore = 15 * event.Second
	callAfter  = 5 * event.Second
)

// CallsTo returns the calls to ports that wanted says are of use, out of the store of one device. What a machine calls of itself is none.
func CallsTo(store *event.Store, wanted func(port uint16) bool) (all Calls) {
	for i := range store.Connections {
		c := &store.Connections[i]
		if c.Direction != event.Inbound || c.Time == event.NoTime || c.Remote == c.Local || !wanted(c.LocalPort) {
			continue
		}
		from := c.Remote.Addr()
		switch Classify(from) {
		case Loopback, Unspecified, Multicast, NoAddress:
			continue
		}
		all = append(all, Call{c.Device, from, c.LocalPort, c.Time})
	}
	slices.SortFunc(all, func(a, b Call) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Port, b.Port), a.From.Compare(b.From))
	})
	return all
}

// Closest returns the call to a device, at a port that wanted lets through, which is closest to the
// start of a process, by record times, and reports whether there is one close in time. Of equally close
// ones the earlier counts, and of those of one instant that of the lowest port and address.
func (all Calls) Closest(device event.Sym, start event.Time, wanted func(port uint16) bool) (closest Call, some bool) {
	if start == event.NoTime {
		return Call{}, false
	}
	from, _ := slices.BinarySearchFunc(all, start-callBefore, func(c Call, at event.Time) int { return cmp.Compare(c.At, at) })
	for _, c := range all[from:] {
		if c.At > start+callAfter {
			break
		}
		if c.Device == device && wanted(c.Port) && (!some || apart(c.At, start) < apart(closest.At, start)) {
			closest, some = c, true
		}
	}
	return closest, some
}

func apart(a, b event.Time) event.Time { return max(a, b) - min(a, b) }
