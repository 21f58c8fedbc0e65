package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/evtx"
)

// Notes are what is wrong with files that are read all the same. They are safe for
// concurrent use: a file's chunks may be read by several goroutines. A nil *Notes takes
// notes of nothing.
type Notes struct {
	mu    sync.Mutex
	files map[string]*fileNotes
	more  map[string]struct{} // files beyond the most that are kept, as far as counted

	rows     map[string]*oddRows
	moreRows map[string]struct{}
}

// fileNotes are those of one file.
type fileNotes struct {
	counts [evtx.Kinds]int
	first  evtx.Warning // by place in the file
}

// mostNoted is how many files have notes of their own, and how many more are counted.
const mostNoted = 1000

func (n *Notes) add(file string, w evtx.Warning) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	f, known := n.files[file]
	switch {
	case known:
	case len(n.files) < mostNoted:
		if n.files == nil {
			n.files, n.more = map[string]*fileNotes{}, map[string]struct{}{}
		}
		f = &fileNotes{first: w}
		n.files[file] = f
	default:
		if len(n.more) < 10*mostNoted {
			n.more[file] = struct{}{}
		}
		return
	}
	f.counts[w.Kind]++
	if w.Chunk < f.first.Chunk || w.Chunk == f.first.Chunk && w.Record < f.first.Record {
		f.first = w
	}
}

// shownNotes is how many files are named.
const shownNotes = 3

// counted3 says of how many files something holds, and names the first three.
func counted3(names []string, more int, what string) string {
	return fmt.Sprintf("%d files %s: %s and %d more", len(names)+more, what, strings.Join(names[:shownNotes], ", "), len(names)+more-shownNotes)
}

// Lines returns the notes as lines for a person: one for each file while they are few, or
// when all are asked for, else one that counts them and names the first.
func (n *Notes) Lines(all bool) (lines []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	names := slices.Sorted(maps.Keys(n.files))
	if !all && len(names) > shownNotes {
		first := n.files[names[0]]
		lines = append(lines, fmt.Sprintf("%s; that of the first: %s; --verbose tells of each",
			counted3(names, len(n.more), "are damaged and were read as far as they go"), first))
		return append(lines, n.rowLines(all)...)
	}
	for _, name := range names {
		lines = append(lines, fmt.Sprintf("%s is damaged and was read as far as it goes: %s", name, n.files[name]))
	}
	if len(n.more) > 0 {
		lines = append(lines, fmt.Sprintf("%d more files are damaged and were read as far as they go", len(n.more)))
	}
	return append(lines, n.rowLines(all)...)
}

// String counts the warnings by kind, and gives the first.
func (f *fileNotes) String() string {
	var parts []string
	for kind, count := range f.counts {
		if count > 0 {
			parts = append(parts, fmt.Sprintf("%v (%d)", evtx.Kind(kind), count))
		}
	}
	return strings.Join(parts, ", ") + "; first " + f.first.String()
}
