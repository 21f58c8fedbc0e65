package rarity

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// forest is a set of trees made by hand: the slices that Count reads.
type forest struct {
	Trees
	store *event.Store
}

func newForest() *forest {
	s := event.NewStore()
	return &forest{Trees{Roster: identity.NewRoster(s)}, s}
}

func (f *forest) sym(text string) event.Sym { return f.store.Symbols.Intern([]byte(text)) }

// add adds a process under parent, identity.None for a root, and returns its index.
func (f *forest) add(device, name, command string, parent int32, time, ended event.Time) int32 {
	at := int32(len(f.Roster.Actors))
	a := identity.Actor{Ended: ended}
	a.Device, a.Time = f.sym(device), time
	a.Self = event.Ref{Name: f.sym(name), Command: f.sym(command)}
	root := at
	if parent != identity.None {
		root = f.Root[parent]
	}
	f.Roster.Actors = append(f.Roster.Actors, a)
	f.Parent, f.Root, f.Order = append(f.Parent, parent), append(f.Root, root), append(f.Order, at)
	return at
}

// outside adds a process that is in no tree.
func (f *forest) outside(device string) int32 {
	at := f.add(device, "x.exe", "x", identity.None, 100*event.Second, event.NoTime)
	f.Root[at], f.Order = identity.None, f.Order[:len(f.Order)-1]
	return at
}

func (f *forest) connect(owner int32, time event.Time) {
	f.Connections = append(f.Connections, event.Connection{Source: event.Source{Time: time}})
	f.Owner = append(f.Owner, owner)
}

var always = Span{To: 1 << 60}

// counted is what a census and its parts say of every process.
type counted struct {
	*Counts
	RootDevices, PatternDevices []int32
}

// count counts one device after the other.
func count(t Trees, recent, lookback Span) *counted {
	census, n := NewCensus(), len(t.Roster.Actors)
	orders := map[event.Sym][]int32{}
	for _, i := range t.Order {
		device := t.Roster.Actors[i].Device
		orders[device] = append(orders[device], i)
	}
	all := &Counts{Recent: make([]bool, n), Later: make([]bool, n), Known: make([]bool, n),
		Command: make([]Command, n), Path: make([]Path, n), PatternCount: make([]int32, n)}
	whole := t
	for _, order := range orders {
		t.Order = order
		one := census.Add(t, recent, lookback)
		for _, i := range order {
			all.Recent[i], all.Later[i], all.Known[i] = one.Recent[i], one.Later[i], one.Known[i]
			all.Command[i], all.Path[i], all.PatternCount[i] = one.Command[i], one.Path[i], one.PatternCount[i]
		}
	}
	return ask(census, whole, all)
}

func ask(census *Census, t Trees, c *Counts) *counted {
	n := len(t.Roster.Actors)
	all := &counted{c, make([]int32, n), make([]int32, n)}
	for _, i := range t.Order {
		all.PatternDevices[i] = int32(census.PatternDevices(c.Path[i]))
		if t.Root[i] == i {
			all.RootDevices[i] = int32(census.RootDevices(c.Command[i]))
		}
	}
	return all
}

func TestSpan(t *testing.T) {
	s := Span{From: 100, To: 200}
	for at, want := range map[event.Time]bool{99: false, 100: false, 101: true, 200: true, 201: false, event.NoTime: true} {
		if s.Holds(at) != want {
			t.Errorf("%d in (100, 200]: %v", at, !want)
		}
	}
	open := Span{To: 200}
	for at, want := range map[event.Time]bool{-5: true, 1: true, 200: true, 201: false, event.NoTime: true} {
		if open.Holds(at) != want {
			t.Errorf("%d up to 200: %v", at, !want)
		}
	}
}

// Letter case and blanks at the ends tell no two commands apart; anything else does.
func TestRootDevices(t *testing.T) {
	f := newForest()
	roots := []int32{
		f.add("a", "cmd.exe", "cmd.exe /c run", identity.None, 1, 0),
		f.add("b", "CMD.EXE", "CMD.exe /C run  ", identity.None, 1, 0),
		f.add("b", "cmd.exe", "cmd.exe /c run", identity.None, 2, 0), // again on b
		f.add("c", "cmd.exe", "cmd.exe /c run2", identity.None, 1, 0),
		f.add("d", "other.exe", "cmd.exe /c run", identity.None, 1, 0),
	}
	c := count(f.Trees, always, always)
	for i, want := range []int32{2, 2, 2, 1, 1} {
		if got := c.RootDevices[roots[i]]; got != want {
			t.Errorf("root %d: %d devices, want %d", i, got, want)
		}
	}
}

func TestPatterns(t *testing.T) {
	f := newForest()
	one := f.add("a", "cmd.exe", "1", identity.None, 1, 0)
	child := f.add("a", "sh.exe", "2", one, 1, 0)
	twin := f.add("a", "SH.EXE", "3", one, 1, 0)
	two := f.add("b", "Cmd.exe", "4", identity.None, 1, 0)
	far := f.add("b", "sh.exe", "5", two, 1, 0)
	lone := f.add("b", "sh.exe", "6", identity.None, 1, 0) // the same name, another path
	c := count(f.Trees, always, always)
	for at, want := range map[int32][2]int32{one: {1, 2}, child: {2, 2}, twin: {2, 2}, two: {1, 2}, far: {1, 2}, lone: {1, 1}} {
		if got := [2]int32{c.PatternCount[at], c.PatternDevices[at]}; got != want {
			t.Errorf("process %d: %v here and on devices, want %v", at, got, want)
		}
	}
}

// What anything in a tree does makes the whole tree active: a task that was started
// long ago and calls home today is recent.
func TestActivity(t *testing.T) {
	recent := Span{From: 1000, To: 2000}
	for name, c := range map[string]struct {
		build func(f *forest, root int32)
		want  bool
	}{
		"nothing recent":       {func(*forest, int32) {}, false},
		"a child starts":       {func(f *forest, root int32) { f.add("a", "x", "x", root, 1001, 0) }, true},
		"a child ends":         {func(f *forest, root int32) { f.add("a", "x", "x", root, 500, 2000) }, true},
		"a child connects":     {func(f *forest, root int32) { f.connect(f.add("a", "x", "x", root, 500, 0), 1500) }, true},
		"the root connects":    {func(f *forest, root int32) { f.connect(root, 1500) }, true},
		"at the border":        {func(f *forest, root int32) { f.connect(root, 1000) }, false},
		"after the end":        {func(f *forest, root int32) { f.connect(root, 2001) }, false},
		"an event has no time": {func(f *forest, root int32) { f.connect(root, event.NoTime) }, true},
		"another process":      {func(f *forest, _ int32) { f.connect(f.outside("a"), 1500) }, false},
		"nobody connects":      {func(f *forest, _ int32) { f.connect(identity.None, 1500) }, false},
		"rebuilt has no time":  {func(f *forest, root int32) { f.Roster.Actors[f.add("a", "x", "x", root, 0, 0)].Rebuilt = true }, false},
	} {
		f := newForest()
		root := f.add("a", "cmd", "cmd", identity.None, 500, 600)
		c.build(f, root)
		if got := count(f.Trees, recent, always); got.Recent[root] != c.want || !got.Known[root] {
			t.Errorf("%s: recent %v, known %v", name, got.Recent[root], got.Known[root])
		}
	}
}

// Devices that ran a command before the lookback do not make it common.
func TestLookback(t *testing.T) {
	f := newForest()
	old := f.add("a", "cmd", "cmd", identity.None, 100, 0)
	now := f.add("b", "cmd", "cmd", identity.None, 101, 0)
	c := count(f.Trees, always, Span{From: 100, To: 200})
	if c.Known[old] || !c.Known[now] || c.RootDevices[now] != 1 || c.PatternDevices[now] != 1 || c.PatternCount[old] != 0 {
		t.Errorf("%+v", c)
	}
}

// slow counts by definition, one process at a time.
type slow struct{ *forest }

func (s slow) active(i int, span Span) bool {
	a := &s.Roster.Actors[i]
	if span.Holds(a.Time) || (a.Ended != event.NoTime && span.Holds(a.Ended)) {
		return true
	}
	for c, owner := range s.Owner {
		if int(owner) == i && span.Holds(s.Connections[c].Time) {
			return true
		}
	}
	return false
}

func (s slow) treeActive(root int32, span Span) bool {
	for i := range s.Root {
		if s.Root[i] == root && s.active(i, span) {
			return true
		}
	}
	return false
}

func (s slow) text(y event.Sym) string { return strings.ToLower(s.store.Symbols.String(y)) }

func (s slow) path(i int) string {
	path := s.text(s.Roster.Actors[i].Self.Name)
	if p := s.Parent[i]; p != identity.None {
		path = s.path(int(p)) + ">" + path
	}
	return path
}

func (s slow) command(i int) string {
	self := s.Roster.Actors[i].Self
	return s.text(self.Name) + "|" + strings.TrimSpace(s.text(self.Command))
}

func (s slow) check(t *testing.T, c *counted, recent, lookback Span) {
	t.Helper()
	for i, root := range s.Root {
		if root == identity.None {
			continue
		}
		here, paths, commands := 0, map[event.Sym]bool{}, map[event.Sym]bool{}
		for j, other := range s.Root {
			device := s.Roster.Actors[j].Device
			switch {
			case other == identity.None:
				continue
			case s.path(j) == s.path(i) && s.active(j, lookback):
				paths[device] = true
				if device == s.Roster.Actors[i].Device {
					here++
				}
			}
			if int(other) == j && s.command(j) == s.command(i) && s.treeActive(other, lookback) {
				commands[device] = true
			}
		}
		if int(c.PatternCount[i]) != here || int(c.PatternDevices[i]) != len(paths) {
			t.Fatalf("process %d: %d here on %d devices, want %d and %d", i, c.PatternCount[i], c.PatternDevices[i], here, len(paths))
		}
		if int(root) == i && (int(c.RootDevices[i]) != len(commands) || c.Recent[i] != s.treeActive(root, recent) || c.Known[i] != s.treeActive(root, lookback)) {
			t.Fatalf("root %d: on %d devices, recent %v, known %v; want %d devices", i, c.RootDevices[i], c.Recent[i], c.Known[i], len(commands))
		}
	}
}

func randomForest(r *rand.Rand, n int) *forest {
	f := newForest()
	one := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	time := func() event.Time { return event.Time(r.IntN(8)) }
	for i := range n {
		parent, device := identity.None, one("a", "b", "c")
		if i > 0 && r.IntN(3) > 0 {
			if p := int32(r.IntN(i)); f.Root[p] != identity.None {
				parent, device = p, f.store.Symbols.String(f.Roster.Actors[p].Device)
			}
		}
		if r.IntN(6) == 0 {
			f.outside(device)
			continue
		}
		f.add(device, one("x.exe", "X.exe", "y.exe", ""), one("run", "RUN ", "go"), parent, time(), time())
	}
	for range r.IntN(n + 1) {
		f.connect(int32(r.IntN(n+1)-1), time())
	}
	return f
}

func TestCountAgainstTheSlowOne(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := randomForest(r, 1+r.IntN(12))
		recent, lookback := Span{event.Time(r.IntN(6)), event.Time(r.IntN(8))}, Span{event.Time(r.IntN(4)), event.Time(r.IntN(8))}
		slow{f}.check(t, count(f.Trees, recent, lookback), recent, lookback)
	}
}

// A long chain has long paths; counting them must not write them out.
func TestLongChain(t *testing.T) {
	const n = 100_000
	f := newForest()
	parent := identity.None
	for range n {
		parent = f.add("a", "x.exe", "x", parent, 1, 0)
	}
	c := count(f.Trees, always, always)
	if c.PatternCount[parent] != 1 || c.PatternDevices[0] != 1 || c.RootDevices[0] != 1 {
		t.Errorf("%d, %d, %d", c.PatternCount[parent], c.PatternDevices[0], c.RootDevices[0])
	}
}

// BenchmarkCount counts a device with many trees.
func BenchmarkCount(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	f := newForest()
	for i := range 100_000 {
		parent := identity.None
		if i > 0 && r.IntN(2) > 0 {
			parent = int32(r.IntN(i))
		}
		at := f.add("a", fmt.Sprintf("p%d.exe", r.IntN(50)), fmt.Sprintf("run %d", r.IntN(1000)), parent, event.Time(i), 0)
		f.connect(at, event.Time(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		NewCensus().Add(f.Trees, always, always)
	}
}
