// Package screen shows findings to a person on a terminal: what was read, one line a
// finding, and then the trees with the reasons. No line is wider than asked for, and
// nothing that stands in a log reaches the terminal but as visible characters.
package screen

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// LeastWidth is the least number of columns that a screen may have.
const LeastWidth = 60

// Details say how many trees are drawn.
type Details uint8

// The kinds of details.
const (
	Best Details = iota // the tree that shows a finding best
	None
	All // those of all runs
)

// Options are what a screen is like.
type Options struct {
	Width   int // columns, LeastWidth or more
	Color   Color
	Details Details
	Last    bool // the highest score and the summary stand at the end
	Open    bool // Windows' own findings are shown like any other, not folded into a line
}

// screen is a screen being written. The first error stays.
type screen struct {
	Options
	out *bufio.Writer
}

// Write writes the whole screen to w.
func Write(w io.Writer, findings []*view.Finding, about *view.About, o Options) error {
	o.Width = max(o.Width, LeastWidth)
	s := &screen{Options: o, out: bufio.NewWriter(w)}
	shown, folded := s.fold(findings)
	parts := []func(){func() { s.summary(findings, about) }, func() { s.list(shown, folded, len(shown)) }}
	if o.Details != None && len(shown) > 0 {
		parts = append(parts, func() { s.details(shown) })
	}
	if o.Last {
		slices.Reverse(parts)
	}
	for i, part := range parts {
		if i > 0 && len(findings) > 0 {
			s.line("")
		}
		part()
	}
	return s.out.Flush()
}

// Brief writes the summary and the first findings, a line each.
func Brief(w io.Writer, findings []*view.Finding, about *view.About, most int, o Options) error {
	o.Width, o.Last = max(o.Width, LeastWidth), false
	s := &screen{Options: o, out: bufio.NewWriter(w)}
	s.summary(findings, about)
	if len(findings) > 0 {
		s.line("")
	}
	shown, folded := s.fold(findings)
	s.list(shown, folded, most)
	return s.out.Flush()
}

// fold parts what is shown from what a line counts.
func (s *screen) fold(findings []*view.Finding) (shown, folded []*view.Finding) {
	if s.Open {
		return findings, nil
	}
	return view.Fold(findings)
}

// line writes a line. A failed write shows when all is flushed.
func (s *screen) line(parts ...string) {
	_, _ = s.out.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

// words writes texts of one style, wrapped.
func (s *screen) words(st style, text string) {
	for _, line := range wrap(text, s.Width, 4) {
		s.line(s.Color.paint(st, line))
	}
}

// summary says what was read and what was found.
func (s *screen) summary(findings []*view.Finding, about *view.About) {
	if l := about.Ledger; l.Events > 0 {
		text := fmt.Sprintf("%s events of %s", view.Count(l.Events), view.Plural(l.Devices, "device"))
		if files, bytes := about.Read(); files > 0 {
			text += fmt.Sprintf(" in %s (%s)", view.Plural(files, "file"), view.Bytes(bytes))
		}
		if l.Malformed > 0 {
			text += fmt.Sprintf("; %s malformed", view.Count(l.Malformed))
		}
		s.words(plain, text)
	}
	s.words(strong, found(findings, about))
	if few := view.Few(findings, about.Ledger.Devices); few != "" {
		s.words(plain, few)
	}
	if first, last := view.Span(findings); first != 0 {
		s.words(plain, view.Clock(first)+" to "+view.Clock(last)+" UTC")
	}
	if lacks := view.Lacks(findings); len(lacks) > 0 {
		parts := make([]string, 0, len(lacks))
		for _, lack := range lacks {
			parts = append(parts, fmt.Sprintf("%s on %s", lack.What, view.Plural(lack.Devices, "device")))
		}
		s.words(warn, "not all is known: "+strings.Join(parts, ", "))
	}
}

// found says how many findings there are, and of which scores.
func found(findings []*view.Finding, about *view.About) string {
	text := view.Plural(len(findings), "finding")
	if l := about.Ledger; l.Trees > 0 {
		text += fmt.Sprintf(" in %s of %s", view.Count(l.Kept), view.Plural(l.Trees, "tree"))
	}
	if levels := view.LevelsInWords(findings); levels != "" {
		text += ": " + levels
	}
	return text
}
