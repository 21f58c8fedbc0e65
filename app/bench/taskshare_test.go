//go:build bench

package bench

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// mostTaskShare is how much longer a hunt may take whose events are, one in four, those of the
// scheduler and of the audit log.
const mostTaskShare = 1.15

// shareColumns are those of a search that gets Sysmon's events and those of tasks.
var shareColumns = []string{
	"_time", "EventCode", "Computer", "EventRecordID", "Channel", "ProcessGuid", "ProcessId", "Image", "CommandLine", "ParentProcessGuid", "ParentProcessId",
	"ParentImage", "ParentCommandLine", "User", "DestinationIp", "DestinationPort", "SourceIp", "SourcePort", "Protocol", "Initiated",
	"TaskName", "Path", "EnginePID", "ExecutionProcessID", "TaskInstanceId", "TaskContent", "ClientProcessId", "SubjectUserName",
}

// writeShare writes so many events, of which one in four is of a task if that is asked for.
func writeShare(file string, events int, tasks bool) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	w, rng := csv.NewWriter(out), rand.New(rand.NewPCG(1, 2))
	_ = w.Write(shareColumns)
	pid := 0
	for i := range events {
		e := map[string]string{
			"_time": strconv.Itoa(1_790_000_000 + i/20), "Computer": fmt.Sprintf("WS%03d", rng.IntN(200)), "EventRecordID": strconv.Itoa(i + 1),
		}
		switch {
		case tasks && i%4 == 3:
			taskEvent(e, rng, pid)
		case i%4 == 0:
			pid = 4 * (1000 + rng.IntN(20_000))
			sysmonStart(e, rng, i, pid)
		default:
			sysmonCall(e, rng, i)
		}
		row := make([]string, len(shareColumns))
		for at, c := range shareColumns {
			row[at] = e[c]
		}
		_ = w.Write(row)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return out.Flush()
}

func shareGUID(n int) string { return fmt.Sprintf("{%08x-0000-0000-0000-000000000001}", n) }

func sysmonStart(e map[string]string, rng *rand.Rand, i, pid int) {
	e["EventCode"], e["Channel"], e["ProcessGuid"], e["ProcessId"] = "1", "Microsoft-Windows-Sysmon/Operational", shareGUID(i), strconv.Itoa(pid)
	e["Image"], e["CommandLine"], e["User"] = `C:\Windows\System32\cmd.exe`, fmt.Sprintf("cmd.exe /c job%d.bat", rng.IntN(400)), `NT AUTHORITY\SYSTEM`
	e["ParentProcessGuid"], e["ParentProcessId"], e["ParentImage"] = shareGUID(max(0, i-4*rng.IntN(50))), "900", `C:\Windows\explorer.exe`
	e["ParentCommandLine"] = e["ParentImage"]
	if rng.IntN(20) == 0 {
		e["ParentProcessGuid"], e["ParentProcessId"], e["ParentImage"] = shareGUID(1<<31), "1200", `C:\Windows\System32\svchost.exe`
		e["ParentCommandLine"] = `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`
	}
}

func sysmonCall(e map[string]string, rng *rand.Rand, i int) {
	e["EventCode"], e["Channel"], e["ProcessGuid"], e["ProcessId"] = "3", "Microsoft-Windows-Sysmon/Operational", shareGUID(i-i%4), "1"
	e["Image"], e["Protocol"], e["Initiated"], e["DestinationPort"] = `C:\Windows\System32\cmd.exe`, "tcp", "true", "443"
	e["DestinationIp"], e["SourceIp"], e["SourcePort"] = fmt.Sprintf("93.184.%d.%d", rng.IntN(250), rng.IntN(250)), "10.0.0.9", strconv.Itoa(40_000+i%20_000)
}

func taskEvent(e map[string]string, rng *rand.Rand, pid int) {
	e["TaskName"] = fmt.Sprintf(`\Acme\Job %d`, rng.IntN(150))
	if rng.IntN(10) == 0 {
		e["EventCode"], e["Channel"], e["ClientProcessId"], e["SubjectUserName"] = "4702", "Security", strconv.Itoa(pid), "mira"
		e["TaskContent"] = "<Task><Triggers><TimeTrigger><Repetition><Interval>PT30M</Interval></Repetition></TimeTrigger></Triggers><Actions><Exec><Command>cmd.exe</Command>" +
			fmt.Sprintf("<Arguments>/c job%d.bat</Arguments></Exec></Actions></Task>", rng.IntN(400))
		return
	}
	e["Channel"], e["ExecutionProcessID"] = "Microsoft-Windows-TaskScheduler/Operational", "1200"
	e["EventCode"] = []string{"100", "129", "200", "201", "102"}[rng.IntN(5)]
	e["Path"], e["EnginePID"] = "cmd.exe", strconv.Itoa(pid)
	e["TaskInstanceId"] = fmt.Sprintf("{%08x-1111-0000-0000-000000000001}", rng.Uint32())
}

// A quarter of the events being of tasks costs little, as the fast path stays on. The two are
// run by turns, and the median of the ratios of processor time counts: others use the machine too.
func TestTaskShare(t *testing.T) {
	program := os.Getenv("BENCH_BINARY")
	if program == "" {
		t.Skip("BENCH_BINARY does not name the program")
	}
	dir := t.TempDir()
	with, without := filepath.Join(dir, "with.csv"), filepath.Join(dir, "without.csv")
	events := number(t, "BENCH_TASK_EVENTS", 1_000_000)
	must(t, writeShare(with, events, true), writeShare(without, events, false))
	longer, _ := byTurnsOf(t, program, []string{without}, []string{with})
	if longer > mostTaskShare {
		t.Errorf("with events of tasks the hunt takes %.2f times as long, want at most %.2f", longer, mostTaskShare)
	}
}

// mostFewUnused is how much more a hunt may take for a few events of a kind of which no tree
// is made: they must not have the rows of their devices read in full.
const mostFewUnused = 1.05

// 150 events of tasks, one a device, as JSON beside a CSV file of 180,000 rows.
func TestFewEventsOfAnotherKind(t *testing.T) {
	program := os.Getenv("BENCH_BINARY")
	if program == "" {
		t.Skip("BENCH_BINARY does not name the program")
	}
	dir := t.TempDir()
	rows, few := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "few.json")
	must(t, writeShare(rows, 180_000, false), os.WriteFile(few, fewTasks(150), 0o600))
	longer, peak := byTurnsOf(t, program, []string{rows}, []string{rows, few})
	if longer > mostFewUnused || peak > mostFewUnused {
		t.Errorf("with a few events of another kind the hunt takes %.3f times as long and %.3f times the memory, want at most %.2f", longer, peak, mostFewUnused)
	}
}

// fewTasks are as many events of the scheduler's log, each of another device.
func fewTasks(n int) (lines []byte) {
	for i := range n {
		lines = fmt.Appendf(lines, `{"Channel":"Microsoft-Windows-TaskScheduler/Operational","EventID":140,"Computer":"WS%03d","TimeCreated":"2026-09-21T09:00:00Z",`+
			`"EventRecordID":%d,"TaskName":"\\Acme\\Job","UserName":"CORP\\mira"}`+"\n", i, 1_000_000+i)
	}
	return lines
}

// shareRounds are how often each of two hunts runs.
const shareRounds = 11

// byTurnsOf hunts in the one files and in the others by turns. It returns how many times as
// long the others keep processors busy, as the median of the rounds' ratios, and how many times
// the memory they take.
func byTurnsOf(t *testing.T, program string, without, with []string) (longer, peak float64) {
	t.Helper()
	var times, walls, peaks []float64
	for range shareRounds {
		var took [2]cost
		for i, files := range [][]string{without, with} {
			c, _, err := wholeRun(t.TempDir(), append([]string{program, "hunt", "--format", "csv", "--max-devices", "5", "--recent", "all"}, files...)...)
			must(t, err)
			took[i] = c
		}
		times = append(times, took[1].CPU.Seconds()/took[0].CPU.Seconds())
		walls = append(walls, took[1].Wall.Seconds()/took[0].Wall.Seconds())
		peaks = append(peaks, float64(took[1].Memory)/float64(took[0].Memory))
	}
	slices.Sort(times)
	slices.Sort(walls)
	slices.Sort(peaks)
	t.Logf("%.3f times the processor time %.2f, %.3f times as long %.2f, %.3f times the memory %.2f",
		times[shareRounds/2], times, walls[shareRounds/2], walls, peaks[shareRounds/2], peaks)
	return times[shareRounds/2], peaks[shareRounds/2]
}
