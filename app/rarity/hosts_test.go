package rarity

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Host names beneath a destination are counted once each when tasks turn out to be one, in
// whatever order and grouping: by a set of the names themselves, as far as they are told apart.
func TestHostsAreCountedOnce(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 21))
		symbols, names, largest := event.NewSymbols(), map[event.Sym]bool{}, 0
		var parts []On
		for range 1 + r.IntN(12) {
			own := map[event.Sym]bool{}
			for range r.IntN(60) {
				own[symbols.Intern(fmt.Appendf(nil, "h%d.example.com", r.IntN(10+r.IntN(600))))] = true
			}
			var all []event.Sym
			for name := range own {
				all, names[name] = append(all, name), true
			}
			largest = max(largest, len(all))
			parts = append(parts, On{Device: 3, Names: int32(len(all)), hosts: hostsOf(all, symbols)})
		}
		want := max(largest, min(len(names), MostHosts))
		for range 3 {
			r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
			var one, other Seen
			for i, p := range parts {
				if i%2 == 0 {
					one.add(p)
				} else {
					other.add(p)
				}
			}
			one.merge(&other)
			if got := int(one.At(3).Names); got != want {
				t.Fatalf("seed %d: %d names, want %d", seed, got, want)
			}
		}
	}
}
