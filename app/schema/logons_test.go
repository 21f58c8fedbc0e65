package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// logonEvent is a made-up logon over the network, of the newest version of its manifest.
var logonEvent = sysmonEvent{id: "4624", task: "Logon", data: [][2]string{
	{"SubjectUserSid", "S-1-0-0"}, {"SubjectUserName", "-"}, {"SubjectDomainName", "-"}, {"SubjectLogonId", "0x0"},
	{"TargetUserSid", "S-1-5-21-1-2-3-1104"}, {"TargetUserName", "ann"}, {"TargetDomainName", "CORP"}, {"TargetLogonId", "0x1f3a9c"}, {"LogonType", "3"},
	{"LogonProcessName", "Kerberos"}, {"AuthenticationPackageName", "Kerberos"}, {"WorkstationName", "LAP-9"}, {"LogonGuid", "{00000000-0000-0000-0000-000000000001}"},
	{"TransmittedServices", "-"}, {"LmPackageName", "-"}, {"KeyLength", "0"}, {"ProcessId", "0x0"}, {"ProcessName", "-"}, {"IpAddress", "10.1.2.3"}, {"IpPort", "50123"},
	{"ImpersonationLevel", "%%1833"}, {"RestrictedAdminMode", "-"}, {"RemoteCredentialGuard", "-"}, {"TargetOutboundUserName", "-"}, {"TargetOutboundDomainName", "-"},
	{"VirtualAccount", "%%1843"}, {"TargetLinkedLogonId", "0x0"}, {"ElevatedToken", "%%1842"},
}, facts: taskFacts.with("user", `CORP\ann`, "session", "2046620", "from", "10.1.2.3", "workstation", "LAP-9")}

func (f facts) logon(s *event.Store, l *event.Logon) {
	f.source(s, &l.Source)
	f["user"], f["session"], f["from"], f["workstation"] = s.Symbols.String(l.User), number(l.Session), address(l.From), s.Symbols.String(l.Workstation)
}

// readLogon reads an event as hunts do that ask for logons.
func readLogon(t *testing.T, f fields, asked ...event.Kind) (event.Kind, facts) {
	t.Helper()
	store := event.NewStore()
	r, err := builtIn().NewReader(store, asked...)
	if err != nil {
		t.Fatal(err)
	}
	kind, found := r.Read(f.record()), facts{}
	for i := range store.Logons {
		found.logon(store, &store.Logons[i])
	}
	for i := range store.Processes {
		found["session"] = number(store.Processes[i].Logon)
	}
	maps.DeleteFunc(found, func(_, v string) bool { return v == "" })
	return kind, found
}

// What a shape has no field for is lost, and nothing else; and who does not ask for logons has
// none, in no shape.
func TestEveryShapeTellsOfLogons(t *testing.T) {
	told := 0
	for _, s := range shapes {
		if byMessage(&s) || s.name == "classic text" { // in which Windows has other words: see TestClassicLogon
			continue
		}
		want := logonEvent.facts
		for _, lost := range s.lost {
			if lost == "record" || lost == "time" {
				want = want.with(lost, "")
			}
		}
		if s.name == "flat JSON with a false Z" {
			want = want.with("record", "")
		}
		told++
		t.Run(s.name, func(t *testing.T) {
			f := inLog(s.write(logonEvent), "Security")
			kind, found := readLogon(t, f, event.LogonEvent)
			if want["time"] == "" { // a logon without a time is of no use
				checkKind(t, kind, event.Other)
				return
			}
			checkKind(t, kind, event.LogonEvent)
			checkFacts(t, found, want)
			if kind, found := readLogon(t, f); kind != event.Other || len(found) > 0 {
				t.Errorf("nobody asked, and it is read as %s: %v", kindNames[kind], found)
			}
		})
	}
	if told < 25 {
		t.Errorf("only %d shapes", told)
	}
}

// Older Windows writes fewer values: by their place in a list they are the same.
func TestOlderLogonsInLists(t *testing.T) {
	for _, values := range taskValues["4624"] {
		older := logonEvent
		older.data = slices.DeleteFunc(slices.Clone(older.data), func(d [2]string) bool { return !slices.Contains(values, d[0]) })
		var list []any
		for _, d := range older.data {
			list = append(list, d[1])
		}
		f := text(jsonText(map[string]any{
			"EventID": 4624, "EventRecordID": 4711, "Channel": "Security", "Computer": computer, "TimeCreated": "2026-03-04 05:06:07.123 +0000", "StringInserts": list, "Message": "",
		}))
		kind, found := readLogon(t, f, event.LogonEvent)
		checkKind(t, kind, event.LogonEvent)
		checkFacts(t, found, logonEvent.facts)
	}
}

// What says nothing of another machine's account is an event like others of its log.
func TestWhatIsNoLogonFromElsewhere(t *testing.T) {
	for name, pairs := range map[string][]string{
		"at the screen":        {"LogonType", "2"},
		"of a service":         {"LogonType", "5"},
		"of nobody":            {"TargetUserName", "ANONYMOUS LOGON", "TargetUserSid", "S-1-5-7"},
		"of nobody, in German": {"TargetUserName", "ANONYMOUS-ANMELDUNG", "TargetUserSid", "S-1-5-7"},
		"from itself":          {"IpAddress", "::1"},
		"from itself, IPv4":    {"IpAddress", "127.0.0.1"},
		"as it says":           {"WorkstationName", "WS7"},
		"of itself":            {"TargetUserName", "WS7$"},
		"from nowhere":         {"IpAddress", "-", "WorkstationName", "-"},
		"without a session":    {"TargetLogonId", "0x0"},
		"of no account":        {"TargetUserName", "-"},
	} {
		if kind, found := readLogon(t, inLog(inXML(logonEvent.with(pairs...)), "Security"), event.LogonEvent); kind != event.Other || len(found) > 0 {
			t.Errorf("%s: %s %v", name, kindNames[kind], found)
		}
	}
	if kind, _ := readLogon(t, inLog(inXML(logonEvent), "Application"), event.LogonEvent); kind != event.Other {
		t.Errorf("of another log: %s", kindNames[kind])
	}
}

// An address or the other machine's name is enough, in any spelling.
func TestSpellingsOfLogons(t *testing.T) {
	for name, c := range map[string]struct {
		pairs []string
		want  facts
	}{
		"a name alone":     {[]string{"IpAddress", "-"}, logonEvent.facts.with("from", "")},
		"an address alone": {[]string{"WorkstationName", "-"}, logonEvent.facts.with("workstation", "")},
		"IPv4 in IPv6":     {[]string{"IpAddress", "::ffff:10.1.2.3"}, logonEvent.facts},
		"IPv6":             {[]string{"IpAddress", "fe80::1:2"}, logonEvent.facts.with("from", "fe80::1:2")},
		"backslashes":      {[]string{"WorkstationName", `\\LAP-9`}, logonEvent.facts},
		"a decimal id":     {[]string{"TargetLogonId", "2046620"}, logonEvent.facts},
		"another machine":  {[]string{"TargetUserName", "SRV1$"}, logonEvent.facts.with("user", `CORP\SRV1$`)},
	} {
		kind, found := readLogon(t, inLog(inXML(logonEvent.with(c.pairs...)), "Security"), event.LogonEvent)
		if kind != event.LogonEvent || !maps.Equal(found, c.want) {
			t.Errorf("%s: %s %v, want %v", name, kindNames[kind], found, c.want)
		}
	}
}

// logonMessage is 4624 in the words for people, of which those of the account that asked come first.
const logonMessage = "An account was successfully logged on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tNULL SID\r\n\tAccount Name:\t\t-\r\n\tAccount Domain:\t\t-\r\n\tLogon ID:\t\t0x0\r\n\r\n" +
	"Logon Information:\r\n\tLogon Type:\t\t3\r\n\tRestricted Admin Mode:\t-\r\n\r\nNew Logon:\r\n\tSecurity ID:\t\tCORP\\ann\r\n\tAccount Name:\t\tann\r\n\tAccount Domain:\t\tCORP\r\n\tLogon ID:\t\t0x1F3A9C\r\n" +
	"\tLinked Logon ID:\t\t0x0\r\n\r\nProcess Information:\r\n\tProcess ID:\t\t0x0\r\n\tProcess Name:\t\t-\r\n\r\nNetwork Information:\r\n\tWorkstation Name:\tLAP-9\r\n\tSource Network Address:\t10.1.2.3\r\n\tSource Port:\t\t50123\r\n"

// The classic text has words of its own, and so has the Message of who lost the values.
func TestClassicLogon(t *testing.T) {
	classic := func(message string) fields {
		return text("03/04/2026 05:06:07 AM\nLogName=Security\nEventCode=4624\nEventType=0\nComputerName=" + computer +
			"\nSourceName=Microsoft Windows security auditing.\nType=Information\nRecordNumber=" + recordID + "\nKeywords=Audit Success\nTaskCategory=Logon\nMessage=" + strings.ReplaceAll(message, "\r\n", "\n"))
	}
	asks := strings.NewReplacer("Account Name:\t\t-", "Account Name:\t\tWS7$", "Account Domain:\t\t-", "Account Domain:\t\tCORP", "Logon ID:\t\t0x0\r\n\r\nLogon I", "Logon ID:\t\t0x3E7\r\n\r\nLogon I").Replace(logonMessage)
	for name, message := range map[string]string{"nobody asked": logonMessage, "the machine asked": asks} {
		kind, found := readLogon(t, classic(message), event.LogonEvent)
		if want := logonEvent.facts.with("time", "2026-03-04T05:06:07Z"); kind != event.LogonEvent || !maps.Equal(found, want) {
			t.Errorf("%s: %s %v, want %v", name, kindNames[kind], found, want)
		}
	}
	flat := text(jsonText(map[string]any{"EventID": 4624, "Channel": "Security", "Hostname": computer, "TimeCreated": systemTime, "EventRecordID": 4711, "Message": logonMessage}))
	if kind, found := readLogon(t, flat, event.LogonEvent); kind != event.LogonEvent || !maps.Equal(found, logonEvent.facts) {
		t.Errorf("a Message alone: %s %v", kindNames[kind], found)
	}
	for name, message := range map[string]string{
		"of a service": strings.Replace(logonMessage, "Type:\t\t3", "Type:\t\t5", 1), "of nobody": strings.Replace(logonMessage, `CORP\ann`, "ANONYMOUS LOGON", 1),
		"from itself": strings.Replace(logonMessage, "10.1.2.3", "::1", 1),
	} {
		if kind, _ := readLogon(t, classic(message), event.LogonEvent); kind != event.Other {
			t.Errorf("%s: %s", name, kindNames[kind])
		}
	}
}

// The session of a process is read for who asks, in every shape that has it.
func TestSessionsOfProcesses(t *testing.T) {
	for name, f := range map[string]fields{
		"Sysmon":   inXML(sysmonEvents[0].with("LogonId", "0x1f3a9c")),
		"a beat":   inBeat7(sysmonEvents[0].with("LogonId", "0x1F3A9C")),
		"Defender": text(jsonText(map[string]any{"DeviceId": "d", "DeviceName": computer, "ActionType": "ProcessCreated", "Timestamp": systemTime, "ProcessId": 7, "ProcessCommandLine": "x", "InitiatingProcessId": 8, "LogonId": 2046620})),
		"the audit": inLog(inXML(sysmonEvent{id: "4688", data: [][2]string{{"SubjectUserName", "x"}, {"SubjectLogonId", "0x1f3a9c"}, {"NewProcessId", "0x7"}, {"NewProcessName", `C:\a.exe`},
			{"ProcessId", "0x8"}, {"TargetUserName", "-"}, {"TargetLogonId", "0x0"}}}), "Security"),
	} {
		if kind, found := readLogon(t, f, event.LogonEvent); kind != event.ProcessStart || found["session"] != "2046620" {
			t.Errorf("%s: %s %v", name, kindNames[kind], found)
		}
		if kind, found := readLogon(t, f); kind != event.ProcessStart || found["session"] != "" {
			t.Errorf("%s, nobody asked: %s %v", name, kindNames[kind], found)
		}
	}
}

// Sentinel's SecurityEvent has the values as columns of its own, and its own time.
func TestLogonInSecurityEvent(t *testing.T) {
	row := map[string]any{"TimeGenerated": systemTime, "Computer": computer, "EventID": 4624, "Channel": "Security", "LogonType": 3, "Type": "SecurityEvent"}
	for _, d := range logonEvent.data {
		if d[0] != "LogonType" {
			row[d[0]] = d[1]
		}
	}
	kind, found := readLogon(t, text(jsonText(row)), event.LogonEvent)
	if kind != event.LogonEvent || !maps.Equal(found, logonEvent.facts.with("record", "")) {
		t.Errorf("%s %v", kindNames[kind], found)
	}
}
