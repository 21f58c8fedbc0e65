package record

import (
	"bytes"
	"slices"
)

// label is one field of a message, as the sensor's manifest orders them.
type label struct {
	name string
	// free says that whoever starts a process has a say in the value, so that it may hold
	// line ends and lines that look like other fields. No path, account, id or number can.
	free bool
}

// manifest is the form of one kind of message: its first line, and its labels in order.
type manifest struct {
	title  string
	labels []label
}

// manifests are those of Sysmon's manifest, schema 4.90. Older versions lack some of the
// fields; none has them in another order.
var manifests = []manifest{
	{"Process Create:", []label{
		{name: "RuleName"}, {name: "UtcTime"}, {name: "ProcessGuid"}, {name: "ProcessId"}, {name: "Image"}, {"FileVersion", true},
		{"Description", true}, {"Product", true}, {"Company", true}, {"OriginalFileName", true}, {"CommandLine", true},
		{name: "CurrentDirectory"}, {name: "User"}, {name: "LogonGuid"}, {name: "LogonId"}, {name: "TerminalSessionId"},
		{name: "IntegrityLevel"}, {name: "Hashes"}, {name: "ParentProcessGuid"}, {name: "ParentProcessId"}, {name: "ParentImage"},
		{"ParentCommandLine", true}, {name: "ParentUser"},
	}},
	{"Network connection detected:", []label{
		{name: "RuleName"}, {name: "UtcTime"}, {name: "ProcessGuid"}, {name: "ProcessId"}, {name: "Image"}, {name: "User"}, {name: "Protocol"},
		{name: "Initiated"}, {name: "SourceIsIpv6"}, {name: "SourceIp"}, {name: "SourceHostname"}, {name: "SourcePort"}, {name: "SourcePortName"},
		{name: "DestinationIsIpv6"}, {name: "DestinationIp"}, {name: "DestinationHostname"}, {name: "DestinationPort"}, {name: "DestinationPortName"},
	}},
	{"Process terminated:", []label{
		{name: "RuleName"}, {name: "UtcTime"}, {name: "ProcessGuid"}, {name: "ProcessId"}, {name: "Image"}, {name: "User"},
	}},
	{"Dns query:", []label{
		{name: "RuleName"}, {name: "UtcTime"}, {name: "ProcessGuid"}, {name: "ProcessId"}, {"QueryName", true}, {name: "QueryStatus"},
		{"QueryResults", true}, {name: "Image"}, {name: "User"},
	}},
}

// messageReader finds the fields of a message whose form is known.
type messageReader struct {
	text  []byte
	form  *manifest
	lines []messageLine // those with a label, in order
	kept  []messageLine // those that are fields
	only  int           // the line that is to be the pivot, -1 for any
	best  []choice      // by label: the best of the lines with it, behind the one at hand
}

// messageLine is a line that begins with a label.
type messageLine struct {
	label int
	start int  // of the line in text
	value int  // of what stands behind the label
	skip  bool // it is no field in the way at hand
	joins bool // the next line with a label follows at once, but for blank lines
	score int  // of the best way to read the text from here on
	next  int  // the line of the next field in that way; -1 for none
}

type choice struct{ score, line int }

// What a way to read a message is worth: each field counts for it, and each line behind a
// field that has one line only counts against it.
const (
	fieldWorth = 2
	strayCost  = 3
)

// formOf returns the form of a message by its first line, nil for one that is not known, and
// what follows that line. A text whose next line is no field of that form is another one's.
func formOf(text []byte) (form *manifest, rest []byte) {
	line, rest := cutLine(text)
	line = bytes.TrimSpace(line)
	for i := range manifests {
		if string(line) == manifests[i].title && (len(rest) == 0 || manifests[i].has(rest)) {
			return &manifests[i], rest
		}
	}
	return nil, text
}

// has reports whether a text begins with one of the labels.
func (m *manifest) has(text []byte) bool {
	name, _, found := bytes.Cut(text[:min(len(text), longestLabel)], []byte{':'})
	for i := range m.labels {
		if found && string(name) == m.labels[i].name {
			return true
		}
	}
	return false
}

// longestLabel bounds a label and its colon, in bytes.
const longestLabel = 32

// pivot is the label by whose place the ways to read a message differ: it says who the
// parent is. A message without it can be read in one way.
const pivot = "ParentProcessGuid"

// mostWays is how many ways to read a message are looked at.
const mostWays = 8

// readMessage sets the fields of a message by the order that its form has them in. It
// returns in how many ways the text can be read, and takes one of them, counted from 0: in
// the first, what says who the parent is stands as early as it can.
func (r *messageReader) readMessage(rec *Record, way int) (ways int) {
	if r.plain() {
		r.set(rec)
		return 1
	}
	all := r.ways()
	for _, line := range all[min(way, len(all)-1)] {
		r.kept = append(r.kept, r.lines[line])
	}
	r.lines, r.kept = r.kept, r.lines[:0]
	r.set(rec)
	return len(all)
}

// ways returns the lines of the fields in every way to read the text that is worth as much
// as the best.
func (r *messageReader) ways() (ways [][]int) {
	r.only = -1
	r.weigh()
	best, most := r.path()
	for i := range r.lines {
		if r.form.labels[r.lines[i].label].name != pivot || len(ways) == mostWays {
			continue
		}
		r.only = i
		r.weigh()
		if path, worth := r.path(); worth == most && slices.Contains(path, i) {
			ways = append(ways, path)
		}
	}
	if len(ways) == 0 {
		ways = append(ways, best)
	}
	return ways
}

// plain finds the lines with labels. It reports whether each line has one that no other
// line has: then there is but one way to read the text.
func (r *messageReader) plain() bool {
	r.lines, r.kept = r.lines[:0], r.kept[:0]
	single, last, seen := true, -1, uint64(0)
	for at := 0; at < len(r.text); {
		line, _ := cutLine(r.text[at:])
		label := r.labelOf(line, last+1)
		switch {
		case label >= 0:
			single = single && seen&(1<<label) == 0
			last, seen = label, seen|1<<label
			r.lines = append(r.lines, messageLine{label: label, start: at, value: at + len(r.form.labels[label].name) + 1, joins: true})
		case len(bytes.TrimSpace(line)) > 0:
			single = false
			if n := len(r.lines); n > 0 {
				r.lines[n-1].joins = false
			}
		}
		at += len(line) + 1
	}
	return single
}

// labelOf returns the label that a line begins with, -1 for none. Most have the expected.
func (r *messageReader) labelOf(line []byte, expected int) int {
	if expected < len(r.form.labels) && r.begins(line, expected) {
		return expected
	}
	for i := range r.form.labels {
		if r.begins(line, i) {
			return i
		}
	}
	return -1
}

func (r *messageReader) begins(line []byte, label int) bool {
	name := r.form.labels[label].name
	return len(line) > len(name) && line[len(name)] == ':' && string(line[:len(name)]) == name
}

// weigh finds the best way to read the text from every line on, from the last to the
// first. Of ways that are worth the same it prefers later lines: what is forged stands in
// the value before the real field.
func (r *messageReader) weigh() {
	r.best = r.best[:0]
	for range r.form.labels {
		r.best = append(r.best, choice{line: -1})
	}
	for i := len(r.lines) - 1; i >= 0; i-- {
		line := &r.lines[i]
		if r.only >= 0 && i != r.only && line.label == r.lines[r.only].label {
			line.skip = true
			continue
		}
		line.skip = false
		stray := 0
		if !r.form.labels[line.label].free {
			stray = strayCost
		}
		line.score, line.next = 0, -1
		if i < len(r.lines)-1 || !line.joins { // what is left belongs to this field
			line.score = -stray
		}
		for label := line.label + 1; label < len(r.best); label++ {
			b := r.best[label]
			if b.line < 0 {
				continue
			}
			score := b.score - stray
			if b.line == i+1 && line.joins {
				score = b.score
			} else if line.joins && i+1 < len(r.lines) && r.lines[i+1].label == label && !r.lines[i+1].skip && r.lines[i+1].score >= score {
				b.line, score = i+1, r.lines[i+1].score
			}
			if score > line.score || score == line.score && b.line > line.next {
				line.score, line.next = score, b.line
			}
		}
		line.score += fieldWorth
		if b := &r.best[line.label]; b.line < 0 || line.score > b.score {
			*b = choice{line.score, i}
		}
	}
}

// path returns the lines of the best way to read the text, and what it is worth.
func (r *messageReader) path() (path []int, worth int) {
	at := -1
	for _, b := range r.best {
		if b.line >= 0 && b.score > worth {
			at, worth = b.line, b.score
		}
	}
	for ; at >= 0; at = r.lines[at].next {
		path = append(path, at)
	}
	return path, worth
}

// set sets the fields: each ends where the next one begins.
func (r *messageReader) set(rec *Record) {
	for i, line := range r.lines {
		end := len(r.text)
		if i+1 < len(r.lines) {
			end = r.lines[i+1].start
		}
		rec.Set(rec.names.Slot(r.form.labels[line.label].name), bytes.TrimSpace(r.text[line.value:end]))
	}
}

// MessageLabels returns the labels of a kind of message, which its first line names, in the
// order of the manifest; nil for a kind that is not known. It is the caller's.
func MessageLabels(title string) (labels []string) {
	for i := range manifests {
		if manifests[i].title == title {
			for _, l := range manifests[i].labels {
				labels = append(labels, l.name)
			}
		}
	}
	return labels
}
