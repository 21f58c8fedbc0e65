package doors

import (
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// Everything are the options that hide nothing: every tree, every connection.
const Everything = "recent=all lookback=all max_devices=0 internal=include rebuilt=all"

// Settings are the options under which what must not matter is tried.
var Settings = []string{Everything, ""}

// AllRoots are all presets of root=.
var AllRoots = strings.Join(roots.Names(), ",")

// Outcome is what came out of one hunt, however it was run.
type Outcome struct {
	Columns  []string
	Rows     []row.Row
	Text     string   // the rows as CSV, under their header
	Messages []string // "LEVEL text", in order
	Ledger   Ledger
}

// Kind returns the rows of one kind: node, connection or tree.
func (o Outcome) Kind(name string) (rows []row.Row) {
	for _, r := range o.Rows {
		if r.Get("row") == name {
			rows = append(rows, r)
		}
	}
	return rows
}

// Warnings are what a hunt warned of, without what all tests together make it take.
func (o Outcome) Warnings() (all []string) {
	for _, m := range o.Messages {
		if text, is := strings.CutPrefix(m, "WARN "); is && !strings.Contains(m, " MB were taken") { // by all tests together
			all = append(all, text)
		}
	}
	return all
}

// Said returns the message that holds that.
func (o Outcome) Said(prefix string) string {
	for _, m := range o.Messages {
		if strings.Contains(m, prefix) {
			return m
		}
	}
	return ""
}

// lasting are the messages without those that say what the hunt took.
func (o Outcome) lasting() []string {
	return slices.DeleteFunc(slices.Clone(o.Messages), func(m string) bool {
		return strings.Contains(m, "schtaskhunt effort:") || strings.Contains(m, " MB were taken")
	})
}

// SameRows fails when the rows are not the same bytes, and shows the first that is not.
func SameRows(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if at(g, i) != at(w, i) {
			t.Errorf("%s: %d lines, want %d; line %d is\n%s\nwant\n%s", what, len(g), len(w), i+1, at(g, i), at(w, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(missing)"
}
