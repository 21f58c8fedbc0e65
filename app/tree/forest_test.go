package tree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

const (
	scheduleLine = `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`
	netsvcsLine  = `C:\Windows\system32\svchost.exe -k netsvcs`
)

// fleet collects process starts with GUIDs that are small numbers.
type fleet struct{ *event.Store }

func newFleet() fleet { return fleet{event.NewStore()} }

func (f fleet) sym(text string) event.Sym { return f.Symbols.Intern([]byte(text)) }

func guid(n int) (id event.ID) {
	if n > 0 {
		id = event.ID{Hi: 1, Lo: uint64(n)}
	}
	return id
}

// starts adds the start of process n of a device by parent, with the words that
// their events have: name and command line.
func (f fleet) starts(device string, n int, self [2]string, parent int, words [2]string) {
	f.Processes = append(f.Processes, event.Process{
		Source: event.Source{Device: f.sym(device), DeviceName: f.sym(device), Time: event.Time(n) * event.Second},
		Self:   event.Ref{ID: guid(n), Name: f.sym(self[0]), Command: f.sym(self[1])},
		Parent: event.Ref{ID: guid(parent), Name: f.sym(words[0]), Command: f.sym(words[1])},
	})
}

func (f fleet) build(maxDepth int) (*identity.Roster, *Forest) {
	f.Settle()
	roster := identity.NewRoster(f.Store)
	return roster, Build(roster, Options{Start: Schedule{}, MaxDepth: maxDepth})
}

// slowForest is the forest by definition: every question is asked anew, recursively.
type slowForest struct {
	actors  []identity.Actor
	symbols *event.Symbols
}

func (s *slowForest) claimed(i int) int {
	a := &s.actors[i]
	for j := range s.actors {
		if p := &s.actors[j]; p.Device == a.Device && p.Self.ID == a.Parent.ID && !a.Parent.ID.IsZero() {
			return j
		}
	}
	return -1
}

// loop returns the members of the loop of parents that i is in, if it is in one.
func (s *slowForest) loop(i int) (members []int) {
	for at, steps := i, 0; steps <= len(s.actors); steps++ {
		members = append(members, at)
		if at = s.claimed(at); at == i {
			return members
		}
		if at < 0 {
			break
		}
	}
	return nil
}

func (s *slowForest) parent(i int) int {
	if members := s.loop(i); members != nil && slices.Min(members) == i {
		return -1
	}
	return s.claimed(i)
}

func (s *slowForest) verdict(ref event.Ref) Answer {
	return Schedule{}.Starts(s.symbols.String(ref.Name), s.symbols.String(ref.Command))
}

func (s *slowForest) isRoot(i int) bool {
	a := s.actors[i]
	if a.Parent == (event.Ref{}) {
		return false
	}
	words := a.Parent
	if p := s.parent(i); p >= 0 && words.Command == event.NoSym {
		words.Name, words.Command = s.actors[p].Self.Name, s.actors[p].Self.Command
	}
	if v := s.verdict(words); v != Maybe {
		return v == Yes
	}
	for _, b := range s.actors {
		for _, ref := range []event.Ref{b.Self, b.Parent} {
			if b.Device == a.Device && !a.Parent.ID.IsZero() && ref.ID == a.Parent.ID && s.verdict(ref) == Yes {
				return true
			}
		}
	}
	return false
}

func (s *slowForest) root(i int) int {
	if p := s.parent(i); p >= 0 {
		if r := s.root(p); r >= 0 {
			return r
		}
	}
	if s.isRoot(i) {
		return i
	}
	return -1
}

func (s *slowForest) depth(i int) int {
	switch s.root(i) {
	case -1:
		return 0
	case i:
		return 1
	}
	return 1 + s.depth(s.parent(i))
}

// randomFleet has few processes, so that loops, missing parents and roots above roots
// are common.
func randomFleet(r *rand.Rand) fleet {
	f := newFleet()
	words := [][2]string{{"svchost.exe", scheduleLine}, {"svchost.exe", netsvcsLine}, {"svchost.exe", ""}, {"cmd.exe", "cmd.exe"}, {"", ""}, {"cmd.exe", ""}}
	n := 1 + r.IntN(10)
	for _, i := range r.Perm(n) {
		f.starts([]string{"a", "a", "b"}[r.IntN(3)], i+1, words[r.IntN(len(words))], r.IntN(n+3), words[r.IntN(len(words))])
	}
	return f
}

func TestForestAgainstTheSlowOne(t *testing.T) {
	var cycles, selfs, deep, nested int
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 1))
		maxDepth := 1 + r.IntN(4)
		roster, f := randomFleet(r).build(maxDepth)
		slow := &slowForest{roster.Actors, roster.Symbols()}
		tooDeep, deepest := 0, 0
		for i := range roster.Actors {
			depth, root := slow.depth(i), slow.root(i)
			if depth > maxDepth {
				tooDeep++
				depth = 0
			}
			deepest = max(deepest, depth)
			if int(f.Parent[i]) != slow.parent(i) || int(f.Root[i]) != root || int(f.Depth[i]) != depth {
				t.Fatalf("seed %d: process %d has parent %d, root %d, depth %d; want %d, %d, %d", seed, i,
					f.Parent[i], f.Root[i], f.Depth[i], slow.parent(i), root, depth)
			}
			if root >= 0 && root != i && slow.isRoot(i) {
				nested++
			}
		}
		if f.Report.TooDeep != tooDeep || f.Report.Deepest != deepest {
			t.Fatalf("seed %d: report is %+v, want %d too deep, deepest %d", seed, f.Report, tooDeep, deepest)
		}
		checkOrder(t, f)
		cycles, selfs, deep = cycles+f.Report.Cycles, selfs+f.Report.Selfs, deep+tooDeep
	}
	if min(cycles, selfs, deep, nested) < 100 {
		t.Errorf("%d loops, %d own parents, %d too deep, %d roots below roots: too few to tell", cycles, selfs, deep, nested)
	}
}

// checkOrder checks that Order has every process in a tree once, parents first, that
// Roots are the roots and that Children are the parents' reverse.
func checkOrder(t *testing.T, f *Forest) {
	t.Helper()
	seen := make([]bool, len(f.Parent))
	for _, i := range f.Order {
		if seen[i] || f.Depth[i] == 0 || (f.Root[i] != i && !seen[f.Parent[i]]) {
			t.Fatalf("process %d stands wrong in the order %v", i, f.Order)
		}
		seen[i] = true
	}
	var roots []int32
	for i := range f.Parent {
		if seen[i] != (f.Depth[i] > 0) {
			t.Fatalf("process %d of depth %d in order: %v", i, f.Depth[i], seen[i])
		}
		if f.Root[i] == int32(i) {
			roots = append(roots, int32(i))
		}
		for _, c := range f.Children(int32(i)) {
			if f.Parent[c] != int32(i) {
				t.Fatalf("%d is no child of %d", c, i)
			}
		}
		if p := f.Parent[i]; p != identity.None && !slices.Contains(f.Children(p), int32(i)) {
			t.Fatalf("%d is missing among the children of %d", i, p)
		}
	}
	if !slices.Equal(roots, f.Roots) {
		t.Fatalf("roots are %v, want %v", f.Roots, roots)
	}
}

func TestArrivalDoesNotMatter(t *testing.T) {
	tell := func(f fleet) string {
		roster, forest := f.build(3)
		text := ""
		for i := range roster.Actors {
			key := func(at int32) string {
				if at == identity.None {
					return "-"
				}
				return roster.Actors[at].Key(roster.Symbols())
			}
			text += fmt.Sprintf("%s parent %s by %d root %s depth %d\n", key(int32(i)), key(forest.Parent[i]), forest.Edge[i], key(forest.Root[i]), forest.Depth[i])
		}
		for _, at := range append(slices.Clone(forest.Order), forest.Roots...) {
			text += roster.Actors[at].Key(roster.Symbols()) + " "
		}
		return text + fmt.Sprintf("%+v", forest.Report)
	}
	for seed := range uint64(200) {
		original := randomFleet(rand.New(rand.NewPCG(seed, 2)))
		shuffled := newFleet()
		r := rand.New(rand.NewPCG(seed, 3))
		for _, i := range r.Perm(len(original.Processes)) { // symbols get other numbers, too
			p := original.Processes[i]
			text := original.Symbols.String
			shuffled.starts(text(p.Device), int(p.Self.ID.Lo), [2]string{text(p.Self.Name), text(p.Self.Command)},
				int(p.Parent.ID.Lo), [2]string{text(p.Parent.Name), text(p.Parent.Command)})
		}
		if got, want := tell(shuffled), tell(original); got != want {
			t.Fatalf("seed %d: the forest differs by arrival\n%s\n%s", seed, got, want)
		}
	}
}

func TestEdges(t *testing.T) {
	f := newFleet()
	words := [2]string{"svchost.exe", scheduleLine}
	f.starts("pc", 1, words, 900, words)
	f.starts("pc", 2, words, 1, words)
	f.starts("pc", 3, words, 0, [2]string{"", ""})
	roster, forest := f.build(32)
	for i := range roster.Actors {
		want := map[event.ID]identity.Edge{guid(1): identity.ByParentFields, guid(2): identity.ByGUID, guid(3): identity.NoEdge}[roster.Actors[i].Self.ID]
		if forest.Edge[i] != want {
			t.Errorf("process %d is tied by %d, want %d", i, forest.Edge[i], want)
		}
	}
}
