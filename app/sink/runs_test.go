package sink

import (
	"bytes"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// run is one run of a task that starts child and connects to addr at a time.
func run(id, device, command, child, addr string, start event.Time) row.Tree {
	root := row.Node{ID: id + "a", Depth: 1, Path: "task.exe", Process: row.Process{Name: "task.exe", Command: command}, Started: start}
	below := row.Node{ID: id + "b", Depth: 2, Path: "task.exe > " + child, Process: row.Process{Name: child}, Started: start}
	below.Connections = []row.Connection{{Edge: "guid", IP: addr, Port: 443, Class: "public", Count: 2, First: start, Last: start}}
	return row.Tree{ID: id, Device: device, Process: command, Devices: 1, Nodes: []row.Node{root, below}}
}

// A task that ran often is drawn once; what its other runs did besides is summed up.
func TestRunsOfOneTaskAreOneThing(t *testing.T) {
	day := 20_000 * event.Day
	trees := []row.Tree{
		run("1", "PC", "task.exe /c", "a.exe", "192.0.2.1", day+3*event.Second),
		run("2", "PC", "TASK.EXE /c", "a.exe", "192.0.2.2", day+2*event.Second),
		run("3", "PC", "task.exe /c", "b.exe", "192.0.2.2", day+event.Second),
		run("4", "OTHER", "task.exe /c", "a.exe", "192.0.2.1", day),
	}
	want := `#1  PC  task on 1 device  started 2024-10-04 00:00:03  3 runs
   task.exe  task.exe /c
   └─ a.exe
         -> 192.0.2.1:443  public  2x  2024-10-04 00:00:03
   and 2 more runs since 2024-10-04 00:00:01, with 1 other process path, also to 192.0.2.2:443 4x

#2  OTHER  task on 1 device  started 2024-10-04 00:00:00
   task.exe  task.exe /c
   └─ a.exe
         -> 192.0.2.1:443  public  2x  2024-10-04 00:00:00
`
	var out bytes.Buffer
	rows := row.Build(trees, row.Nodes|row.Connections)
	if err := Write(&out, "table", row.HeaderOf(row.Nodes).Names, rows); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("drawn:\n%s\nwant:\n%s", out.String(), want)
	}
}

// However many destinations the other runs had, the line stays a line and says how
// many it leaves out.
func TestManyDestinationsAreCounted(t *testing.T) {
	trees := []row.Tree{run("0", "PC", "x", "a.exe", "192.0.2.0", event.Day)}
	for i := range 20 {
		id := string(rune('a' + i))
		trees = append(trees, run(id, "PC", "x", "a.exe", "198.51.100."+strings.Repeat("1", 1+i%2)+string(rune('0'+i/2)), event.Day))
	}
	var out bytes.Buffer
	if err := Write(&out, "table", row.HeaderOf(row.Nodes).Names, row.Build(trees, row.Nodes|row.Connections)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "and 20 more runs") || !strings.Contains(out.String(), ", 12 more\n") {
		t.Errorf("drawn:\n%s", out.String())
	}
}
