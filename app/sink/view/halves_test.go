package view

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// The tree that registered a task stands right behind the first run of its finding, wherever
// its rows come; one of another finding does not.
func TestCreatorStandsSecond(t *testing.T) {
	one := &row.Finding{ID: "1", Scored: true}
	tree := func(id, maker string) row.Tree {
		return row.Tree{ID: id, Device: "PC", Task: row.Task{Maker: maker}, Verdicts: row.Verdicts{Finding: one}, Nodes: []row.Node{{ID: id, Depth: 1, Started: 7}}}
	}
	for want, trees := range map[string][]row.Tree{
		"acb":  {tree("a", "c"), tree("b", "c"), tree("c", "")},
		"acbd": {tree("a", ""), tree("b", "c"), tree("c", ""), tree("d", "")},
		"ab":   {tree("a", "b"), tree("b", "")},
	} {
		f := Of(row.Build(trees, row.Nodes))[0]
		got := ""
		for _, run := range f.Runs {
			got += run.ID
		}
		if got != want || !f.Halves {
			t.Errorf("%s, want %s; halves %t", got, want, f.Halves)
		}
	}
	for _, trees := range [][]row.Tree{{tree("a", "x"), tree("b", "")}, {tree("a", "")}, {tree("a", ""), tree("b", "a")}} {
		if f := Of(row.Build(trees, row.Nodes))[0]; f.Halves {
			t.Errorf("halves of %v", trees)
		}
	}
}
