package spl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// measure is one function of stats over a field, and what its result is called.
type measure struct {
	of    func([]string) []string
	field string // empty for count
	as    string
}

// measures are the functions of stats that the app uses. They get all values of a field,
// those of a field with several each by itself, as Splunk's do.
var measures = map[string]func([]string) []string{
	"count":  func(v []string) []string { return one(len(v)) },
	"dc":     func(v []string) []string { return one(len(distinct(v))) },
	"sum":    sum,
	"min":    func(v []string) []string { return v[argument(v, -1):][:min(1, len(v))] },
	"max":    func(v []string) []string { return v[argument(v, 1):][:min(1, len(v))] },
	"values": func(v []string) []string { return sorted(distinct(v)) },
	"list":   func(v []string) []string { return v[:min(100, len(v))] }, // limits.conf, [stats] list_maxsize
	"first":  func(v []string) []string { return v[:min(1, len(v))] },
	"last":   func(v []string) []string { return v[max(0, len(v)-1):] },
}

func one(n int) []string { return []string{strconv.Itoa(n)} }

func sum(v []string) []string {
	total, any := 0.0, false
	for _, s := range v {
		if f, ok := textOf(s).number(); ok {
			total, any = total+f, true
		}
	}
	if !any {
		return nil
	}
	return numberOf(total).texts
}

// argument is where the greatest (1) or least (-1) value stands.
func argument(v []string, direction int) int {
	best := 0
	for i, s := range v {
		if direction*compare(s, v[best]) > 0 {
			best = i
		}
	}
	return best
}

var measureText = regexp.MustCompile(`^([a-z]+)(?:\(([A-Za-z_][A-Za-z0-9_.]*)\))?(?: (?i:as) ("[^"]+"|[A-Za-z_][A-Za-z0-9_.]*))?$`)

// parseMeasures reads count, dc(device) as devices by finding_id.
func parseMeasures(s string) (list []measure, by []string, err error) {
	head, tail, grouped := strings.Cut(s, " by ")
	if grouped {
		if by, err = names(tail); err != nil {
			return nil, nil, err
		}
	}
	for part := range strings.SplitSeq(head, ",") {
		part = strings.TrimSpace(part)
		m := measureText.FindStringSubmatch(part)
		if m == nil {
			return nil, nil, fmt.Errorf("%q is not: function(field) as name", part)
		}
		of, known := measures[m[1]]
		if !known || m[2] == "" && m[1] != "count" {
			return nil, nil, fmt.Errorf("%q is no function of stats here", part)
		}
		name := part
		if m[3] != "" {
			name = strings.Trim(m[3], `"`)
		}
		list = append(list, measure{of, m[2], name})
	}
	return list, by, nil
}

// group is the rows of equal values.
type group struct {
	key  Row
	rows []Row
}

// groups are the rows by the values of fields; rows that lack one are in none. A row
// whose field has several values is in the group of each.
func groups(rows []Row, by []string) (list []*group) {
	at := map[string]*group{}
	for _, row := range rows {
		for _, key := range keys(row, by) {
			text, _ := keyOf(key, by)
			g, there := at[text]
			if !there {
				g = &group{key: key}
				at[text], list = g, append(list, g)
			}
			g.rows = append(g.rows, row)
		}
	}
	slices.SortStableFunc(list, func(a, b *group) int {
		for _, name := range by {
			if c := strings.Compare(manyOf(a.key[name]).string(), manyOf(b.key[name]).string()); c != 0 {
				return c
			}
		}
		return 0
	})
	return list
}

// keys are the keys of a row: one for each choice of one value a field.
func keys(row Row, by []string) []Row {
	all := []Row{{}}
	for _, name := range by {
		var next []Row
		for _, key := range all {
			for _, value := range row[name] {
				longer := maps.Clone(key)
				longer[name] = []string{value}
				next = append(next, longer)
			}
		}
		all = next
	}
	return all
}

func (g *group) measured(list []measure) Row {
	row := maps.Clone(g.key)
	for _, m := range list {
		put(row, m.as, manyOf(m.of(g.values(m.field))))
	}
	return row
}

// values are all values of a field in order; without a field, something for each row.
func (g *group) values(name string) (all []string) {
	for _, row := range g.rows {
		if name == "" {
			all = append(all, "")
			continue
		}
		all = append(all, row[name]...)
	}
	return all
}

func parseStats(s string) (step, error) {
	list, by, err := parseMeasures(s)
	return func(_ *run, rows []Row) (out []Row, err error) {
		found := groups(rows, by)
		if len(by) == 0 && len(found) == 0 {
			found = []*group{{key: Row{}}}
		}
		for _, g := range found {
			out = append(out, g.measured(list))
		}
		return out, nil
	}, err
}

// parseEventStats puts what stats measures on every row of the group.
func parseEventStats(s string) (step, error) {
	list, by, err := parseMeasures(s)
	return func(_ *run, rows []Row) ([]Row, error) {
		at := map[string]Row{}
		for _, g := range groups(rows, by) {
			key, _ := keyOf(g.key, by)
			at[key] = g.measured(list)
		}
		return perRow(func(_ *run, row Row) error {
			key, _ := keyOf(row, by)
			for _, m := range list {
				put(row, m.as, manyOf(at[key][m.as]))
			}
			return nil
		})(nil, rows)
	}, err
}
