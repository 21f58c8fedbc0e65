package command

import (
	"slices"
	"strings"
)

// elsewhere has what many other tools call a flag, and what does the same here: the first that
// the command line knows. Letters in common say nothing of it.
var elsewhere = []struct {
	words string
	here  [][2]string // flag, and how it is written
}{
	{"since from after start begin earliest last days", [][2]string{{"earliest", "--earliest"}, {"recent", "--recent SPAN, back from --now TIME"}}},
	{"until to before end latest", [][2]string{{"latest", "--latest"}, {"now", "--now TIME, from which the hunt looks back"}}},
	{"limit count head max n", [][2]string{{"top", "--top N"}}},
	{"json jsonl csv html f", [][2]string{{"format", "--format WORD"}}},
	{"out file", [][2]string{{"out_file", "-o FILE"}}},
	{"all", [][2]string{{"recent", "--recent all --max-devices 0"}}},
}

// called returns how a flag of other tools is written here, "" where none of the known flags does
// the same.
func called(word string, known []string) string {
	for _, e := range elsewhere {
		if !slices.Contains(strings.Fields(e.words), fold(word)) {
			continue
		}
		for _, here := range e.here {
			if slices.Contains(known, here[0]) {
				return here[1]
			}
		}
	}
	return ""
}

// namesFile reports whether a value of output= is a file's name: other tools have the file to
// write there.
func (l *line) namesFile(opt *Option, value string) bool {
	_, declared := l.find("out_file")
	return opt.Name == "output" && declared != nil && strings.Contains(value, ".")
}
