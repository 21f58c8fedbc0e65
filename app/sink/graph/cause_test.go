package graph

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// caused is a tree of two processes that something of a name made start; maker is who
// installed that, the zero Process where nobody knows.
func caused(name string, maker row.Process) *view.Finding {
	tree := row.Tree{ID: "t", Device: "PC", Process: "relay.exe", Nodes: []row.Node{
		{ID: "n", Depth: 1, Process: row.Process{Name: "relay.exe", Command: "relay.exe --serve", PID: 40}},
		{ID: "m", ParentID: "n", Depth: 2, Process: row.Process{Name: "below.exe", Command: "below.exe", PID: 44}},
	}}
	tree.Cause = &row.Cause{What: "wmi_consumer", Name: name, At: event.Second, Maker: maker, Events: []string{"20#7"}, Certainty: "likely"}
	if maker.Name != "" {
		tree.Cause.MakerID = "x"
	}
	return view.Of(row.Build([]row.Tree{tree}, row.Nodes|row.Connections|row.Causes))[0]
}

// What made a process start is a dashed arrow to it and never a line of parents: those are the
// same with it and without.
func TestCausesAreDashed(t *testing.T) {
	parents := regexp.MustCompile(`(?m)^  \w+ (-->|->) \w+;?$`)
	for _, c := range []struct {
		maker row.Process
		box   string
	}{{row.Process{Name: "sc.exe", Command: "sc create Relay", PID: 9}, "sc.exe (9)"}, {row.Process{}, "(unknown)"}} {
		f := caused("Relay", c.maker)
		m, d := drawn(t, mermaid, f), drawn(t, dot, f)
		if !strings.Contains(m, ` -. "caused by wmi consumer Relay, likely" .-> p0`+"\n") || strings.Count(m, ".->") != 1 || !strings.Contains(m, `["`+c.box) {
			t.Errorf("Mermaid draws the cause otherwise:\n%s", m)
		}
		if !strings.Contains(d, `-> p0 [label="caused by wmi consumer Relay, likely", style=dashed];`) || strings.Count(d, "dashed") != 1 || !strings.Contains(d, `[label="`+c.box) {
			t.Errorf("Graphviz draws the cause otherwise:\n%s", d)
		}
		for _, text := range []string{m, d} {
			if got := parents.FindAllString(text, -1); len(got) != 1 {
				t.Errorf("parents are drawn as %q:\n%s", got, text)
			}
		}
	}
}

// Whatever a service is called, Graphviz reads the drawing.
func TestGraphvizReadsCauses(t *testing.T) {
	program, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("graphviz is not on this machine")
	}
	for _, name := range odd {
		cmd := exec.Command(program, "-Tcanon")
		cmd.Stdin = strings.NewReader(drawn(t, dot, caused(name, row.Process{Name: name, Command: name})))
		if out, err := cmd.CombinedOutput(); err != nil || strings.Count(string(out), "style=dashed") != 1 {
			t.Errorf("%q: %v\n%s", name, err, out)
		}
	}
}
