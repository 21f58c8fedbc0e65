package enrich_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/enrich"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// source knows some indicators, and notes what it is asked.
type source struct {
	mu      sync.Mutex
	known   map[plugin.Indicator]plugin.Verdict
	batches []int
	asked   map[plugin.Indicator]int
	fails   func(batch int) error
}

func (s *source) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, len(batch))
	if s.fails != nil {
		if err := s.fails(len(s.batches)); err != nil {
			return nil, err
		}
	}
	if s.asked == nil {
		s.asked = map[plugin.Indicator]int{}
	}
	out := make([]plugin.Verdict, len(batch))
	for i, indicator := range batch {
		s.asked[indicator]++
		out[i] = s.known[indicator]
	}
	return out, nil
}

func never(error) bool { return false }

func node(hash, command string, connections ...row.Connection) row.Node {
	return row.Node{Hash: hash, Process: row.Process{Command: command}, Connections: connections}
}

var digest = strings.Repeat("Ab", 32)

func ip(v string) plugin.Indicator     { return plugin.Indicator{Kind: plugin.IP, Value: v} }
func domain(v string) plugin.Indicator { return plugin.Indicator{Kind: plugin.Domain, Value: v} }

// Each thing that rows show is asked for once, as what it is.
func TestIndicators(t *testing.T) {
	trees := []row.Tree{{Nodes: []row.Node{
		node(digest, "x.exe /a", row.Connection{IP: "192.0.2.1", Host: "C2.Example."}, row.Connection{IP: "::ffff:192.0.2.1", URL: "https://u@path.example:8443/x?y"}),
		node("d41d8cd98f00b204e9800998ecf8427e", ""), // an MD5 is none
	}}, {Nodes: []row.Node{
		node(strings.ToLower(digest), "x.exe /a", row.Connection{Host: "192.0.2.1"}, row.Connection{IP: "fe80::1%eth0"}, row.Connection{}),
		node(strings.Repeat("z", 64), "y", row.Connection{Host: "c2.example", URL: "[2001:db8::7]:443/x"}),
	}}}
	s := &source{}
	questions := enrich.Gather(trees)
	if a := questions.Ask(t.Context(), s, never); a.Err != nil || a.Known != 0 {
		t.Errorf("answers %+v", a)
	}
	want := map[plugin.Indicator]int{
		{Kind: plugin.SHA256, Value: strings.ToLower(digest)}: 1, {Kind: plugin.CommandLine, Value: "x.exe /a"}: 1, {Kind: plugin.CommandLine, Value: "y"}: 1,
		ip("192.0.2.1"): 1, ip("fe80::1"): 1, ip("2001:db8::7"): 1, domain("c2.example"): 1, domain("path.example"): 1,
	}
	if !maps.Equal(s.asked, want) || questions.Len() != len(want) {
		t.Errorf("asked %v\nwant %v", s.asked, want)
	}
}

func known(score float64, label, source string) row.Verdict {
	return row.Verdict{Known: true, Score: score, Label: label, Source: source}
}

// A row has the best of what is known of the things on it, and of nothing else.
func TestVerdicts(t *testing.T) {
	trees := []row.Tree{{Nodes: []row.Node{
		node(digest, "x.exe /a", row.Connection{IP: "192.0.2.1", Host: "c2.example"}, row.Connection{Host: "fine.example", URL: "https://bad.example/"}),
		node("", "clean", row.Connection{IP: "192.0.2.2"}),
	}}}
	list := map[plugin.Indicator]plugin.Verdict{
		{Kind: plugin.SHA256, Value: strings.ToLower(digest)}: {Score: 10, Label: "tool", Source: "a"},
		{Kind: plugin.CommandLine, Value: "x.exe /a"}:         {Score: 40, Label: "loader", Source: "z"},
		ip("192.0.2.1"): {Score: 90, Label: "c2", Source: "b"}, domain("c2.example"): {Score: 90, Label: "c2 name", Source: "a"},
		domain("bad.example"): {Label: "seen", Source: "c"}, domain("clean"): {Score: 100, Label: "wrong"},
	}
	s := &source{known: list}
	questions := enrich.Gather(trees)
	if a := questions.Ask(t.Context(), s, never); a.Known != 5 || a.Unasked != 0 || a.Err != nil {
		t.Errorf("answers %+v", a)
	}
	questions.Fill(trees)
	for i, got := range []row.Verdict{
		trees[0].Nodes[0].Verdict, trees[0].Nodes[0].Connections[0].Verdict, trees[0].Nodes[0].Connections[1].Verdict,
		trees[0].Nodes[1].Verdict, trees[0].Nodes[1].Connections[0].Verdict,
	} {
		want := []row.Verdict{known(40, "loader", "z"), known(90, "c2 name", "a"), known(0, "seen", "c"), {}, {}}[i]
		if got != want {
			t.Errorf("verdict %d is %+v, want %+v", i, got, want)
		}
	}
}

// many is a tree with so many different addresses.
func many(n int) []row.Tree {
	tree := row.Tree{Nodes: []row.Node{node("", "")}}
	for i := range n {
		tree.Nodes[0].Connections = append(tree.Nodes[0].Connections, row.Connection{IP: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)})
	}
	return []row.Tree{tree}
}

// A batch that fails is unknown, and the others are not; a source that is of no use any
// more is not asked again.
func TestFailures(t *testing.T) {
	broken, busy := errors.New("broken"), errors.New("busy")
	for name, c := range map[string]struct {
		fails   func(batch int) error
		unasked int
		batches int
		err     error
	}{
		"none":          {func(int) error { return nil }, 0, 3, nil},
		"one is busy":   {func(batch int) error { return []error{nil, busy, nil}[batch-1] }, 5000, 3, busy},
		"all are busy":  {func(int) error { return busy }, 12000, 3, busy},
		"broken at two": {func(batch int) error { return []error{nil, broken}[batch-1] }, 7000, 2, broken},
		"busy, broken":  {func(batch int) error { return []error{busy, broken}[batch-1] }, 12000, 2, busy},
	} {
		t.Run(name, func(t *testing.T) {
			s := &source{fails: c.fails}
			a := enrich.Gather(many(12_000)).Ask(t.Context(), s, func(err error) bool { return errors.Is(err, broken) })
			if !errors.Is(a.Err, c.err) || a.Unasked != c.unasked || len(s.batches) != c.batches {
				t.Errorf("%+v after %d batches, want %d unasked after %d, %v", a, len(s.batches), c.unasked, c.batches, c.err)
			}
		})
	}
}

type short struct{}

func (short) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	return make([]plugin.Verdict, len(batch)-1), nil
}

func TestTooFewVerdictsAreNone(t *testing.T) {
	if a := enrich.Gather(many(3)).Ask(t.Context(), short{}, never); a.Err == nil || a.Unasked != 3 {
		t.Errorf("%+v", a)
	}
	if a := enrich.Gather(nil).Ask(t.Context(), short{}, never); a != (enrich.Answers{}) {
		t.Errorf("of nothing: %+v", a)
	}
}

// The order of sources and trees has no part in the verdicts.
func TestOrderDoesNotMatter(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	var want []row.Verdict
	for round := range 20 {
		trees := many(300)
		connections := trees[0].Nodes[0].Connections
		order := dice.Perm(len(connections))
		shuffled := make([]row.Connection, len(connections))
		for i, at := range order {
			shuffled[at] = connections[i]
		}
		trees[0].Nodes[0].Connections = shuffled
		questions := enrich.Gather(trees)
		var asking sync.WaitGroup
		for _, n := range dice.Perm(5) {
			s := &source{known: map[plugin.Indicator]plugin.Verdict{}}
			for i, c := range connections {
				if i%(n+1) == 0 {
					s.known[ip(c.IP)] = plugin.Verdict{Score: float64(i % 3), Label: fmt.Sprint("l", n), Source: fmt.Sprint("s", n%2)}
				}
			}
			asking.Go(func() { questions.Ask(t.Context(), s, never) })
		}
		asking.Wait()
		questions.Fill(trees)
		var got []row.Verdict
		for i := range connections {
			got = append(got, shuffled[order[i]].Verdict)
		}
		if round == 0 {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Fatalf("round %d differs", round)
		}
	}
}

func TestIndicatorThatSomebodyTyped(t *testing.T) {
	for typed, want := range map[string]plugin.Indicator{
		"192.0.2.1": ip("192.0.2.1"), "::FFFF:192.0.2.1": ip("192.0.2.1"), "Evil.Example": domain("evil.example"),
		digest: {Kind: plugin.SHA256, Value: strings.ToLower(digest)}, `C:\x.exe`: {Kind: plugin.CommandLine, Value: `C:\x.exe`},
		"x.exe /a": {Kind: plugin.CommandLine, Value: "x.exe /a"}, "": {Kind: plugin.CommandLine},
	} {
		if got := enrich.Indicator(typed); got != want {
			t.Errorf("%q is %+v, want %+v", typed, got, want)
		}
	}
}
