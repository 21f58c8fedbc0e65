package sink

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// task is the runs of one task on one device: the trees with the same root command.
// A task that beacons every half hour is one thing to read, not fifty.
type task struct {
	shown []row.Row   // the run that is drawn
	other [][]row.Row // the runs that are summed up
}

// moreShown is how many destinations of the other runs are named.
const moreShown = 8

// tasks groups the rows of trees, which lie together, in the order of each task's
// first tree. That one is drawn: of equally rare trees, those that called out come
// first, and then the latest.
func tasks(rows []row.Row) (grouped []*task) {
	type key struct{ device, command string }
	at := make(map[key]*task)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Get("tree_id") == rows[0].Get("tree_id") {
			n++
		}
		k := key{rows[0].Get("device"), strings.ToLower(rows[0].Get("root_process"))}
		if t := at[k]; t != nil {
			t.other = append(t.other, rows[:n])
		} else {
			at[k] = &task{shown: rows[:n]}
			grouped = append(grouped, at[k])
		}
		rows = rows[n:]
	}
	return grouped
}

// sumUp says what the other runs had that the drawn one had not. Their rows are all
// in CSV and JSON.
func (t *task) sumUp() string {
	if len(t.other) == 0 {
		return ""
	}
	known := make(map[string]bool)
	for _, r := range t.shown {
		known[mark(r)] = true
	}
	earliest := ""
	var reached []string
	counts := make(map[string]int)
	newPaths := 0
	for _, rows := range t.other {
		if start := rows[0].Get("_time"); start != "" && (earliest == "" || epochLess(start, earliest)) {
			earliest = start
		}
		for _, r := range rows {
			m := mark(r)
			if known[m] {
				continue
			}
			if r.Kind != row.Connections {
				known[m] = true
				newPaths++
				continue
			}
			if counts[m] == 0 {
				reached = append(reached, m)
			}
			n, _ := strconv.Atoi(r.Get("connection_count"))
			counts[m] += n
		}
	}
	text := fmt.Sprintf("and %d more runs since %s", len(t.other), row.Clock(earliest))
	if len(t.other) == 1 {
		text = "and another run at " + row.Clock(earliest)
	}
	switch {
	case newPaths == 1:
		text += ", with 1 other process path"
	case newPaths > 1:
		text += fmt.Sprintf(", with %d other process paths", newPaths)
	}
	return text + alsoTo(reached, counts) + "\n"
}

func alsoTo(reached []string, counts map[string]int) string {
	if len(reached) == 0 {
		return ""
	}
	var parts []string
	for i, m := range reached {
		if i == moreShown {
			parts = append(parts, fmt.Sprintf("%d more", len(reached)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %dx", m, counts[m]))
	}
	return ", also to " + strings.Join(parts, ", ")
}

// mark is what makes a row something new to a reader: the path of a process, the
// destination of a connection.
func mark(r row.Row) string {
	if r.Kind == row.Connections {
		return row.Remote(r)
	}
	return r.Get("path")
}

// epochLess compares epoch seconds, which have as many whole digits for centuries.
func epochLess(a, b string) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return x < y
}
