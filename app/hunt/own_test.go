package hunt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

const (
	sys      = `C:\Windows\System32\`
	console  = `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`
	outside  = "93.184.216.70"
	telltale = "a.nobody-knows.com"
)

// stockDay writes a day of Windows' own tasks: with a console, with a contact that is
// known, as a host of COM handlers.
func (l *logLines) stockDay(device string, at int) {
	l.task(device, at, sys+"sc.exe", `C:\Windows\system32\sc.exe start wuauserv`)
	wermgr := l.task(device, at+60, sys+"wermgr.exe", `C:\Windows\system32\wermgr.exe -upload`)
	l.start(device, at+60, sys+"conhost.exe", console, sys+"wermgr.exe", "wermgr", wermgr)
	l.call(device, at+61, sys+"wermgr.exe", wermgr, "umwatson.events.data.microsoft.com", "93.184.216.71")
	l.task(device, at+120, sys+"taskhostw.exe", "taskhostw.exe")
}

// named writes what the scheduler's log says of the last process: whose run it is.
func (l *logLines) named(device string, at int, task, image string) {
	pid := strconv.Itoa(999 + l.serial) // of the event before
	l.write(129, device, at, map[string]any{"TaskName": task, "Path": image, "ProcessID": pid, "ExecutionProcessID": "900"})
	last := len(l.lines) - 1
	l.lines[last] = strings.Replace(l.lines[last], "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-TaskScheduler/Operational", 1)
}

// byRoot are findings by their root's command line.
func byRoot(rows []row.Row) map[string]row.Row {
	all := make(map[string]row.Row)
	for _, r := range rows {
		all[r.Get("root_process")] = r
	}
	return all
}

// On one, three and nine devices Windows' own is known and scores next to nothing, whatever
// the log's age makes of it, and what is not stands above it.
func TestFewDevices(t *testing.T) {
	for _, devices := range []int{1, 3, 9} {
		l := &logLines{}
		for n := range devices {
			for d := range 7 {
				l.stockDay(fmt.Sprintf("PC%d", n), dayBegins+d*day+n+100)
			}
			l.task(fmt.Sprintf("PC%d", n), dayBegins+6*day+400, sys+"usoclient.exe", `C:\Windows\system32\usoclient.exe StartScan`) // new on the last day
		}
		shell := sys + `WindowsPowerShell\v1.0\powershell.exe`
		for i := range 12 {
			id := l.task("PC0", dayBegins+6*day+4000+1800*i, shell, "powershell.exe -w hidden -file a.ps1")
			l.call("PC0", dayBegins+6*day+4001+1800*i, shell, id, telltale, outside)
		}
		rows := huntLines(t, l.lines, 1, "output=findings", "max_devices=0")
		if len(rows) != 5 || !strings.HasPrefix(rows[0].Get("root_process"), "powershell") || rows[0].Get("known") != "" {
			t.Fatalf("%d devices: %d findings, first %q", devices, len(rows), rows[0].Values)
		}
		for _, r := range rows[1:] {
			score, _ := strconv.ParseFloat(r.Get("score"), 64)
			host := strings.HasPrefix(r.Get("root_process"), "taskhostw")
			if score > 0.3 || !strings.HasPrefix(r.Get("why"), "known +") || (r.Get("known") == "windows") == host || (r.Get("known") == "") != host {
				t.Errorf("%d devices: %q", devices, r.Values)
			}
		}
		for _, r := range huntLines(t, l.lines, 2, "max_devices=0") {
			if f := byRoot(rows)[r.Get("root_process")]; f.Get("known") != r.Get("known") || f.Get("score") != r.Get("score") {
				t.Errorf("a %s row has known=%q", r.Get("row"), r.Get("known"))
			}
		}
	}
}

// One thing that is not as known makes the finding one like any other.
func TestOneOddRunIsNotKnown(t *testing.T) {
	at := dayBegins + 6*day + 5000
	wermgr := func(l *logLines) string {
		return l.task("PC0", at, sys+"wermgr.exe", `C:\Windows\system32\wermgr.exe -upload`)
	}
	for name, odd := range map[string]func(l *logLines){
		"child": func(l *logLines) { l.start("PC0", at, sys+"cmd.exe", "cmd", sys+"wermgr.exe", "wermgr", wermgr(l)) },
		"grandchild": func(l *logLines) {
			id := l.start("PC0", at, sys+"conhost.exe", console, sys+"wermgr.exe", "wermgr", wermgr(l))
			l.start("PC0", at, sys+"cmd.exe", "cmd", sys+"conhost.exe", console, id)
		},
		"lookup": func(l *logLines) { l.call("PC0", at, sys+"wermgr.exe", wermgr(l), telltale, outside) },
		"account": func(l *logLines) {
			wermgr(l)
			l.lines[len(l.lines)-1] = strings.Replace(l.lines[len(l.lines)-1], `NT AUTHORITY\\SYSTEM`, `CORP\\eva`, 1)
		},
		// The name of an address is what its owner wrote: no lookup, no name.
		"name of an address": func(l *logLines) {
			l.write(3, "PC0", at, map[string]any{"ProcessGuid": wermgr(l), "ProcessId": "1", "Image": sys + "wermgr.exe", "Protocol": "tcp", "Initiated": "true",
				"DestinationIp": outside, "DestinationPort": "443", "DestinationHostname": "umwatson.events.data.microsoft.com", "SourceIp": "10.0.0.9", "SourcePort": "5"})
		},
	} {
		l := &logLines{}
		for d := range 7 {
			l.stockDay("PC0", dayBegins+d*day)
		}
		odd(l)
		seen := false
		for _, r := range huntLines(t, l.lines, 1, "output=trees", "max_devices=0", "internal=include") {
			if r.Get("_time") != strconv.Itoa(at) {
				continue
			}
			seen = true
			if r.Get("known") != "" || strings.HasPrefix(r.Get("why"), "known ") {
				t.Errorf("%s: known=%q, %s", name, r.Get("known"), r.Get("why"))
			}
		}
		if !seen {
			t.Errorf("%s: the odd tree is not there", name)
		}
	}
}

// What the hunt leaves out makes nothing known: neither filters nor depth.
func TestFiltersMakeNothingKnown(t *testing.T) {
	l := &logLines{}
	at := dayBegins + 6*day + 5000
	l.stockDay("PC0", at)
	speaks := l.task("PC1", at, sys+"sc.exe", `C:\Windows\system32\sc.exe start InventorySvc`)
	l.call("PC1", at, sys+"sc.exe", speaks, telltale, outside)
	starts := l.task("PC2", at, sys+"usoclient.exe", `C:\Windows\system32\usoclient.exe StartScan`)
	l.start("PC2", at, sys+"conhost.exe", console, sys+"usoclient.exe", "usoclient", starts)
	l.start("PC2", at, sys+"cmd.exe", "cmd", sys+"usoclient.exe", "usoclient", starts)
	for _, tokens := range [][]string{{}, {"internal=include"}, {"internal=only"}, {"allow_dest=" + telltale, "allow_dest=" + outside}, {"max_depth=1"}} {
		known := 0
		for root, r := range byRoot(huntLines(t, l.lines, 1, append(tokens, "output=findings", "max_devices=0")...)) {
			switch odd := strings.Contains(root, "InventorySvc") || strings.Contains(root, "usoclient"); {
			case odd && r.Get("known") != "":
				t.Errorf("%q: %s is known", tokens, root)
			case r.Get("known") == "windows":
				known++
			}
		}
		if known != 2 {
			t.Errorf("%q: %d are known, want 2", tokens, known)
		}
	}
	for _, tokens := range [][]string{{"rarity=command"}, {`root=/svchost\.exe/`, "output=findings"}} {
		for _, r := range huntLines(t, l.lines, 1, append(tokens, "max_devices=0")...) {
			if r.Get("known") != "" || strings.Contains(r.Get("why"), "known ") {
				t.Errorf("%q: %q", tokens, r.Values)
			}
		}
	}
}

// Tasks that pass themselves off as Windows' own score for it, each in its way.
func TestPretencesScore(t *testing.T) {
	at := dayBegins + 6*day + 5000
	evil := `C:\ProgramData\Intel\upd.exe`
	l := &logLines{}
	for n := range 40 {
		l.stockDay(fmt.Sprintf("PC%d", n), at+n)
	}
	l.task("PC1", at, evil, evil+" -a")
	l.named("PC1", at+1, `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, evil)
	l.task("PC2", at, sys+"sc.exe", `C:\Windows\system32\sc.exe start InventorySvc`)
	l.named("PC2", at+1, `\Sync`, sys+"sc.exe")
	l.task("PC3", at, `C:\Tools\dsregcmd.exe`, `C:\Tools\dsregcmd.exe a`)
	l.task("PC4", at, evil, evil+" -d")
	l.named("PC4", at+1, `\Microsoft\Windows\NetTrace\Collect`, evil)
	l.task("PC5", at, evil, evil+" -e")
	l.named("PC5", at+1, `\Microsoft\Windows\PLA\Collector of the help desk`, evil)
	rows := byRoot(huntLines(t, l.lines, 1, "output=findings", "max_devices=0"))
	for root, want := range map[string]string{
		evil + " -a": "hijack", `C:\Windows\system32\sc.exe start InventorySvc`: "renamed", `C:\Tools\dsregcmd.exe a`: "elsewhere", evil + " -d": "stranger", evil + " -e": "",
	} {
		r, there := rows[root]
		var got []string
		for why := range strings.SplitSeq(r.Get("why"), "\n") {
			if name, _, _ := strings.Cut(why, " "); slices.Contains([]string{"hijack", "renamed", "elsewhere", "stranger", "known"}, name) {
				got = append(got, name)
			}
		}
		if !there || strings.Join(got, " ") != want || r.Get("known") != "" {
			t.Errorf("%s shows %q, want %q: %s", root, got, want, r.Get("why"))
		}
	}
	if why := rows[evil+" -a"].Get("why"); !strings.Contains(why, `wermgr.exe`) {
		t.Errorf("it is not said what Windows does: %s", why)
	}
}

// A root alone is judged once and remembered: that gives what judging each tree whole does.
func TestRememberedIsWhatIsJudged(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	images := []string{sys + "sc.exe", sys + "wermgr.exe", sys + "taskhostw.exe", `C:\Tools\sc.exe`, sys + "cmd.exe"}
	lines := []string{`C:\Windows\system32\sc.exe start wuauserv`, `C:\Windows\system32\wermgr.exe -upload`, "taskhostw.exe", "taskhostw.exe /x", `C:\Tools\sc.exe start wuauserv`}
	for range rounds.Of(40, 8) {
		l := &logLines{}
		for i := range 30 {
			image := images[rng.IntN(len(images))]
			id := l.task("PC0", dayBegins+6*day+i*100, image, lines[rng.IntN(len(lines))])
			if rng.IntN(3) == 0 {
				l.start("PC0", dayBegins+6*day+i*100, sys+"conhost.exe", console, image, "x", id)
			}
			if rng.IntN(3) == 0 {
				l.call("PC0", dayBegins+6*day+i*100, image, id, []string{telltale, "umwatson.events.data.microsoft.com"}[rng.IntN(2)], outside)
			}
		}
		for _, r := range huntLines(t, l.lines, 1, "output=findings", "max_devices=0") {
			if want := slowKnown(t, l.lines, r.Get("finding_id")); r.Get("known") != want {
				t.Fatalf("%s is known=%q, want %q", r.Get("root_process"), r.Get("known"), want)
			}
		}
	}
}

// slowKnown judges each tree of a finding, whole and by itself, by the rows that the hunt
// returns of it.
func slowKnown(t *testing.T, lines []string, finding string) (known string) {
	t.Helper()
	trees := make(map[string]*stock.Run)
	for _, r := range huntLines(t, lines, 1, "max_devices=0", "internal=include") {
		if r.Get("finding_id") != finding {
			continue
		}
		run := trees[r.Get("tree_id")]
		p := stock.Process{Image: r.Get("process_path"), Command: r.Get("process"), Account: r.Get("user")}
		switch {
		case run == nil:
			trees[r.Get("tree_id")] = &stock.Run{Process: p, Device: r.Get("device"), Scheduled: true, ParentCommand: r.Get("parent_process")}
		case r.Kind == row.Nodes: // the worlds of this test are two generations deep
			run.Children = append(run.Children, p)
		case r.Get("action") == "dns":
			run.Contacts = append(run.Contacts, stock.Contact{Host: r.Get("remote_host"), Address: r.Get("remote_ip")})
		default:
			run.Contacts = append(run.Contacts, stock.Contact{Address: r.Get("remote_ip")})
		}
	}
	known = "windows"
	for _, run := range trees {
		if v := stock.Windows().Known(*run); v.Column() == "" {
			known = ""
		}
	}
	return known
}

// Two roots that look alike, of which the scheduler is proven to have started one, are two:
// what is known of the one is not borrowed by the other. Of their parents they have the ids
// alone; other events tell which is the scheduler, and which the Service Control Manager.
func TestNothingIsKnownWithoutTheScheduler(t *testing.T) {
	const stock, scheduler, manager = `C:\Windows\system32\sc.exe start wuauserv`, "{0badcafe-0000-0000-0000-000000000001}", "{0badcafe-0000-0000-0000-000000000002}"
	at := dayBegins + 6*day + 5000
	for _, order := range [][]string{{scheduler, manager}, {manager, scheduler}} {
		l := &logLines{}
		l.task("PC1", at, sys+"cmd.exe", "cmd.exe /c a")
		l.start("PC1", at, sys+"spoolsv.exe", "spoolsv.exe", sys+"services.exe", sys+"services.exe", manager)
		for n, parent := range order {
			l.start("PC1", at+60+n, sys+"sc.exe", stock, "", "", parent)
		}
		known := make(map[string]string)
		for _, r := range huntLines(t, l.lines, 1, "root=schtask,service", "max_devices=0", "output=findings") {
			if r.Get("root_process") == stock {
				known[r.Get("root_kind")] = r.Get("known")
			}
		}
		if known["schtask"] != "windows" || known["service"] != "" || len(known) != 2 {
			t.Errorf("known: %q", known)
		}
	}
}
