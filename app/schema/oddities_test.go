package schema

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// The tests of this file are named after oddities that real captures are full of.

func TestConnectionEarlierThanItsProcessKeepsBothClocks(t *testing.T) {
	e := networkConnect.with("UtcTime", "2026-02-27 05:06:06.800")
	checkEvent(t, inOTRF(e), e.kind, e.facts.with("record", "", "stamp", "2026-02-27T05:06:06.8Z"))
}

func TestRecordTimeIsTheFirstThatCarriesAZone(t *testing.T) {
	e := processTerminate
	for name, c := range map[string]struct {
		f    fields
		want string
	}{
		"local EventTime loses to @timestamp": {columns(inNXLog(e)[Raw]), "2026-03-04T05:06:07.123Z"},
		"local EventTime loses to _time":      {columns(inNXLog(e)[Raw]).with("@timestamp", "", "_time", "1772600770"), "2026-03-04T05:06:10Z"},
		"EventTime alone, by UtcTime":         {columns(inNXLog(e)[Raw]).with("@timestamp", ""), "2026-03-04T05:06:07Z"},
		"classic text with _time":             {inClassic(e).with("_time", "1772600770.5"), "2026-03-04T05:06:10.5Z"},
		"nothing but UtcTime":                 {columns(inFlat(e)[Raw]).with("TimeCreated", ""), "2026-03-04T05:06:07.1Z"},
		"an unreadable time is passed over":   {columns(inFlat(e)[Raw]).with("TimeCreated", "yesterday", "_time", "1772600770"), "2026-03-04T05:06:10Z"},
		"an offset":                           {columns(inFlat(e)[Raw]).with("TimeCreated", "2026-03-04T07:06:07.5+0200"), "2026-03-04T05:06:07.5Z"},
		"seven digits":                        {columns(inFlat(e)[Raw]).with("TimeCreated", "2026-03-04T05:06:07.1234567Z"), "2026-03-04T05:06:07.1234567Z"},
		"nine digits":                         {columns(inFlat(e)[Raw]).with("TimeCreated", "2026-03-04T05:06:07.123456789Z"), "2026-03-04T05:06:07.1234567Z"},
	} {
		t.Run(name, func(t *testing.T) { checkEvent(t, c.f, e.kind, e.facts.with("time", c.want)) })
	}
}

func TestZeroGUIDMeansUnknownAndKeepsTheProcessID(t *testing.T) {
	for _, e := range []sysmonEvent{networkConnect, dnsQuery} {
		lost := e.with("ProcessGuid", zeroGUID, "Image", "<unknown process>")
		want := e.facts.with("id", "", "name", "", "path", "")
		for _, write := range []func(sysmonEvent) fields{inXML, inNXLog, inOTRF} {
			got, found := newReading(t).read(write(lost))
			checkKind(t, got, e.kind)
			checkFacts(t, found.with("record", recordID), want)
		}
		checkEvent(t, inNXLogWithoutPID(lost), event.Malformed, facts{})
	}
}

func TestUnknownProcessWithAGUIDKeepsTheGUID(t *testing.T) {
	e := networkConnect.with("Image", "<unknown process>")
	want := networkConnect.facts.with("name", "", "path", "")
	checkEvent(t, inXML(e), e.kind, want)
	checkEvent(t, inNXLog(e), e.kind, want) // escaped there
	checkEvent(t, inOTRF(e), e.kind, want.with("record", ""))
}

func TestEntitiesAreUndoneOnlyWhereNXLogWroteThem(t *testing.T) {
	e := processCreate.with("CommandLine", `cmd /c echo &lt;b&gt; 2>&1`)
	want := processCreate.facts.with("command", `cmd /c echo &lt;b&gt; 2>&1`)
	for _, write := range []func(sysmonEvent) fields{inXML, inNXLog, inFlat, inBeat7} {
		checkEvent(t, write(e), e.kind, want)
	}
}

func TestParentThatIsMissingInTheRowIsAbsent(t *testing.T) {
	e := processCreate.with("ParentProcessGuid", zeroGUID, "ParentImage", "-", "ParentCommandLine", "-", "ParentUser", "-")
	want := processCreate.facts.with("parent id", "", "parent name", "", "parent path", "", "parent command", "")
	checkEvent(t, inXML(e), e.kind, want)
	system := processCreate.with("ParentImage", "System", "ParentProcessId", "4", "ParentCommandLine", "")
	checkEvent(t, inXML(system), e.kind, processCreate.facts.with(
		"parent name", "System", "parent path", "System", "parent pid", "4", "parent command", ""))
}

func TestEventWithOnlyItsMessageIsReadFromIt(t *testing.T) {
	for _, e := range sysmonEvents {
		m := map[string]any{
			"EventID": e.number(), "Channel": sysmonLog, "Hostname": computer, "host": collector, "@timestamp": "2026-03-04T05:06:07.123Z",
			"RecordNumber": 4711, "SourceModuleType": "im_msvistalog", "Message": e.message(), "ERROR_EVT_UNRESOLVED": true,
		}
		checkEvent(t, text(jsonText(m)), e.kind, e.facts)
		checkEvent(t, columns(jsonText(m)), e.kind, e.facts)
		m["Message"] = "The description for this event cannot be found."
		checkEvent(t, text(jsonText(m)), event.Malformed, facts{})
	}
}

func TestGUIDIsEnough(t *testing.T) {
	for _, e := range sysmonEvents {
		checkEvent(t, inXML(e.with("ProcessId", "")), e.kind, e.facts.with("pid", ""))
		checkEvent(t, inXML(e.with("ProcessGuid", "")), e.kind, e.facts.with("id", ""))
		checkEvent(t, inXML(e.with("ProcessGuid", "", "ProcessId", "")), event.Malformed, facts{})
	}
}

func TestProcessIDZeroIsNobodys(t *testing.T) {
	for _, pid := range []string{"0", "00", "0x0", "-", "-1", "4294967296", "12a", " "} {
		checkEvent(t, inXML(networkConnect.with("ProcessGuid", zeroGUID, "ProcessId", pid)), event.Malformed, facts{})
	}
}

func TestSysmonsOwnProcessIDIsNeverTaken(t *testing.T) {
	for _, write := range []func(sysmonEvent) fields{inXML, inNXLogAlone, inBeat6, inBeat7, inConverter} {
		_, found := newReading(t).read(write(processCreate.with("ProcessId", "")))
		if found["pid"] != "" || found["id"] != processGUID {
			t.Errorf("pid is %q and id %q, want no pid, and the GUID", found["pid"], found["id"])
		}
	}
}

func TestInboundConnectionHasItsPeerAtTheSource(t *testing.T) {
	for _, s := range shapes {
		e := networkConnect.with("Initiated", "false")
		e.facts = e.facts.with("direction", "inbound", "remote", "10.1.2.3", "remote port", "50123", "host", computer,
			"local", "203.0.113.7", "local port", "443").with("host", "ws7.corp.example")
		t.Run(s.name, func(t *testing.T) { checkEvent(t, s.write(e), e.kind, s.want(e)) })
	}
}

func TestInitiatedIsReadInAnyLetterCase(t *testing.T) {
	for value, want := range map[string]string{"True": "outbound", "FALSE": "inbound", "maybe": "unknown", "-": "unknown"} {
		_, found := newReading(t).read(inXML(networkConnect.with("Initiated", value)))
		if found["direction"] != want {
			t.Errorf("Initiated %q gives direction %q, want %q", value, found["direction"], want)
		}
	}
}

func TestAddressesAreReadInAnySpelling(t *testing.T) {
	for spelled, want := range map[string]string{
		"0:0:0:0:0:0:0:1": "::1", "fe80:0:0:0:c0de:0:0:9": "fe80::c0de:0:0:9", "ff02:0:0:0:0:0:1:3": "ff02::1:3",
		"::ffff:203.0.113.9": "203.0.113.9", "0:0:0:0:0:FFFF:CB00:7109": "203.0.113.9", "fe80::1%12": "fe80::1",
		"224.0.0.251": "224.0.0.251", "255.255.255.255": "255.255.255.255", " 203.0.113.9 ": "203.0.113.9",
		"2001:DB8::1": "2001:db8::1", "0.0.0.0": "0.0.0.0",
	} {
		_, found := newReading(t).read(inFlat(networkConnect.with("DestinationIp", spelled)))
		if found["remote"] != want {
			t.Errorf("address %q is read as %q, want %q", spelled, found["remote"], want)
		}
	}
}

func TestWhatIsNoAddressIsAName(t *testing.T) {
	for _, spelled := range []string{"files.example.net", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3", "1.2.3.4 x"} {
		_, found := newReading(t).read(inFlat(networkConnect.with("DestinationIp", spelled, "DestinationHostname", "-")))
		if found["remote"] != "" || found["host"] != spelled {
			t.Errorf("%q is read as address %q and name %q, want a name", spelled, found["remote"], found["host"])
		}
	}
}

func TestAbsentNotationsOfNamesAndPorts(t *testing.T) {
	for _, absent := range []string{"-", "", "null"} {
		e := networkConnect.with("DestinationHostname", absent, "DestinationPort", absent)
		checkEvent(t, inFlat(e), e.kind, e.facts.with("host", "", "remote port", ""))
	}
	for _, e := range []sysmonEvent{dnsQuery.with("QueryResults", "-"), dnsQuery.with("QueryResults", "")} {
		checkEvent(t, inFlat(e), e.kind, e.facts.with("answers", ""))
	}
	checkEvent(t, inFlat(dnsQuery.with("QueryName", "-")), event.Malformed, facts{})
	nowhere := networkConnect.with("DestinationIp", "-", "DestinationHostname", "-", "DestinationPort", "-")
	checkEvent(t, inFlat(nowhere), event.Malformed, facts{})
}

func TestHostNamesAreFoldedAndKeptAsSpelled(t *testing.T) {
	_, found := newReading(t).read(inFlat(processTerminate))
	if found["device"] != strings.ToLower(computer) || found["device name"] != computer {
		t.Errorf("device is %q, spelled %q", found["device"], found["device name"])
	}
}

func TestGUIDsAreOneInAnySpelling(t *testing.T) {
	want := event.ID{}
	for i, spelled := range []string{processGUID, strings.ToLower(processGUID), strings.Trim(processGUID, "{}"), strings.ToLower(strings.Trim(processGUID, "{}"))} {
		r := newReading(t)
		_, found := r.read(inXML(processCreate.with("ProcessGuid", spelled)))
		if found["id"] != spelled {
			t.Errorf("id is shown as %q, want it as spelled, %q", found["id"], spelled)
		}
		if id := r.store.Processes[0].Self.ID; i == 0 {
			want = id
		} else if id != want {
			t.Errorf("GUID %q is another id than %q", spelled, processGUID)
		}
	}
}

func TestStrongestDigestIsTaken(t *testing.T) {
	for list, want := range map[string]string{
		"IMPHASH=1,MD5=2,SHA1=3,SHA256=4": "4", "MD5=2,SHA1=3": "3", "imphash=1,md5=A2": "a2", "IMPHASH=1": "",
		"SHA256=": "", "ABCDEF": "abcdef", "XSHA256=9,MD5=2": "2", "-": "",
	} {
		_, found := newReading(t).read(inXML(processCreate.with("Hashes", list)))
		if found["hash"] != want {
			t.Errorf("digest of %q is %q, want %q", list, found["hash"], want)
		}
	}
}

func TestCommandLineIsKeptVerbatim(t *testing.T) {
	for _, command := range []string{
		`taskhostw.exe $(Arg0)   `, ` leading`, "two\r\nlines\tand a tab", `"C:\a b\c.exe" "" \\?\x`, "Zürich – 東京", strings.Repeat("QQBB", 9000),
	} {
		for _, write := range []func(sysmonEvent) fields{inXML, inNXLog, inFlat, inBeat7, inSentinel, inConverterWithList} {
			_, found := newReading(t).read(write(processCreate.with("CommandLine", command)))
			if found["command"] != command {
				t.Errorf("command is %.80q, want %.80q", found["command"], command)
			}
		}
	}
}

func TestRecordNumberIsTheSameAsNumberAndAsText(t *testing.T) {
	m := flatJSON(processTerminate)
	m["RecordNumber"] = 4711
	checkEvent(t, text(jsonText(m)), event.ProcessEnd, processTerminate.facts)
	for _, other := range []string{"47x11", "99999999999999999999999"} {
		m["RecordNumber"] = other
		_, found := newReading(t).read(text(jsonText(m)))
		if found["record"] == "" || found["record"] == recordID {
			t.Errorf("record %q becomes %q, want a number of its own", other, found["record"])
		}
	}
}

func TestUserThatSplunkCouldNotLookUpIsNone(t *testing.T) {
	e := dnsQuery.with("User", "") // older Sysmon has none here, and the header has the writer's
	checkEvent(t, inClassic(e), e.kind, e.facts.with("user", "", "time", "2026-03-04T05:06:07Z"))
}

// TestParseIPv4IsNetip holds the fast reading to the library's.
func TestParseIPv4IsNetip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const alphabet = "00112255.....9:x-"
	for range 200_000 {
		b := make([]byte, 7+r.IntN(6))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		want, err := netip.ParseAddr(string(b))
		got, ok := parseIPv4(b)
		if ok != (err == nil && want.Is4()) || ok && got != want {
			t.Fatalf("%q is read as %v (%v), want %v (%v)", b, got, ok, want, err)
		}
	}
}

// An event whose time stands under a name that nobody knows is told, and so is none whose time
// is there: a process has its creation, no connection has.
func TestEventsWithoutATimeAreTold(t *testing.T) {
	start, connection := inFlat(sysmonEvents[0])[Raw], fields{
		"EventID": "3", "Channel": sysmonLog, "Computer": computer, "ProcessGuid": "{8f2a3c00-0000-0000-0000-000000000001}", "DestinationIp": "203.0.113.7", "DestinationPort": "443",
	}
	r := newReading(t)
	r.read(text(start))
	r.read(connection.with("UtcTime", "2026-03-04 05:06:07.000"))
	if len(r.Times().None) > 0 {
		t.Errorf("of events with a time: %v", r.Times().None)
	}
	r.read(connection.with("MyTime", "2026-03-04 05:06:07.000"))
	r.read(connection)
	if none := r.Times().None; len(none) != 1 || none["connections"].Count != 2 {
		t.Errorf("of two connections without: %v", none)
	}
	r.read(connection.with("UtcTime", "yesterday")) // told by its value
	if none := r.Times().None; none["connections"].Count != 2 || r.Times().Unread["UtcTime"].Count != 1 {
		t.Errorf("of one that cannot be read: %v", r.Times())
	}
}

// A local time of which nothing tells the zone is told; one beside UtcTime is set right.
func TestLocalTimesWithoutAZoneAreTold(t *testing.T) {
	r := newReading(t)
	for _, e := range sysmonEvents {
		r.read(inClassic(e))
	}
	if len(r.Times().Zoneless)+len(r.Times().AuditZoneless) > 0 {
		t.Errorf("beside UtcTime: %v", r.Times())
	}
	header := "03/04/2026 05:06:07 AM\nLogName=Security\nEventCode=4688\nComputerName=" + computer + "\nRecordNumber=1\nMessage=A new process has been created.\n\n"
	r.read(text(header + "Process Information:\n\tNew Process ID:\t\t0x10e1\n\tNew Process Name:\tC:\\a.exe\n\tCreator Process ID:\t0x4b0\n"))
	if seen := r.Times().AuditZoneless; len(seen) != 1 || seen["ClassicTime"].Count != 1 || len(r.Times().Zoneless) > 0 {
		t.Errorf("of the audit log: %v", r.Times())
	}
	r.read(fields{"EventID": "3", "Channel": sysmonLog, "Computer": computer, "ProcessGuid": "{8f2a3c00-0000-0000-0000-000000000001}", "DestinationIp": "203.0.113.7",
		"DestinationPort": "443", "EventTime": "2026-03-04 05:06:07"})
	if seen := r.Times().Zoneless; len(seen) != 1 || seen["EventTime"].Count != 1 {
		t.Errorf("of a connection: %v", seen)
	}
}

// A local time of an event of tasks is told too: no UtcTime stands beside it.
func TestLocalTimesOfTasksAreTold(t *testing.T) {
	event129 := fields{"EventID": "129", "Channel": taskLog, "Computer": computer, "ExecutionProcessID": "1288", "EventRecordID": "8", "TaskName": `\A`, "Path": "a.exe", "ProcessID": "5000"}
	for name, c := range map[string]struct {
		event fields
		local int
	}{
		"EventTime":            {event129.with("EventTime", "2026-03-04 05:06:07"), 1},
		"EventTime, UTC":       {event129.with("EventTime", "2026-03-04T05:06:07Z"), 0},
		"a time that is UTC's": {event129.with("TimeCreated", "2026-03-04 05:06:07"), 0},
	} {
		r := newReading(t)
		if kind, _ := r.read(c.event); kind != event.TaskEvent {
			t.Fatalf("%s: it is %v", name, kind)
		}
		if seen := r.Times().TaskZoneless["EventTime"]; seen.Count != c.local || len(r.Times().Zoneless)+len(r.Times().AuditZoneless) > 0 {
			t.Errorf("%s: %v", name, r.Times())
		}
	}
}
