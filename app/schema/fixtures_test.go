package schema

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What the built-in set holds, by itself.
var all, names = BuiltIn().schemas, BuiltIn().names

// sysmonEvent is a made-up event, to be written in any of the shapes. All have the
// same header.
type sysmonEvent struct {
	id      string
	task    string // the first words of the message
	data    [][2]string
	kind    event.Kind
	facts   facts
	noFacts []string // facts that the Common Information Model has no field for
}

// The header of all made-up events.
const (
	computer    = "WS7.Corp.example"
	collector   = "wec01.corp.example"
	recordID    = "4711"
	systemTime  = "2026-03-04T05:06:07.1230000Z"
	epochTime   = "1772600767.123"
	serviceID   = "2888" // Sysmon's own process
	sysmonLog   = "Microsoft-Windows-Sysmon/Operational"
	processGUID = "{A1B2C3D4-0001-69A7-0A00-000000000B00}"
	parentGUID  = "{A1B2C3D4-0001-69A7-0900-000000000B00}"
	zeroGUID    = "{00000000-0000-0000-0000-000000000000}"
	updater     = `C:\Program Files\Acme & Co\updater.exe`
	updaterRun  = `"C:\Program Files\Acme & Co\updater.exe" /q "a<b" 2>&1`
	scheduler   = `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`
	sha256      = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
)

// commonFacts are those of every made-up event.
var commonFacts = facts{
	"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "record": recordID,
	"id": processGUID, "pid": "4321", "name": "updater.exe", "path": updater,
}

var processCreate = sysmonEvent{
	id: "1", task: "Process Create", kind: event.ProcessStart,
	data: [][2]string{
		{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:07.100"}, {"ProcessGuid", processGUID}, {"ProcessId", "4321"},
		{"Image", updater}, {"FileVersion", "1.2"}, {"OriginalFileName", "other.exe"}, {"CommandLine", updaterRun},
		{"CurrentDirectory", `C:\Windows\`}, {"User", `CORP\maja`}, {"LogonId", "0x3e7"},
		{"Hashes", "SHA1=A94A8FE5CCB19BA61C4C0873D391E987982FBBD3,MD5=098F6BCD4621D373CADE4E832627B4F6,SHA256=" + sha256 + ",IMPHASH=AAAA"},
		{"ParentProcessGuid", parentGUID}, {"ParentProcessId", "1200"}, {"ParentImage", `C:\Windows\System32\svchost.exe`},
		{"ParentCommandLine", scheduler},
	},
	facts: commonFacts.with(
		"created", "2026-03-04T05:06:07.1Z", "command", updaterRun, "user", `CORP\maja`,
		"hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"parent id", parentGUID, "parent pid", "1200", "parent name", "svchost.exe",
		"parent path", `C:\Windows\System32\svchost.exe`, "parent command", scheduler),
	noFacts: []string{"created", "record"},
}

var networkConnect = sysmonEvent{
	id: "3", task: "Network connection detected", kind: event.NetworkConnection,
	data: [][2]string{
		{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:06.800"}, {"ProcessGuid", processGUID}, {"ProcessId", "4321"},
		{"Image", updater}, {"User", `CORP\maja`}, {"Protocol", "tcp"}, {"Initiated", "true"},
		{"SourceIsIpv6", "false"}, {"SourceIp", "10.1.2.3"}, {"SourceHostname", "ws7.corp.example"}, {"SourcePort", "50123"},
		{"SourcePortName", "-"}, {"DestinationIsIpv6", "false"}, {"DestinationIp", "203.0.113.7"},
		{"DestinationHostname", "cdn.example.net"}, {"DestinationPort", "443"}, {"DestinationPortName", "https"},
	},
	facts: commonFacts.with(
		"stamp", "2026-03-04T05:06:06.8Z", "user", `CORP\maja`, "transport", "tcp", "direction", "outbound",
		"remote", "203.0.113.7", "remote port", "443", "host", "cdn.example.net", "local", "10.1.2.3", "local port", "50123"),
	noFacts: []string{"stamp", "record"},
}

var processTerminate = sysmonEvent{
	id: "5", task: "Process terminated", kind: event.ProcessEnd,
	data: [][2]string{
		{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:07.100"}, {"ProcessGuid", processGUID}, {"ProcessId", "4321"}, {"Image", updater},
	},
	facts:   commonFacts,
	noFacts: []string{"record"},
}

var dnsQuery = sysmonEvent{
	id: "22", task: "Dns query", kind: event.NameLookup,
	data: [][2]string{
		{"RuleName", "-"}, {"UtcTime", "2026-03-04 05:06:06.900"}, {"ProcessGuid", processGUID}, {"ProcessId", "4321"},
		{"QueryName", "cdn.example.net"}, {"QueryStatus", "0"}, {"QueryResults", "type:  5 edge.example.net;::ffff:203.0.113.7;"},
		{"Image", updater}, {"User", `CORP\maja`},
	},
	facts: commonFacts.with(
		"stamp", "2026-03-04T05:06:06.9Z", "user", `CORP\maja`, "direction", "outbound", "lookup", "yes",
		"host", "cdn.example.net", "answers", "type:  5 edge.example.net;::ffff:203.0.113.7;"),
	noFacts: []string{"stamp", "record", "answers"},
}

var sysmonEvents = []sysmonEvent{processCreate, networkConnect, processTerminate, dnsQuery}

// with returns the event with some data changed; an empty value takes a name away.
func (e sysmonEvent) with(pairs ...string) sysmonEvent {
	values := fields{}
	for _, d := range e.data {
		values[d[0]] = d[1]
	}
	values = values.with(pairs...)
	old := e.data
	e.data = nil
	for _, d := range old {
		if v, there := values[d[0]]; there {
			e.data = append(e.data, [2]string{d[0], v})
		}
	}
	return e
}

// value returns one of the event's data.
func (e *sysmonEvent) value(name string) string {
	for _, d := range e.data {
		if d[0] == name {
			return d[1]
		}
	}
	return ""
}
