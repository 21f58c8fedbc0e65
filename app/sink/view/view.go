// Package view is what all pictures of a hunt are made of: findings with their runs, out
// of rows. It reads the rows' values only, so that rows which came back from Splunk are
// seen in the same way.
package view

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Finding is what one decision of a person settles. Texts are as the rows have them:
// whoever shows them makes them harmless.
type Finding struct {
	ID      string // finding_id; empty where nobody scored the rows
	Scored  bool
	Score   float64 // bits
	Why     []Part
	Task    string // the scheduled task's name, empty where it is not known
	Root    string // the root's command template, else its command line
	Process string // the root's command line in the first run
	Known   string

	Devices     []string // in the order of the runs; of finding rows at most 20
	DeviceCount int
	RunCount    int
	Runs        []Run
	Halves      bool // the second run is the tree that registered the task
	Remotes     []Remote
	Beacon      Beacon
	Coverage    []string
	Intel       []string // what enrichers know of its processes and remotes, at most 20 of them, in the order of the rows
	First, Last float64  // epoch seconds, 0 when not known

	lookups []lookup // while rows are gathered
}

// Part is one part of a score.
type Part struct {
	Name string
	Bits float64
	Text string
}

// Beacon is how regular the most regular contacts are.
type Beacon struct {
	Judged        bool
	Score, Period float64 // 0 to 1, seconds
	Count         int
}

// Run is one tree: its rows, in order.
type Run struct {
	ID, Device string
	Start      float64
	Rows       []row.Row
}

// Remote is a destination with the contacts of all runs, the most first.
type Remote struct {
	Text        string // as row.Remote has it
	Name        string // the host name, from the row or a lookup in the finding's trees; else the address with its port
	Count       int
	First, Last float64
	Beacon      Beacon

	address string // what it is where its rows have no name
}

// Label is what to call a finding: the task, else the command, and its template where it
// has slots.
func (f *Finding) Label() string {
	if f.Task == "" && !strings.Contains(f.Root, "<") {
		return cmp.Or(f.Process, f.Root, "(unknown)")
	}
	return cmp.Or(f.Task, f.Root)
}

// Of returns the findings of rows, in the order in which the rows have them. Rows that
// nobody scored are taken together by device and root command. The rows are kept.
func Of(rows []row.Row) (findings []*Finding) {
	at := make(map[string]*Finding)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[0].Kind != row.Findings && rows[n].Get("tree_id") == rows[0].Get("tree_id") {
			n++
		}
		key := keyOf(rows[0])
		f := at[key]
		if f == nil {
			f = newFinding(rows[0])
			at[key], findings = f, append(findings, f)
		}
		if rows[0].Kind == row.Findings {
			f.fill(rows[0])
		} else {
			f.add(rows[:n])
		}
		rows = rows[n:]
	}
	for _, f := range findings {
		f.settle()
	}
	return findings
}

// keyOf is the same for all rows of a finding.
func keyOf(r row.Row) string {
	if id := r.Get("finding_id"); id != "" {
		return id
	}
	return r.Get("device") + "\x00" + strings.ToLower(r.Get("root_process"))
}

func newFinding(r row.Row) *Finding {
	f := &Finding{
		ID: r.Get("finding_id"), Task: r.Get("task_name"), Process: r.Get("root_process"),
		Root: cmp.Or(r.Get("root_template"), r.Get("root_process")), Known: r.Get("known"),
	}
	f.Score, f.Scored = number(r.Get("score"))
	for _, part := range lines(r.Get("why")) {
		f.Why = append(f.Why, partOf(part))
	}
	return f
}

// partOf reads `<name> <+bits> <words>`.
func partOf(text string) Part {
	name, rest, _ := strings.Cut(text, " ")
	bits, words, _ := strings.Cut(rest, " ")
	value, ok := number(bits)
	if !ok {
		return Part{Text: text}
	}
	return Part{Name: name, Bits: value, Text: words}
}

// lines are the values of a multivalue column.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func number(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

func whole(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
