package schema

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// nested puts a dotted name into objects in objects.
func nested(into map[string]any, name string, v any) {
	first, rest, dotted := strings.Cut(name, ".")
	if !dotted {
		into[first] = v
		return
	}
	below, _ := into[first].(map[string]any)
	if below == nil {
		below = map[string]any{}
		into[first] = below
	}
	nested(below, rest, v)
}

// ecsForms writes the same fields nested, dotted, and half of each.
func ecsForms(named map[string]any) []fields {
	deep, half := map[string]any{}, map[string]any{}
	for name, v := range named {
		nested(deep, name, v)
		if len(name)%2 == 0 {
			half[name] = v
		} else {
			nested(half, name, v)
		}
	}
	return []fields{text(jsonText(deep)), text(jsonText(named)), text(jsonText(half))}
}

// ecsOf is one of the made-up events after Elastic's pipeline: its own data are dropped.
func ecsOf(e sysmonEvent) map[string]any {
	m := map[string]any{
		"@timestamp": strings.Replace(e.value("UtcTime"), " ", "T", 1) + "Z", "event.code": e.id, "event.created": systemTime,
		"event.provider": "Microsoft-Windows-Sysmon", "event.category": []string{"process"}, "host.name": collector, "agent.name": collector,
		"winlog.channel": sysmonLog, "winlog.computer_name": computer, "winlog.event_id": e.id, "winlog.record_id": recordID,
		"winlog.process.pid": 2888, "process.entity_id": e.value("ProcessGuid"), "process.pid": 4321, "process.executable": e.value("Image"),
		"process.name": "updater.exe", "user.domain": "CORP", "user.name": "maja", "message": e.task,
	}
	put := func(to, from string) {
		if v := e.value(from); v != "" && v != "-" {
			m[to] = v
		}
	}
	put("process.command_line", "CommandLine")
	put("process.parent.entity_id", "ParentProcessGuid")
	put("process.parent.pid", "ParentProcessId")
	put("process.parent.executable", "ParentImage")
	put("process.parent.command_line", "ParentCommandLine")
	put("network.transport", "Protocol")
	put("source.ip", "SourceIp")
	put("source.port", "SourcePort")
	put("destination.ip", "DestinationIp")
	put("destination.port", "DestinationPort")
	put("destination.domain", "DestinationHostname")
	put("dns.question.name", "QueryName")
	switch e.id {
	case "1":
		m["process.hash.sha256"] = strings.ToLower(sha256)
	case "3":
		m["network.direction"] = "egress"
	case "22":
		m["dns.resolved_ip"] = []string{"203.0.113.7", "203.0.113.8"}
	case "5":
		delete(m, "user.name")
	}
	return m
}

func TestSysmonInECS(t *testing.T) {
	for _, e := range sysmonEvents {
		utc := strings.Replace(strings.TrimRight(e.value("UtcTime"), "0"), " ", "T", 1) + "Z"
		want := e.facts.with("time", utc, "stamp", "", "answers", "")
		if e.id == "22" {
			want = want.with("answers", "203.0.113.7;203.0.113.8;")
		}
		for _, f := range ecsForms(ecsOf(e)) {
			kind, found := newReading(t).read(f)
			checkKind(t, kind, e.kind)
			checkFacts(t, found, want)
			if t.Failed() {
				t.Fatalf("%s in %s", e.task, f[Raw])
			}
		}
	}
}

// An event of another log in ECS is none of Sysmon's.
func TestOtherEventsInECS(t *testing.T) {
	m := ecsOf(processCreate)
	m["winlog.channel"], m["event.provider"] = "Security", "Microsoft-Windows-Security-Auditing"
	for _, f := range ecsForms(m) {
		checkEvent(t, f, event.Other, facts{})
	}
}

func defend(action string, category, kind []string, more map[string]any) map[string]any {
	m := map[string]any{
		"@timestamp": "2026-03-04T05:06:07.123Z", "agent.type": "endpoint", "event.module": "endpoint", "event.action": action,
		"event.category": category, "event.type": kind, "host.name": computer, "host.id": "h1", "process.entity_id": "NzFhYg==",
		"process.pid": 4321, "process.executable": updater, "process.name": "updater.exe", "user.domain": "CORP", "user.name": "maja",
	}
	for k, v := range more {
		m[k] = v
	}
	return m
}

// Elastic Defend's own events: an id that is no GUID, a parent whose command line may stand
// in parts, a connection that is told once.
func TestElasticDefend(t *testing.T) {
	who := facts{
		"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "id": "nzfhyg==",
		"pid": "4321", "name": "updater.exe", "path": updater, "user": `CORP\maja`,
	}
	parent := map[string]any{"process.args": []string{updater, "/q"}, "process.parent.entity_id": "NzFhYQ==", "process.parent.pid": 1200,
		"process.parent.executable": `C:\Windows\System32\svchost.exe`, "process.parent.name": "svchost.exe",
		"process.parent.args": []string{`C:\Windows\system32\svchost.exe`, "-k", "netsvcs", "-p", "-s", "Schedule"}, "process.hash.sha256": sha256}
	peer := map[string]any{"network.transport": "tcp", "network.direction": "egress", "source.ip": "10.1.2.3", "source.port": 50123,
		"destination.ip": "203.0.113.7", "destination.port": 443}
	connection := who.with("transport", "tcp", "direction", "outbound", "remote", "203.0.113.7", "remote port", "443", "local", "10.1.2.3", "local port", "50123")
	for name, c := range map[string]struct {
		event map[string]any
		kind  event.Kind
		want  facts
	}{
		"start": {defend("start", []string{"process"}, []string{"start"}, parent), event.ProcessStart, who.with(
			"created", "2026-03-04T05:06:07.123Z", "command", `"`+updater+`" /q`, "hash", strings.ToLower(sha256),
			"parent id", "nzfhyq==", "parent pid", "1200", "parent name", "svchost.exe", "parent path", `C:\Windows\System32\svchost.exe`, "parent command", scheduler)},
		"end":        {defend("end", []string{"process"}, []string{"end"}, nil), event.ProcessEnd, who.with("user", "")},
		"connection": {defend("connection_attempted", []string{"network"}, []string{"start"}, peer), event.NetworkConnection, connection},
		"disconnect": {defend("disconnect_received", []string{"network"}, []string{"end"}, peer), event.Other, facts{}},
		"lookup": {defend("lookup_result", []string{"network"}, []string{"protocol", "info"}, map[string]any{"dns.question.name": "cdn.example.net", "dns.resolved_ip": []string{"203.0.113.7"}}),
			event.NameLookup, who.with("lookup", "yes", "direction", "outbound", "host", "cdn.example.net", "answers", "203.0.113.7;")},
		"already running": {defend("already_running", []string{"process"}, []string{"info"}, parent), event.Other, facts{}},
	} {
		for _, f := range ecsForms(c.event) {
			kind, found := newReading(t).read(f)
			checkKind(t, kind, c.kind)
			checkFacts(t, found, c.want)
			if t.Failed() {
				t.Fatalf("%s: %s", name, f[Raw])
			}
		}
	}
}
