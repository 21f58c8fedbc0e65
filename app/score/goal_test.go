package score

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// A task's parts are what they were before there were other kinds of roots, and so are those
// of roots by a pattern.
func TestTasksCountAsBefore(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	all := fleetOf(rng, 300, 40)
	tail := NewTail(all)
	for _, kind := range []string{"", "schtask", "regex"} {
		for _, e := range all {
			e.Root = Rooted{Kind: kind, Usual: true, Odd: true}
			want, got := Standard.Parts(e, tail), PartsOf(e, tail)
			for i := range want {
				if len(got) != len(want) || got[i] != want[i] {
					t.Fatalf("%q: %v, want %v", kind, got, want)
				}
			}
		}
	}
}

// Every part of another kind says which goal it serves, they add up, and what is usual never
// scores more than the same that is not.
func TestPartsSayTheirGoal(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for kind := range aims {
		all := fleetOf(rng, 300, 40)
		tail := NewTail(all)
		for _, e := range all {
			e.Root = Rooted{Kind: kind}
			plain := PartsOf(e, tail)
			e.Root.Usual = true
			usual := PartsOf(e, tail)
			if Sum(usual) > Sum(plain) || e.How != "" && Sum(usual) != Sum(plain) {
				t.Errorf("%s: usual scores %v, the same that is not %v", kind, Sum(usual), Sum(plain))
			}
			for _, p := range append(plain, usual...) {
				if !strings.HasSuffix(p.Why, "(persistence)") && !strings.HasSuffix(p.Why, "(execution)") && !strings.HasSuffix(p.Why, "(lateral)") {
					t.Errorf("%s: %v says no goal", kind, p)
				}
			}
		}
	}
}

// An odd child orders findings that are alike otherwise, unless most rare findings of the
// kind are odd.
func TestOddChildOrders(t *testing.T) {
	for kind := range aims {
		var all []*Evidence
		for range 30 {
			all = append(all, &Evidence{Fleet: 300, Task: 1, Devices: 1, Root: Rooted{Kind: kind}})
		}
		all[0].Root.Odd, all[0].Habits = true, []*Habit{OddChild(kind)}
		tail := NewTails(all)[kind]
		if odd, other := Sum(PartsOf(all[0], tail)), Sum(PartsOf(all[1], tail)); odd < other+2 {
			t.Errorf("%s: %v with an odd child, %v without", kind, odd, other)
		}
		for _, e := range all {
			e.Habits = []*Habit{OddChild(kind)}
		}
		for _, p := range PartsOf(all[0], NewTails(all)[kind]) {
			if p.Name == "odd_child" && p.Bits > 0.1 {
				t.Errorf("%s: %v where all are odd", kind, p)
			}
		}
	}
	if OddChild("schtask") != nil || OddChild("regex") != nil {
		t.Error("a task has an odd child")
	}
}

// A call close in time orders findings that are alike otherwise by two bits at most. Where all
// have one it counts nothing, and is told all the same.
func TestACallCloseInTimeIsToldAndHardlyCounts(t *testing.T) {
	for kind := range aims {
		var all []*Evidence
		for range 30 {
			all = append(all, &Evidence{Fleet: 300, Task: 1, Devices: 1, Root: Rooted{Kind: kind}})
		}
		h := Origin(kind, "a call from somewhere")
		if (h == nil) != (kind == "logon" || kind == "office" || kind == "web") {
			t.Fatalf("%s: %v", kind, h)
		}
		if h == nil {
			continue
		}
		all[0].Habits = []*Habit{h}
		tail := NewTails(all)[kind]
		called, other := PartsOf(all[0], tail), PartsOf(all[1], tail)
		if more := Sum(called) - Sum(other); more < 1 || more > mostSource || !strings.HasSuffix(called[len(called)-1].Why, "(lateral)") {
			t.Errorf("%s: %v, without a call %v", kind, called, other)
		}
		for _, e := range all {
			e.Habits = []*Habit{h}
		}
		called = PartsOf(all[0], NewTails(all)[kind])
		if Sum(called) != Sum(other) || !strings.HasSuffix(called[0].Why, "; a call from somewhere") {
			t.Errorf("%s: %v where all are called", kind, called)
		}
	}
	for _, kind := range []string{"", "schtask", "regex", "unheard-of"} {
		if Origin(kind, "x") != nil {
			t.Errorf("%q has a source", kind)
		}
	}
}
