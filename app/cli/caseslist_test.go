package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// otherCases are the folders of cases of which not every file tells the one story without a
// warning, and the tests that hold them to what is right instead: of this package, and
// TestCasesOfTimesTextHolesAndNames and TestCaseFoldersAsAWhole of app/trial/captures.
var otherCases = []string{
	"22-parent-fields-dash", "23-defender-portal-csv-us-dates", "27-defender-nulls-pid0", "38-day-first-dates", "39-multiline-command",
	"51-excel-resaved", "53-kql-joined-rows", "54-labels-shifted", "55-device-two-names", "56-clock-set-back",
}

// No folder of cases is without a test.
func TestEveryCaseHasATest(t *testing.T) {
	for _, path := range caseFiles(t, ".") {
		name := filepath.Base(path)
		if !slices.Contains(caseFolders, name) && !slices.Contains(otherCases, name) && !strings.HasSuffix(name, ".md") {
			t.Errorf("nothing tests the case %s", name)
		}
	}
}

// Two files of one export are one hunt.
func TestCaseOfThePortal(t *testing.T) {
	rows, stderr := huntCase(t, caseFiles(t, "23-defender-portal-csv-us-dates")...)
	checkStory(t, "portal", rows)
	if strings.Contains(stderr, "warning") {
		t.Error(stderr)
	}
}

// A column that is there twice with two values is named, with the one that is taken.
func TestCasesOfColumnsTwice(t *testing.T) {
	for _, file := range caseFiles(t, "53-kql-joined-rows") {
		name := filepath.Base(file)
		if !strings.HasPrefix(name, "columns_twice") {
			continue
		}
		rows, stderr := huntCase(t, file)
		if !strings.HasPrefix(name, "columns_twice_other_first") {
			checkStory(t, name, rows)
		}
		differ := strings.HasPrefix(name, "columns_twice_other")
		said := strings.Contains(stderr, "the column ProcessId is there twice") && strings.Contains(stderr, "the first of the two columns is taken (")
		if said != differ || !strings.Contains(stderr, "malformed=0") {
			t.Errorf("%s: %s", name, stderr)
		}
	}
}
