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

// writeTable draws each tree under a line that says how rare it is and where it ran.
func writeTable(w *bufio.Writer, rows []row.Row) error {
	for number := 1; len(rows) > 0; number++ {
		n := 1
		for n < len(rows) && rows[n].Get("tree_id") == rows[0].Get("tree_id") {
			n++
		}
		if number > 1 {
			_ = w.WriteByte('\n') // a failed write shows when the buffer is flushed
		}
		if _, err := w.WriteString(drawTree(number, rows[:n])); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func drawTree(number int, rows []row.Row) string {
	var text string
	switch first := rows[0]; first.Get("row") {
	case "tree":
		text = first.Get("tree")
	case "node":
		text = row.Draw(rows, tableCommand)
	default:
		text = drawConnections(rows)
	}
	return heading(number, rows) + indent(text)
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

// heading is the line above a tree.
func heading(number int, rows []row.Row) string {
	first := rows[0]
	parts := []string{fmt.Sprintf("#%d", number), first.Get("device"), "task on " + devices(first.Get("root_devices"))}
	if user := first.Get("user"); user != "" && first.Get("depth") == "1" {
		parts = append(parts, "as "+user)
	}
	if first.Get("row") != "connection" {
		parts = append(parts, "started "+row.Clock(first.Get("_time")))
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
