package judge

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ReadColumns reads some columns of a table of rows with a header; the rest of a large
// table need not be in memory.
func ReadColumns(r io.Reader, columns ...string) (rows []Row, err error) {
	texts := map[string]string{}
	err = eachRow(r, columns, func(row Row) error {
		kept := make(Row, len(columns)+1)
		for _, c := range columns {
			if _, some := texts[row[c]]; !some {
				text := strings.Clone(row[c])
				texts[text] = text
			}
			kept[c] = texts[row[c]]
		}
		rows = append(rows, kept)
		return nil
	})
	return rows, err
}

// parts are the parts of a score by the text of the column `why`.
func parts(why string) map[string]float64 {
	bits := map[string]float64{}
	for line := range strings.SplitSeq(why, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		if x, err := strconv.ParseFloat(words[1], 64); err == nil && strings.HasPrefix(words[1], "+") {
			bits[words[0]] += x
		}
	}
	return bits
}

// PartsOf are the names of all parts that the scores of some trees have, sorted.
func PartsOf(trees []Row) []string {
	names, seen := map[string]bool{}, map[string]bool{}
	for _, t := range trees {
		if why := t["why"]; !seen[why] {
			seen[why] = true
			for name := range parts(why) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// LeaveOut gives every tree a column with its score without some parts.
func LeaveOut(trees []Row, column string, without ...string) {
	left := map[string]string{} // by why: few are unlike
	for _, t := range trees {
		why := t["why"]
		if _, some := left[why]; !some {
			sum := 0.0
			for name, bits := range parts(why) {
				if !slices.Contains(without, name) {
					sum += bits
				}
			}
			left[why] = fmt.Sprintf("%.1f", sum)
		}
		t[column] = left[why]
	}
}
