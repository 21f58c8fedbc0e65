package pretended

import (
	"regexp"
	"strings"
)

var (
	fieldsCommand = regexp.MustCompile(`(?m)^\| fields (.*)$`)
	quoted        = regexp.MustCompile(`"([^"]*)"|'([^']*)'|([\w.-]+)`)
)

// project keeps the fields that the search's own fields commands keep, as Splunk would:
// fields that begin with _ stay unless they are taken away.
func project(t Table, search string) Table {
	keep := make([]bool, len(t.Header))
	for i := range keep {
		keep[i] = true
	}
	for _, m := range fieldsCommand.FindAllStringSubmatch(search, -1) {
		list, remove := strings.CutPrefix(m[1], "- ")
		named := names(list)
		for i, column := range t.Header {
			switch {
			case remove && named[column]:
				keep[i] = false
			case !remove && !named[column] && !strings.HasPrefix(column, "_"):
				keep[i] = false
			}
		}
	}
	return t.only(keep)
}

func names(list string) map[string]bool {
	set := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(list, -1) {
		set[m[1]+m[2]+m[3]] = true
	}
	return set
}

func (t Table) only(keep []bool) (out Table) {
	pick := func(row []string) (cells []string) {
		for i, v := range row {
			if keep[i] {
				cells = append(cells, v)
			}
		}
		return cells
	}
	out.Header = pick(t.Header)
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, pick(row))
	}
	return out
}
