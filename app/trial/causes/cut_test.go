package causes_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// eventLines are made-up events as JSON lines.
type eventLines struct{ lines []string }

func (l *eventLines) add(id int, channel string, second int, fields map[string]any) {
	at := fmt.Sprintf("2026-11-10T10:00:%02d.000Z", second)
	fields["EventID"], fields["Channel"], fields["Computer"], fields["TimeCreated"], fields["EventRecordID"] = id, channel, "PC", at, 100+len(l.lines)
	text, _ := json.Marshal(fields)
	l.lines = append(l.lines, string(text))
}

func (l *eventLines) start(pid, second int, image string) {
	l.add(1, worlds.SysmonChannel, second, map[string]any{"UtcTime": fmt.Sprintf("2026-11-10 10:00:%02d.000", second), "ProcessGuid": fmt.Sprintf("{5aa6c7d6-0000-6400-1000-%012x}", pid), "ProcessId": pid,
		"Image": image, "CommandLine": image, "ParentProcessGuid": "{5aa6c7d6-0000-6400-1000-0000000000ff}", "ParentProcessId": 99,
		"ParentImage": `C:\Windows\System32\services.exe`, "ParentCommandLine": `C:\Windows\system32\services.exe`})
}

func (l *eventLines) install(client, second int, runs string) {
	l.add(4697, "Security", second, map[string]any{"ServiceName": runs[3:4], "ServiceFileName": runs, "ClientProcessId": fmt.Sprintf("0x%x", client), "SubjectUserName": "mira"})
}

// Two services that each are said to have installed the other close a loop, which only wrong
// clocks or forged events do: one of them loses its maker, the events stay, and it is said.
func TestLoopsOfCausesAreCut(t *testing.T) {
	for _, loop := range []bool{true, false} {
		var l eventLines
		l.start(10, 7, `C:\a.exe`)
		l.start(11, 12, `C:\b.exe`)
		l.install(10, 6, `C:\b.exe`)
		if loop {
			l.install(11, 5, `C:\a.exe`)
		}
		o := doors.HuntedFiles(t, "recent=all max_devices=0 root=service", worlds.Saved(t, "loop.jsonl", []byte(strings.Join(l.lines, "\n")+"\n")))
		makers := 0
		causes := doors.CausesOf(t, o.Rows)
		for _, r := range causes {
			if r.Get("parent_process_name") != "" {
				makers++
			}
			if !strings.HasPrefix(r.Get("cause_events"), "4697#") || r.Get("user") == "" {
				t.Errorf("a cause without its event: %v", r.Values)
			}
		}
		cut := strings.Contains(o.Said("schtaskhunt causes:"), "cycles=1")
		if makers != 1 || loop != cut || loop != (o.Said("closed a loop") != "") || len(causes) != map[bool]int{true: 2, false: 1}[loop] {
			t.Errorf("loop %v: %d causes, %d makers: %s", loop, len(causes), makers, o.Said("causes:"))
		}
	}
}

// A run of a task that registers the task anew did not make itself start: the loop is cut like
// that of services, the event stays, and it is said. A person's shell that did made it start.
func TestLoopsOfTasksAreCut(t *testing.T) {
	const content = `<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>C:\up\up.exe</Command></Exec></Actions></Task>`
	for _, loop := range []bool{true, false} {
		var l eventLines
		guid := func(pid int) string { return fmt.Sprintf("{5aa6c7d6-0000-6400-1000-%012x}", pid) }
		start := func(pid, parent, second int, image, above string) {
			l.add(1, worlds.SysmonChannel, second, map[string]any{"UtcTime": fmt.Sprintf("2026-11-10 10:00:%02d.000", second), "ProcessGuid": guid(pid), "ProcessId": pid,
				"Image": image, "CommandLine": image, "ParentProcessGuid": guid(parent), "ParentProcessId": parent, "ParentImage": strings.Fields(above)[0], "ParentCommandLine": above})
		}
		start(10, 9, 1, `C:\Windows\System32\mmc.exe`, `C:\Windows\explorer.exe`)
		start(20, 8, 7, `C:\up\up.exe`, `C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule`)
		start(21, 20, 8, `C:\up\again.exe`, `C:\up\up.exe`)
		l.add(4698, "Security", 6, map[string]any{"TaskName": `\Up`, "TaskContent": content, "SubjectUserName": "mira", "ClientProcessId": fmt.Sprint(map[bool]int{true: 21, false: 10}[loop])})
		l.add(129, "Microsoft-Windows-TaskScheduler/Operational", 7, map[string]any{"TaskName": `\Up`, "Path": `C:\up\up.exe`, "ProcessID": 20, "Priority": 16384})
		o := doors.HuntedFiles(t, "recent=all max_devices=0 root=schtask,dcom", worlds.Saved(t, "loop.jsonl", []byte(strings.Join(l.lines, "\n")+"\n")))
		var causes []row.Row
		for _, r := range doors.CausesOf(t, o.Rows) {
			causes = append(causes, r)
		}
		if len(causes) != 1 {
			t.Fatalf("loop %v: %d causes: %v", loop, len(causes), o.Messages)
		}
		c := causes[0]
		maker, certainty := c.Get("parent_process_name"), c.Get("cause_certainty")
		if loop != (maker == "") || loop != (certainty == "possible") || c.Get("cause_name") != `\Up` || c.Get("user") != "mira" || c.Get("cause_events") != "4698" {
			t.Errorf("loop %v: made by %q, %s: %v", loop, maker, certainty, c.Values)
		}
		if loop != strings.Contains(o.Said("schtaskhunt causes:"), "cycles=1") || loop != (o.Said("closed a loop") != "") {
			t.Errorf("loop %v: %v", loop, o.Messages)
		}
	}
}

var (
	installedThere = regexp.MustCompile(`<EventID[^>]*>7045</EventID>`)
	imagePath      = regexp.MustCompile(`<Data Name='ImagePath'>([^<]*)</Data>`)
)

// Of the captures at hand one has events 7045, without starts beside them: they are read, all of
// them, and beside the starts of another capture none is linked that has not the command line of
// one.
func TestCausesInCaptures(t *testing.T) {
	system, sysmon := worlds.Capture(t, "evtx", "system.evtx"), worlds.Capture(t, "evtx", "sysmon.evtx")
	text, err := os.ReadFile(worlds.Dumped(t, system))
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, m := range imagePath.FindAllSubmatch(text, -1) {
		paths[strings.ToLower(string(m[1]))] = true
	}
	want := len(installedThere.FindAll(text, -1))
	l := eventLines{}
	l.start(10, 7, `C:\a.exe`)
	renamed := strings.ReplaceAll(l.lines[0], `"PC"`, `"WIN-P4SIAA0SQCO"`) // a start on the machine of the log, or nothing is hunted in it
	o := doors.HuntedFiles(t, "recent=all max_devices=0 root=service,wmi", system, sysmon, worlds.Saved(t, "one.jsonl", []byte(renamed+"\n")))
	if want == 0 || len(paths) == 0 || !strings.Contains(o.Said("schtaskhunt causes:"), "services=") {
		t.Fatalf("%d events 7045, %q", want, o.Said("schtaskhunt causes:"))
	}
	var services int
	_, _ = fmt.Sscanf(o.Said("schtaskhunt causes:")[strings.Index(o.Said("schtaskhunt causes:"), "services="):], "services=%d", &services)
	if services != want {
		t.Errorf("%d services, of %d events", services, want)
	}
	for id, r := range doors.CausesOf(t, o.Rows) {
		if !paths[strings.ToLower(r.Get("process"))] {
			t.Errorf("%s is linked with %s: %s", id, r.Get("cause_name"), r.Get("process"))
		}
	}
	for _, r := range o.Rows {
		if r.Kind == row.Nodes && r.Get("depth") == "1" && paths[strings.ToLower(r.Get("process"))] {
			t.Logf("%s has the command line of a service", r.Get("process"))
		}
	}
}
