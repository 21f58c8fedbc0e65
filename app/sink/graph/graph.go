// Package graph draws one tree for tickets and wikis: as a Mermaid flowchart, and in
// Graphviz' language. What stands in a log is a label and nothing else.
package graph

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// ErrNothing says that there is no tree to draw.
var ErrNothing = errors.New("there is no finding to draw")

// errRows says that rows do not tell who started whom.
var errRows = errors.New("a drawing needs the rows of processes and connections: leave output at all")

// How much is drawn: Mermaid refuses more than 500 edges or 50,000 characters, and nobody
// reads as many. What is left out is said in a box of its own.
const (
	mostBoxes = 120
	mostEdges = 400
	mostLabel = 160 // characters of a command
	mostText  = 48_000
)

// box is a process or a destination.
type box struct {
	id     string
	lines  []string // of its label
	remote bool
}

// edge leads from a box to another.
type edge struct {
	from, to, label string
	dashed          bool // it is no parent's: what made the process start
}

// drawing is what both languages draw.
type drawing struct {
	title string
	boxes []box
	edges []edge
	left  int // rows that are not drawn
}

// of makes the drawing of a finding's best run, with at most so many boxes.
func of(f *view.Finding, most int) (*drawing, error) {
	d := &drawing{title: f.Label()}
	if f.Scored {
		d.title = fmt.Sprintf("%.1f bits  %s", f.Score, d.title)
	}
	processes, remotes := make(map[string]string), make(map[string]string)
	for _, r := range f.Runs[0].Rows {
		switch {
		case r.Kind != row.Nodes && r.Kind != row.Connections && r.Kind != row.Causes:
			return nil, errRows
		case len(d.boxes) >= most || len(d.edges) >= mostEdges:
			d.left++
		case r.Kind == row.Nodes:
			d.process(r, processes)
		case r.Kind == row.Causes:
			d.cause(r, processes)
		default:
			d.connection(r, processes, remotes)
		}
	}
	return d, nil
}

func (d *drawing) add(prefix string, remote bool, lines ...string) string {
	id := fmt.Sprintf("%s%d", prefix, len(d.boxes))
	b := box{id: id, remote: remote}
	for _, line := range lines {
		if line != "" {
			b.lines = append(b.lines, row.Printable(row.Clip(line, mostLabel)))
		}
	}
	d.boxes = append(d.boxes, b)
	return id
}

func (d *drawing) process(r row.Row, processes map[string]string) {
	name := cmp.Or(r.Get("process_name"), "(unknown)")
	if pid := r.Get("process_id"); pid != "" {
		name += " (" + pid + ")"
	}
	id := d.add("p", false, name, r.Get("process"), row.Intel(r))
	processes[r.Get("node_id")] = id
	if parent, known := processes[r.Get("parent_node_id")]; known {
		d.edges = append(d.edges, edge{from: parent, to: id})
	}
}

func (d *drawing) connection(r row.Row, processes, remotes map[string]string) {
	remote := row.Remote(r)
	if _, known := remotes[remote]; !known {
		remotes[remote] = d.add("r", true, remote, row.Intel(r))
	}
	if _, known := processes[r.Get("node_id")]; !known { // rows of connections alone
		processes[r.Get("node_id")] = d.add("p", false, r.Get("path"))
	}
	d.edges = append(d.edges, edge{from: processes[r.Get("node_id")], to: remotes[remote], label: r.Get("connection_count") + "x"})
}

// cause draws what made a process start, in a box of its own unless it is one of the tree's.
func (d *drawing) cause(r row.Row, processes map[string]string) {
	to, known := processes[r.Get("node_id")]
	if !known {
		d.left++
		return
	}
	from, known := processes[r.Get("parent_node_id")]
	if !known {
		name := cmp.Or(r.Get("parent_process_name"), "(unknown)")
		if pid := r.Get("parent_process_id"); pid != "" {
			name += " (" + pid + ")"
		}
		from = d.add("c", false, name, r.Get("parent_process"))
	}
	lead, _ := row.Causation(r)
	label := lead + " " + strings.ReplaceAll(r.Get("cause"), "_", " ") + " " + r.Get("cause_name") + ", " + r.Get("cause_certainty")
	d.edges = append(d.edges, edge{from: from, to: to, label: row.Printable(row.Clip(label, mostLabel)), dashed: true})
}

// Mermaid writes a flowchart. others is how many findings there are beside this.
func Mermaid(w io.Writer, f *view.Finding, others int) error {
	for most := mostBoxes; ; most = most * 3 / 4 {
		d, err := of(f, most)
		if err != nil {
			return err
		}
		if text := d.mermaid(others); len(text) <= mostText || most < 2 {
			_, err = io.WriteString(w, text)
			return err
		}
	}
}

func (d *drawing) mermaid(others int) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	fmt.Fprintf(&b, "  %%%% %s\n", comment(d.title, others))
	for _, x := range d.boxes {
		open, end := `["`, `"]`
		if x.remote {
			open, end = `(["`, `"])`
		}
		b.WriteString("  " + x.id + open + mermaidLabel(x.lines) + end + "\n")
	}
	if d.left > 0 {
		fmt.Fprintf(&b, "  left[\"and %d more rows\"]\n", d.left)
	}
	for _, e := range d.edges {
		arrow := " --> "
		switch {
		case e.dashed:
			arrow = ` -. "` + mermaidLabel([]string{e.label}) + `" .-> `
		case e.label != "":
			arrow = ` -- "` + mermaidLabel([]string{e.label}) + `" --> `
		}
		b.WriteString("  " + e.from + arrow + e.to + "\n")
	}
	return b.String()
}

// comment is what a drawing says of itself, in one line.
func comment(title string, others int) string {
	text := strings.NewReplacer("{", "(", "}", ")", "*/", "* /", "%%", "%").Replace(row.Printable(row.Clip(title, mostLabel)))
	if others > 0 {
		text += fmt.Sprintf(" (the highest of %d findings; --finding draws another)", others+1)
	}
	return text
}

// mermaidSafe writes what has a meaning in Mermaid's labels, or in the HTML and Markdown
// that it makes of them, as entities.
var mermaidSafe = strings.NewReplacer(`"`, "#quot;", "#", "#35;", ";", "#59;", "<", "#lt;", ">", "#gt;", "&", "#amp;", "`", "#96;",
	"*", "#42;", "_", "#95;", "~", "#126;", `\`, "#92;", "[", "#91;", "]", "#93;", "{", "#123;", "}", "#125;", "|", "#124;", "%", "#37;", "$", "#36;")

func mermaidLabel(lines []string) string {
	safe := make([]string, len(lines))
	for i, line := range lines {
		safe[i] = mermaidSafe.Replace(line)
	}
	return strings.Join(safe, "<br/>")
}

// Dot writes a digraph. others is how many findings there are beside this.
func Dot(w io.Writer, f *view.Finding, others int) error {
	d, err := of(f, mostBoxes)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// %s\ndigraph finding {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n", comment(d.title, others))
	for _, x := range d.boxes {
		shape := ""
		if x.remote {
			shape = ", shape=ellipse"
		}
		fmt.Fprintf(&b, "  %s [label=%s%s];\n", x.id, dotLabel(x.lines), shape)
	}
	if d.left > 0 {
		fmt.Fprintf(&b, "  left [label=\"and %d more rows\", style=dashed];\n", d.left)
	}
	for _, e := range d.edges {
		label := ""
		if e.label != "" {
			label = " [label=" + dotLabel([]string{e.label}) + map[bool]string{true: ", style=dashed"}[e.dashed] + "]"
		}
		fmt.Fprintf(&b, "  %s -> %s%s;\n", e.from, e.to, label)
	}
	b.WriteString("}\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// dotSafe writes what ends a quoted string or begins an escape sequence, of which \N is
// one, so that it is itself; & begins an entity in labels.
var dotSafe = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")

func dotLabel(lines []string) string {
	safe := make([]string, len(lines))
	for i, line := range lines {
		safe[i] = dotSafe.Replace(line)
	}
	return `"` + strings.Join(safe, `\n`) + `"`
}
