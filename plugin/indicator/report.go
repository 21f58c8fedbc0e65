package indicator

import (
	"fmt"
	"maps"
	"slices"
)

// Report tells what became of the lists that were read.
type Report struct {
	Entries int // taken, repeated ones too
	Bad     int // lines and objects that could not be read
	// Problems are the first of the bad ones, each with its file and place.
	Problems []string
	// Left counts what was left out on purpose, by reason: "misp type md5".
	Left map[string]int
	// Warnings are what a whole list lacks: what is looked up in it is unknown.
	Warnings []string
}

// warn notes what is wrong with a list as a whole.
func (r *Report) warn(format string, args ...any) {
	if len(r.Warnings) < maxProblems {
		r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
	}
}

const (
	maxProblems = 20
	maxReasons  = 100 // distinct ones; input chooses their names
)

// bad notes what could not be read. where is the file and the place in it.
func (r *Report) bad(where string, err error) {
	r.Bad++
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf("%s: %v", where, err))
	}
}

// leave notes what was left out.
func (r *Report) leave(reason, name string) {
	if name != "" {
		if reason += " "; len(name) > 64 {
			name = name[:64]
		}
		reason += clean(name)
	}
	if r.Left == nil {
		r.Left = make(map[string]int)
	}
	if _, known := r.Left[reason]; !known && len(r.Left) >= maxReasons {
		reason = "other reasons"
	}
	r.Left[reason]++
}

// Lines says in words what was not read, one line for each problem or reason; nothing
// when all was well.
func (r *Report) Lines() (lines []string) {
	lines = append(lines, r.Problems...)
	if more := r.Bad - len(r.Problems); more > 0 {
		lines = append(lines, fmt.Sprintf("%d more entries could not be read", more))
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Left)) {
		lines = append(lines, fmt.Sprintf("%d left out: %s", r.Left[reason], reason))
	}
	return lines
}
