package sink

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// tableCommand is how much of a command line a person sees: the beginning tells
// most, and a screen of base64 tells nothing. CSV and JSON have it whole.
const tableCommand = 160

// writeTable draws each task under a line that says how rare it is and where it ran.
func writeTable(w *bufio.Writer, rows []row.Row) error {
	for i, t := range tasks(rows) {
		if i > 0 {
			_ = w.WriteByte('\n') // a failed write shows when the buffer is flushed
		}
		if _, err := w.WriteString(heading(i+1, t) + indent(drawTree(t.shown)+t.sumUp())); err != nil {
			return err
		}
	}
	return nil
}

// drawTree draws one tree, whichever of its rows there are.
func drawTree(rows []row.Row) string {
	switch first := rows[0]; first.Kind {
	case row.Trees:
		return first.Get("tree") + "\n"
	case row.Nodes:
		return row.Draw(rows, tableCommand)
	}
	return drawConnections(rows)
}

// drawConnections draws connection rows whose nodes are not among the rows.
func drawConnections(rows []row.Row) string {
	var b strings.Builder
	last := ""
	for _, r := range rows {
		if id := r.Get("node_id"); id != last {
			b.WriteString(row.Printable(r.Get("path")+" ("+r.Get("process_id")+")") + "\n")
			last = id
		}
		b.WriteString(row.Draw([]row.Row{r}, tableCommand))
	}
	return b.String()
}

// heading is the line above a task.
func heading(number int, t *task) string {
	first := t.shown[0]
	parts := []string{fmt.Sprintf("#%d", number), first.Get("device"), "task on " + devices(first.Get("root_devices"))}
	if user := first.Get("user"); user != "" && first.Get("depth") == "1" {
		parts = append(parts, "as "+user)
	}
	if first.Kind != row.Connections {
		parts = append(parts, "started "+row.Clock(first.Get("_time")))
	}
	if n := len(t.other); n > 0 {
		parts = append(parts, strconv.Itoa(n+1)+" runs")
	}
	return row.Printable(strings.Join(parts, "  ")) + "\n"
}

func devices(n string) string {
	if count, err := strconv.Atoi(n); err == nil && count == 1 {
		return "1 device"
	}
	return n + " devices"
}

func indent(text string) string {
	return "   " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n   ") + "\n"
}
