package spl

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parseRex reads: field=name max_match=n "pattern". The pattern's names become fields;
// max_match is how often it is looked for, 0 without limit.
func parseRex(s string) (step, error) {
	head, rest, found := strings.Cut(s, `"`)
	values, left, err := options(head, "field", "max_match")
	text, closed := strings.CutSuffix(rest, `"`)
	if err != nil || !found || !closed || left != "" || values["field"] == "" {
		return nil, fmt.Errorf(`%q is not: field=name "pattern"`, s)
	}
	compiled, err := regexp.Compile(strings.ReplaceAll(text, `\"`, `"`))
	if err != nil {
		return nil, fmt.Errorf("compiling %q: %w", text, err)
	}
	most := 1
	if n, there := values["max_match"]; there {
		if most, err = strconv.Atoi(n); err != nil || most < 0 {
			return nil, fmt.Errorf("max_match is %q, not a number", n)
		}
	}
	if most == 0 {
		most = -1
	}
	return perRow(func(_ *run, row Row) error {
		extract(row, compiled, manyOf(row[values["field"]]), most)
		return nil
	}), nil
}

// extract sets the fields of a pattern that a text has; others stay as they are.
func extract(row Row, pattern *regexp.Regexp, v Value, most int) {
	taken := map[string][]string{}
	for _, text := range v.texts {
		for _, m := range pattern.FindAllStringSubmatch(text, most) {
			for i, name := range pattern.SubexpNames() {
				if name != "" && m[i] != "" {
					taken[name] = append(taken[name], m[i])
				}
			}
		}
	}
	maps.Copy(row, taken)
}

// parseBin reads: field span=1h. It takes a number down to a multiple of the span.
func parseBin(s string) (step, error) {
	name, option, _ := strings.Cut(s, " ")
	span, found := strings.CutPrefix(option, "span=")
	seconds, ok := relative([]Value{numberOf(0), textOf("+" + span)}).number()
	if !found || !ok || seconds <= 0 {
		return nil, fmt.Errorf("%q is not: field span=1h", s)
	}
	return perRow(func(_ *run, row Row) error {
		if at, ok := manyOf(row[name]).number(); ok {
			put(row, name, numberOf(math.Floor(at/seconds)*seconds))
		}
		return nil
	}), nil
}

// parseSeries reads: x series value. Each series becomes a column of its own.
func parseSeries(s string) (step, error) {
	list, err := names(s)
	if err == nil && len(list) != 3 {
		err = fmt.Errorf("%q is not: x series value", s)
	}
	return func(_ *run, rows []Row) (out []Row, err error) {
		for _, row := range rows {
			x, series := manyOf(row[list[0]]).string(), manyOf(row[list[1]]).string()
			at := slices.IndexFunc(out, func(r Row) bool { return manyOf(r[list[0]]).string() == x })
			if at < 0 {
				at, out = len(out), append(out, Row{list[0]: {x}})
			}
			out[at][series] = row[list[2]]
		}
		return out, nil
	}, err
}
