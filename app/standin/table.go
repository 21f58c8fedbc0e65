package standin

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// table is rows under a header; each row is as wide as it.
type table struct {
	header []string
	rows   [][]string
}

// union puts tables with different headers under one: the columns of all, in the
// order they were first seen.
type union struct {
	header []string
	place  map[string]int
	rows   [][]string
}

// add appends the rows of t. Rows of a table with the same columns are taken over
// as they are.
func (u *union) add(t table) {
	if u.place == nil {
		u.place = make(map[string]int)
	}
	same := true
	for i, name := range t.header {
		if _, known := u.place[name]; !known {
			u.place[name] = len(u.header)
			u.header = append(u.header, name)
		}
		same = same && u.place[name] == i
	}
	for _, row := range t.rows {
		if !same {
			row = u.spread(t.header, row)
		}
		u.rows = append(u.rows, row)
	}
}

func (u *union) spread(header, row []string) []string {
	out := make([]string, len(u.header))
	for i, name := range header {
		out[u.place[name]] = row[i]
	}
	return out
}

// table returns all rows, those added early filled up with empty cells.
func (u *union) table() table {
	for i, row := range u.rows {
		if missing := len(u.header) - len(row); missing > 0 {
			u.rows[i] = append(slices.Clip(row), make([]string, missing)...)
		}
	}
	return table{u.header, u.rows}
}

// SortNewestFirst sorts rows, in place, as splunkd sends events: by the _time
// column, newest first. Rows without a readable time come last; rows of the same
// time keep their order. _time is epoch seconds or, as after inputlookup, ISO 8601.
func SortNewestFirst(header []string, rows [][]string) {
	column := slices.Index(header, "_time")
	if column < 0 {
		return
	}
	all := make([]timedRow, len(rows))
	for i, row := range rows {
		all[i].row = row
		all[i].time, all[i].ok = parseTime(row[column])
	}
	slices.SortStableFunc(all, newerFirst)
	for i := range all {
		rows[i] = all[i].row
	}
}

// timedRow is a row with its time, if it has one.
type timedRow struct {
	row  []string
	time float64
	ok   bool
}

func newerFirst(a, b timedRow) int {
	switch {
	case a.ok && b.ok:
		return cmp.Compare(b.time, a.time)
	case a.ok:
		return -1
	case b.ok:
		return 1
	}
	return 0
}

// isoLayouts are the spellings of a time that Splunk gives after inputlookup and
// table; fractions of a second are read without being named.
var isoLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05-0700"}

func parseTime(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixNano()) / 1e9, true
		}
	}
	return 0, false
}
