package identity

import (
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// TestArrivalDoesNotMatter is what everything after Settle builds on: whatever order
// events come in, however their texts are numbered, the store and the roster are the
// same, and every repeated event counts as one duplicate.
func TestArrivalDoesNotMatter(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		original := randomStore(r, 1+r.IntN(25))
		for range 2 {
			arrived := transcribe(r, original)
			extra := repeatSome(r, arrived)
			sorted := transcribe(r, original)
			duplicates := sorted.Settle()
			if got := arrived.Settle(); got != duplicates+extra {
				t.Fatalf("seed %d: %d duplicates, want %d and %d repeated", seed, got, duplicates, extra)
			}
			if got, want := tellStore(arrived), tellStore(sorted); got != want {
				t.Fatalf("seed %d: store differs by arrival\n%s\n%s", seed, got, want)
			}
			if got, want := tellRoster(NewRoster(arrived)), tellRoster(NewRoster(sorted)); got != want {
				t.Fatalf("seed %d: roster differs by arrival\n%s\n%s", seed, got, want)
			}
		}
	}
}

// repeatSome appends events of the store once more and returns how many.
func repeatSome(r *rand.Rand, s *event.Store) (n int) {
	for range r.IntN(5) {
		s.Processes = append(s.Processes, s.Processes[r.IntN(len(s.Processes))])
		n++
		if len(s.Ends) > 0 {
			s.Ends = append(s.Ends, s.Ends[r.IntN(len(s.Ends))])
			n++
		}
		if len(s.Connections) > 0 {
			s.Connections = append(s.Connections, s.Connections[r.IntN(len(s.Connections))])
			n++
		}
	}
	return n
}

func TestSettleTwiceDropsNothingMore(t *testing.T) {
	for seed := range uint64(100) {
		s := randomStore(rand.New(rand.NewPCG(seed, 2)), 20)
		s.Settle()
		before := tellStore(s)
		if n := s.Settle(); n != 0 || tellStore(s) != before {
			t.Fatalf("seed %d: settling again dropped %d", seed, n)
		}
	}
}
