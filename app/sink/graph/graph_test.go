package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// odd are what would end a label, begin an escape, or be taken for the language itself.
var odd = []string{
	`C:\Temp\new.exe \N \G \L \l \r`, `say "hi" \`, `#quot; #35; & &amp; <b>x</b>`, "end", "a];b --> c{x}", "`tick` *star* _under_ ~~x~~", "line\nbreak\r\n%% x */",
	"graph TD; subgraph", "更新 👩 שלום", "\x1b[2J\u202e\x00\xff", strings.Repeat("x ", 400), "$$x$$", "class click href", "",
}

func finding(names []string) *view.Finding {
	nodes := []row.Node{{ID: "n", Depth: 1, Process: row.Process{Name: "root.exe", Command: names[0], PID: 4}}}
	for i, name := range names {
		nodes = append(nodes, row.Node{ID: fmt.Sprint("n", i), ParentID: "n", Depth: 2, Process: row.Process{Name: name, Command: name},
			Connections: []row.Connection{{Host: name, IP: fmt.Sprintf("192.0.2.%d", i%250), Port: 443, Count: 2, First: event.Second, Last: event.Second}}})
	}
	return view.Of(row.Build([]row.Tree{{ID: "t", Device: "PC", Process: names[0], Nodes: nodes}}, row.Nodes|row.Connections))[0]
}

func drawn(t *testing.T, draw func(w *bytes.Buffer, f *view.Finding) error, f *view.Finding) string {
	t.Helper()
	var out bytes.Buffer
	if err := draw(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func dot(w *bytes.Buffer, f *view.Finding) error     { return Dot(w, f, 2) }
func mermaid(w *bytes.Buffer, f *view.Finding) error { return Mermaid(w, f, 2) }

// labels of what is drawn, by a process's or destination's place in it.
func wantLabels(f *view.Finding) []string {
	d, _ := of(f, mostBoxes)
	labels := make([]string, len(d.boxes))
	for i, b := range d.boxes {
		labels[i] = strings.Join(b.lines, "\n")
	}
	return labels
}

// Graphviz itself reads what Dot writes, and finds every label in it.
func TestGraphvizReadsIt(t *testing.T) {
	program, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("graphviz is not on this machine")
	}
	f := finding(odd)
	cmd := exec.Command(program, "-Tjson0")
	cmd.Stdin = strings.NewReader(drawn(t, dot, f))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Objects []struct{ Name, Label string }
		Edges   []struct{ Label string }
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	want := wantLabels(f)
	if len(got.Objects) != len(want) || len(got.Edges) != 2*len(odd) {
		t.Fatalf("%d boxes and %d edges, want %d and %d", len(got.Objects), len(got.Edges), len(want), 2*len(odd))
	}
	entity := strings.NewReplacer(`\n`, "\n", `\\`, `\`, "&amp;", "&", `\"`, `"`)
	for i, o := range got.Objects {
		if label := entity.Replace(o.Label); label != want[i] {
			t.Errorf("box %d is %q, want %q", i, label, want[i])
		}
	}
}

// What is written has one statement a line, whatever the names are, and its labels hold
// nothing that has a meaning.
func TestLabelsStayLabels(t *testing.T) {
	f := finding(odd)
	mermaidLine := regexp.MustCompile(`^  ([pr]\d+(\["[^"]*"\]|\(\["[^"]*"\]\))|[pr]\d+ (-->|-- "\d+x" -->) [pr]\d+|%% .*)$`)
	dotLine := regexp.MustCompile(`^(  [pr]\d+ \[label="([^"\\]|\\.)*"(, shape=ellipse)?\];|  [pr]\d+ -> [pr]\d+( \[label="\d+x"\])?;|digraph finding \{|\}|  rankdir=LR;|  node \[.*|// .*)$`)
	for name, c := range map[string]struct {
		text string
		line *regexp.Regexp
	}{"mermaid": {strings.TrimPrefix(drawn(t, mermaid, f), "flowchart LR\n"), mermaidLine}, "dot": {drawn(t, dot, f), dotLine}} {
		lines := strings.Split(strings.TrimSuffix(c.text, "\n"), "\n")
		for _, line := range lines {
			if !c.line.MatchString(line) {
				t.Errorf("%s: %q", name, line)
			}
		}
		if len(lines) < 1+len(wantLabels(f))+2*len(odd) {
			t.Errorf("%s: %d lines", name, len(lines))
		}
	}
	entity := regexp.MustCompile(`#(\w+);`)
	for _, m := range regexp.MustCompile(`\["([^"]*)"\]`).FindAllStringSubmatch(drawn(t, mermaid, f), -1) {
		if left := strings.ReplaceAll(entity.ReplaceAllString(m[1], ""), "<br/>", ""); strings.ContainsAny(left, "`*_<>[]{}|#;&\\") {
			t.Errorf("%q", m[1])
		}
	}
}

// Mermaid refuses more than 50,000 characters and 500 edges: a drawing keeps to that and
// says what it leaves out.
func TestDrawingsHaveLimits(t *testing.T) {
	names := make([]string, 3000)
	for i := range names {
		names[i] = strings.Repeat(fmt.Sprint("name", i, ";"), 30)
	}
	got := drawn(t, mermaid, finding(names))
	if len(got) > 50_000 || strings.Count(got, "-->") > 500 || !strings.Contains(got, "more rows") {
		t.Errorf("%d characters, %d edges", len(got), strings.Count(got, "-->"))
	}
}

// Edges to boxes that are there already count as well.
func TestManyEdges(t *testing.T) {
	calls := make([]row.Connection, 900)
	for i := range calls {
		calls[i] = row.Connection{IP: "192.0.2.1", Action: fmt.Sprint(i), Count: 1}
	}
	f := view.Of(row.Build([]row.Tree{{ID: "t", Nodes: []row.Node{{ID: "x", Depth: 1, Connections: calls}}}}, row.Nodes|row.Connections))[0]
	if got := drawn(t, mermaid, f); strings.Count(got, "-->") != mostEdges || !strings.Contains(got, "and 500 more rows") {
		t.Errorf("%d edges", strings.Count(got, "-->"))
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	trees := []row.Tree{{ID: "t", Nodes: []row.Node{{Depth: 1}}}}
	for _, draw := range []func(*bytes.Buffer, *view.Finding) error{dot, mermaid} {
		if err := draw(new(bytes.Buffer), view.Of(row.Build(trees, row.Trees))[0]); !errors.Is(err, errRows) {
			t.Error(err)
		}
	}
}

// A destination of several processes is one box.
func TestDestinationsAreShared(t *testing.T) {
	nodes := []row.Node{{ID: "x", Depth: 1, Connections: []row.Connection{{IP: "192.0.2.1", Count: 1}}}, {ID: "y", ParentID: "x", Depth: 2, Connections: []row.Connection{{IP: "192.0.2.1", Count: 5}}}}
	f := view.Of(row.Build([]row.Tree{{ID: "t", Nodes: nodes}}, row.Nodes|row.Connections))[0]
	got := drawn(t, dot, f)
	if strings.Count(got, "ellipse") != 1 || !strings.Contains(got, `p2 -> r1 [label="5x"]`) || !strings.Contains(got, "p0 -> p2;") {
		t.Error(got)
	}
}
