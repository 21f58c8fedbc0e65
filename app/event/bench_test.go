package event

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchStore is a fleet's worth of ordinary Sysmon events, a quarter of each kind.
func benchStore(n int) *Store {
	r := rand.New(rand.NewPCG(1, 1))
	s := NewStore()
	for i := range n {
		device := sym(s, fmt.Sprintf("host-%d", r.IntN(500)))
		source := Source{Device: device, DeviceName: device, Time: Time(i+1) * Second, Record: uint64(i + 1)}
		ref := Ref{ID: ID{uint64(i)/4 + 1, 7}, PID: uint32(i/4%5000 + 4), Name: sym(s, fmt.Sprintf("p%d.exe", i%100))}
		switch i % 4 {
		case 0:
			s.Processes = append(s.Processes, Process{Source: source, Self: ref, Parent: Ref{ID: ID{uint64(r.IntN(i+1))/4 + 1, 7}}})
		case 1:
			s.Ends = append(s.Ends, End{source, ref})
		default:
			s.Connections = append(s.Connections, Connection{Source: source, Self: ref, Weight: 1})
		}
	}
	r.Shuffle(len(s.Processes), func(i, j int) { s.Processes[i], s.Processes[j] = s.Processes[j], s.Processes[i] })
	r.Shuffle(len(s.Connections), func(i, j int) { s.Connections[i], s.Connections[j] = s.Connections[j], s.Connections[i] })
	return s
}

func BenchmarkSettle(b *testing.B) {
	original := benchStore(100_000)
	b.ReportAllocs()
	for b.Loop() {
		s := *original
		s.Settle()
	}
}

func BenchmarkParseTime(b *testing.B) {
	text := []byte("2023-06-01T14:03:57.7104652Z")
	b.ReportAllocs()
	for b.Loop() {
		ParseTime(text)
	}
}

func BenchmarkIntern(b *testing.B) {
	s := benchStore(1000).Symbols
	text := []byte("host-77")
	b.ReportAllocs()
	for b.Loop() {
		s.Intern(text)
	}
}
