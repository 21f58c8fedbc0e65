package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

var asimHeader = map[string]any{
	"EventSchemaVersion": "0.1.4", "EventProduct": "Sensor", "Dvc": computer, "DvcHostname": "WS7", "DvcFQDN": computer,
	"TimeGenerated": systemTime, "EventStartTime": systemTime, "EventCount": 1,
}

func asim(more map[string]any) fields {
	m := map[string]any{}
	for _, part := range []map[string]any{asimHeader, more} {
		for k, v := range part {
			m[k] = v
		}
	}
	return text(jsonText(m))
}

// The acting process is the parent, and its parent the grandparent.
func TestASIM(t *testing.T) {
	const guid, acting = "A1B2C3D4-0001-69A7-0A00-000000000B00", "A1B2C3D4-0001-69A7-0900-000000000B00"
	who := facts{"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "id": guid, "pid": "4321", "name": "updater.exe", "path": updater}
	source := map[string]any{"SrcProcessId": "4321", "SrcProcessGuid": guid, "SrcProcessName": updater}
	with := func(m, more map[string]any) map[string]any {
		for k, v := range m {
			more[k] = v
		}
		return more
	}
	process := map[string]any{
		"EventType": "ProcessCreated", "TargetProcessId": "4321", "TargetProcessGuid": guid, "TargetProcessName": updater,
		"TargetProcessCommandLine": updaterRun, "TargetProcessCreationTime": "2026-03-04T05:06:07.1Z", "TargetUsername": `CORP\maja`,
		"TargetProcessSHA256": sha256, "ActingProcessId": "1200", "ActingProcessGuid": acting, "ActingProcessName": `C:\Windows\System32\svchost.exe`,
		"ActingProcessCommandLine": scheduler, "ParentProcessId": "700", "ParentProcessName": `C:\Windows\System32\services.exe`,
	}
	checkEvent(t, asim(process), event.ProcessStart, who.with("created", "2026-03-04T05:06:07.1Z", "command", updaterRun, "user", `CORP\maja`,
		"hash", processCreate.facts["hash"], "parent id", acting, "parent pid", "1200", "parent name", "svchost.exe",
		"parent path", `C:\Windows\System32\svchost.exe`, "parent command", scheduler, "grandparent pid", "700", "grandparent name", "services.exe"))
	checkEvent(t, asim(with(source, map[string]any{"EventType": "Query", "DnsQuery": "cdn.example.net", "DnsResponseName": "203.0.113.7", "EventCount": 3})),
		event.NameLookup, who.with("lookup", "yes", "direction", "outbound", "host", "cdn.example.net", "answers", "203.0.113.7", "weight", "3"))
	session := map[string]any{
		"EventType": "NetworkSession", "DstIpAddr": "203.0.113.7", "DstPortNumber": 443, "SrcIpAddr": "10.1.2.3", "SrcPortNumber": 50123,
		"NetworkProtocol": "TCP", "NetworkDirection": "Outbound", "DvcAction": "Allow", "NetworkSessionId": "x",
	}
	checkEvent(t, asim(with(source, session)), event.NetworkConnection, who.with("transport", "tcp", "direction", "outbound", "remote", "203.0.113.7",
		"remote port", "443", "local", "10.1.2.3", "local port", "50123", "action", "Allow"))
}

// The table of sessions has no process columns: its rows are of no use, and that is said.
func TestASIMSessionsWithoutAProcess(t *testing.T) {
	row := asim(map[string]any{"EventType": "NetworkSession", "DstIpAddr": "203.0.113.7", "DstPortNumber": 443, "NetworkSessionId": "x"})
	checkEvent(t, row, event.Other, facts{})
	if s := SightOf([]byte(row[Raw])); s.What != "ASIM network sessions without a process" || s.Export == "" {
		t.Errorf("%+v", s)
	}
}
