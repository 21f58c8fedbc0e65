package spl

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// commands are the commands of the Search Reference that the app uses, and its own, each
// with what reads its text. What only Splunk can do is read and not run.
var commands map[string]func(text string) (step, error)

// Commands run expressions, whose table is made when the program starts.
func init() {
	commands = map[string]func(text string) (step, error){
		"eval": parseEval, "where": parseWhere, "fields": parseFields, "table": parseTable, "sort": parseSort, "head": parseHead,
		"rename": parseRename, "stats": parseStats, "eventstats": parseEventStats, "mvexpand": parseExpand, "fillnull": parseFill,
		"dedup": parseDedup, "rex": parseRex, "bin": parseBin, "xyseries": parseSeries, "lookup": parseLookup, "inputlookup": parseInput, "outputlookup": parseOutput, "collect": parseCollect,
		"search": readOnly, "tstats": readOnly, "append": readOnly, "timechart": readOnly,
		"chart": readOnly, "rest": readOnly, "makeresults": readOnly, "addinfo": readOnly,
		"schtaskhunt": readOnly,
	}
}

func readOnly(string) (step, error) { return nil, nil }

// parseEval reads name=expression, name=expression.
func parseEval(s string) (step, error) {
	p, err := newParser(s)
	if err != nil {
		return nil, err
	}
	var names []string
	var values []expr
	for more := true; more; _, more = p.take(",") {
		t := p.peek()
		if t.kind != word && t.kind != field {
			return nil, fmt.Errorf("a field is missing before %q", t.text)
		}
		p.at++
		if err := p.want("="); err != nil {
			return nil, err
		}
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		names, values = append(names, t.text), append(values, e)
	}
	if t := p.peek(); t.kind != end {
		return nil, fmt.Errorf("%q stands behind a whole expression", t.text)
	}
	return perRow(func(r *run, row Row) error {
		for i, e := range values {
			v, err := e(r, row)
			if err != nil {
				return err
			}
			if v.is == truth {
				return fmt.Errorf("%s: a field cannot be a condition: write if(…, 1, 0)", names[i])
			}
			put(row, names[i], v)
		}
		return nil
	}), nil
}

func put(row Row, name string, v Value) {
	if v.is == null {
		delete(row, name)
		return
	}
	row[name] = v.texts
}

// perRow changes copies of the rows.
func perRow(change func(*run, Row) error) step {
	return func(r *run, rows []Row) ([]Row, error) {
		out := make([]Row, len(rows))
		for i, row := range rows {
			out[i] = maps.Clone(row)
			if err := change(r, out[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

func parseWhere(s string) (step, error) {
	e, err := parseExpr(s)
	if err != nil {
		return nil, err
	}
	return func(r *run, rows []Row) (kept []Row, err error) {
		for _, row := range rows {
			v, err := e(r, row)
			if err != nil {
				return nil, err
			}
			if v.is == text {
				return nil, fmt.Errorf("%q is no condition", v.string())
			}
			if v.holds() {
				kept = append(kept, row)
			}
		}
		return kept, nil
	}, nil
}

// names reads a list of fields, apart by commas or blanks.
func names(s string) ([]string, error) {
	list := strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' })
	for i, name := range list {
		list[i] = strings.Trim(name, `"`)
		if strings.ContainsAny(name, "()=|'") {
			return nil, fmt.Errorf("%q is no field", name)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("fields are missing")
	}
	return list, nil
}

func parseFields(s string) (step, error) {
	rest, without := strings.CutPrefix(s, "-")
	list, err := names(strings.TrimPrefix(rest, "+"))
	return perRow(func(_ *run, row Row) error {
		maps.DeleteFunc(row, func(name string, _ []string) bool {
			inner := strings.HasPrefix(name, "_") && !without // kept unless it is named
			return slices.Contains(list, name) == without && !inner
		})
		return nil
	}), err
}

func parseTable(s string) (step, error) {
	list, err := names(s)
	return perRow(func(_ *run, row Row) error {
		maps.DeleteFunc(row, func(name string, _ []string) bool { return !slices.Contains(list, name) })
		return nil
	}), err
}

// parseSort reads how many rows, 0 for all, and fields with their directions. Splunk
// without a number keeps 10,000, which loses rows in silence: it has to be said.
func parseSort(s string) (step, error) {
	list, err := names(s)
	if err != nil {
		return nil, err
	}
	most, err := strconv.Atoi(list[0])
	if err != nil {
		return nil, fmt.Errorf("sort keeps 10,000 rows unless a number says how many: write sort 0 %s", s)
	}
	return func(_ *run, rows []Row) ([]Row, error) {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b Row) int {
			for _, key := range list[1:] {
				name, falls := strings.CutPrefix(key, "-")
				c := byField(a, b, strings.TrimPrefix(name, "+"))
				if falls && len(a[name]) > 0 && len(b[name]) > 0 {
					c = -c
				}
				if c != 0 {
					return c
				}
			}
			return 0
		})
		if most > 0 && len(rows) > most {
			rows = rows[:most]
		}
		return rows, nil
	}, nil
}

func parseHead(s string) (step, error) {
	n, err := strconv.Atoi(s)
	return func(_ *run, rows []Row) ([]Row, error) { return rows[:min(n, len(rows))], nil }, err
}

func parseRename(s string) (step, error) {
	type pair struct{ from, to string }
	var pairs []pair
	for part := range strings.SplitSeq(s, ",") {
		words := strings.Fields(part)
		if len(words) != 3 || !strings.EqualFold(words[1], "as") {
			return nil, fmt.Errorf("%q is not: field AS name", part)
		}
		pairs = append(pairs, pair{strings.Trim(words[0], `"`), strings.Trim(words[2], `"`)})
	}
	return perRow(func(_ *run, row Row) error {
		for _, p := range pairs {
			if values, there := row[p.from]; there {
				delete(row, p.from)
				row[p.to] = values
			}
		}
		return nil
	}), nil
}

// parseExpand makes a row of each value of a field.
func parseExpand(name string) (step, error) {
	if _, err := names(name); err != nil {
		return nil, err
	}
	return func(_ *run, rows []Row) (out []Row, err error) {
		for _, row := range rows {
			if len(row[name]) == 0 {
				out = append(out, row)
			}
			for _, value := range row[name] {
				one := maps.Clone(row)
				one[name] = []string{value}
				out = append(out, one)
			}
		}
		return out, nil
	}, nil
}

// options reads name=value at the head of a command's text.
func options(s string, known ...string) (values map[string]string, rest string, err error) {
	values = map[string]string{}
	words := strings.Fields(s)
	for len(words) > 0 {
		name, value, found := strings.Cut(words[0], "=")
		if !found {
			break
		}
		if !slices.Contains(known, name) {
			return nil, "", fmt.Errorf("there is no option %s here", name)
		}
		values[name], words = strings.Trim(value, `"`), words[1:]
	}
	return values, strings.Join(words, " "), nil
}

func parseFill(s string) (step, error) {
	values, rest, err := options(s, "value")
	if err != nil {
		return nil, err
	}
	list, err := names(rest)
	return perRow(func(_ *run, row Row) error {
		for _, name := range list {
			if len(row[name]) == 0 {
				row[name] = []string{values["value"]}
			}
		}
		return nil
	}), err
}

func parseDedup(s string) (step, error) {
	list, err := names(s)
	return func(_ *run, rows []Row) (kept []Row, err error) {
		seen := map[string]bool{}
		for _, row := range rows {
			key, whole := keyOf(row, list)
			if whole && !seen[key] {
				kept = append(kept, row)
			}
			seen[key] = true
		}
		return kept, nil
	}, err
}

// keyOf is what rows of equal values have in common; rows that lack a field have none.
func keyOf(row Row, fields []string) (key string, whole bool) {
	var b strings.Builder
	for _, name := range fields {
		if len(row[name]) == 0 {
			return "", false
		}
		b.WriteString(manyOf(row[name]).string() + "\x00")
	}
	return b.String(), true
}
