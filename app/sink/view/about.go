package view

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// About is what is said about a run beside its rows. What is not known is empty.
type About struct {
	Version   string
	Inputs    []Input
	Arguments []string // as they were given
	Ledger    account.Ledger
	Messages  account.Messages
}

// Input is one file that was read.
type Input struct {
	Name    string
	Bytes   int64  // as it lies on disk
	SHA256  string // in hex, empty where nobody asked for it or the file was not read to its end
	LeftOut string // why it was left out; empty where it was read
}

// Read returns how many files were read, and their bytes together.
func (a *About) Read() (files int, bytes int64) {
	for _, in := range a.Inputs {
		if in.LeftOut == "" {
			files, bytes = files+1, bytes+in.Bytes
		}
	}
	return files, bytes
}

// Level is how many findings score at least so many bits.
type Level struct {
	Bits  float64
	Count int
}

// Levels counts the findings that score at least 20, 10 and 5 bits, those levels left out
// that none reaches or that tell nothing new.
func Levels(findings []*Finding) (levels []Level) {
	for _, bits := range []float64{20, 10, 5} {
		n := 0
		for _, f := range findings {
			if f.Scored && f.Score >= bits {
				n++
			}
		}
		if n > 0 && (len(levels) == 0 || levels[len(levels)-1].Count < n) {
			levels = append(levels, Level{bits, n})
		}
	}
	return levels
}

// Lack is something that events of so many devices do not tell.
type Lack struct {
	What    string
	Devices int
}

// Lacks sums up the coverage of all findings, the most common first.
func Lacks(findings []*Finding) (lacks []Lack) {
	devices := make(map[string]map[string]bool)
	for _, f := range findings {
		for _, run := range f.Runs {
			for _, text := range lines(run.Rows[0].Get("coverage")) {
				what, _, _ := strings.Cut(text, " ")
				if devices[what] == nil {
					devices[what] = make(map[string]bool)
				}
				devices[what][run.Device] = true
			}
		}
	}
	for what, some := range devices {
		lacks = append(lacks, Lack{what, len(some)})
	}
	slices.SortFunc(lacks, func(a, b Lack) int {
		if a.Devices != b.Devices {
			return b.Devices - a.Devices
		}
		return strings.Compare(a.What, b.What)
	})
	return lacks
}

// Span returns the first and last time of all findings, 0 where none has one.
func Span(findings []*Finding) (first, last float64) {
	for _, f := range findings {
		if f.First != 0 && (first == 0 || f.First < first) {
			first = f.First
		}
		last = max(last, f.Last)
	}
	return first, last
}
