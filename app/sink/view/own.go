package view

import (
	"fmt"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// Folds reports whether a finding is one of Windows' own, or of a clean machine's, of which
// a picture shows how many there are and not each: it is known, or the host of COM handlers
// with nothing beneath it. Of the latter its one reason says so, which no text of a log can
// pass itself off as: with more reasons than one it does not count.
func (f *Finding) Folds() bool {
	return f.Known != "" || f.isHost()
}

// known is the name of the one part of the score of what is known.
const known = "known"

func (f *Finding) isHost() bool { return f.Known == "" && len(f.Why) == 1 && f.Why[0].Name == known }

// Fold parts findings into those that are shown and those that are folded into a line.
// Nothing is lost: each is in one of both, in its order.
func Fold(findings []*Finding) (shown, folded []*Finding) {
	for _, f := range findings {
		if f.Folds() {
			folded = append(folded, f)
		} else {
			shown = append(shown, f)
		}
	}
	return shown, folded
}

// Folded says in a line how many trees of how many tasks are folded; "" for none.
func Folded(folded []*Finding) string {
	var windows, golden, hosts tally
	for _, f := range folded {
		switch {
		case f.isHost():
			hosts.add(f)
		case f.Known == "windows":
			windows.add(f)
		default:
			golden.add(f)
		}
	}
	var parts []string
	if windows.trees > 0 || hosts.trees > 0 {
		text := "Windows' own: "
		if windows.trees > 0 {
			text += windows.String()
		}
		if windows.trees > 0 && hosts.trees > 0 {
			text += ", and "
		}
		if hosts.trees > 0 {
			text += Plural(hosts.trees, "host") + " of COM handlers"
		}
		parts = append(parts, text)
	}
	if golden.trees > 0 {
		parts = append(parts, "a clean machine's own: "+golden.String())
	}
	return strings.Join(parts, "; ")
}

// tally counts trees and the tasks that they are of.
type tally struct {
	trees int
	tasks map[string]bool
}

func (t *tally) add(f *Finding) {
	if t.tasks == nil {
		t.tasks = make(map[string]bool)
	}
	t.trees += f.RunCount
	t.tasks[strings.ToLower(f.Label())] = true
}

func (t *tally) String() string {
	return fmt.Sprintf("%s of %s", Plural(t.trees, "tree"), Plural(len(t.tasks), "task"))
}

// LevelsInWords says how many findings score how much; "" where none does.
func LevelsInWords(findings []*Finding) string {
	parts := make([]string, 0, 3)
	for _, level := range Levels(findings) {
		word := " of"
		if len(parts) == 0 {
			word = " finding of"
			if level.Count != 1 {
				word = " findings of"
			}
		}
		parts = append(parts, fmt.Sprintf("%s%s at least %.0f bits", Count(level.Count), word, level.Bits))
	}
	return strings.Join(parts, ", ")
}

// Few says on what the order of findings rests where there are too few devices to judge
// what is rare; "" where there are enough, or nothing was scored.
func Few(findings []*Finding, devices int) string {
	if len(findings) == 0 || !findings[0].Scored {
		return ""
	}
	return account.FewDevices(devices)
}
