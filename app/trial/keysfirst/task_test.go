package keysfirst_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

var taskColumns = append(append([]string{}, worlds.CrowdedColumns...), "_time", "TaskName", "Path", "EnginePID", "ExecutionProcessID", "ProcessID", "ClientProcessId", "TaskContent")

// taskWorld is a crowdedWorld with events of tasks among its rows, whose process ids are
// those of its processes and parents.
func taskWorld(seed uint64) [][]string {
	r := rand.New(rand.NewPCG(seed, 11))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	rows := worlds.Crowded(seed)
	for i := range rows {
		rows[i] = append(append([]string{}, rows[i]...), make([]string, len(taskColumns)-len(worlds.CrowdedColumns))...)
	}
	at := func(name string) int {
		for i, c := range taskColumns {
			if c == name {
				return i
			}
		}
		panic("no column " + name)
	}
	for _, row := range rows {
		if r.IntN(6) == 0 {
			row[at("CommandLine")] = pick(`schtasks /create /tn B /tr "a.exe -x"`, `cmd /c "schtasks /Create /TN \C\D /TR cmd"`)
		}
	}
	for range r.IntN(40) {
		like := rows[r.IntN(len(rows))]
		row := make([]string, len(taskColumns))
		id := pick("129", "129", "129", "200", "201", "4698", "4702", "4699", "106")
		row[at("EventCode")], row[at("Computer")] = id, like[at("Computer")]
		row[at("_time")] = fmt.Sprintf("2026-11-%02dT10:00:%02dZ", 10+r.IntN(3)*r.IntN(2), r.IntN(20))
		row[at("EventRecordID")] = pick("", fmt.Sprint(r.IntN(1000)))
		row[at("TaskName")] = pick(`\A`, `\B`, `\B`, `\C\D`, "")
		row[at("Path")] = pick(`C:\x\a.exe`, "cmd.exe", "taskhostw", "")
		row[at("ExecutionProcessID")] = pick(like[at("ParentProcessId")], "1", "2", "", fmt.Sprint(r.IntN(40)))
		row[at("EnginePID")], row[at("ProcessID")] = like[at("ProcessId")], like[at("ProcessId")]
		if len(id) == 4 {
			row[at("ClientProcessId")] = pick(like[at("ProcessId")], "1", "0")
			row[at("TaskContent")] = "<Task><Actions><Exec><Command>" + pick("a.exe", "cmd") + "</Command><Arguments>" + pick("-x", "") + "</Arguments></Exec></Actions></Task>"
		}
		rows = append(rows, row)
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

func writeTasks(t testing.TB, file string, rows [][]string) {
	t.Helper()
	worlds.WriteCSVOf(t, file, taskColumns, rows)
}

// Events of tasks leave the fast path on, and it finds the roots, the names and the makers
// that reading everything in full finds.
func TestKeysFirstWithTasks(t *testing.T) {
	hunts, each := rounds.Of(60, 10), 60
	file := filepath.Join(t.TempDir(), "tasks.csv")
	seen, rows, again := map[string]int{}, 0, 0
	for seed := range hunts {
		var all [][]string
		for world := range each {
			all = append(all, taskWorld(uint64(seed*each+world))...)
		}
		writeTasks(t, file, all)
		found, events, read := doors.SameTwice(t, []string{doors.Everything, "recent=all root=/schedule/"}[min(seed%8/7, 1)], file)
		if t.Failed() {
			t.Fatalf("worlds %d", seed)
		}
		rows, again = rows+events, again+read
		for _, r := range found.Kind("node") {
			seen[r.Get("root_evidence")]++
			seen[r.Get("task_edge")]++
			if r.Get("created_by_tree") != "" {
				seen["maker"]++
			}
		}
	}
	t.Logf("%d rows, of which %d were read again; %v", rows, again, seen)
	for _, what := range []string{"command_line", "guid_seen", "task_log", "task_pid", "task_action", "maker"} {
		if seen[what] < hunts/2 {
			t.Errorf("%d processes with %s: these worlds test little", seen[what], what)
		}
	}
	if again > rows*9/10 {
		t.Errorf("%d of %d rows were read again", again, rows)
	}
}
