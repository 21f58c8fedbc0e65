package captures_test

import (
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// What the first edition shows of the public captures, by the rarity of command lines, the
// scored hunt shows too: no tree and no connection of one is lost.
func TestScoresLoseNothing(t *testing.T) {
	files, err := filepath.Glob(worlds.Capture(t, "*", "*.jsonl"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d captures, %v", len(files), err)
	}
	for _, file := range rounds.Some(files, 3) {
		const span = "recent=all lookback=all "
		scored := rowsOfTrees(doors.HuntedFiles(t, span, file))
		for what, n := range rowsOfTrees(doors.HuntedFiles(t, span+"rarity=command", file)) {
			if scored[what] < n {
				t.Errorf("%s: of %s there are %d rows with scores, %d without", filepath.Base(file), what, scored[what], n)
			}
		}
	}
}

// rowsOfTrees counts the rows of an outcome by their tree, process and connection.
func rowsOfTrees(o doors.Outcome) map[string]int {
	rows := make(map[string]int)
	for _, r := range o.Rows {
		rows[r.Get("tree_id")+" "+r.Get("process_guid")+" "+r.Get("process_id")+" "+r.Get("remote_ip")+" "+r.Get("dns_query")]++
	}
	return rows
}
