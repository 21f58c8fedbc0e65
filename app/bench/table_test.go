//go:build bench

package bench

import (
	"fmt"
	"io"
	"strings"
)

// print writes the table: the median of the rounds for each competitor.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n%-24s %9s  %-20s %10s %8s %8s %8s %8s %8s %9s  %s\n", "what", "events", "who",
		"events/s", "MB/s", "of copy", "wall s", "CPU s", "peak MB", "rows", "same rows")
	for _, c := range r.contests {
		for _, e := range c.entries {
			fmt.Fprintln(w, strings.TrimRight(c.line(e), " "))
		}
	}
}

// printSavings tells what the map half keeps off the network.
func (r *report) printSavings(w io.Writer) {
	fmt.Fprintln(w, "\nwhat the map half passes on")
	for _, c := range r.contests {
		if e := c.find(mapHalf); e != nil {
			passed := e.runs[0].passed
			fmt.Fprintf(w, "%-24s %9d  %7.1f of %.1f MB, %.0f %%\n", c.name, c.size, float64(passed)/1e6, float64(c.bytes)/1e6,
				100*float64(passed)/float64(c.bytes))
		}
	}
}

func (c *contest) line(e *entry) string {
	m, last := e.median(), e.runs[len(e.runs)-1]
	ofCopy, rows := "-", "-"
	if base := c.find(pipeCopy); base != nil {
		ofCopy = fmt.Sprintf("%.3f", base.median().Wall.Seconds()/m.Wall.Seconds())
	}
	if last.rows > 0 {
		rows = fmt.Sprint(last.rows)
	}
	agree := e.agree
	if last.beyond > 0 {
		agree += fmt.Sprintf(", and %d tied by process id and time", last.beyond)
	}
	return fmt.Sprintf("%-24s %9d  %-20s %10.0f %8.1f %8s %8.3f %8.3f %8d %9s  %s", c.name, c.events, e.who,
		float64(c.events)/m.Wall.Seconds(), float64(c.bytes)/1e6/m.Wall.Seconds(), ofCopy,
		m.Wall.Seconds(), m.CPU.Seconds(), m.Memory>>20, rows, agree)
}

// printForBenchstat writes each round as a line of Go's benchmark format.
func (r *report) printForBenchstat(w io.Writer) {
	for _, c := range r.contests {
		for _, e := range c.entries {
			for _, o := range e.runs {
				fmt.Fprintf(w, "Benchmark%s/fleet=%d/%s 1 %d ns/op %.1f MB/s %d CPU-ns/op %d peak-B\n", word(c.name), c.size,
					word(e.who), o.Wall.Nanoseconds(), float64(c.bytes)/1e6/o.Wall.Seconds(), o.CPU.Nanoseconds(), o.Memory)
			}
		}
	}
}

// word makes a name of benchstat's: no blanks, and a capital first.
func word(text string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '=' }) {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}
