package hunt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// scheduler writes an event of the scheduler's log.
func (l *logLines) scheduler(device string, id, at int, fields map[string]any) {
	l.write(id, device, at, fields)
	l.lines[len(l.lines)-1] = strings.Replace(l.lines[len(l.lines)-1], "Microsoft-Windows-Sysmon", "Microsoft-Windows-TaskScheduler", 1)
}

// audit writes an event of the audit log about a task that runs a program.
func (l *logLines) audit(device string, id, at int, task, program, arguments string, client int) {
	l.write(id, device, at, map[string]any{"TaskName": task, "SubjectUserName": "mira", "SubjectDomainName": "CORP", "ClientProcessId": fmt.Sprintf("0x%x", client),
		"TaskContent": "<Task><Triggers><CalendarTrigger><Repetition><Interval>PT30M</Interval></Repetition></CalendarTrigger></Triggers><Principals><Principal><RunLevel>HighestAvailable</RunLevel></Principal></Principals><Settings><Hidden>true</Hidden></Settings>" +
			"<Actions><Exec><Command>" + program + "</Command><Arguments>" + arguments + "</Arguments></Exec></Actions></Task>"})
	l.lines[len(l.lines)-1] = strings.Replace(l.lines[len(l.lines)-1], "Microsoft-Windows-Sysmon/Operational", "Security", 1)
}

// pid is the process id that start gave last.
func (l *logLines) pid() int { return 1000 + l.serial - 1 }

const (
	shells    = `C:\Windows\System32\cmd.exe`
	schtasks  = `C:\Windows\System32\schtasks.exe`
	loader    = `C:\Users\Public\loader.exe`
	agent     = `C:\Program Files\Agent\agent.exe`
	halfOwner = "WS0007.corp.example"
)

// halves has a tree on a device whose child registers a task at one time, which runs at
// another.
func (l *logLines) halves(device, image, task string, made, ran int) {
	id := l.task(device, made, image, image+" /once")
	l.start(device, made+1, schtasks, `schtasks /create /tn `+task+` /tr "`+loader+` -q" /sc minute /mo 30`, image, image+" /once", id)
	l.audit(device, 4698, made+1, task, loader, "-q", l.pid())
	run := l.task(device, ran, loader, loader+" -q")
	l.scheduler(device, 129, ran, map[string]any{"TaskName": task, "Path": loader, "ProcessID": strconv.Itoa(l.pid()), "ExecutionProcessID": "900"})
	l.call(device, ran+2, loader, run, "c.rare-three.com", "93.184.216.97")
}

// halvesOf returns the tree rows of the tree that runs a program, by finding.
func findingsOf(rows []row.Row, program string) (ids []string) {
	for _, r := range rows {
		if strings.Contains(r.Get("root_process"), program) && !slices.Contains(ids, r.Get("finding_id")) {
			ids = append(ids, r.Get("finding_id"))
		}
	}
	return ids
}

// A task that a tree registers and another is the run of is one finding that shows both, be
// the first old, common or rare; every row of both has its id, and its reasons add up.
func TestTwoHalvesAreOneFinding(t *testing.T) {
	today := dayBegins + 6*day + 20_000
	for name, c := range map[string]struct {
		image  string
		common bool // on all devices
		made   int
	}{
		"creator rare and recent": {image: shells, made: today - 3600},
		"creator rare and old":    {image: shells, made: today - 4*day},
		"creator common":          {image: agent, common: true, made: today - 3600},
		"creator common and old":  {image: agent, common: true, made: today - 4*day},
	} {
		t.Run(name, func(t *testing.T) {
			l := &logLines{}
			for n := range 30 {
				l.benign(n)
				if c.common {
					l.task(fmt.Sprintf("WS%04d.corp.example", n), today-7200, agent, agent+" /once")
				}
			}
			l.halves(halfOwner, c.image, `\Vendor\Sync`, c.made, today)
			rows := huntLines(t, l.lines, 1, "output=trees")
			made, ran := findingsOf(rows, "/once"), findingsOf(rows, "loader")
			if len(ran) != 1 || !slices.Equal(made, ran) {
				t.Fatalf("the creator is in findings %q, the task in %q", made, ran)
			}
			if n := len(rows); n != 2 {
				t.Errorf("%d trees, want the two halves", n)
			}
			found := huntLines(t, l.lines, 1, "output=findings")
			if len(found) != 1 || found[0].Get("runs") != "2" {
				t.Fatalf("findings %v", found)
			}
			f := found[0]
			if drawn := f.Get("tree"); !strings.Contains(drawn, "loader.exe") || !strings.Contains(drawn, "schtasks") {
				t.Errorf("drawn is\n%s", drawn)
			}
			for column, want := range map[string]string{"task_name": `\Vendor\Sync`, "task_edge": "task_pid", "task_author": "mira", "task_period": "1800", "task_hidden": "true", "task_run_level": "highest",
				"task_action": loader + " -q", "task_created": strconv.Itoa(c.made + 1), "root_process": loader + " -q"} {
				if got := f.Get(column); got != want && !strings.Contains(got, want) {
					t.Errorf("%s is %q, want %q", column, got, want)
				}
			}
			if !strings.HasPrefix(f.Get("task_creator"), "schtasks /create") || f.Get("created_by_tree") == "" || f.Get("task_trigger") == "" {
				t.Errorf("creator %q in %q, trigger %q", f.Get("task_creator"), f.Get("created_by_tree"), f.Get("task_trigger"))
			}
		})
	}
}

// The task's facts are on every kind of row.
func TestTaskFactsOnEveryRow(t *testing.T) {
	today := dayBegins + 6*day + 20_000
	l := fleetLines(12)
	l.halves(halfOwner, shells, `\Vendor\Sync`, today-3600, today)
	columns := []string{"task_name", "task_edge", "root_evidence", "task_created", "task_author", "task_trigger", "task_period", "task_action", "task_hidden", "created_by_tree", "task_creator", "task_run_level"}
	for _, output := range []string{"nodes", "connections", "trees", "findings"} {
		some := false
		for _, r := range huntLines(t, l.lines, 1, "output="+output, "max_devices=0") {
			if !strings.Contains(r.Get("root_process"), "loader") {
				continue
			}
			some = true
			for _, c := range columns {
				if r.Get(c) == "" {
					t.Errorf("%s: %s is empty in %v", output, c, r.Values)
				}
			}
		}
		if !some {
			t.Errorf("no %s of the task", output)
		}
	}
}

// A task scores no less than what registered it, and the reasons say why.
func TestCreatorsScoreIsKept(t *testing.T) {
	today := dayBegins + 6*day + 20_000
	l := fleetLines(30)
	for i := range 24 {
		id := l.task(halfOwner, today-8000+i*600, shells, shells+" /once -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA")
		l.call(halfOwner, today-7999+i*600, shells, id, "e.rare-five.com", "93.184.216.91")
		if i == 1 {
			l.start(halfOwner, today-7000, schtasks, `schtasks /create /tn \X /tr "`+agent+` -q"`, shells, shells+" /once", id)
		}
	}
	for i := range 2 {
		l.task(fmt.Sprintf("WS%04d.corp.example", 7+i), today+i, agent, agent+" -q")
	}
	score, why := map[string]float64{}, ""
	for _, r := range huntLines(t, l.lines, 1, "output=findings") {
		bits, _ := strconv.ParseFloat(r.Get("score"), 64)
		switch process := r.Get("root_process"); {
		case strings.HasPrefix(process, agent):
			score["task"], why = bits, r.Get("why")
		case strings.HasPrefix(process, shells):
			score["creator"] = bits
		}
	}
	if score["creator"] == 0 || score["task"] != score["creator"] || !strings.Contains(why, "creator +") {
		t.Errorf("scores %v: %s", score, why)
	}
	sum := 0.0
	for part := range strings.SplitSeq(why, "\n") {
		bits, _ := strconv.ParseFloat(partText.FindStringSubmatch(part)[2], 64)
		sum += bits
	}
	if fmt.Sprintf("%.1f", sum) != fmt.Sprintf("%.1f", score["task"]) {
		t.Errorf("the reasons add up to %.1f: %s", sum, why)
	}
}

// A creator that is no scheduled tree is named by its process.
func TestCreatorOutsideOfTrees(t *testing.T) {
	today := dayBegins + 6*day + 20_000
	l := fleetLines(12)
	l.start(halfOwner, today-3600, shells, `cmd.exe /k`, `C:\Windows\explorer.exe`, `C:\Windows\explorer.exe`, "{0badcafe-0000-0000-0000-000000000002}")
	l.audit(halfOwner, 4698, today-3500, `\Vendor\Sync`, loader, "-q", l.pid())
	l.task(halfOwner, today, loader, loader+" -q")
	for _, r := range huntLines(t, l.lines, 1, "output=findings", "max_devices=0") {
		if !strings.Contains(r.Get("root_process"), "loader") {
			continue
		}
		if r.Get("task_creator") != "cmd.exe /k" || r.Get("created_by_tree") != "" || r.Get("task_author") != `CORP\mira` || r.Get("task_edge") != "task_action" {
			t.Errorf("creator %q in tree %q, author %q, known by %q", r.Get("task_creator"), r.Get("created_by_tree"), r.Get("task_author"), r.Get("task_edge"))
		}
		return
	}
	t.Error("the task's finding is missing")
}

// What a creator scores alone is no less beside its task; a chain of creators and one that
// registers two tasks are one finding; no tree is there twice, and none is lost.
func TestJoinedFindings(t *testing.T) {
	today := dayBegins + 6*day + 20_000
	l := fleetLines(30)
	second, third := `C:\ProgramData\second.exe`, `C:\ProgramData\third.exe`
	l.halves(halfOwner, shells, `\Vendor\Sync`, today-9000, today-8000)
	for i, next := range []struct{ from, task, runs string }{{loader, `\Second`, second}, {loader, `\Third`, third}} {
		at := today - 7000 + 100*i
		id := ""
		for _, line := range l.lines { // the loader's process
			if strings.Contains(line, loader+" -q") || strings.Contains(line, strings.ReplaceAll(loader, `\`, `\\`)+" -q\"") {
				id = line[strings.Index(line, `"ProcessGuid":"`)+15:][:38]
			}
		}
		l.start(halfOwner, at, schtasks, `schtasks /create /tn `+next.task+` /tr `+next.runs, next.from, next.from+" -q", id)
		run := l.task(halfOwner, at+3000, next.runs, next.runs)
		l.scheduler(halfOwner, 129, at+3000, map[string]any{"TaskName": next.task, "Path": next.runs, "ProcessID": strconv.Itoa(l.pid()), "ExecutionProcessID": "900"})
		l.call(halfOwner, at+3001, next.runs, run, "d.rare-four.com", "93.184.216.90")
	}
	rows := huntLines(t, l.lines, 1, "output=trees")
	ids := findingsOf(rows, "/once")
	for _, program := range []string{"loader", "second", "third"} {
		if got := findingsOf(rows, program); len(ids) != 1 || !slices.Equal(got, ids) {
			t.Errorf("%s is in %q, the first in %q", program, got, ids)
		}
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.Get("tree_id")] {
			t.Errorf("tree %s is there twice", r.Get("tree_id"))
		}
		seen[r.Get("tree_id")] = true
	}
	// Order and lanes have no say.
	want := textOf(rows)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		rng.Shuffle(len(l.lines), func(a, b int) { l.lines[a], l.lines[b] = l.lines[b], l.lines[a] })
		if got := textOf(huntLines(t, l.lines, 2, "output=trees")); got != want {
			t.Fatalf("another order gave\n%s\nwant\n%s", got, want)
		}
	}
}

// Runs of one task by its name are one finding, of whatever templates and with or without the
// log, and so are those of one template without a name; tasks of two names are two.
func TestFindingsGroupByName(t *testing.T) {
	at := dayBegins + 6*day + 20_000
	run := func(l *logLines, n, at int, line, name string) {
		device := fmt.Sprintf("WS%04d.corp.example", n)
		l.task(device, at, loader, line)
		if name != "" {
			l.scheduler(device, 129, at, map[string]any{"TaskName": name, "Path": loader, "ProcessID": strconv.Itoa(l.pid()), "ExecutionProcessID": "900"})
		}
	}
	ids := func(add func(l *logLines)) map[string]string {
		l := fleetLines(30)
		add(l)
		found := map[string]string{}
		for _, r := range huntLines(t, l.lines, 1, "output=trees") {
			if strings.HasPrefix(r.Get("root_process"), loader) {
				found[r.Get("device")[:6]+strings.TrimPrefix(r.Get("root_process"), loader)] = r.Get("finding_id")
			}
		}
		return found
	}
	both := ids(func(l *logLines) {
		run(l, 7, at, loader+" one", `\Vendor\Sync`)
		run(l, 8, at, loader+" two words", `\VENDOR\sync`)
		run(l, 9, at, loader+" one", "")
		run(l, 10, at, loader+" another one here", `\Vendor\Other`)
	})
	if len(both) != 4 || both["WS0007 one"] != both["WS0008 two words"] || both["WS0007 one"] != both["WS0009 one"] || both["WS0007 one"] == both["WS0010 another one here"] {
		t.Errorf("findings %v", both)
	}
	// A device alone, with the log and without, has the same id.
	alone := ids(func(l *logLines) { run(l, 7, at, loader+" one", `\Vendor\Sync`) })
	blind := ids(func(l *logLines) { run(l, 9, at, loader+" one", "") })
	if alone["WS0007 one"] == "" || alone["WS0007 one"] != blind["WS0009 one"] {
		t.Errorf("with the log %v, without %v", alone, blind)
	}
}
