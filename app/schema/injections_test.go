package schema

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

const (
	sourceGUID = "{5e5e5e5e-1111-6a00-0000-000000000001}"
	targetGUID = "{5e5e5e5e-1111-6a00-0000-000000000002}"
)

var injectionFacts = taskFacts.with("id", targetGUID, "pid", "4242", "path", `C:\Windows\System32\spoolsv.exe`, "name", "spoolsv.exe",
	"by id", sourceGUID, "by pid", "1234", "by path", `C:\Users\a\x.exe`, "by name", "x.exe", "user", `CORP\ann`)

// injectionEvents are made-up events of processes that reach into others. Sysmon spells the id in two ways.
var injectionEvents = []sysmonEvent{
	{id: "8", task: "CreateRemoteThread detected", data: [][2]string{{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"SourceProcessGuid", sourceGUID}, {"SourceProcessId", "1234"},
		{"SourceImage", `C:\Users\a\x.exe`}, {"TargetProcessGuid", targetGUID}, {"TargetProcessId", "4242"}, {"TargetImage", `C:\Windows\System32\spoolsv.exe`}, {"NewThreadId", "77"},
		{"StartAddress", "0x00007FFB0000"}, {"StartModule", `C:\Windows\System32\KERNEL32.DLL`}, {"StartFunction", "LoadLibraryA"}, {"SourceUser", `CORP\ann`}, {"TargetUser", `NT AUTHORITY\SYSTEM`}},
		facts: injectionFacts.with("number", "8", "thread", "yes", "where", "LoadLibraryA")},
	{id: "10", task: "Process accessed", data: [][2]string{{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:07.123"}, {"SourceProcessGUID", sourceGUID}, {"SourceProcessId", "1234"}, {"SourceThreadId", "99"},
		{"SourceImage", `C:\Users\a\x.exe`}, {"TargetProcessGUID", targetGUID}, {"TargetProcessId", "4242"}, {"TargetImage", `C:\Windows\System32\spoolsv.exe`}, {"GrantedAccess", "0x1fffff"},
		{"CallTrace", `C:\Windows\SYSTEM32\ntdll.dll+9d4c4|UNKNOWN(0000)`}, {"SourceUser", `CORP\ann`}, {"TargetUser", `NT AUTHORITY\SYSTEM`}},
		facts: injectionFacts.with("number", "10", "rights", "1fffff")},
}

func (f facts) injection(s *event.Store, i *event.Injection) {
	f.source(s, &i.Source)
	f.ref(s, "", &i.Into)
	f.ref(s, "by ", &i.By)
	f["user"], f["where"], f["number"] = s.Symbols.String(i.User), s.Symbols.String(i.Where), number(uint64(i.Number))
	if i.Thread {
		f["thread"] = "yes"
	}
	if i.Rights != 0 {
		f["rights"] = fmt.Sprintf("%x", i.Rights)
	}
}

func readInjection(t *testing.T, f fields, asked ...event.Kind) (event.Kind, facts) {
	t.Helper()
	store := event.NewStore()
	r, err := builtIn().NewReader(store, asked...)
	if err != nil {
		t.Fatal(err)
	}
	kind, found := r.Read(f.record()), facts{}
	for i := range store.Injections {
		found.injection(store, &store.Injections[i])
	}
	maps.DeleteFunc(found, func(_, v string) bool { return v == "" })
	return kind, found
}

// What a shape has no field for is lost, and nothing else; and who does not ask has no such events, in
// no shape.
func TestEveryShapeTellsOfInjections(t *testing.T) {
	told := 0
	for _, s := range shapes {
		for _, e := range injectionEvents {
			if byMessage(&s) { // a Message stands in for events of one process only
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
			want = want.with(s.changed...)
			told++
			t.Run(s.name+"/"+e.id, func(t *testing.T) {
				f := s.write(e)
				kind, found := readInjection(t, f, event.InjectionEvent)
				checkKind(t, kind, event.InjectionEvent)
				checkGUIDs(t, found, want)
				if kind, found := readInjection(t, f); kind != event.Other || len(found) > 0 {
					t.Errorf("nobody asked, and it is read as %s: %v", kindNames[kind], found)
				}
			})
		}
	}
	if told < 60 {
		t.Errorf("only %d events in all shapes", told)
	}
}

// checkGUIDs is checkFacts for ids that a shape may write with or without braces.
func checkGUIDs(t *testing.T, found, want facts) {
	t.Helper()
	for _, name := range []string{"id", "by id"} {
		if len(found[name]) == len(want[name])-2 {
			found = found.with(name, "{"+found[name]+"}")
		}
	}
	checkFacts(t, found, want)
}

// Only rights that let code run in the other process count, and Windows' own programs do it all day.
func TestWhatIsNoInjection(t *testing.T) {
	with := func(of sysmonEvent, pairs ...string) fields { return inXML(of.with(pairs...)) }
	thread, opened := injectionEvents[0], injectionEvents[1]
	for name, f := range map[string]fields{
		"rights to look":           with(opened, "GrantedAccess", "0x1410"),
		"rights to read":           with(opened, "GrantedAccess", "0x1010"),
		"to write without a place": with(opened, "GrantedAccess", "0x20"),
		"no rights told":           with(opened, "GrantedAccess", "-"),
		"itself":                   with(opened, "SourceProcessGUID", targetGUID),
		"csrss":                    with(thread, "SourceImage", `C:\Windows\System32\csrss.exe`),
		"wininit, another drive":   with(thread, "SourceImage", `d:\WINDOWS\system32\WININIT.EXE`),
		"WmiPrvSE":                 with(opened, "SourceImage", `C:\Windows\System32\wbem\WmiPrvSE.exe`),
		"Defender":                 with(opened, "SourceImage", `C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2-0\MsMpEng.exe`),
		"a service host opens":     with(opened, "SourceImage", `C:\Windows\System32\svchost.exe`),
	} {
		if kind, found := readInjection(t, f, event.InjectionEvent); kind != event.Other || len(found) > 0 {
			t.Errorf("%s: %s %v", name, kindNames[kind], found)
		}
	}
	for name, f := range map[string]fields{
		"rights for a thread":         with(opened, "GrantedAccess", "0x2"),
		"rights to write and change":  with(opened, "GrantedAccess", "0x28"),
		"a service host's thread":     with(thread, "SourceImage", `C:\Windows\System32\svchost.exe`),
		"csrss from elsewhere":        with(thread, "SourceImage", `C:\Users\a\csrss.exe`),
		"Defender's name, not folder": with(opened, "SourceImage", `C:\ProgramData\Microsoft\Windows Defender\Platform\MsMpEng.exe`),
		"below Defender's folder":     with(opened, "SourceImage", `C:\ProgramData\Microsoft\Windows Defender\Platform\4\x\MsMpEng.exe`),
	} {
		if kind, _ := readInjection(t, f, event.InjectionEvent); kind != event.InjectionEvent {
			t.Errorf("%s: %s", name, kindNames[kind])
		}
	}
	lacks := thread.with("TargetProcessGuid", "-", "TargetProcessId", "-")
	if kind, _ := readInjection(t, inXML(lacks), event.InjectionEvent); kind != event.Malformed {
		t.Errorf("an event of no process is %s", kindNames[kind])
	}
	if slices.Contains(ordinaryReaches[`\windows\system32\`], "cmd") {
		t.Error("a shell is no ordinary reach")
	}
}
