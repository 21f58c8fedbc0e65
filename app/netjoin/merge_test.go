package netjoin

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// wire collects the connections of one process.
type wire struct {
	*event.Store
	Ties
}

func newWire() *wire { return &wire{Store: event.NewStore()} }

func (w *wire) sym(text string) event.Sym { return w.Symbols.Intern([]byte(text)) }

func (w *wire) add(c event.Connection, edge identity.Edge) {
	w.Connections = append(w.Connections, c)
	w.Edge = append(w.Edge, edge)
}

func (w *wire) all() (indices []int32) {
	for i := range w.Connections {
		indices = append(indices, int32(i))
	}
	return indices
}

func (w *wire) merge(f Filter) ([]Merged, int) { return Merge(w.Store, &w.Ties, w.all(), f) }

func to(address string) event.Address { return event.NewAddress(netip.MustParseAddr(address)) }

var (
	everything = Filter{Shown: func(Class) bool { return true }}
	outside    = Filter{Shown: func(c Class) bool { return !c.Internal() }}
)

func (w *wire) tell(m Merged) string {
	text := w.Symbols.String
	return fmt.Sprintf("%d %v:%d %s %s %s %s %v %q %v %q x%d %d-%d stamp %d gap %d", m.Edge, m.Remote.Addr(), m.Port, m.Class, text(m.Host), text(m.URL),
		text(m.Transport), m.Direction, text(m.Action), m.Lookup, m.Answers, m.Count, m.First, m.Last, m.Stamp, m.ClockGap)
}

// randomWire has few addresses, hosts, times and actions, in many spellings.
func randomWire(r *rand.Rand, n int) *wire {
	w := newWire()
	one := func(texts ...string) event.Sym { return w.sym(texts[r.IntN(len(texts))]) }
	for range n {
		c := event.Connection{Source: event.Source{Time: event.Time(r.IntN(5)) * event.Second}, Stamp: event.Time(r.IntN(3)) * event.Day,
			RemotePort: uint16(r.IntN(2)), Host: one("", "a.example", "A.Example", "b.example"), URL: one("", "u2", "u1"), Transport: one("", "udp", "tcp"),
			Action: one("", "ok", "failed"), Direction: event.Direction(r.IntN(4)), Weight: 1 + uint32(r.IntN(5)), Lookup: r.IntN(3) == 0}
		if a := []string{"", "1.1.1.1", "10.0.0.1", "::1"}[r.IntN(4)]; a != "" {
			c.Remote = to(a)
		}
		if c.Lookup {
			c.Answers = one("", "-", "10.0.0.1;", "9.9.9.9;10.0.0.1;", "type: 5 x;::1;")
		}
		w.add(c, identity.Edge(1+r.IntN(3)))
	}
	return w
}

// slowMerge merges by definition: two connections are one when their words are.
func slowMerge(w *wire, f Filter) (shown []string, hidden int) {
	groups := map[string][]int{}
	for i, c := range w.Connections {
		words := fmt.Sprint(w.Edge[i], c.Remote.Addr(), c.RemotePort, strings.ToLower(w.Symbols.String(c.Host)), c.Direction, w.Symbols.String(c.Action), c.Lookup)
		groups[words] = append(groups[words], i)
	}
	for _, members := range groups {
		m := slowGroup(w, members)
		if f.Shown(m.Class) {
			shown = append(shown, w.tell(m))
		} else {
			hidden += m.Count
		}
	}
	sort.Strings(shown)
	return shown, hidden
}

func slowGroup(w *wire, members []int) Merged {
	c := w.Connections[members[0]]
	m := Merged{Edge: w.Edge[members[0]], Remote: c.Remote, Port: c.RemotePort, Host: w.sym(strings.ToLower(w.Symbols.String(c.Host))),
		Direction: c.Direction, Action: c.Action, Lookup: c.Lookup}
	var times, stamps []event.Time
	var urls, transports []string
	answers := map[string]bool{}
	for _, i := range members {
		c := w.Connections[i]
		m.Count += int(c.Weight)
		m.ClockGap = max(m.ClockGap, event.Gap(c.Time, c.Stamp))
		times, stamps = append(times, c.Time), append(stamps, c.Stamp)
		urls, transports = append(urls, w.Symbols.String(c.URL)), append(transports, w.Symbols.String(c.Transport))
		for part := range strings.SplitSeq(w.Symbols.String(c.Answers), ";") {
			if a, err := netip.ParseAddr(part); err == nil {
				answers[a.Unmap().String()] = true
			}
		}
	}
	m.First, m.Last, m.Stamp = earliest(times), slices.Max(times), earliest(stamps)
	m.URL, m.Transport = w.sym(first(urls)), w.sym(first(transports))
	if m.Lookup {
		var list []string
		for _, a := range []string{"9.9.9.9", "10.0.0.1", "::1"} { // public ones first
			if answers[a] {
				list = append(list, a)
			}
		}
		if m.Answers = strings.Join(list, " "); len(list) > 0 {
			m.Remote = to(list[0])
		}
	}
	m.Class = Classify(m.Remote.Addr())
	return m
}

func earliest(times []event.Time) (t event.Time) {
	for _, other := range times {
		if other != event.NoTime && (t == event.NoTime || other < t) {
			t = other
		}
	}
	return t
}

func first(texts []string) (text string) {
	for _, other := range texts {
		if other != "" && (text == "" || other < text) {
			text = other
		}
	}
	return text
}

func TestMergeAgainstTheSlowOne(t *testing.T) {
	for seed := range uint64(2000) {
		w := randomWire(rand.New(rand.NewPCG(seed, 1)), 12)
		for _, f := range []Filter{everything, outside} {
			merged, hidden := w.merge(f)
			var shown []string
			for _, m := range merged {
				shown = append(shown, w.tell(m))
			}
			sort.Strings(shown)
			want, wantHidden := slowMerge(w, f)
			if !slices.Equal(shown, want) || hidden != wantHidden {
				t.Fatalf("seed %d: hidden %d, want %d; shown\n%s\nwant\n%s", seed, hidden, wantHidden, strings.Join(shown, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// Whatever the order of connections and the numbers of their texts, rows come out the
// same, in the same order; and what is shown and hidden adds up to what went in.
func TestMergeKeepsCountInAnyOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		w, shuffled := randomWire(r, 15), newWire()
		want := 0
		for _, i := range r.Perm(w.Symbols.Len()) {
			shuffled.Symbols.Intern(w.Symbols.Bytes(event.Sym(i)))
		}
		for _, i := range r.Perm(len(w.Connections)) {
			c := w.Connections[i]
			want += int(c.Weight)
			for _, y := range []*event.Sym{&c.Host, &c.URL, &c.Transport, &c.Action, &c.Answers} {
				*y = shuffled.Symbols.Intern(w.Symbols.Bytes(*y))
			}
			shuffled.add(c, w.Edge[i])
		}
		a, hiddenA := w.merge(outside)
		b, hiddenB := shuffled.merge(outside)
		if hiddenA != hiddenB || len(a) != len(b) {
			t.Fatalf("seed %d: %d shown, %d hidden; shuffled %d, %d", seed, len(a), hiddenA, len(b), hiddenB)
		}
		sum := hiddenA
		for i := range a {
			sum += a[i].Count
			if w.tell(a[i]) != shuffled.tell(b[i]) {
				t.Fatalf("seed %d: row %d is %s, shuffled %s", seed, i, w.tell(a[i]), shuffled.tell(b[i]))
			}
		}
		if sum != want {
			t.Fatalf("seed %d: %d connections came out, %d went in", seed, sum, want)
		}
	}
}

// What is certain is never mixed with what is inferred.
func TestEdgesStayApart(t *testing.T) {
	w := newWire()
	c := event.Connection{Remote: to("1.1.1.1"), RemotePort: 443, Weight: 1}
	w.add(c, identity.ByGUID)
	w.add(c, identity.ByPIDInterval)
	w.add(c, identity.ByGUID)
	merged, _ := w.merge(everything)
	if len(merged) != 2 || merged[0].Count != 2 || merged[0].Edge != identity.ByGUID || merged[1].Edge != identity.ByPIDInterval {
		t.Errorf("%+v", merged)
	}
}

func TestAllowed(t *testing.T) {
	w := newWire()
	w.add(event.Connection{Remote: to("1.1.1.1"), Host: w.sym("OCSP.Example"), Weight: 3}, identity.ByGUID)
	w.add(event.Connection{Host: w.sym("a.example"), Lookup: true, Answers: w.sym("2.2.2.2;3.3.3.3;"), Weight: 1}, identity.ByGUID)
	w.add(event.Connection{Host: w.sym("none.example"), Weight: 1}, identity.ByGUID)
	var asked []string
	f := everything
	f.Allowed = func(host string, addresses []netip.Addr) bool {
		asked = append(asked, fmt.Sprint(host, addresses))
		return host == "ocsp.example"
	}
	merged, hidden := w.merge(f)
	sort.Strings(asked)
	if want := []string{"a.example[2.2.2.2 3.3.3.3]", "none.example[]", "ocsp.example[1.1.1.1]"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	if len(merged) != 2 || hidden != 3 {
		t.Errorf("%d shown, %d hidden", len(merged), hidden)
	}
}

// A lookup that has a public answer among private ones is shown for it.
func TestLookupStandsForItsPublicAnswer(t *testing.T) {
	w := newWire()
	w.add(event.Connection{Host: w.sym("c2.example"), Lookup: true, Answers: w.sym("10.0.0.1;9.9.9.9;"), Weight: 1}, identity.ByGUID)
	merged, _ := w.merge(outside)
	if len(merged) != 1 || merged[0].Remote != to("9.9.9.9") || merged[0].Class != Public || merged[0].Answers != "9.9.9.9 10.0.0.1" {
		t.Errorf("%+v", merged)
	}
}

func TestTie(t *testing.T) {
	s := event.NewStore()
	device := s.Symbols.Intern([]byte("pc"))
	source := func(at event.Time) event.Source { return event.Source{Device: device, Time: at * event.Second} }
	guid := event.Ref{ID: event.ID{Hi: 1, Lo: 1}, PID: 8}
	s.Processes = []event.Process{
		{Source: source(100), Self: guid},
		{Source: source(101), Self: event.Ref{PID: 9}},
		{Source: source(103), Self: event.Ref{PID: 9, Name: device}},
	}
	defender := event.Ref{PID: 20, Created: event.Second}
	for i, self := range []event.Ref{guid, {PID: 8}, {ID: event.ID{Hi: 1, Lo: 2}, PID: 8}, {PID: 9}, {PID: 77}, defender} {
		c := event.Connection{Source: source(102), Self: self, Weight: 1, Stamp: event.Time(i)}
		if self == defender {
			c.Parent = event.Ref{PID: 19, Created: event.Second}
		}
		s.Connections = append(s.Connections, c)
	}
	// Its own clock says it came first: by id it is tied all the same.
	s.Connections = append(s.Connections, event.Connection{Source: source(10), Self: guid, Weight: 1, Stamp: 99})
	roster := identity.NewRoster(s)
	ties := Tie(s, roster)
	want := []identity.Edge{identity.ByGUID, identity.ByPIDInterval, identity.NoEdge, identity.Ambiguous, identity.NoEdge, identity.ByParentFields, identity.ByGUID}
	if !slices.Equal(ties.Edge, want) || ties.Orphans != 3 || ties.Ambiguous != 1 {
		t.Errorf("edges %v, %d orphans, %d ambiguous; want %v, 3, 1", ties.Edge, ties.Orphans, ties.Ambiguous, want)
	}
	for i, owner := range ties.Owner {
		if tied := want[i] != identity.NoEdge && want[i] != identity.Ambiguous; tied != (owner != identity.None) {
			t.Errorf("connection %d: owner %d", i, owner)
		}
	}
}

// Sysmon writes the zero GUID from 2 s before it notices a process to 5 s after it
// forgot it; one whose end was not seen is trusted for a minute.
func TestTieWindow(t *testing.T) {
	s := event.NewStore()
	device := s.Symbols.Intern([]byte("pc"))
	source := func(at event.Time) event.Source { return event.Source{Device: device, Time: at} }
	ended, open := event.Ref{ID: event.ID{Hi: 1, Lo: 1}, PID: 8}, event.Ref{ID: event.ID{Hi: 1, Lo: 2}, PID: 9}
	const start, end = 100 * event.Second, 200 * event.Second
	s.Processes = []event.Process{{Source: source(start), Self: ended}, {Source: source(start), Self: open}}
	s.Ends = []event.End{{Source: source(end), Self: ended}}
	roster := identity.NewRoster(s)
	for _, c := range []struct {
		pid  uint32
		at   event.Time
		tied bool
	}{
		{8, start - 2*event.Second - 1, false}, {8, start - 2*event.Second, true}, {8, end + 5*event.Second, true}, {8, end + 5*event.Second + 1, false},
		{9, start + 60*event.Second, true}, {9, start + 60*event.Second + 1, false}, {9, event.NoTime, false},
	} {
		s.Connections = []event.Connection{{Source: source(c.at), Self: event.Ref{PID: c.pid}, Weight: 1}}
		if got := Tie(s, roster); (got.Owner[0] != identity.None) != c.tied {
			t.Errorf("process id %d at %d: tied %v", c.pid, c.at, !c.tied)
		}
	}
}

func BenchmarkTie(b *testing.B) {
	s := event.NewStore()
	device := s.Symbols.Intern([]byte("pc"))
	for i := range 100_000 {
		source := event.Source{Device: device, Time: event.Time(i+1) * event.Second}
		ref := event.Ref{ID: event.ID{Hi: 1, Lo: uint64(i/4 + 1)}, PID: uint32(i / 4 % 5000)}
		if i%4 == 0 {
			s.Processes = append(s.Processes, event.Process{Source: source, Self: ref})
		} else if i%40 == 1 {
			ref.ID = event.ID{}
		}
		s.Connections = append(s.Connections, event.Connection{Source: source, Self: ref, Weight: 1})
	}
	roster := identity.NewRoster(s)
	b.ReportAllocs()
	for b.Loop() {
		Tie(s, roster)
	}
}

func BenchmarkMerge(b *testing.B) {
	w := randomWire(rand.New(rand.NewPCG(1, 1)), 100_000)
	all := w.all()
	b.ReportAllocs()
	for b.Loop() {
		Merge(w.Store, &w.Ties, all, outside)
	}
}
