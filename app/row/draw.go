package row

import (
	"cmp"
	"math"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// treeCommand is how much of a command line stands in the column `tree`; the whole
// one stands in the node rows.
const treeCommand = 300

// Draw returns the tree as indented text: every process with its id and command
// line, its connections under it, what it started below.
func (t *Tree) Draw() string {
	rows := t.appendRows(nil, Nodes|Connections|Causes)
	return strings.TrimSuffix(Draw(rows, treeCommand), "\n")
}

// deepest is how far a drawing is indented. What is deeper stands there in one
// column with its depth, so that a chain of any length takes a line a process.
const deepest = 40

// Draw draws the node and connection rows of one tree, in the order Build returns
// them, with at most width characters of each command line. It reads the rows'
// values only, so that rows that came back from Splunk are drawn as well.
func Draw(rows []Row, width int) string {
	var b strings.Builder
	for _, line := range Lines(rows, width) {
		b.WriteString(line.Lead + Printable(line.Text) + "\n")
	}
	return b.String()
}

// Line is a row in a drawing.
type Line struct {
	Lead   string // what stands before the text: the lines of the drawing
	Follow string // what stands before the rest of the text where it is wrapped
	Text   string // not yet printable: who shows it may have to shorten it
	Row    Row
}

// Lines returns the lines of what Draw draws. A process's connections stand right beneath
// it, before what it started, and beside them goes the line that leads to the latter.
func Lines(rows []Row, width int) (lines []Line) {
	open := openBranches(rows)
	stem := ""
	for i, r := range rows {
		switch r.Kind {
		case Nodes:
			lead, below := stems(open[i], indentOf(r))
			stem = below
			lines = append(lines, Line{lead, below, nodeText(r, width), r})
		case Connections:
			lines = append(lines, Line{stem, stem + "   ", connectionText(r), r})
		case Causes:
			lines = append(lines, Line{stem, stem + "   ", dashes + CauseText(r), r})
		}
	}
	return lines
}

// dashes stand before a cause, which is no parent and has no line of the drawing.
const dashes = "┄┄ "

func indentOf(r Row) int { return min(atoi(r.Get("depth")), deepest) }

// branches tells by depth, one bit each, whether a line goes on there.
type branches uint64

func (b branches) at(depth int) bool { return b>>depth&1 != 0 }

// openBranches tells for every node row at which depths a line goes on below it:
// where a later row has the same parent as the node's ancestor at that depth, and one
// deeper than the node where it has a child.
func openBranches(rows []Row) []branches {
	open := make([]branches, len(rows))
	var below branches // a node of that depth follows before a shallower one
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].Kind != Nodes {
			continue
		}
		depth := indentOf(rows[i])
		below &= 1<<(depth+2) - 1
		open[i] = below
		below &= 1<<(depth+1) - 1
		below |= 1 << depth
	}
	return open
}

// stems returns what stands before a node, and before all that is its own below it.
func stems(open branches, depth int) (node, below string) {
	bar := func(at int) string {
		if open.at(at) {
			return "│  "
		}
		return "   "
	}
	if depth < 2 {
		return "", bar(depth + 1)
	}
	var b strings.Builder
	for d := 2; d < depth; d++ {
		b.WriteString(bar(d))
	}
	above := b.String()
	if open.at(depth) {
		return above + "├─ ", above + "│  " + bar(depth+1)
	}
	return above + "└─ ", above + "   " + bar(depth+1)
}

func nodeText(r Row, width int) string {
	text := cmp.Or(r.Get("process_name"), "(unknown)")
	if depth := r.Get("depth"); atoi(depth) > deepest {
		text = "… depth " + depth + " " + text
	}
	if pid := r.Get("process_id"); pid != "" {
		text += " (" + pid + ")"
	}
	if command := r.Get("process"); command != "" {
		text += "  " + Clip(command, width)
	}
	if edge := r.Get("edge"); edge == "pid_interval" || (edge == "parent_fields" && r.Get("depth") != "1") {
		text += "  [" + edge + "]"
	}
	if hidden := r.Get("connections_hidden"); hidden != "" && hidden != "0" {
		text += "  [" + hidden + " hidden]"
	}
	return text + verdictText(r)
}

// arrows show which way a connection went.
var arrows = map[string]string{"inbound": "<- ", "listen": "<> "}

func connectionText(r Row) string {
	arrow, known := arrows[r.Get("direction")]
	if !known {
		arrow = "-> "
	}
	parts := []string{arrow + Remote(r)}
	for _, column := range []string{"transport", "action", "remote_ip_type"} {
		if v := r.Get(column); v != "" {
			parts = append(parts, v)
		}
	}
	parts = append(parts, r.Get("connection_count")+"x", seenText(r))
	if edge := r.Get("edge"); edge == "pid_interval" {
		parts = append(parts, "["+edge+"]")
	}
	return strings.Join(parts, "  ") + verdictText(r)
}

// verdictText is what stands behind a process or connection of which something is known.
func verdictText(r Row) string {
	if text := Intel(r); text != "" {
		return "  [" + text + "]"
	}
	return ""
}

// Intel is what enrichers know of a row, as "intel 90 botnet (list.csv)"; "" for nothing. Label
// and source are as the list or plugin has them: not printable yet.
func Intel(r Row) string {
	score := r.Get("intel_score")
	if score == "" {
		return ""
	}
	text := strings.TrimSpace("intel " + score + " " + r.Get("intel_label"))
	if source := r.Get("intel_source"); source != "" {
		text += " (" + source + ")"
	}
	return text
}

// Remote is the remote side of a connection row, or the name a lookup asked for with
// its answers, printable.
func Remote(r Row) string {
	address, host, port := r.Get("remote_ip"), cmp.Or(r.Get("remote_url"), r.Get("remote_host")), r.Get("remote_port")
	if strings.Contains(address, ":") && port != "" {
		address = "[" + address + "]"
	}
	if port != "" {
		address += ":" + port
	}
	switch {
	case r.Get("action") == "dns":
		return "dns " + strings.TrimSpace(host+" "+strings.TrimSuffix("= "+r.Get("dns_answers"), "= "))
	case host != "":
		return strings.TrimSpace(address + " " + host)
	}
	return cmp.Or(address, "(no address)")
}

func seenText(r Row) string {
	first, last := Clock(r.Get("first_seen")), Clock(r.Get("last_seen"))
	if first == last {
		return first
	}
	return first + " .. " + last
}

// Clock shows an epoch time as a date and time in UTC.
func Clock(epoch string) string {
	t, ok := event.ParseTime([]byte(epoch))
	if !ok {
		return "(no time)"
	}
	return t.Std().Format(time.DateTime)
}

// atoi reads a small whole number; 0 for what is none, a large one for a larger one.
func atoi(s string) (n int) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = min(n*10+int(s[i]-'0'), math.MaxInt32)
	}
	return n
}
