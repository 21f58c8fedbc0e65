package spl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mostMatches is how many rows of a table fit a row at most (transforms.conf,
// max_matches, for tables without times).
const mostMatches = 100

// parseLookup reads: table field OUTPUT field, field AS name.
func parseLookup(s string) (step, error) {
	head, tail, outputs := strings.Cut(s, " OUTPUT ")
	words := strings.Fields(head)
	if len(words) != 2 || !outputs {
		return nil, fmt.Errorf("%q is not: table field OUTPUT fields", s)
	}
	take := map[string]string{} // name here, by name in the table
	for part := range strings.SplitSeq(tail, ",") {
		from, as, named := strings.Cut(strings.TrimSpace(part), " AS ")
		if !named {
			as = from
		}
		take[from] = as
	}
	return func(r *run, rows []Row) ([]Row, error) {
		list, there := r.world.Lookups[words[0]]
		if !there {
			return nil, fmt.Errorf("there is no lookup %s", words[0])
		}
		return perRow(func(_ *run, row Row) error {
			fill(row, list, words[1], take)
			return nil
		})(r, rows)
	}, nil
}

func fill(row Row, list []Row, by string, take map[string]string) {
	matches := 0
	for _, as := range take {
		delete(row, as)
	}
	key, whole := keyOf(row, []string{by})
	for _, candidate := range list {
		if k, _ := keyOf(candidate, []string{by}); !whole || k != key || matches == mostMatches {
			continue
		}
		matches++
		for from, as := range take {
			put(row, as, manyOf(append(row[as], candidate[from]...)))
		}
	}
}

// parseInput reads a table: instead of rows, or with append=true behind them.
func parseInput(s string) (step, error) {
	values, name, err := options(s, "append")
	return func(r *run, rows []Row) ([]Row, error) {
		list, there := r.world.Lookups[name]
		if !there {
			return nil, fmt.Errorf("there is no lookup %s", name)
		}
		if isTrue(values["append"]) {
			return append(rows[:len(rows):len(rows)], list...), nil
		}
		return list, nil
	}, err
}

// parseOutput writes the rows as a table: instead of what is there, behind it, or where a
// row with the same key stands.
func parseOutput(s string) (step, error) {
	values, name, err := options(s, "append", "key_field", "override_if_empty", "create_context")
	return func(r *run, rows []Row) ([]Row, error) {
		if r.world.Lookups == nil {
			r.world.Lookups = map[string][]Row{}
		}
		before := r.world.Lookups[name]
		if keep := values["override_if_empty"]; len(rows) == 0 && keep != "" && !isTrue(keep) {
			return rows, nil
		}
		if !isTrue(values["append"]) {
			before = nil
		}
		r.world.Lookups[name] = store(before, only(rows, r.world.Columns[name]), values["key_field"])
		return rows, nil
	}, err
}

// only keeps the fields that a table has.
func only(rows []Row, columns []string) (kept []Row) {
	for _, row := range rows {
		row = maps.Clone(row)
		maps.DeleteFunc(row, func(name string, _ []string) bool { return columns != nil && !slices.Contains(columns, name) })
		kept = append(kept, row)
	}
	return kept
}

// store adds rows to a table; one with the key of another takes its place.
func store(list, rows []Row, key string) []Row {
	list = list[:len(list):len(list)]
	for _, row := range rows {
		at := -1
		for i := range list {
			if key != "" && manyOf(list[i][key]).string() == manyOf(row[key]).string() {
				at = i
			}
		}
		if at < 0 {
			list = append(list, row)
			continue
		}
		list[at] = row
	}
	return list
}

func isTrue(s string) bool { return s == "true" || s == "t" || s == "1" }

// parseCollect keeps the rows for an index.
func parseCollect(s string) (step, error) {
	values, rest, err := options(s, "index", "source", "sourcetype", "addtime", "output_format", "marker")
	if err == nil && (values["index"] == "" || rest != "") {
		err = fmt.Errorf("%q is not: index=name", s)
	}
	return func(r *run, rows []Row) ([]Row, error) {
		if r.world.Collected == nil {
			r.world.Collected = map[string][]Row{}
		}
		r.world.Collected[values["index"]] = append(r.world.Collected[values["index"]], rows...)
		return rows, nil
	}, err
}
