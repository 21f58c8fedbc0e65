package view

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// What is known of some process or remote of any run is told of the finding, once.
func TestIntelOfAnyRunIsTold(t *testing.T) {
	finding := &row.Finding{ID: "0123456789abcdef", Scored: true, Score: 3}
	var trees []row.Tree
	for _, id := range []string{"t1", "t2"} {
		node := row.Node{ID: "n", Depth: 1, Started: noon, Process: row.Process{Name: "a.exe"}}
		node.Connections = []row.Connection{{IP: "192.0.2.7", Port: 443, Count: 1, First: noon, Last: noon}, {IP: "192.0.2.8", Port: 443, Count: 1, First: noon, Last: noon}}
		if id == "t2" {
			node.Connections[0].Verdict = row.Verdict{Known: true, Score: 90, Label: "c2 <b>", Source: "list.csv"}
		}
		node.Verdict = row.Verdict{Known: true, Score: 12.5, Label: "tool"}
		trees = append(trees, row.Tree{ID: id, Device: "PC", Nodes: []row.Node{node}, Verdicts: row.Verdicts{Finding: finding}})
	}
	for _, kinds := range []row.Kind{row.Nodes | row.Connections, row.Nodes | row.Connections | row.Causes} {
		f := Of(row.Build(trees, kinds))[0]
		if want := []string{"a.exe: intel 12.5 tool", "192.0.2.7:443: intel 90 c2 <b> (list.csv)"}; !slices.Equal(f.Intel, want) {
			t.Errorf("%q, want %q", f.Intel, want)
		}
	}
	best := []string{"intel 90 c2 <b> (list.csv)"}
	if f := Of(row.BuildFindings([]*row.Finding{show(finding, trees)}, trees))[0]; !slices.Equal(f.Intel, best) {
		t.Errorf("the finding's own row: %q", f.Intel)
	}
	if f := Of(row.Build(trees[1:], row.Trees))[0]; !slices.Equal(f.Intel, best) {
		t.Errorf("a tree's own row: %q", f.Intel)
	}
}

func show(f *row.Finding, trees []row.Tree) *row.Finding {
	f.Show(trees, 0)
	return f
}
