package schema

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// installEvents are made-up events of services and WMI subscriptions.
var installEvents = []struct {
	sysmonEvent
	log string
}{
	{sysmonEvent{id: "7045", task: "None", data: [][2]string{{"ServiceName", "Up & Dater"}, {"ImagePath", `"C:\a b\u.exe" -k`}, {"ServiceType", "user mode service"}, {"StartType", "auto start"}, {"AccountName", "LocalSystem"}},
		facts: taskFacts.with("step", "ServiceInstalled", "install", "Up & Dater", "runs", `"C:\a b\u.exe" -k`, "number", "7045")}, "System"},
	{sysmonEvent{id: "4697", task: "Security System Extension", data: [][2]string{{"SubjectUserSid", "S-1-5-21-1"}, {"SubjectUserName", "maja"}, {"SubjectDomainName", "CORP"}, {"SubjectLogonId", "0x30e6e"},
		{"ServiceName", "Updater"}, {"ServiceFileName", `%SystemRoot%\u.exe`}, {"ServiceType", "0x10"}, {"ServiceStartType", "2"}, {"ServiceAccount", "LocalSystem"}, {"ClientProcessStartKey", "5348024557502990"}, {"ClientProcessId", "7356"}, {"ParentProcessId", "4764"}},
		facts: taskFacts.with("step", "ServiceInstalled", "install", "Updater", "runs", `%SystemRoot%\u.exe`, "number", "4697", "audit", "yes", "user", `CORP\maja`, "install client", "7356")}, "Security"},
	{sysmonEvent{id: "19", task: "WmiEventFilter activity detected", data: [][2]string{{"RuleName", "-"}, {"EventType", "WmiFilterEvent"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"Operation", "Created"}, {"User", `CORP\maja`}, {"EventNamespace", ` "root\\cimv2"`}, {"Name", ` "Tick F"`}, {"Query", ` "SELECT *"`}},
		facts: taskFacts.with("step", "FilterMade", "install", "Tick F", "number", "19", "user", `CORP\maja`)}, sysmonLog},
	{sysmonEvent{id: "20", task: "WmiEventConsumer activity detected", data: [][2]string{{"RuleName", "-"}, {"EventType", "WmiConsumerEvent"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"Operation", "Created"}, {"User", `CORP\maja`}, {"Name", ` "Tick"`}, {"Type", "Command Line"}, {"Destination", ` "C:\\x\\cmd.exe /c \"echo hi\""`}},
		facts: taskFacts.with("step", "ConsumerMade", "install", "Tick", "number", "20", "runs", `C:\x\cmd.exe /c "echo hi"`, "user", `CORP\maja`)}, sysmonLog},
	{sysmonEvent{id: "20", task: "WmiEventConsumer activity detected", data: [][2]string{{"EventType", "WmiConsumerEvent"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"Operation", "Modified"}, {"User", `CORP\maja`}, {"Name", "Tick"}, {"Type", "Script"}, {"Destination", `CreateObject("WScript.Shell").Run "a.exe"`}},
		facts: taskFacts.with("step", "ConsumerMade", "install", "Tick", "number", "20", "runs", `CreateObject("WScript.Shell").Run "a.exe"`, "user", `CORP\maja`, "script", "yes")}, sysmonLog},
	{sysmonEvent{id: "21", task: "WmiEventConsumerToFilter activity detected", data: [][2]string{{"RuleName", "-"}, {"EventType", "WmiBindingEvent"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"Operation", "Created"}, {"User", `CORP\maja`},
		{"Consumer", ` "\\\\.\\ROOT\\subscription:CommandLineEventConsumer.Name=\"Tick\""`}, {"Filter", ` "\\\\.\\ROOT\\subscription:__EventFilter.Name=\"Tick F\""`}},
		facts: taskFacts.with("step", "ConsumerBound", "install", "Tick", "filter", "Tick F", "number", "21", "user", `CORP\maja`)}, sysmonLog},
}

var stepNames = map[event.Step]string{
	event.ServiceInstalled: "ServiceInstalled", event.FilterMade: "FilterMade", event.ConsumerMade: "ConsumerMade", event.ConsumerBound: "ConsumerBound",
}

func (f facts) installation(s *event.Store, i *event.Installation) {
	f.source(s, &i.Source)
	f["step"], f["install"], f["runs"], f["filter"] = stepNames[i.Step], s.Symbols.String(i.Name), s.Symbols.String(i.Runs), s.Symbols.String(i.Filter)
	f["user"], f["number"], f["install client"] = s.Symbols.String(i.User), number(uint64(i.Number)), number(uint64(i.Client.PID))
	if i.Audit {
		f["audit"] = "yes"
	}
	if i.Script {
		f["script"] = "yes"
	}
}

// TestEveryShapeTellsOfInstallations: what a shape has no field for is lost, and nothing else.
func TestEveryShapeTellsOfInstallations(t *testing.T) {
	told := 0
	for _, s := range shapes {
		for _, e := range installEvents {
			if e.log != sysmonLog && (byMessage(&s) || s.name == "classic text") { // in which Windows has other words
				continue
			}
			want := e.facts
			for _, lost := range s.lost {
				if lost == "record" || lost == "time" {
					want = want.with(lost, "")
				}
			}
			if s.name == "flat JSON with a false Z" {
				want = want.with("record", "")
			}
			told++
			t.Run(s.name+"/"+e.id, func(t *testing.T) { checkEvent(t, inLog(s.write(e.sysmonEvent), e.log), event.InstallationEvent, want) })
		}
	}
	if told < 100 {
		t.Errorf("only %d events in all shapes", told)
	}
}

// The classic text and the message of System 7045 have words of their own.
func TestClassicService(t *testing.T) {
	raw := "03/04/2026 05:06:07 AM\nLogName=System\nSourceName=Microsoft-Windows-Service Control Manager\nEventCode=7045\nEventType=4\nType=Information\nComputerName=" + computer +
		"\nRecordNumber=" + recordID + "\nKeywords=Classic\nMessage=A service was installed in the system.\n\nService Name:  Updater\nService File Name:  C:\\a b\\u.exe -k\nService Type:  user mode service\nService Start Type:  auto start\nService Account:  LocalSystem\n"
	checkEvent(t, text(raw), event.InstallationEvent, taskFacts.with("step", "ServiceInstalled", "install", "Updater", "runs", `C:\a b\u.exe -k`, "number", "7045", "time", "2026-03-04T05:06:07Z"))
}

// What takes a subscription away, what says of nothing what it runs, and an event 7045 of
// another log install nothing.
func TestWhatInstallsNothing(t *testing.T) {
	flat := func(e sysmonEvent, log string, change func([][2]string) [][2]string) fields {
		e.data = change(slices.Clone(e.data))
		return inLog(inXML(e), log)
	}
	same := func(d [][2]string) [][2]string { return d }
	for name, f := range map[string]fields{
		"deleted": flat(installEvents[3].sysmonEvent, sysmonLog, func(d [][2]string) [][2]string { d[3][1] = "Deleted"; return d }),
		"nothing": flat(installEvents[0].sysmonEvent, "System", func(d [][2]string) [][2]string { return d[:1] }),
		"a log":   flat(installEvents[0].sysmonEvent, "Application", same),
		"another": flat(installEvents[1].sysmonEvent, "System", same),
	} {
		if kind, _ := newReading(t).read(f); kind != event.Other {
			t.Errorf("%s: %s", name, kindNames[kind])
		}
	}
}
