package screen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// column is one of the list of findings.
type column struct {
	title string
	width int
	right bool // a number
	text  func(number int, f *view.Finding) string
	style func(f *view.Finding) style
}

// list writes a line for each of the first findings, and one for all that are folded.
func (s *screen) list(findings, folded []*view.Finding, most int) {
	fold := func() {
		if text := view.Folded(folded); text != "" {
			s.words(faint, text+" (--details all shows them)")
		}
	}
	if s.Last {
		fold()
	} else {
		defer fold()
	}
	if len(findings) == 0 {
		return
	}
	columns, gap := s.columns(findings)
	var titles []string
	for _, c := range columns {
		titles = append(titles, pad(fit(c.title, c.width), c.width, c.right))
	}
	titleLine := s.Color.paint(faint, strings.TrimRight(strings.Join(titles, gap), " "))
	shown := min(most, len(findings))
	var lines []string
	for i, f := range findings[:shown] {
		lines = append(lines, s.finding(columns, gap, i+1, f))
	}
	if s.Last {
		slices.Reverse(lines)
		lines = append(lines, titleLine)
	} else {
		lines = slices.Insert(lines, 0, titleLine)
	}
	for _, line := range lines {
		s.line(line)
	}
	if left := len(findings) - shown; left > 0 {
		s.line(s.Color.paint(faint, "and "+view.Count(left)+" more"))
	}
}

// finding is the line of one finding.
func (s *screen) finding(columns []column, gap string, number int, f *view.Finding) string {
	cells := make([]string, 0, len(columns))
	for _, c := range columns {
		text := pad(fit(c.text(number, f), c.width), c.width, c.right)
		if c.style != nil {
			text = s.Color.paint(c.style(f), text)
		}
		cells = append(cells, text)
	}
	return strings.Join(cells, gap)
}

// columns shares the width out: numbers have what they need, the task and the
// destination the rest.
func (s *screen) columns(findings []*view.Finding) (columns []column, gap string) {
	device, remote, gap := 4, 14, " "
	switch {
	case s.Width >= 160:
		device, remote, gap = 24, 44, "  "
	case s.Width >= 110:
		device, remote, gap = 16, 30, "  "
	case s.Width >= 76:
		device, remote, gap = 4, 20, "  "
	}
	columns = []column{
		{"#", max(2, len(strconv.Itoa(len(findings)))), true, func(n int, _ *view.Finding) string { return strconv.Itoa(n) }, nil},
		{"score", 5, true, scoreText, func(f *view.Finding) style { return scoreStyle(f.Score) }},
		{"task", 0, false, func(_ int, f *view.Finding) string { return f.Label() }, nil},
		{titleOf(device), device, device < 10, func(_ int, f *view.Finding) string { return deviceText(f, device) }, nil},
		{"runs", 4, true, func(_ int, f *view.Finding) string { return strconv.Itoa(f.RunCount) }, nil},
		{"destination", remote, false, func(_ int, f *view.Finding) string { return remoteText(f, remote) }, func(*view.Finding) style { return call }},
		{"every", 5, true, func(_ int, f *view.Finding) string { return f.Beacon.Cadence() }, nil},
	}
	rest := s.Width - len(gap)*(len(columns)-1)
	for _, c := range columns {
		rest -= c.width
	}
	columns[2].width = max(8, rest)
	return columns, gap
}

func titleOf(device int) string {
	if device < 10 {
		return "devs"
	}
	return "device"
}

func scoreText(_ int, f *view.Finding) string {
	if !f.Scored {
		return "-"
	}
	return fmt.Sprintf("%.1f", f.Score)
}

// deviceText names the device where it is one and there is room, and else counts.
func deviceText(f *view.Finding, width int) string {
	if width < 10 {
		return strconv.Itoa(f.DeviceCount)
	}
	if f.DeviceCount == 1 && len(f.Devices) == 1 {
		name, _, _ := strings.Cut(f.Devices[0], ".")
		return name
	}
	return view.Plural(f.DeviceCount, "device")
}

// remoteText names the destination that most contacts went to, and counts the others.
func remoteText(f *view.Finding, width int) string {
	names := remoteNames(f)
	switch len(names) {
	case 0:
		return "-"
	case 1:
		return fitHost(names[0], width)
	}
	more := fmt.Sprintf(" +%d", len(names)-1)
	return fitHost(names[0], width-len(more)) + more
}

// shortLabel is how long a label of a host's name may be to go first: cdn, files, static3. A
// longer one may be whose it is, before co.uk or cloudfront.net.
const shortLabel = 7

// fitHost makes a destination fit: of a host's name short labels go first, then the end of
// the last two labels; of an address, and of what has long labels before these, the middle.
func fitHost(name string, width int) string {
	labels := strings.Split(name, ".")
	if last := labels[len(labels)-1]; last == "" || last[0] >= '0' && last[0] <= '9' || strings.ContainsAny(name, ":/ ") {
		return fit(name, width) // an address, or no name of a host
	}
	short := name
	for len(labels) > 2 && widthOf(short) > width && len(labels[0]) <= shortLabel {
		labels = labels[1:]
		short = mark + strings.Join(labels, ".")
	}
	if widthOf(short) <= width || len(labels) > 2 || width < 1 {
		return fit(short, width)
	}
	return row.Printable(head(strings.TrimPrefix(short, mark), width-1)) + mark
}

// remoteNames are the destinations by name, each once; one that was reached comes before
// one whose name was only asked for.
func remoteNames(f *view.Finding) (names []string) {
	for _, asked := range []bool{false, true} {
		for _, to := range f.Remotes {
			if strings.HasPrefix(to.Text, "dns ") == asked && !slices.Contains(names, to.Name) {
				names = append(names, to.Name)
			}
		}
	}
	return names
}
