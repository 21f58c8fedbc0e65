package screen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// indent is how far what belongs to a finding stands from the edge.
const indent = "   "

// mostCommand is how much of a command line a person sees, in characters: the beginning
// tells most, and a screen of base64 tells nothing. CSV and JSON have it whole.
const mostCommand = 240

// details writes each finding's reasons and trees.
func (s *screen) details(findings []*view.Finding) {
	order := make([]int, len(findings))
	for i := range order {
		order[i] = i
	}
	if s.Last {
		slices.Reverse(order)
	}
	for i, at := range order {
		if i > 0 {
			s.line("")
		}
		s.detail(at+1, findings[at])
	}
}

func (s *screen) detail(number int, f *view.Finding) {
	s.heading(number, f)
	s.where(f)
	for _, part := range f.Why {
		s.reason(part)
	}
	runs := f.Runs[:1]
	switch {
	case s.Details == All:
		runs = f.Runs
	case f.Halves:
		runs = f.Runs[:2]
	}
	for i, run := range runs {
		if len(runs) > 1 {
			if i > 0 {
				s.line("")
			}
			s.line(indent, s.Color.paint(faint, fit(title(f, i), s.Width-len(indent))))
		}
		s.run(run)
	}
	for _, line := range wrap(others(f, len(runs)), s.Width-len(indent), 4) {
		s.line(indent, s.Color.paint(faint, line))
	}
}

// title says which of several runs is drawn.
func title(f *view.Finding, i int) string {
	text := f.Runs[i].Device + "  " + view.Clock(f.Runs[i].Start)
	if f.Halves && i == 1 {
		text += "  registered the task"
	}
	return text
}

// heading names the finding.
func (s *screen) heading(number int, f *view.Finding) {
	lead := fmt.Sprintf("#%d  ", number)
	score := ""
	if f.Scored {
		score = fmt.Sprintf("%.1f bits  ", f.Score)
	}
	room := s.Width - widthOf(lead+score)
	for i, line := range wrap(f.Label(), room, 2) {
		if i == 0 {
			s.line(s.Color.paint(strong, lead), s.Color.paint(scoreStyle(f.Score), score), s.Color.paint(strong, line))
			continue
		}
		s.line(strings.Repeat(" ", s.Width-room), s.Color.paint(strong, line))
	}
}

// where says on what devices a finding is, when, as whom, and by what id it is kept.
func (s *screen) where(f *view.Finding) {
	parts := []string{devices(f)}
	if n := f.Runs[0].Rows[0].Get("root_devices"); !f.Scored && n != "" {
		parts = append(parts, "task on "+n+map[bool]string{true: " device", false: " devices"}[n == "1"])
	}
	if run := f.Runs[0]; len(run.Rows) > 0 && run.Rows[0].Get("user") != "" {
		parts = append(parts, "as "+run.Rows[0].Get("user"))
	}
	switch {
	case f.RunCount > 1:
		parts = append(parts, fmt.Sprintf("%s runs, %s to %s", view.Count(f.RunCount), view.Clock(f.First), view.Clock(f.Last)))
	case f.Runs[0].Start != 0:
		parts = append(parts, "started "+view.Clock(f.Runs[0].Start))
	}
	if f.Known != "" {
		parts = append(parts, "known: "+f.Known)
	}
	if f.ID != "" {
		parts = append(parts, "finding "+f.ID)
	}
	for _, line := range wrap(strings.Join(parts, " · "), s.Width-len(indent), 3) {
		s.line(indent, line)
	}
	if len(f.Intel) > 0 {
		for _, line := range wrap(strings.Join(f.Intel, "; "), s.Width-len(indent), 6) {
			s.line(indent, s.Color.paint(strong, line))
		}
	}
	if len(f.Coverage) > 0 {
		for _, line := range wrap("not known: "+strings.Join(f.Coverage, ", "), s.Width-len(indent), 3) {
			s.line(indent, s.Color.paint(warn, line))
		}
	}
}

// mostDevices is how many devices are named.
const mostDevices = 3

func devices(f *view.Finding) string {
	names := f.Devices[:min(len(f.Devices), mostDevices)]
	text := strings.Join(names, ", ")
	if left := f.DeviceCount - len(names); left > 0 {
		text += " and " + view.Count(left) + " more"
	}
	return text
}

// reasonName is how wide the name of a part of a score stands.
const reasonName = 16

// mostReason is in how many lines a reason is shown: at 60 columns the longest that the
// program's own words make, with a task's name and what Windows has it do, take seven.
const mostReason = 8

// reason writes one part of the score, its words wrapped in their column.
func (s *screen) reason(p view.Part) {
	lead := pad(fmt.Sprintf("%+.1f", p.Bits), 6, true) + "  " + pad(fit(p.Name, reasonName), reasonName, false) + " "
	if p.Name == "" {
		lead = strings.Repeat(" ", widthOf(lead))
	}
	lines := wrap(p.Text, s.Width-widthOf(lead), mostReason)
	if len(lines) == 0 {
		lines = []string{""}
	}
	for i, line := range lines {
		if i > 0 {
			lead = strings.Repeat(" ", widthOf(lead))
		}
		s.line(lead, line)
	}
}

// run draws the tree of a run, whichever of its rows there are.
func (s *screen) run(run view.Run) {
	if tree := run.Rows[0].Get("tree"); tree != "" {
		s.drawn(tree)
		return
	}
	last := ""
	for _, line := range row.Lines(run.Rows, mostCommand) {
		if id := line.Row.Get("node_id"); run.Rows[0].Kind == row.Connections && id != last {
			s.text("", "", line.Row.Get("path")+" ("+line.Row.Get("process_id")+")", good)
			last = id
		}
		st := good
		if line.Row.Kind == row.Connections {
			st = call
		}
		s.text(line.Lead, line.Follow, line.Text, st)
	}
}

// drawn shows a tree that a row brought as a drawing.
func (s *screen) drawn(tree string) {
	for line := range strings.SplitSeq(tree, "\n") {
		text := strings.TrimLeft(line, "│├└─ ")
		lead := line[:len(line)-len(text)]
		follow := strings.NewReplacer("├─", "│ ", "└─", "  ").Replace(lead) + "   "
		st := good
		if len(text) > 2 && strings.ContainsAny(text[:2], "<>") {
			st = call
		}
		s.text(lead, follow, text, st)
	}
}

// leastText is how much room a text of a drawing has at least: a tree that is deeper than
// the screen is wide is cut on its left.
const leastText = 24

// text writes one text of a drawing. Where it is wrapped, the drawing goes on beside it.
func (s *screen) text(lead, follow, text string, st style) {
	room := s.Width - len(indent)
	if over := widthOf(lead) + leastText - room; over > 0 {
		lead = mark + tail(lead, widthOf(lead)-over-1)
	}
	if over := widthOf(follow) + leastText - room; over > 0 {
		follow = mark + tail(follow, widthOf(follow)-over-1)
	}
	wide := max(widthOf(lead), widthOf(follow))
	for i, line := range wrap(text, room-wide, 3) {
		if i > 0 {
			lead = follow
		}
		s.line(indent, s.Color.paint(faint, lead), s.paintFirst(st, line, i == 0))
	}
}

// paintFirst colours the first word of a text, the process or the arrow, and the rest of a
// connection.
func (s *screen) paintFirst(st style, line string, first bool) string {
	if st == call {
		return s.Color.paint(call, line)
	}
	name, rest, _ := strings.Cut(line, "  ")
	if !first || rest == "" {
		return line
	}
	return s.Color.paint(st, name) + "  " + rest
}
