package schema

import (
	"maps"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Made-up rows after the advanced hunting schema.

func defenderHeader(action string) map[string]any {
	return map[string]any{
		"Timestamp": "2026-03-04T05:06:07.5Z", "DeviceId": "AB12cd", "DeviceName": "ws7.corp.example", "ActionType": action, "ReportId": 160854,
		"AdditionalFields": nil,
	}
}

func merged(rows ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, m := range rows {
		maps.Copy(all, m)
	}
	return all
}

var defenderInitiator = map[string]any{
	"InitiatingProcessId": 1200, "InitiatingProcessCreationTime": "2026-03-01T06:00:00.59Z", "InitiatingProcessFileName": "svchost.exe",
	"InitiatingProcessFolderPath": `c:\windows\system32\svchost.exe`, "InitiatingProcessCommandLine": "svchost.exe -k netsvcs -p -s Schedule",
	"InitiatingProcessAccountDomain": "nt authority", "InitiatingProcessAccountName": "system", "InitiatingProcessSHA256": strings.ToLower(sha256),
	"InitiatingProcessParentId": 700, "InitiatingProcessParentCreationTime": "2026-03-01T05:59:59.1234567Z",
	"InitiatingProcessParentFileName": `\Device\HarddiskVolume3\Windows\System32\services.exe`,
}

func defenderProcess() map[string]any {
	return merged(defenderHeader("ProcessCreated"), defenderInitiator, map[string]any{
		"ProcessId": 4321, "ProcessCreationTime": "2026-03-04T05:06:07.4980566Z", "FileName": "updater.exe", "FolderPath": updater,
		"ProcessCommandLine": updaterRun, "AccountDomain": "corp", "AccountName": "maja", "SHA1": "bb", "SHA256": sha256, "MD5": "cc",
	})
}

var defenderFacts = facts{"device": "ab12cd", "device name": "ws7.corp.example", "time": "2026-03-04T05:06:07.5Z", "record": "160854"}

var defenderProcessFacts = defenderFacts.with(
	"pid", "4321", "created", "2026-03-04T05:06:07.4980566Z", "name", "updater.exe", "path", updater, "command", updaterRun,
	"user", `corp\maja`, "hash", strings.ToLower(sha256),
	"parent pid", "1200", "parent created", "2026-03-01T06:00:00.59Z", "parent name", "svchost.exe",
	"parent path", `c:\windows\system32\svchost.exe`, "parent command", "svchost.exe -k netsvcs -p -s Schedule",
	"grandparent pid", "700", "grandparent created", "2026-03-01T05:59:59.1234567Z", "grandparent name", "services.exe")

func defenderConnection(action string) map[string]any {
	return merged(defenderHeader(action), defenderInitiator, map[string]any{
		"RemoteIP": "::ffff:203.0.113.7", "RemotePort": 443, "RemoteUrl": "https://cdn.example.net/a", "LocalIP": "10.1.2.3", "LocalPort": 50123,
		"Protocol": "TcpV4", "RemoteIPType": "FourToSixMapping",
	})
}

var defenderConnectionFacts = defenderFacts.with(
	"pid", "1200", "created", "2026-03-01T06:00:00.59Z", "name", "svchost.exe", "path", `c:\windows\system32\svchost.exe`,
	"command", "svchost.exe -k netsvcs -p -s Schedule", "user", `nt authority\system`, "hash", strings.ToLower(sha256),
	"parent pid", "700", "parent created", "2026-03-01T05:59:59.1234567Z", "parent name", "services.exe",
	"remote", "203.0.113.7", "remote port", "443", "host", "cdn.example.net", "url", "https://cdn.example.net/a",
	"local", "10.1.2.3", "local port", "50123", "transport", "tcp", "action", "ConnectionSuccess", "direction", "outbound")

// dnsAnswer is a lookup: the initiator is the DNS client service, and who asked, and
// what, is JSON in a text with JSON in texts.
func dnsAnswer() map[string]any {
	return merged(defenderHeader("DnsQueryResponse"), defenderInitiator, map[string]any{"AdditionalFields": jsonText(dnsAnswerFields())})
}

func dnsAnswerFields() map[string]any {
	return map[string]any{
		"DnsQueryString": "cdn.example.net", "ClientProcessName": "updater.exe", "ClientProcessId": "4321",
		"DnsQueryResult": []string{`{"DnsQueryType":"CNAME","Result":"edge.example.net"}`, `{"DnsQueryType":"A","Result":"203.0.113.7"}`},
	}
}

var dnsAnswerFacts = defenderFacts.with("pid", "4321", "name", "updater.exe", "direction", "outbound", "lookup", "yes",
	"host", "cdn.example.net", "answers", "edge.example.net;203.0.113.7")

func openProcess() map[string]any { return merged(defenderProcess(), defenderHeader("OpenProcess")) }

func defenderLogon() map[string]any {
	return merged(defenderConnection("LogonSuccess"), map[string]any{"RequestProtocol": "NTLM"})
}

type defenderCase struct {
	name   string
	fields fields
	kind   event.Kind
	facts  facts
}

// defenderCases are the made-up rows through every transport.
func defenderCases() (cases []defenderCase) {
	for name, transport := range map[string]func(map[string]any) fields{
		"bare JSON":           func(m map[string]any) fields { return text(jsonText(m)) },
		"Event Hub":           func(m map[string]any) fields { return text(envelope(m)) },
		"Event Hub, columns":  func(m map[string]any) fields { return columns(envelope(m)) },
		"bare, columns":       func(m map[string]any) fields { return columns(jsonText(m)) },
		"older add-on":        func(m map[string]any) fields { return columns(`{"body":` + envelope(m) + `}`) },
		"columns and the raw": func(m map[string]any) fields { return columns(envelope(m)).with(Raw, envelope(m)) },
	} {
		cases = append(cases,
			defenderCase{name + "/process", transport(defenderProcess()), event.ProcessStart, defenderProcessFacts},
			defenderCase{name + "/connection", transport(defenderConnection("ConnectionSuccess")), event.NetworkConnection, defenderConnectionFacts},
			defenderCase{name + "/lookup", transport(dnsAnswer()), event.NameLookup, dnsAnswerFacts},
		)
	}
	return cases
}

func envelope(row map[string]any) string {
	return jsonText(map[string]any{
		"time": "2026-03-04T05:07:00Z", "tenantId": "00000000-0000-0000-0000-000000000000", "operationName": "Publish",
		"category": "AdvancedHunting-DeviceProcessEvents", "properties": row,
	})
}

func TestDefenderThroughEveryTransport(t *testing.T) {
	for _, c := range defenderCases() {
		t.Run(c.name, func(t *testing.T) { checkEvent(t, c.fields, c.kind, c.facts) })
	}
}
