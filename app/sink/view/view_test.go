package view

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

const noon = event.Time(1_795_176_000) * event.Second

// fleet makes runs of some findings on some devices, and of tasks that nobody scored.
func fleet(dice *rand.Rand) (trees []row.Tree) {
	findings := make([]*row.Finding, 3)
	for i := range findings {
		findings[i] = &row.Finding{ID: fmt.Sprintf("%016x", i+1), Scored: true, Score: float64(10 - i), Template: fmt.Sprintf("task%d <x>", i), Why: []string{"rare +1.5 on 1 of 9", "odd"}}
	}
	for i := range 40 {
		f := findings[dice.IntN(len(findings))]
		t := row.Tree{ID: fmt.Sprint("t", i), Device: fmt.Sprint("PC", dice.IntN(4)), Process: "TASK /" + f.ID, Verdicts: row.Verdicts{Finding: f}}
		n := row.Node{ID: "n", Depth: 1, Started: noon + event.Time(dice.IntN(1000))*event.Second}
		for range dice.IntN(3) {
			first := n.Started + event.Second
			n.Connections = append(n.Connections, row.Connection{IP: fmt.Sprint("192.0.2.", dice.IntN(3)), Port: 443, Count: 1 + dice.IntN(9), First: first, Last: first + 60*event.Second,
				Beacon: row.Beacon{Judged: true, Score: float64(dice.IntN(100)) / 100, Period: 600, Count: 3}})
		}
		t.Nodes = []row.Node{n}
		if dice.IntN(5) == 0 {
			t.Finding = nil
		}
		trees = append(trees, t)
	}
	return trees
}

// slow says of a finding what a reader would count by hand.
type slow struct {
	runs, contacts int
	devices        map[string]bool
	first, last    float64
}

// Of counts what is there: no run, contact or device is lost or counted twice, in
// whatever order trees come.
func TestNothingIsLost(t *testing.T) {
	for seed := range uint64(30) {
		trees := fleet(rand.New(rand.NewPCG(seed, 1)))
		want := make(map[string]*slow)
		for i := range trees {
			key := trees[i].Device + trees[i].Process
			if trees[i].Finding != nil {
				key = trees[i].Finding.ID
			}
			w := want[key]
			if w == nil {
				w = &slow{devices: map[string]bool{}}
				want[key] = w
			}
			w.runs, w.devices[trees[i].Device] = w.runs+1, true
			note := func(at event.Time) {
				s := float64(at) / float64(event.Second)
				if w.first == 0 || s < w.first {
					w.first = s
				}
				w.last = max(w.last, s)
			}
			note(trees[i].Nodes[0].Started)
			for _, c := range trees[i].Nodes[0].Connections {
				w.contacts += c.Count
				note(c.Last)
			}
		}
		got := Of(row.Build(trees, row.Nodes|row.Connections))
		if len(got) != len(want) {
			t.Fatalf("%d findings, want %d", len(got), len(want))
		}
		for _, f := range got {
			key := f.ID
			if key == "" {
				key = f.Devices[0] + f.Process
			}
			contacts := 0
			for _, r := range f.Remotes {
				contacts += r.Count
			}
			is := slow{f.RunCount, contacts, map[string]bool{}, f.First, f.Last}
			for _, d := range f.Devices {
				is.devices[d] = true
			}
			if !reflect.DeepEqual(&is, want[key]) || f.DeviceCount != len(want[key].devices) {
				t.Errorf("seed %d, %s: %+v, want %+v", seed, key, is, want[key])
			}
		}
	}
}

func TestParts(t *testing.T) {
	f := Of(row.Build(fleet(rand.New(rand.NewPCG(1, 1))), row.Nodes))[0]
	if want := []Part{{"rare", 1.5, "on 1 of 9"}, {Text: "odd"}}; !reflect.DeepEqual(f.Why, want) {
		t.Errorf("%+v", f.Why)
	}
}

// A finding's own row tells the same as its trees' rows.
func TestFindingRows(t *testing.T) {
	tree := fleet(rand.New(rand.NewPCG(2, 1)))[0]
	f := tree.Finding
	f.Devices, f.DeviceNames, f.Runs, f.First, f.Last, f.Shown = 25, []string{"PC1", "PC2"}, 77, noon, noon+event.Day, &tree
	f.Remotes, f.Beacon, f.Coverage = []string{"a.example", "b.example"}, row.Beacon{Judged: true, Score: 0.9, Period: 3600, Count: 9}, []string{"no_dns"}
	got := Of(row.BuildFindings([]*row.Finding{f}, nil))[0]
	if got.DeviceCount != 25 || len(got.Devices) != 2 || got.RunCount != 77 || len(got.Remotes) != 2 || got.Beacon.Cadence() != "60m" || got.First != float64(noon)/float64(event.Second) || len(got.Coverage) != 1 || got.Runs[0].ID != tree.ID {
		t.Errorf("%+v", got)
	}
}

func TestLevelsAndLacks(t *testing.T) {
	var findings []*Finding
	header := row.NewHeader([]string{"coverage"})
	for i, score := range []float64{25, 11, 11, 4, 6} {
		findings = append(findings, &Finding{Scored: true, Score: score, First: 100 - float64(i), Last: 200, Runs: []Run{
			{Device: fmt.Sprint(i % 2), Rows: []row.Row{header.Row([]string{"no_dns\ngap 1/2"})}}, {Device: "x", Rows: []row.Row{header.Row([]string{""})}},
		}})
	}
	if got := Levels(findings); !reflect.DeepEqual(got, []Level{{20, 1}, {10, 3}, {5, 4}}) {
		t.Errorf("%v", got)
	}
	if got := Levels(findings[1:3]); !reflect.DeepEqual(got, []Level{{10, 2}}) {
		t.Errorf("%v", got)
	}
	if got := Lacks(findings); !reflect.DeepEqual(got, []Lack{{"gap", 2}, {"no_dns", 2}}) {
		t.Errorf("%v", got)
	}
	if first, last := Span(findings); first != 96 || last != 200 {
		t.Errorf("%v to %v", first, last)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Bytes(999), "999 B"}, {Bytes(1_234_567), "1.2 MB"}, {Bytes(3e9), "3.0 GB"}, {Count(999), "999"}, {Count(1_234_567), "1,234,567"}, {Count(-1234), "-1,234"},
		{Plural(1, "run"), "1 run"}, {Plural(0, "run"), "0 runs"}, {Clock(0), ""}, {Clock(1_795_176_000.9), "2026-11-20 12:00:00"},
		{Beacon{true, 0.9, 45, 3}.Cadence(), "45s"}, {Beacon{true, 0.9, 1800, 3}.Cadence(), "30m"}, {Beacon{true, 0.9, 21600, 3}.Cadence(), "6h"},
		{Beacon{true, 0.9, 86400 * 2, 3}.Cadence(), "2d"}, {Beacon{true, 0.4, 45, 3}.Cadence(), ""}, {Beacon{}.Cadence(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// An address is called by the name that a lookup of the finding had for it: the last one
// before the first contact, else the first after; another finding's lookup, another address
// and a name of its own change nothing. The order of trees and rows does not matter.
func TestNamesOfAddresses(t *testing.T) {
	one, two := &row.Finding{ID: "0000000000000001"}, &row.Finding{ID: "0000000000000002"}
	call := func(ip, host string, second int) row.Connection {
		return row.Connection{IP: ip, Host: host, Port: 443, Count: 1, First: noon + event.Time(second)*event.Second, Last: noon + event.Time(second)*event.Second}
	}
	asked := func(host, answers string, second int) row.Connection {
		c := call(strings.Fields(answers)[0], host, second)
		c.Port, c.Action, c.Answers = 0, "dns", answers
		return c
	}
	tree := func(id string, f *row.Finding, calls ...row.Connection) row.Tree {
		return row.Tree{ID: id, Device: "PC", Verdicts: row.Verdicts{Finding: f}, Nodes: []row.Node{{ID: "n", Depth: 1, Started: noon, Connections: calls}}}
	}
	trees := []row.Tree{
		tree("a", one, asked("old.example", "192.0.2.1 2001:db8::1", 10), call("192.0.2.1", "", 30), call("192.0.2.4", "", 30)),
		tree("b", one, asked("new.example", "192.0.2.1", 20), asked("later.example", "192.0.2.1", 40), call("192.0.2.1", "", 35)),
		tree("c", one, call("2001:db8::1", "", 5), call("192.0.2.1", "own.example", 50)),
		tree("d", two, call("192.0.2.1", "", 60)),
	}
	want := map[string]string{"192.0.2.1:443": "new.example", "[2001:db8::1]:443": "old.example", "192.0.2.4:443": "192.0.2.4:443", "192.0.2.1:443 own.example": "own.example"}
	for seed := range uint64(20) {
		dice := rand.New(rand.NewPCG(seed, 3))
		dice.Shuffle(len(trees), func(i, j int) { trees[i], trees[j] = trees[j], trees[i] })
		for _, x := range trees {
			calls := x.Nodes[0].Connections
			dice.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		}
		for _, f := range Of(row.Build(trees, row.Nodes|row.Connections)) {
			for _, to := range f.Remotes {
				if name, is := want[to.Text]; is && f.ID == one.ID && to.Name != name {
					t.Errorf("seed %d: %s is called %s, want %s", seed, to.Text, to.Name, name)
				}
				if f.ID == two.ID && to.Name != "192.0.2.1:443" {
					t.Errorf("seed %d: another finding's %s is called %s", seed, to.Text, to.Name)
				}
			}
		}
	}
}
