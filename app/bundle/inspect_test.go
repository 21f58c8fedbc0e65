package bundle_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

const report = `{"reports":[{"groups":[
	{"name":"a","checks":[{"name":"check_fine","result":"success"},{"name":"check_none","result":"not_applicable"},{"name":"check_w","result":"warning"}]},
	{"name":"b","checks":[{"name":"check_m","result":"manual_check"},{"name":"check_w","result":"warning"}]}]}],"summary":{}}`

func TestReadReport(t *testing.T) {
	found, err := bundle.ReadReport([]byte(report))
	if want := []bundle.Finding{{Check: "check_m", Result: "manual_check"}, {Check: "check_w", Result: "warning"}}; err != nil || !slices.Equal(found, want) {
		t.Errorf("found %v, %v", found, err)
	}
	for _, broken := range []string{"", "[]", "{}", `{"reports":[{"groups":[]}]}`} {
		if found, err := bundle.ReadReport([]byte(broken)); err == nil {
			t.Errorf("%q is a report with %v", broken, found)
		}
	}
}

func TestJudge(t *testing.T) {
	const table = "| check | result | why |\n|---|---|---|\n" +
		"| `check_w` | warning | it is there for a good and long reason |\n| `check_short` | warning | because |\n"
	excused := bundle.Excused(table)
	if want := []bundle.Finding{{Check: "check_w", Result: "warning"}}; !slices.Equal(excused, want) {
		t.Fatalf("excused are %v", excused)
	}
	for name, c := range map[string]struct {
		found []bundle.Finding
		wrong string
	}{
		"as listed":   {[]bundle.Finding{{Check: "check_w", Result: "warning"}, {Check: "check_w", Result: "warning"}}, ""},
		"out of date": {nil, "check_w is listed"},
		"worse":       {[]bundle.Finding{{Check: "check_w", Result: "warning"}, {Check: "check_x", Result: "manual_check"}}, "check_x ends in manual_check and is not listed"},
		"a failure":   {[]bundle.Finding{{Check: "check_w", Result: "warning"}, {Check: "check_w", Result: "failure"}}, "check_w ends in failure"},
	} {
		err := bundle.Judge(c.found, excused)
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fails := []bundle.Finding{{Check: "check_f", Result: "failure"}}
	if bundle.Judge(fails, fails) == nil {
		t.Error("a failure was excused")
	}
}

// TestReadmeExcusesNoFailure: the table in the README is read as it stands.
func TestReadmeExcusesNoFailure(t *testing.T) {
	readme, err := os.ReadFile(repository + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	excused := bundle.Excused(string(readme))
	if len(excused) != strings.Count(string(readme), "\n| `check_") {
		t.Errorf("of the README's table, %v are read", excused)
	}
	for _, f := range excused {
		if f.Result != "warning" && f.Result != "manual_check" {
			t.Errorf("%v is excused", f)
		}
	}
}
