package schema

import (
	"html"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

const (
	taskLog  = "Microsoft-Windows-TaskScheduler/Operational"
	instance = "{c3b3fb39-0001-4000-8000-0000000000ff}"
	taskXML  = `<?xml version="1.0" encoding="UTF-16"?>` + "\r\n" + `<Task version="1.2"><Actions><Exec><Command>a.exe</Command><Arguments>"x" &amp; y</Arguments></Exec></Actions></Task>`
)

var taskFacts = facts{"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "record": recordID}

// taskEvents are made-up events of the two logs.
var taskEvents = []struct {
	sysmonEvent
	log string
}{
	{sysmonEvent{id: "129", task: "Created Task Process", data: [][2]string{{"TaskName", `\Acme\Nightly & more`}, {"Path", `%windir%\a.exe`}, {"ProcessID", "6292"}, {"Priority", "16384"}},
		facts: taskFacts.with("act", "TaskProcess", "task", `\Acme\Nightly & more`, "action", `%windir%\a.exe`, "pid", "6292", "writer", serviceID)}, taskLog},
	{sysmonEvent{id: "200", task: "Action started", data: [][2]string{{"TaskName", `\A`}, {"ActionName", "Language Components Installer"}, {"TaskInstanceId", instance}, {"EnginePID", "6292"}},
		facts: taskFacts.with("act", "ActionStarted", "task", `\A`, "action", "Language Components Installer", "pid", "6292", "writer", serviceID, "instance", instance)}, taskLog},
	{sysmonEvent{id: "201", task: "Action completed", data: [][2]string{{"TaskName", `\A`}, {"TaskInstanceId", strings.ToUpper(strings.Trim(instance, "{}"))}, {"ActionName", "cmd.exe"}, {"ResultCode", "2147942401"}, {"EnginePID", "6292"}},
		facts: taskFacts.with("act", "ActionEnded", "task", `\A`, "action", "cmd.exe", "pid", "6292", "writer", serviceID, "instance", instance, "result", "2147942401")}, taskLog},
	{sysmonEvent{id: "100", task: "Task started", data: [][2]string{{"TaskName", `\A`}, {"UserContext", `CORP\maja`}, {"InstanceId", instance}},
		facts: taskFacts.with("act", "TaskStarted", "task", `\A`, "user", `CORP\maja`, "writer", serviceID, "instance", instance)}, taskLog},
	{sysmonEvent{id: "119", task: "Triggered", data: [][2]string{{"TaskName", `\A`}, {"UserName", `CORP\maja`}, {"InstanceId", instance}},
		facts: taskFacts.with("act", "TaskTriggered", "task", `\A`, "user", `CORP\maja`, "writer", serviceID, "instance", instance)}, taskLog},
	{sysmonEvent{id: "141", task: "Deleted", data: [][2]string{{"TaskName", `\A`}, {"UserName", "System"}},
		facts: taskFacts.with("act", "TaskDeleted", "task", `\A`, "user", "System", "writer", serviceID)}, taskLog},
	{sysmonEvent{id: "4698", task: "A scheduled task was created", data: [][2]string{{"SubjectUserSid", "S-1-5-21-1"}, {"SubjectUserName", "maja"}, {"SubjectDomainName", "CORP"}, {"SubjectLogonId", "0x30e6e"},
		{"TaskName", `\A`}, {"TaskContent", taskXML}, {"ClientProcessStartKey", "5348024557502990"}, {"ClientProcessId", "7356"}, {"ParentProcessId", "4764"}, {"RpcCallClientLocality", "0"}, {"FQDN", "ws7"}},
		facts: taskFacts.with("act", "TaskCreated", "audit", "yes", "task", `\A`, "user", `CORP\maja`, "content", taskXML, "client", "7356", "client parent", "4764")}, "Security"},
	{sysmonEvent{id: "4702", task: "A scheduled task was updated", data: [][2]string{{"SubjectUserSid", "S-1-5-18"}, {"SubjectUserName", "WS7$"}, {"SubjectDomainName", "CORP"}, {"SubjectLogonId", "0x3e7"},
		{"TaskName", `\A`}, {"TaskContentNew", taskXML}, {"ClientProcessStartKey", "0"}, {"ClientProcessId", "0"}, {"ParentProcessId", "0"}, {"RpcCallClientLocality", "0"}, {"FQDN", "ws7"}},
		facts: taskFacts.with("act", "TaskUpdated", "audit", "yes", "task", `\A`, "user", `CORP\WS7$`, "content", taskXML)}, "Security"},
	{sysmonEvent{id: "4699", task: "A scheduled task was deleted", data: [][2]string{{"SubjectUserSid", "S-1-5-21-1"}, {"SubjectUserName", "maja"}, {"SubjectDomainName", "CORP"}, {"SubjectLogonId", "0x30e6e"}, {"TaskName", `\A`}, {"TaskContent", ""}},
		facts: taskFacts.with("act", "TaskDeleted", "audit", "yes", "task", `\A`, "user", `CORP\maja`)}, "Security"},
}

// actNames are for messages.
var actNames = map[event.Act]string{
	event.TaskStarted: "TaskStarted", event.TaskEnded: "TaskEnded", event.TaskFailed: "TaskFailed", event.TaskCreated: "TaskCreated",
	event.TaskTriggered: "TaskTriggered", event.TaskProcess: "TaskProcess", event.TaskUpdated: "TaskUpdated", event.TaskDeleted: "TaskDeleted",
	event.TaskEnabled: "TaskEnabled", event.TaskDisabled: "TaskDisabled", event.ActionStarted: "ActionStarted", event.ActionEnded: "ActionEnded",
	event.ActionFailed: "ActionFailed",
}

func (f facts) task(s *event.Store, k *event.Task) {
	f.source(s, &k.Source)
	f["act"], f["task"], f["action"] = actNames[k.Act], s.Symbols.String(k.Name), s.Symbols.String(k.Action)
	f["user"], f["content"] = s.Symbols.String(k.User), s.Symbols.String(k.Content)
	f["pid"], f["writer"], f["result"] = number(uint64(k.PID)), number(uint64(k.Writer)), number(uint64(k.Result))
	f["client"], f["client created"], f["client parent"] = number(uint64(k.Client.PID)), stamp(k.Client.Created), number(uint64(k.Parent))
	f["stamp"] = stamp(k.Stamp)
	if k.Audit {
		f["audit"] = "yes"
	}
	if !k.Instance.IsZero() {
		f["instance"] = string(k.Instance.AppendGUID(nil, event.Braces))
	}
}

// byMessage reports whether a shape has all in its Message, whose words for tasks are others
// than those that shapes write here: see TestClassicAudit.
// Of names in one letter case, ProcessID, which only an event of the scheduler's log means
// otherwise, is not told from ProcessId.
func byMessage(s *shape) bool {
	return s.name == "Get-WinEvent with a Message only" || strings.HasPrefix(s.name, "an object in ")
}

// inLog has an event be of another log than Sysmon's.
func inLog(f fields, log string) fields {
	f = maps.Clone(f)
	for name, v := range f {
		f[name] = strings.ReplaceAll(v, sysmonLog, log)
	}
	return f
}

// TestEveryShapeTellsOfTasks: what a shape has no field for is lost, and nothing else.
func TestEveryShapeTellsOfTasks(t *testing.T) {
	noWriter := []string{"flat JSON with a false Z", "Sentinel with EventData as text", "classic text", "flat JSON from XML", "MongoDB's export",
		"Sentinel's table Event", "Grafana's agent", "HEC, an object", "Kinesis agent"}
	for _, s := range shapes {
		if byMessage(&s) {
			continue
		}
		for _, e := range taskEvents {
			want := e.facts
			for _, lost := range s.lost {
				if lost == "record" || lost == "time" {
					want = want.with(lost, "")
				}
			}
			if slices.Contains(noWriter, s.name) || strings.HasPrefix(s.name, "columns ") {
				want = want.with("writer", "")
			}
			if strings.HasPrefix(s.name, "NXLog") && e.log == taskLog {
				want = want.with("stamp", "2026-03-04T00:06:07Z")
			}
			if s.name == "NXLog without a collector" && e.id == "129" {
				want = want.with("pid", "") // its ProcessID is the writer's
			}
			if s.name == "flat JSON with a false Z" {
				want = want.with("record", "")
			}
			if s.name == "classic text" {
				if want = want.with("time", "2026-03-04T05:06:07Z"); e.log == "Security" {
					continue // its words are others: see TestClassicAudit
				}
			}
			t.Run(s.name+"/"+e.id, func(t *testing.T) { checkEvent(t, inLog(s.write(e.sysmonEvent), e.log), event.TaskEvent, want) })
		}
	}
}

// NXLog loses ProcessID where its own field has that name, and escapes once more.
func TestNXLogTask(t *testing.T) {
	m := nxlogJSON(taskEvents[0].sysmonEvent)
	m["Channel"] = taskLog
	m["Message"] = `Task Scheduler launch task "\Acme\Nightly & more" , instance "%windir%\a.exe"  with process ID 6292.`
	for _, own := range []any{nil, 2888} {
		if m["ProcessID"] = own; own == nil {
			delete(m, "ProcessID")
		}
		checkEvent(t, text(jsonText(m)), event.TaskEvent, taskEvents[0].facts.with("stamp", "2026-03-04T00:06:07Z"))
	}
	for _, words := range []string{
		`Die Aufgabenplanung hat die Aufgabe "\Acme 7\Nacht" , Instanz "a.exe", mit der Prozess-ID 6292 gestartet.`,
		`タスク スケジューラはタスク "\Acme 7\Nacht"、インスタンス "a.exe" をプロセス ID 6292 で起動します。`,
	} {
		m["Message"] = words
		delete(m, "TaskName")
		delete(m, "Path")
		checkEvent(t, text(jsonText(m)), event.TaskEvent, taskEvents[0].facts.with("task", `\Acme 7\Nacht`, "action", "a.exe", "stamp", "2026-03-04T00:06:07Z"))
	}
}

// Splunk's add-on gives the attribute ProcessID of Execution the name of the field of 129.
func TestClashOfProcessIDs(t *testing.T) {
	e := taskEvents[0]
	f := fields{Raw: inLog(inXML(e.sysmonEvent), e.log)[Raw], "EventCode": "129", "Channel": taskLog, "Computer": computer,
		"TaskName": `\Acme\Nightly & more`, "Path": `%windir%\a.exe`, "ProcessID": serviceID, "EventRecordID": recordID, "SystemTime": systemTime}
	checkEvent(t, f, event.TaskEvent, e.facts)
	checkEvent(t, f.with("ProcessID", serviceID+"\n6292"), event.TaskEvent, e.facts)
}

// The classic text has the audit log's words, and a definition over many lines.
func TestClassicAudit(t *testing.T) {
	raw := "03/04/2026 05:06:07 AM\nLogName=Security\nSourceName=Microsoft Windows security auditing.\nEventCode=4698\nEventType=0\nType=Information\nComputerName=" +
		computer + "\nRecordNumber=" + recordID + "\nKeywords=Audit Success\nMessage=A scheduled task was created.\n\nSubject:\n\tSecurity ID:\t\tS-1-5-21-1\n\tAccount Name:\t\tmaja\n" +
		"\tAccount Domain:\t\tCORP\n\tLogon ID:\t\t0x30E6E\n\nTask Information:\n\tTask Name: \t\t\\A\n\tTask Content: \t\t" + strings.ReplaceAll(taskXML, "\r", "") + "\n"
	from := strings.ReplaceAll(taskXML, "\r", "")
	checkEvent(t, text(raw), event.TaskEvent, taskFacts.with("act", "TaskCreated", "audit", "yes", "task", `\A`, "user", `CORP\maja`,
		"content", from[strings.Index(from, "<Task"):], "time", "2026-03-04T05:06:07Z"))
}

func TestDefenderTask(t *testing.T) {
	m := map[string]any{
		"Timestamp": "2026-03-04T05:06:07.123Z", "DeviceId": "d1", "DeviceName": computer, "ReportId": 4711, "ActionType": "ScheduledTaskCreated",
		"InitiatingProcessId": 7356, "InitiatingProcessCreationTime": "2026-03-04T05:00:00Z", "InitiatingProcessParentId": 4764,
		"InitiatingProcessAccountDomain": "corp", "InitiatingProcessAccountName": "maja",
	}
	want := taskFacts.with("device", "d1", "act", "TaskCreated", "audit", "yes", "task", `\A`, "user", `corp\maja`, "content", taskXML,
		"client", "7356", "client created", "2026-03-04T05:00:00Z", "client parent", "4764")
	for name, extra := range map[string]any{
		"a text":    jsonText(map[string]any{"TaskName": `\A`, "TaskContent": taskXML}),
		"an object": map[string]any{"TaskName": `\A`, "TaskContent": taskXML},
	} {
		m["AdditionalFields"] = extra
		t.Run(name, func(t *testing.T) { checkEvent(t, columns(jsonText(m)), event.TaskEvent, want) })
	}
	m["AdditionalFields"] = `{"TaskName":"\\A","TaskContent":{"Task":{}},"SubjectUserName":"maja"}`
	delete(m, "InitiatingProcessAccountName")
	t.Run("content an object", func(t *testing.T) {
		checkEvent(t, columns(jsonText(m)), event.TaskEvent, want.with("content", `{"Task":{}}`, "user", `corp\maja`))
	})
	for _, broken := range []string{"", "{", `{"TaskName":"A"}`, `{"TaskName":7}`} {
		m["AdditionalFields"] = broken
		t.Run("broken "+broken, func(t *testing.T) { checkEvent(t, columns(jsonText(m)), event.Other, facts{}) })
	}
}

// An event that names no task, or is another log's, is as it was.
func TestNoTask(t *testing.T) {
	for name, c := range map[string]struct {
		e   sysmonEvent
		log string
	}{
		"without a name":      {taskEvents[0].with("TaskName", ""), taskLog},
		"a name that is none": {taskEvents[0].with("TaskName", "A"), taskLog},
		"another log":         {taskEvents[0].sysmonEvent, "Vendor/Operational"},
		"another id":          {sysmonEvent{id: "101", data: taskEvents[0].data}, taskLog},
		"an id of the other":  {sysmonEvent{id: "4698", data: taskEvents[0].data}, taskLog},
		"Security 129":        {taskEvents[0].sysmonEvent, "Security"},
	} {
		for _, s := range shapes {
			if byMessage(&s) {
				continue
			}
			t.Run(name+"/"+s.name, func(t *testing.T) {
				if kind, _ := newReading(t).read(inLog(s.write(c.e), c.log)); kind != event.Other {
					t.Errorf("kind is %q", kindNames[kind])
				}
			})
		}
	}
}

// What the map half passes on of a task is the same event.
func TestTasksReducedToTheirUsedFieldsAreTheSame(t *testing.T) {
	r := newReading(t)
	for _, s := range shapes {
		if byMessage(&s) {
			continue
		}
		for _, e := range taskEvents {
			r.checkReduced(t, inLog(s.write(e.sysmonEvent), e.log).record())
		}
	}
}

// The tasks of the captures, counted by other means: facts/tasks.md, sections 1 and 5.
func TestTasksOfRealCaptures(t *testing.T) {
	for name, want := range map[string]map[event.Act]int{
		"merged_theshire2020":           {event.TaskProcess: 57, event.TaskCreated: 12, event.ActionStarted: 1, event.TaskUpdated: 27},
		"schtask_modification":          {event.TaskProcess: 1, event.ActionStarted: 1, event.TaskUpdated: 2}, // 140 and 4702
		"empire_run_keys_standard_user": {event.TaskProcess: 17, event.TaskUpdated: 2},
	} {
		t.Run(name, func(t *testing.T) {
			r, seen, pids := newReading(t), map[event.Act]int{}, 0
			for _, line := range lines(t, dataset(t, "sysmon/"+name+".jsonl")) {
				r.store.Tasks = r.store.Tasks[:0]
				r.Read(textRecord(line))
				for _, k := range r.store.Tasks {
					seen[k.Act]++
					if k.Act == event.TaskProcess && k.PID != 0 {
						pids++
					}
					if content := r.store.Symbols.String(k.Content); strings.Contains(content, "&lt;Task") && strings.Contains(string(line), "SourceModuleType") && html.UnescapeString(content) == content {
						t.Error("a definition is still escaped")
					}
				}
			}
			for act, n := range want {
				if seen[act] != n {
					t.Errorf("%s: %d events, want %d", actNames[act], seen[act], n)
				}
			}
			if pids != want[event.TaskProcess] {
				t.Errorf("%d of %d events 129 tell their process", pids, want[event.TaskProcess])
			}
		})
	}
}

// FuzzTaskMessage: any Message of any of the ids is read without harm, and alike when reduced.
func FuzzTaskMessage(f *testing.F) {
	f.Add(uint8(12), `Task Scheduler launch task "\A" , instance "a.exe"  with process ID 6292.`)
	f.Add(uint8(17), "Task Name:\t\\A\nTask Content:\t<Task/>")
	ids := slices.Concat(schedulerIDs, auditIDs)
	f.Fuzz(func(t *testing.T, id uint8, message string) {
		one := ids[int(id)%len(ids)]
		log := taskLog
		if len(one) == 4 {
			log = "Security"
		}
		rec := record.New(Names())
		for name, v := range map[string]string{"EventID": one, "Channel": log, "Computer": computer, messageField: message} {
			rec.Set(Names().Slot(name), []byte(v))
		}
		newReading(t).checkReduced(t, rec)
	})
}
