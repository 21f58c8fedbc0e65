package tree

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// named is a Starter for one parent's name.
type named string

func (n named) Starts(name, _ string) Answer {
	if strings.EqualFold(name, string(n)) {
		return Yes
	}
	return No
}

// levels are kinds whose levels differ, two of one level among them; what is called leaf is
// followed by nobody, and what is called none is no root.
func levels() Kinds {
	judge := func(b *Birth) Judgement {
		switch b.Name {
		case "leaf":
			return Judgement{Verdict: Leaf}
		case "none":
			return Judgement{Verdict: Passed}
		}
		return Judgement{}
	}
	return NewKinds(Kind{Name: "low", Start: named("low"), Level: 0, Judge: judge}, Kind{Name: "middle", Start: named("middle"), Level: 1, Judge: judge},
		Kind{Name: "beside", Start: named("beside"), Level: 1, Judge: judge}, Kind{Name: "high", Start: named("high"), Level: 2, Judge: judge})
}

// slowTree is what tree a process is in by definition: that of its parent, unless it is a
// root of a higher level, or nothing is followed there.
func slowTree(names []string, parents []int, i int, kinds Kinds) (root, kind int) {
	own := -1
	if p := parents[i]; p >= 0 && names[i] != "none" {
		for k := range kinds {
			if kinds[k].Name == names[p] {
				own = k
			}
		}
	}
	root, kind = -1, -1
	if p := parents[i]; p >= 0 {
		root, kind = slowTree(names, parents, p, kinds)
		if root >= 0 && names[root] == "leaf" {
			root, kind = -1, -1
		}
	}
	if own >= 0 && (root < 0 || kinds[own].Level > kinds[kind].Level) {
		return i, own
	}
	return root, kind
}

func TestTreesOfSeveralKinds(t *testing.T) {
	kinds := levels()
	rng := rand.New(rand.NewPCG(3, 5))
	carved, leaves := 0, 0
	for world := range 2000 {
		n := 1 + rng.IntN(30)
		names, parents := make([]string, n), make([]int, n)
		s := event.NewStore()
		sym := func(text string) event.Sym { return s.Symbols.Intern([]byte(text)) }
		for i := range n {
			names[i] = []string{"low", "middle", "beside", "high", "leaf", "none", "x"}[rng.IntN(7)]
			if parents[i] = -1; i > 0 && rng.IntN(6) > 0 {
				parents[i] = rng.IntN(i)
			}
			p := event.Process{Source: event.Source{Device: sym("pc"), DeviceName: sym("pc"), Time: event.Time(i+1) * event.Second},
				Self: event.Ref{ID: guid(i + 1), PID: uint32(i + 1), Name: sym(names[i])}}
			if parents[i] >= 0 {
				p.Parent = event.Ref{ID: guid(parents[i] + 1), PID: uint32(parents[i] + 1), Name: sym(names[parents[i]])}
			}
			s.AddProcess(&p)
		}
		s.Settle()
		roster := identity.NewRoster(s)
		forest := Build(roster, Options{Start: kinds, MaxDepth: 99})
		for at := range roster.Actors {
			i := int(roster.Actors[at].Self.PID) - 1
			root, kind := slowTree(names, parents, i, kinds)
			got := -1
			if r := forest.Root[at]; r >= 0 {
				got = int(roster.Actors[r].Self.PID) - 1
			}
			if got != root {
				t.Fatalf("world %d: process %d of %v, %v is in tree %d, want %d", world, i, names, parents, got, root)
			}
			if root >= 0 && forest.KindOf(forest.Root[at]) != kinds[kind].Name {
				t.Fatalf("world %d: tree %d is of kind %s, want %s", world, root, forest.KindOf(forest.Root[at]), kinds[kind].Name)
			}
			if root == i && parents[i] >= 0 {
				if above, _ := slowTree(names, parents, parents[i], kinds); above >= 0 {
					carved++
				}
			}
		}
		leaves += forest.Report.Unfollowed
	}
	if carved < 1000 || leaves < 100 {
		t.Errorf("%d trees stood within others, %d processes below a leaf: this tests little", carved, leaves)
	}
}

// A kind of a higher level has the same trees whatever else is asked for, and the order in
// which kinds are named has no say.
func TestKindsDoNotDependOnOrder(t *testing.T) {
	a, b := Kind{Name: "a", Start: named("a")}, Kind{Name: "b", Start: named("b"), Level: 1}
	if got, want := fmt.Sprint(NewKinds(a, b, a)), fmt.Sprint(NewKinds(b, a)); got != want {
		t.Errorf("kinds %s, want %s", got, want)
	}
	if NewKinds(a, b).Starts("B", "") != Yes || NewKinds(a, b).Starts("c", "") != No {
		t.Error("several kinds start what none of them does, or not what one does")
	}
}

// How old the parent is, its own events say; else Sysmon's GUID, where it is one.
func TestAge(t *testing.T) {
	const began = 1_700_000_000 * event.Second
	guid := event.ID{Hi: 0xA9000000<<32 | uint64(1_700_000_000&0xFFFF)<<16 | 1_700_000_000>>16, Lo: 7}
	for what, c := range map[string]struct {
		parent   event.Ref
		self     event.Time
		recorded [2]event.Time // of the parent's event and of the process's
		age      event.Time
		dated    bool
	}{
		"by creation times": {event.Ref{Created: began}, began + 5, [2]event.Time{1, 2}, 5, true},
		"by the GUID":       {event.Ref{ID: guid}, began + 5, [2]event.Time{}, 5, true},
		"by another id":     {event.Ref{ID: event.ID{Hi: 1, Lo: 1}}, began, [2]event.Time{}, 0, false},
		"by the log":        {event.Ref{}, 0, [2]event.Time{10, 15}, 5, true},
		"unknown":           {event.Ref{}, began, [2]event.Time{0, 15}, 0, false},
	} {
		a := identity.Actor{Process: event.Process{Source: event.Source{Time: c.recorded[1]}, Self: event.Ref{Created: c.self}}}
		if got, dated := age(&a, &c.parent, c.recorded[0]); got != c.age || dated != c.dated {
			t.Errorf("%s: %d, %t", what, got, dated)
		}
	}
}
