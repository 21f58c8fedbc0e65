package score

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is known scores a few tenths at most, never more than it did, in one part that adds
// up and says what does not count; all other findings are as they were.
func TestSettle(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		all := fleetOf(rng, 2+rng.IntN(300), 1+rng.IntN(20))
		tail := NewTail(all)
		for _, e := range all {
			before := Standard.Parts(e, tail)
			if same := NotOwn.Settle(before, 3); Sum(same) != Sum(before) || len(same) != len(before) {
				t.Fatalf("%v became %v", before, same)
			}
			for own := Windows; own <= Hosts; own++ {
				after := own.Settle(before, 0)
				if len(after) != 1 || after[0].Name != Known || Sum(after) > 0.3 || Sum(after) > Sum(before) {
					t.Fatalf("%v became %v", before, after)
				}
				for _, p := range before {
					if !strings.Contains(after[0].Why, p.Name) {
						t.Fatalf("%v does not say that %s does not count", after, p.Name)
					}
				}
			}
		}
	}
	if said := Windows.Settle(nil, 2)[0]; said.Bits != 0 || !strings.Contains(said.Why, "in 2 of its trees something crashed") {
		t.Errorf("%v", said)
	}
}

// A pretence counts once, and not beside the habit that says the same.
func TestPretend(t *testing.T) {
	habit := func(name string) *Habit {
		for i := range Habits {
			if Habits[i].Name == name {
				return &Habits[i]
			}
		}
		t.Fatalf("there is no habit %s", name)
		return nil
	}
	once := Pretend(nil, "hijack", `\A runs b`)
	if len(once) != 1 || !strings.HasSuffix(once[0].Means, `: \A runs b`) || len(Pretend(once, "hijack", "")) != 1 {
		t.Errorf("%+v", once)
	}
	for _, p := range Pretences {
		if strings.Contains(p.Means, `\A`) {
			t.Error("one finding's words are in the table of all")
		}
		for _, h := range Habits {
			if h.Name == p.Name {
				t.Errorf("%s is a habit too", p.Name)
			}
		}
		if len(Pretend(nil, p.Name, "")) != 1 {
			t.Errorf("%s is not added", p.Name)
		}
	}
	if got := Pretend([]*Habit{habit(masquerade)}, "elsewhere", ""); len(got) != 1 {
		t.Errorf("the folder counts twice: %+v", got)
	}
	if got := Pretend(Pretend(nil, "renamed", ""), "stranger", ""); len(got) != 1 {
		t.Errorf("the name counts twice: %+v", got)
	}
	if got := Pretend([]*Habit{habit("profile")}, "elsewhere", ""); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// Where every rare finding pretends, as on a system whose tasks nobody has listed, it is no
// evidence; where one does, it is.
func TestPretenceIsWorthHowFewShowIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	worth := func(with int) float64 {
		all := fleetOf(rng, 500, 80)
		for i, e := range all {
			*e = Evidence{Fleet: 500, Task: 1, Devices: 1}
			if i < with {
				e.Habits = Pretend(nil, "hijack", "")
			}
		}
		for _, p := range Standard.Parts(all[0], NewTail(all)) {
			if p.Name == "hijack" {
				return p.Bits
			}
		}
		return 0
	}
	if one, some, every := worth(1), worth(20), worth(80); one < 6 || some >= one || every != 0 {
		t.Errorf("%v bits for one, %v for twenty, %v for all", one, some, every)
	}
}
