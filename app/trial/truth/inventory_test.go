package truth_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// loggedRuns counts the runs that the scheduler's log of files has: by events 129, each record once, or
// by the numbers in events 200 where a task has more of these on a device, as some 129 are lost.
func loggedRuns(t *testing.T, files []string) (n int) {
	t.Helper()
	of := map[string][2]map[string]bool{} // by device and task
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			var e struct {
				EventID                            int
				Computer, TaskName, TaskInstanceID string
				RecordNumber                       json.Number
			}
			if json.Unmarshal(line, &e) != nil || e.EventID != 129 && e.EventID != 200 {
				continue
			}
			key := strings.ToLower(e.Computer + " " + e.TaskName)
			if of[key][0] == nil {
				of[key] = [2]map[string]bool{{}, {}}
			}
			if e.EventID == 129 {
				of[key][0][e.RecordNumber.String()] = true
			} else {
				of[key][1][e.TaskInstanceID] = true
			}
		}
	}
	for _, some := range of {
		n += max(len(some[0]), len(some[1]))
	}
	return n
}

// hijacked is a task of Windows' own that runs a planted program on one device.
const hijacked = `\Microsoft\Windows\Flighting\OneSettings\RefreshCache`

// The list of tasks has every run once, every action of a name once, and the findings and destinations that
// rows of other outputs tell of.
func TestOutputTasks(t *testing.T) {
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 20, Days: rounds.Of(2, 1), Seed: 23, Tail: 0.3}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range sum.Files {
		files = append(files, filepath.Join(dir, f))
	}
	const options = "recent=all lookback=all max_devices=0 internal=include"
	tasks := doors.HuntedFiles(t, options+" output=tasks", files...).Rows
	all := doors.HuntedFiles(t, options, files...)
	type known struct{ finding, score string }
	byName, roots, unlogged := map[string]known{}, 0, 0
	reached := map[string]bool{} // connects outside
	for _, r := range all.Rows {
		name := r.Get("task_name")
		if r.Get("row") == "node" && r.Get("depth") == "1" {
			if roots++; r.Get("task_edge") != "task_pid" {
				unlogged++
			}
		}
		if _, told := byName[name]; !told && name != "" { // the highest score comes first
			byName[name] = known{r.Get("finding_id"), r.Get("score")}
		}
		if r.Get("row") == "connection" {
			reached[cmp.Or(name, r.Get("root_template"))] = true
		}
	}
	runs, names := 0, map[string]bool{}
	listed := map[string][]row.Row{} // by name: a row for each thing that tasks of the name do
	for _, r := range tasks {
		n, err := strconv.Atoi(r.Get("runs"))
		if err != nil || r.Get("row") != "task" {
			t.Fatalf("%q", r.Values)
		}
		runs += n
		if name := r.Get("task_name"); name != "" {
			names[name] = true
			listed[name] = append(listed[name], r)
		}
	}
	for name, rows := range listed {
		actions, isOf, was, told := map[string]bool{}, false, reached[name], false
		for _, r := range rows {
			if actions[r.Get("task_action")] {
				t.Errorf("%s is there twice for %s", name, r.Get("task_action"))
			}
			actions[r.Get("task_action")] = true
			isOf = isOf || r.Get("finding_id") == byName[name].finding && r.Get("score") == byName[name].score
			for template := range strings.SplitSeq(r.Get("root_template"), "\n") { // runs of other devices, of which no log tells
				was = was || reached[template]
			}
			told = told || r.Get("destinations") != ""
		}
		if _, isRun := byName[name]; isRun && !isOf {
			t.Errorf("no row of %s is of the finding that its trees say, %+v", name, byName[name])
		}
		if told != was && (told || reached[name]) {
			t.Errorf("%s goes somewhere: %t, its trees to the outside: %t", name, told, reached[name])
		}
	}
	if rows := listed[hijacked]; len(rows) != 2 || rows[0].Get("finding_id") == rows[1].Get("finding_id") {
		t.Errorf("%s has the rows %v", hijacked, rows)
	}
	for name := range byName {
		if !names[name] {
			t.Errorf("%s is missing", name)
		}
	}
	if want := loggedRuns(t, files) + unlogged; runs != want || len(byName) < 50 || roots < 1000 {
		t.Errorf("%d runs are listed, want %d; %d trees, %d names", runs, want, roots, len(byName))
	}
}
