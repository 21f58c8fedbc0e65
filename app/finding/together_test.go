package finding

import (
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// seenOn is something that so many devices from one on have.
func seenOn(from, n int) *rarity.Seen {
	s := &rarity.Seen{}
	for d := range n {
		s.On = append(s.On, rarity.On{Device: rarity.Device(from + d)})
	}
	return s
}

// Three devices have a destination of their own and nine a digest, but only one has both.
func TestTogether(t *testing.T) {
	fact := func(k rarity.Kind, n int) rarity.Fact { return rarity.Fact{Kind: k, Text: rarity.Text(n)} }
	task := &rarity.Task{Facts: map[rarity.Fact]*rarity.Seen{
		fact(rarity.Destination, 1): seenOn(1, 1), fact(rarity.Destination, 2): seenOn(2, 1), fact(rarity.Destination, 3): seenOn(3, 1),
		fact(rarity.Trait, 1): seenOn(3, 1), fact(rarity.Destination, 9): seenOn(0, 50), fact(rarity.Hash, 1): seenOn(3, 1), fact(rarity.Hash, 2): seenOn(10, 9), fact(rarity.Hash, 9): seenOn(0, 40),
	}}
	o := oddOf(task, Options{})
	departs := func(facts ...rarity.Fact) (list []Departure) {
		for _, f := range facts {
			list = append(list, Departure{Fact: f, Seen: task.Facts[f]})
		}
		return list
	}
	if got := o.together(departs(fact(rarity.Destination, 3), fact(rarity.Hash, 1))); got != 1 {
		t.Errorf("%d devices depart in both ways", got)
	}
	if got := o.together(departs(fact(rarity.Destination, 3))); got != 0 {
		t.Errorf("one way alone: %d", got)
	}
	if got := o.together(departs(fact(rarity.Destination, 3), fact(rarity.Trait, 1))); got != 0 {
		t.Errorf("a habit is no way to depart: %d", got)
	}
}

// Over random tasks: as many as looking at each device says, and never more than depart in
// one of the ways.
func TestTogetherCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 200 {
		task := &rarity.Task{Facts: make(map[rarity.Fact]*rarity.Seen)}
		for i := range 12 {
			task.Facts[rarity.Fact{Kind: rarity.Kind(rng.IntN(int(rarity.Trait))), Text: rarity.Text(i)}] = seenOn(rng.IntN(10), 1+rng.IntN(8))
		}
		var departs []Departure
		for fact, seen := range task.Facts {
			if rng.IntN(3) == 0 {
				departs = append(departs, Departure{Fact: fact, Seen: seen})
			}
		}
		o := oddOf(task, Options{})
		if got, want := o.together(departs), slowlyTogether(task, departs); got != want {
			t.Fatalf("%d devices, looked at one by one %d", got, want)
		}
	}
}

func slowlyTogether(task *rarity.Task, departs []Departure) (devices int) {
	least := map[rarity.Kind]int{}
	for _, d := range departs {
		if n, some := least[d.Kind]; !some || d.Devices() < n {
			least[d.Kind] = d.Devices()
		}
	}
	if len(least) < 2 {
		return 0
	}
	for device := range rarity.Device(30) {
		all := true
		for kind, n := range least {
			any := false
			for fact, seen := range task.Facts {
				any = any || fact.Kind == kind && seen.Has(device) && seen.Devices() <= n
			}
			all = all && any
		}
		if all {
			devices++
		}
	}
	return devices
}
