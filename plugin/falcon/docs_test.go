package falcon

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page's table of events is the mapping's.
func TestEventsOfThePage(t *testing.T) {
	body, err := os.ReadFile("../../docs/falcon.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(body), "| `event_simpleName` | becomes |")
	table, _, _ = strings.Cut(table, "\n\n")
	page, mapped := map[string]bool{}, map[string]bool{}
	for row := range strings.Lines(table) {
		if cells := strings.Split(row, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([A-Za-z0-9]+)`").FindAllStringSubmatch(cells[1], -1) {
				page[strings.ToLower(m[1])] = true
			}
		}
	}
	mapping, err := Mapper{}.Mapping(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range mapping.Tables {
		for _, c := range table.When {
			for _, name := range c.Values {
				mapped[name] = true
			}
		}
	}
	if len(page) < 8 || !maps.Equal(page, mapped) {
		t.Errorf("docs/falcon.md has %q, the mapping %q", slices.Sorted(maps.Keys(page)), slices.Sorted(maps.Keys(mapped)))
	}
}
