package keysfirst_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

var logColumns = append(slices.Clone(taskColumns), "Message", "TaskInstanceId", "UserContext")

// logWorld is a crowdedWorld on whose devices the scheduler's log is long. Most of its events are of
// runs of which no process is known; others lie: about the process, the writer, the number or the
// time, are there twice, come late, or lack what they need.
func logWorld(seed uint64) [][]string {
	r := rand.New(rand.NewPCG(seed, 23))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	rows := worlds.Crowded(seed)
	for i := range rows {
		rows[i] = slices.Concat(rows[i], make([]string, len(logColumns)-len(worlds.CrowdedColumns)))
	}
	processes := rows
	set := func(row []string, name, value string) { row[slices.Index(logColumns, name)] = value }
	get := func(row []string, name string) string { return row[slices.Index(logColumns, name)] }
	for _, row := range processes {
		for name, value := range map[string]string{"ProcessId": "7", "ParentProcessId": "2", "UtcTime": "2026-11-10 10:00:07.000", "SourceIp": "10.0.0.1", "DestinationIp": "9.9.9.9"} {
			v := get(row, name)
			breaks := v == "" || v == "-" || v == "host" || v == "1.0" || strings.ContainsAny(v, "x/") || strings.HasPrefix(v, "00:")
			if breaks && seed%4 > 0 { // in most worlds all can be read by their keys
				set(row, name, value)
			}
		}
	}
	odd := 0 // one row in so many lacks or breaks something, in most worlds none
	if seed%3 == 0 {
		odd = 12
	}
	writers := []string{"1", "2", "700", "", "0x2bc"}[:2+r.IntN(4)]
	for n := range 20 + r.IntN(120) {
		like := processes[r.IntN(len(processes))]
		row := make([]string, len(logColumns))
		set(row, "EventCode", pick("100", "102", "103", "107", "108", "110", "119", "129", "129", "129", "200", "200", "201", "203", "140", "4702"))
		set(row, "Computer", get(like, "Computer"))
		set(row, "_time", fmt.Sprintf("2026-11-%02dT10:%02d:%02dZ", 10+r.IntN(4)*r.IntN(2), r.IntN(2)*r.IntN(60), r.IntN(20)))
		set(row, "EventRecordID", fmt.Sprint(5000+n))
		set(row, "TaskName", pick(`\A`, `\B`, `\C\D`))
		set(row, "Path", pick(`C:\x\a.exe`, "cmd.exe", "taskhostw", ""))
		set(row, "ExecutionProcessID", pick(writers...))
		pid := fmt.Sprint(100_000 + r.IntN(50))
		if r.IntN(6) == 0 {
			pid = get(like, "ProcessId")
			if r.IntN(2) == 0 { // it tells the truth
				set(row, "_time", get(like, "UtcTime"))
				set(row, "Path", get(like, "Image"))
				set(row, "ExecutionProcessID", get(like, "ParentProcessId"))
			}
		}
		set(row, pick("EnginePID", "ProcessID"), pid)
		set(row, "EnginePID", pid)
		set(row, "TaskInstanceId", fmt.Sprintf("{%08x-0000-0000-0000-000000000001}", r.IntN(30)))
		set(row, "UserContext", pick("u", "NT AUTHORITY\\SYSTEM", ""))
		if get(row, "EventCode") == "4702" {
			set(row, "ClientProcessId", pid)
			set(row, "TaskContent", "<Task><Actions><Exec><Command>"+pick("a.exe", "cmd")+"</Command></Exec></Actions></Task>")
		}
		rows = append(rows, row)
		if r.IntN(25) == 0 {
			double := slices.Clone(row)
			switch r.IntN(5) {
			case 0:
				set(double, "ExecutionProcessID", pick("1", "9", ""))
			case 1:
				set(double, "_time", "2026-11-12T11:00:00Z")
			case 2:
				set(double, "EventCode", pick("100", "129", "201"))
			case 3:
				set(double, "ProcessID", get(like, "ProcessId"))
			}
			rows = append(rows, double)
		}
		if odd > 0 && r.IntN(odd) == 0 {
			set(row, pick("EventRecordID", "_time", "TaskName", "ExecutionProcessID", "Path"), pick("", "-", "x", "1\n2"))
			set(row, "Message", pick("", `Task Scheduler launch task "\B" , instance "a.exe"  with process ID `+get(like, "ProcessId")+"."))
		}
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// writeLog writes rows to a CSV file, and some of them, or copies, to a file of JSON besides.
func writeLog(t *testing.T, folder string, rows [][]string, alsoJSON bool) (files []string) {
	t.Helper()
	files = []string{filepath.Join(folder, "log.csv")}
	worlds.WriteCSVOf(t, files[0], logColumns, rows)
	if !alsoJSON {
		return files
	}
	var lines []byte
	for i, row := range rows {
		e := map[string]string{}
		for at, name := range logColumns {
			if row[at] != "" {
				e[name] = row[at]
			}
		}
		if i%40 > 0 || e["EventCode"] == "1" {
			continue
		}
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	files = append(files, filepath.Join(folder, "more.json"))
	if err := os.WriteFile(files[1], lines, 0o600); err != nil {
		t.Fatal(err)
	}
	return files
}

// Of a long log of tasks few events are read in full, and what is found, counted and said is that of
// reading all of them, whatever they claim.
func TestKeysFirstWithLongLogs(t *testing.T) {
	hunts, each := rounds.Of(60, 12), 20
	folder := t.TempDir()
	seen, rows, again := map[string]int{}, 0, 0
	for seed := range hunts {
		var all [][]string
		for world := range each {
			all = append(all, logWorld(uint64(seed*each+world))...)
		}
		args := []string{doors.Everything, doors.Everything, "recent=all root=/schedule/", doors.Everything + " rarity=command", "recent=1d", doors.Everything + " output=tasks"}[seed%6]
		found, events, read := doors.SameTwice(t, args, writeLog(t, folder, all, seed%5 == 4)...)
		if t.Failed() {
			t.Fatalf("worlds %d, %s", seed, args)
		}
		if seed%5 < 4 && !strings.Contains(args, "output=") { // else all is needed
			rows, again = rows+events, again+read
		}
		for _, r := range found.Kind("node") {
			seen[r.Get("root_evidence")]++
			seen[r.Get("task_edge")]++
		}
	}
	t.Logf("%d rows, of which %d were read again; %v", rows, again, seen)
	for _, what := range []string{"task_log", "task_pid", "ambiguous"} {
		if seen[what] < hunts/6 {
			t.Errorf("%d processes with %s: these worlds test little", seen[what], what)
		}
	}
	if again > rows*3/5 {
		t.Errorf("%d of %d rows were read again", again, rows)
	}
}
