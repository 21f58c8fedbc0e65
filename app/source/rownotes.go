package source

import (
	"fmt"
	"maps"
	"slices"
)

// rowKind is what may be odd about the rows of a table, or of a list.
type rowKind uint8

const (
	overflow rowKind = iota // more values than columns
	cutRow                  // the last row ends before its columns do
	noDevice                // a row that names no device, as no other of its table does
	deepList                // a list of events below more brackets than are opened

	rowKinds
)

// rowWords say how many rows of a file are odd, and on which line the first stands.
var rowWords = [rowKinds]string{
	overflow: "%s has rows with more values than its header has columns (%d, first on line %d): a value with a comma in it has no quotes " +
		"around it, and what stands behind it is read under wrong names; export again with quotes around texts",
	cutRow: "%s breaks off in its last row (%d, on line %d), whose last value may be cut and whose others are missing, and so may rows behind it: " +
		"copy or export the file again to have it whole",
	noDevice: "%s has events that name no device (%d, first on line %d): they are taken for those of one device, which is called as the file is; " +
		"where they are several devices', export again with their names",
	deepList: "%s has lists of events within others, more than 16 brackets deep (%d, first on line %d), which are not read: take the innermost out",
}

// oddRows are the odd rows of a file.
type oddRows struct {
	count, first [rowKinds]int
}

// addRow takes note of an odd row and its line.
func (n *Notes) addRow(file string, kind rowKind, line int) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	odd := n.rows[file]
	if odd == nil {
		odd = &oddRows{}
		switch {
		case n.rows == nil:
			n.rows, n.moreRows = map[string]*oddRows{file: odd}, map[string]struct{}{}
		case len(n.rows) < mostNoted:
			n.rows[file] = odd
		case len(n.moreRows) < 10*mostNoted:
			n.moreRows[file] = struct{}{}
		}
	}
	if odd.count[kind]++; odd.first[kind] == 0 || line < odd.first[kind] {
		odd.first[kind] = line
	}
}

// rowLines tells of the odd rows: of each file while they are few, or when all are asked for,
// else in one line.
func (n *Notes) rowLines(all bool) (lines []string) {
	names := slices.Sorted(maps.Keys(n.rows))
	if !all && len(names) > shownNotes {
		return []string{counted3(names, len(n.moreRows), "have rows with more values than columns, a last row that breaks off, no device, or lists too deep") + "; --verbose tells of each"}
	}
	for _, name := range names {
		odd := n.rows[name]
		for kind, count := range odd.count {
			if count > 0 {
				lines = append(lines, fmt.Sprintf(rowWords[kind], name, count, odd.first[kind]))
			}
		}
	}
	if len(n.moreRows) > 0 {
		lines = append(lines, fmt.Sprintf("%d more files have rows with more values than columns, a last row that breaks off, no device, or lists too deep", len(n.moreRows)))
	}
	return lines
}
