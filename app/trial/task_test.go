package trial_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
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

// captured is a line of a capture, as far as this test reads it by itself.
type captured struct {
	EventID           int
	Channel, Hostname string
	Computer          string
	TaskName          string
	Message           string
	ProcessID         any
	ProcessId         any
	ParentCommandLine string
}

var lastNumber = regexp.MustCompile(`(\d+)\.?\s*$`)

func (c *captured) host() string { return strings.ToLower(c.Hostname + c.Computer) }

// children counts, with nothing but host and process id, the processes of the Schedule
// service on hosts that have any event 129, and those of them that some 129 names.
func children(t *testing.T, file string) (all, named int, names map[string]string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	names, logged := map[string]string{}, map[string]bool{}
	seen := map[string]string{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var c captured
		if json.Unmarshal(s.Bytes(), &c) != nil {
			continue
		}
		switch {
		case c.EventID == 129 && strings.Contains(c.Channel, "TaskScheduler"):
			logged[c.host()] = true
			pid := fmt.Sprint(c.ProcessID)
			if m := lastNumber.FindStringSubmatch(c.Message); m != nil {
				pid = m[1]
			}
			names[c.host()+"|"+pid] += c.TaskName + "\n"
		case c.EventID == 1 && strings.Contains(c.Channel, "Sysmon") && strings.HasSuffix(c.ParentCommandLine, "-s Schedule"):
			seen[c.host()+"|"+fmt.Sprint(c.ProcessId)] = c.host()
		}
	}
	for key, host := range seen {
		if !logged[host] || strings.HasSuffix(key, "<nil>") {
			continue
		}
		if all++; names[key] != "" {
			named++
		}
	}
	return all, named, names
}

// The captures: every name that the hunt gives by process id is one that the log gives that
// process id on that host, and it names as many as the log can.
func TestTasksOfCaptures(t *testing.T) {
	for name, want := range map[string][2]int{ // children of the scheduler, and those that the log tells of
		"merged_theshire2020": {30, 26}, "schtask_modification": {1, 1}, "empire_run_keys_standard_user": {6, 6}, "empire_shell_rubeus_asktgt_createnetonly": {},
		"empire_dcom_shellwindows_stager": {},
	} {
		t.Run(name, func(t *testing.T) {
			file := worlds.Capture(t, "sysmon", name+".jsonl")
			all, possible, names := children(t, file)
			o := doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all", file)
			given := 0
			for _, r := range o.Kind("node") {
				if r.Get("depth") != "1" || r.Get("task_edge") != "task_pid" {
					continue
				}
				given++
				if name == "schtask_modification" && r.Get("task_instance") != "{0503ac85-e5db-4e1a-8659-3dc76a5c89ca}" {
					t.Errorf("its run is %q", r.Get("task_instance"))
				}
				told := names[strings.ToLower(r.Get("device"))+"|"+r.Get("process_id")]
				if !strings.Contains(told, r.Get("task_name")+"\n") {
					t.Errorf("%s %s is named %q, the log says %q", r.Get("device"), r.Get("process_id"), r.Get("task_name"), told)
				}
			}
			t.Logf("%d children of the scheduler on hosts with its log, %d with their process id in it, %d named", all, possible, given)
			if given != possible || [2]int{all, possible} != want {
				t.Errorf("%d of %d are named, of %d; want %v", given, possible, all, want)
			}
		})
	}
}
