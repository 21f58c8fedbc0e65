package row

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// README's section on rows names every kind of row, and what each of its points begins with is
// a column of some kind.
func TestReadmeKnowsTheRows(t *testing.T) {
	body, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(body), "\n## Reading a row\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("README.md has no section on rows")
	}
	columns, kinds := map[string]bool{}, 0
	for kind, name := range kindNames {
		kinds++
		if !strings.Contains(section, "`"+name+"`") {
			t.Errorf("README.md does not name the row %s", name)
		}
		for _, column := range HeaderOf(kind).Names {
			columns[column] = true
		}
	}
	for _, m := range regexp.MustCompile("(?m)^- `([a-z_]+)` ").FindAllStringSubmatch(section, -1) {
		if !columns[m[1]] {
			t.Errorf("README.md explains %s, which is no column", m[1])
		}
	}
	if kinds < 5 || len(columns) < 60 {
		t.Errorf("%d kinds of rows, %d columns", kinds, len(columns))
	}
}
