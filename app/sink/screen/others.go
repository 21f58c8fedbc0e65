package screen

import (
	"fmt"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// moreShown is how many destinations of the other runs are named.
const moreShown = 8

// others says what the runs had that are not drawn, besides what the drawn ones have.
// Their rows are all in CSV and JSON.
func others(f *view.Finding, drawn int) string {
	left := f.RunCount - drawn
	if left <= 0 {
		return ""
	}
	known := make(map[string]bool)
	for _, run := range f.Runs[:drawn] {
		for _, r := range run.Rows {
			known[tellsNew(r)] = true
		}
	}
	reached, paths, counts, earliest := 0, 0, []string(nil), 0.0
	for _, run := range f.Runs[drawn:] {
		if run.Start != 0 && (earliest == 0 || run.Start < earliest) {
			earliest = run.Start
		}
		for _, r := range run.Rows {
			if m := tellsNew(r); !known[m] {
				known[m] = true
				if r.Kind != row.Connections {
					paths++
				} else if reached++; reached <= moreShown {
					counts = append(counts, fmt.Sprintf("%s %dx", m, countOf(f, m)))
				}
			}
		}
	}
	text := "and " + view.Plural(left, "more run")
	if earliest != 0 {
		text += " since " + view.Clock(earliest)
	}
	if paths > 0 {
		text += ", with " + view.Plural(paths, "other process path")
	}
	if reached > 0 {
		text += ", also to " + strings.Join(counts, ", ")
	}
	if reached > moreShown {
		text += fmt.Sprintf(", %d more", reached-moreShown)
	}
	return text
}

// tellsNew is what makes a row something new to a reader: the path of a process, the
// destination of a connection.
func tellsNew(r row.Row) string {
	if r.Kind == row.Connections {
		return row.Remote(r)
	}
	return r.Get("path")
}

// countOf is how many contacts a destination had in all runs.
func countOf(f *view.Finding, text string) int {
	for _, to := range f.Remotes {
		if to.Text == text {
			return to.Count
		}
	}
	return 0
}
