package hunt

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// A chain is of different carriers on one way down, however many there are beside it.
func TestChainOf(t *testing.T) {
	node := func(depth int, name string) row.Node { return row.Node{Depth: depth, Process: row.Process{Name: name}} }
	for _, c := range []struct {
		name  string
		nodes []row.Node
		want  int
	}{
		{"nothing", nil, 0},
		{"a program", []row.Node{node(1, "update.exe")}, 0},
		{"a shell that calls itself", []row.Node{node(1, "cmd.exe"), node(2, "CMD.EXE"), node(3, "cmd.exe")}, 1},
		{"four in a row, with a program between", []row.Node{node(1, "mshta.exe"), node(2, "cmd.exe"), node(3, "a.exe"), node(4, "regsvr32.exe"), node(5, "rundll32.exe")}, 4},
		{"side by side", []row.Node{node(1, "cmd.exe"), node(2, "powershell.exe"), node(2, "wscript.exe"), node(2, "rundll32.exe")}, 2},
		{"the second way is longer", []row.Node{node(1, "cmd.exe"), node(2, "powershell.exe"), node(2, "wscript.exe"), node(3, "rundll32.exe")}, 3},
		{"a depth left out", []row.Node{node(1, "cmd.exe"), node(4, "powershell.exe")}, 2},
	} {
		if got := chainOf(c.nodes); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}
