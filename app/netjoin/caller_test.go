package netjoin

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

var callers = []string{"10.0.0.1", "10.0.0.2", "203.0.113.9", "8.8.8.8", "127.0.0.1", "::1", "fe80::1", "fe80::2", "0.0.0.0", "224.0.0.1", "::ffff:127.0.0.1"}

// others are those of callers that may be another machine.
var others = map[string]bool{"10.0.0.1": true, "10.0.0.2": true, "203.0.113.9": true, "8.8.8.8": true, "fe80::1": true, "fe80::2": true}

// randomCalls are connections of all directions to a few ports of two devices.
func randomCalls(r *rand.Rand, s *event.Store) {
	devices := []event.Sym{s.Symbols.Intern([]byte("a")), s.Symbols.Intern([]byte("b"))}
	address := func() event.Address {
		return event.NewAddress(netip.MustParseAddr(callers[r.IntN(len(callers))]))
	}
	for range r.IntN(60) {
		s.Connections = append(s.Connections, event.Connection{
			Source: event.Source{Device: devices[r.IntN(2)], Time: event.Time(r.IntN(100)) * event.Second}, Remote: address(), Local: address(),
			LocalPort: []uint16{135, 445, 5985, 80}[r.IntN(4)], Direction: event.Direction(r.IntN(4)), Weight: 1,
		})
	}
}

// slowClosest looks at every connection.
func slowClosest(s *event.Store, device event.Sym, start event.Time, ports ...uint16) string {
	var fits []event.Connection
	for _, c := range s.Connections {
		late := c.Time - start
		if c.Device == device && c.Direction == event.Inbound && slices.Contains(ports, c.LocalPort) && others[c.Remote.Addr().String()] && c.Remote.Addr() != c.Local.Addr() &&
			late >= -15*event.Second && late <= 5*event.Second && start != 0 && c.Time != 0 {
			fits = append(fits, c)
		}
	}
	if len(fits) == 0 {
		return "none"
	}
	least := slices.MinFunc(fits, func(a, b event.Connection) int {
		far := func(c event.Connection) event.Time { return max(c.Time-start, start-c.Time) }
		return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a.Time, b.Time), cmp.Compare(a.LocalPort, b.LocalPort), a.Remote.Addr().Compare(b.Remote.Addr()))
	})
	return fmt.Sprint(least.Remote.Addr(), least.LocalPort, least.Time)
}

// The closest call is that of a slow reading, in whatever order the connections come and however
// often.
func TestClosestAgainstTheSlowOne(t *testing.T) {
	found, none := 0, 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		s := event.NewStore()
		randomCalls(r, s)
		ports := [][]uint16{{135}, {135, 445}, {5985}}[r.IntN(3)]
		wanted := func(port uint16) bool { return slices.Contains(ports, port) }
		device, start := event.Sym(1+r.IntN(2)), event.Time(r.IntN(110))*event.Second
		want := slowClosest(s, device, start, ports...)
		for range 2 {
			got := "none"
			if c, some := CallsTo(s, func(port uint16) bool { return port != 80 }).Closest(device, start, wanted); some {
				got = fmt.Sprint(c.From, c.Port, c.At)
			}
			if got != want {
				t.Fatalf("seed %d: %s, want %s", seed, got, want)
			}
			s.Connections = append(s.Connections, s.Connections...)
			r.Shuffle(len(s.Connections), func(i, j int) { s.Connections[i], s.Connections[j] = s.Connections[j], s.Connections[i] })
		}
		if want == "none" {
			none++
		} else {
			found++
		}
	}
	if found < 150 || none < 300 {
		t.Errorf("%d found, %d not: these calls test little", found, none)
	}
}

// Nothing is close to what has no time.
func TestNothingIsCloseToNoTime(t *testing.T) {
	s := event.NewStore()
	device := s.Symbols.Intern([]byte("a"))
	for _, at := range []event.Time{event.NoTime, event.Second} {
		s.Connections = append(s.Connections, event.Connection{Source: event.Source{Device: device, Time: at}, LocalPort: 135, Direction: event.Inbound,
			Remote: event.NewAddress(netip.MustParseAddr("10.0.0.1"))})
	}
	all := func(uint16) bool { return true }
	if calls := CallsTo(s, all); len(calls) != 1 {
		t.Errorf("%d calls, one has a time", len(calls))
	} else if _, some := calls.Closest(device, event.NoTime, all); some {
		t.Error("a start without a time is close to a call")
	}
}
