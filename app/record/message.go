package record

import "bytes"

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
	best  []choice      // by label: the best of the lines with it, behind the one at hand
}

// messageLine is a line that begins with a label.
type messageLine struct {
	label int
	start int  // of the line in text
	value int  // of what stands behind the label
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

// formOf returns the form of a message by its first line, nil for one that is not known,
// and what follows that line.
func formOf(text []byte) (form *manifest, rest []byte) {
	line, rest := cutLine(text)
	line = bytes.TrimSpace(line)
	for i := range manifests {
		if string(line) == manifests[i].title {
			return &manifests[i], rest
		}
	}
	return nil, text
}

// readMessage sets the fields of a message by the order that its form has them in. It
// reports whether the text can be read in two ways, and takes the one in which every field
// ends as early as it can, or as late.
func (r *messageReader) readMessage(rec *Record, late bool) (two bool) {
	if r.plain() {
		r.set(rec)
		return false
	}
	r.weigh(!late)
	other := r.path()
	r.weigh(late)
	path := r.path()
	two = !sameLines(path, other)
	kept := r.lines[:0]
	for _, at := range path {
		kept = append(kept, r.lines[at])
	}
	r.lines = kept
	r.set(rec)
	return two
}

func sameLines(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// plain finds the lines with labels. It reports whether each line has one, behind the one
// before: then there is but one way to read the text.
func (r *messageReader) plain() bool {
	r.lines = r.lines[:0]
	ordered, last := true, -1
	for at := 0; at < len(r.text); {
		line, _ := cutLine(r.text[at:])
		label := r.labelOf(line, last+1)
		switch {
		case label >= 0:
			ordered = ordered && label > last
			last = label
			r.lines = append(r.lines, messageLine{label: label, start: at, value: at + len(r.form.labels[label].name) + 1, joins: true})
		case len(bytes.TrimSpace(line)) > 0:
			ordered = false
			if n := len(r.lines); n > 0 {
				r.lines[n-1].joins = false
			}
		}
		at += len(line) + 1
	}
	return ordered
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
// first. Of ways that are worth the same it prefers later lines, or earlier ones.
func (r *messageReader) weigh(late bool) {
	r.best = r.best[:0]
	for range r.form.labels {
		r.best = append(r.best, choice{line: -1})
	}
	for i := len(r.lines) - 1; i >= 0; i-- {
		line := &r.lines[i]
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
			} else if line.joins && i+1 < len(r.lines) && r.lines[i+1].label == label && r.lines[i+1].score >= score {
				b.line, score = i+1, r.lines[i+1].score
			}
			if score > line.score || score == line.score && line.next >= 0 && (b.line > line.next) == late {
				line.score, line.next = score, b.line
			}
		}
		line.score += fieldWorth
		if b := &r.best[line.label]; b.line < 0 || line.score > b.score || line.score == b.score && !late {
			*b = choice{line.score, i}
		}
	}
}

// path returns the lines of the best way to read the text.
func (r *messageReader) path() (path []int) {
	at := -1
	for _, b := range r.best {
		if b.line >= 0 && (at < 0 || b.score > r.lines[at].score) {
			at = b.line
		}
	}
	for ; at >= 0; at = r.lines[at].next {
		path = append(path, at)
	}
	return path
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
