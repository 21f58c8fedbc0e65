package identity

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// benchStore is a fleet's worth of ordinary Sysmon events, a quarter of each kind.
func benchStore(n int) *event.Store {
	r := rand.New(rand.NewPCG(1, 1))
	s := event.NewStore()
	for i := range n {
		device := sym(s, fmt.Sprintf("host-%d", r.IntN(500)))
		source := event.Source{Device: device, DeviceName: device, Time: event.Time(i+1) * event.Second, Record: uint64(i + 1)}
		ref := event.Ref{ID: event.ID{Hi: uint64(i)/4 + 1, Lo: 7}, PID: uint32(i/4%5000 + 4), Name: sym(s, fmt.Sprintf("p%d.exe", i%100))}
		switch i % 4 {
		case 0:
			s.Processes = append(s.Processes, event.Process{Source: source, Self: ref, Parent: event.Ref{ID: event.ID{Hi: uint64(r.IntN(i+1))/4 + 1, Lo: 7}}})
		case 1:
			s.Ends = append(s.Ends, event.End{Source: source, Self: ref})
		default:
			s.Connections = append(s.Connections, event.Connection{Source: source, Self: ref, Weight: 1})
		}
	}
	r.Shuffle(len(s.Processes), func(i, j int) { s.Processes[i], s.Processes[j] = s.Processes[j], s.Processes[i] })
	r.Shuffle(len(s.Connections), func(i, j int) { s.Connections[i], s.Connections[j] = s.Connections[j], s.Connections[i] })
	return s
}

func BenchmarkNewRoster(b *testing.B) {
	s := benchStore(100_000)
	s.Settle()
	b.ReportAllocs()
	for b.Loop() {
		NewRoster(s)
	}
}

func BenchmarkFind(b *testing.B) {
	s := benchStore(100_000)
	s.Settle()
	r := NewRoster(s)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := &s.Connections[i%len(s.Connections)]
		r.Find(c.Device, &c.Self, c.Time, slack)
	}
}

func sym(s *event.Store, text string) event.Sym { return s.Symbols.Intern([]byte(text)) }
