package schema

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// ecsSchemas read events whose fields are those of the Elastic Common Schema: Sysmon's,
// whose own data Elastic Agent and Winlogbeat 8 drop once they are mapped, and the
// events of Elastic Defend. Nested objects and dotted keys give the same names. Source:
// the field reference of ECS 8, and the pipelines of Elastic's integrations.
func ecsSchemas() []Schema { return []Schema{ecsSysmon(), ecsDefend()} }

// ecs is a rule for fields as they are named there.
func ecs(to string, fields ...string) Rule { return Rule{To: to, From: fields} }

func (r Rule) via(transform string) Rule {
	r.Via = transform
	return r
}

func (r Rule) maybe() Rule {
	r.Optional = true
	return r
}

// ecsSysmon is told by the log or the sensor that wrote it.
func ecsSysmon() Schema {
	id := []string{"winlog.event_id", "event.code"}
	ofID := func(v string) []Condition { return []Condition{{Fields: id, Test: "is", Values: []string{v}}} }
	hasProcess := Condition{Fields: []string{"process.entity_id", "process.pid"}, Test: "present"}
	logs := []string{"winlog.channel", "event.provider", "winlog.provider_name", "event.dataset", "data_stream.dataset"}
	gate := make([][]Condition, 0, len(logs))
	for _, f := range logs {
		gate = append(gate, []Condition{{Fields: []string{f}, Test: "has", Values: []string{"sysmon"}}, {Fields: id, Test: "present"}, hasProcess})
	}
	return Schema{
		Name: "sysmon in ECS", Gate: gate,
		Tables: []Table{
			{Kind: event.ProcessStart, When: ofID("1"), Rules: ecsProcessRules()},
			{Kind: event.NetworkConnection, When: ofID("3"), Rules: ecsConnectionRules()},
			{Kind: event.ProcessEnd, When: ofID("5"), Rules: ecsHeaderRules()},
			{Kind: event.NameLookup, When: ofID("22"), Rules: ecsLookupRules()},
		},
	}
}

// ecsDefend tells its events by what kind of thing happened. A connection is counted once:
// what Defend reports when it ends is left out, as is a lookup before it has an answer.
func ecsDefend() Schema {
	is := func(field string, values ...string) Condition {
		return Condition{Fields: []string{field}, Test: "has", Values: values}
	}
	of := func(category string, more ...Condition) []Condition {
		return append([]Condition{is("event.category", category)}, more...)
	}
	hasProcess := Condition{Fields: []string{"process.entity_id"}, Test: "present"}
	return Schema{
		Name: "Elastic Defend",
		Gate: [][]Condition{
			{is("event.module", "endpoint"), hasProcess}, {is("agent.type", "endpoint"), hasProcess},
			{is("event.dataset", "endpoint.events"), hasProcess}, {is("data_stream.dataset", "endpoint.events"), hasProcess},
		},
		Tables: []Table{
			{Kind: event.NameLookup, When: of("network", is("event.action", "lookup_result")), Rules: ecsLookupRules()},
			{Kind: event.NetworkConnection, When: of("network", is("event.action", "connection_attempted", "connection_accepted")), Rules: ecsConnectionRules()},
			{Kind: event.ProcessStart, When: of("process", is("event.type", "start"), Condition{Fields: []string{"event.action"}, Test: "is", Values: []string{"start", "exec"}}), Rules: ecsProcessRules()},
			{Kind: event.ProcessEnd, When: of("process", is("event.type", "end")), Rules: ecsHeaderRules()},
		},
	}
}

// ecsHeaderRules: host is the endpoint where nothing was forwarded, so the event's own
// computer goes before it.
func ecsHeaderRules() []Rule {
	return []Rule{
		{To: "device", From: []string{"winlog.computer_name", "host.name", "host.hostname"}, Else: []string{"agent.name", "host"}},
		{To: "time", From: []string{"@timestamp"}, Else: []string{"event.created", "_time"}},
		ecs("record", "winlog.record_id").maybe(),
		ecs("process_guid", "process.entity_id"),
		ecs("process_id", "process.pid"),
		ecs("process_path", "process.executable"),
		ecs("process_name", "process.name"),
	}
}

func ecsUserRules() []Rule {
	return []Rule{ecs("user_domain", "user.domain").maybe(), ecs("user", "winlog.event_data.User", "user.name").maybe()}
}

func ecsProcessRules() []Rule {
	return slices.Concat(ecsHeaderRules(), ecsUserRules(), []Rule{
		ecs("process_created", "winlog.event_data.UtcTime", "process.start", "@timestamp"),
		ecs("process_session", "winlog.event_data.LogonId", "winlog.logon.id").maybe().unless(sessionless),
		ecs("process_command", "process.command_line"),
		ecs("process_command", "process.args").via("arguments").unless(commanded).maybe(),
		ecs("hash", "process.hash.sha256", "process.hash.sha1", "process.hash.md5", "hash.sha256", "hash.sha1", "hash.md5").maybe(),
		ecs("parent_guid", "process.parent.entity_id"),
		ecs("parent_id", "process.parent.pid", "process.ppid"),
		ecs("parent_created", "process.parent.start").maybe(),
		ecs("parent_path", "process.parent.executable"),
		ecs("parent_name", "process.parent.name"),
		ecs("parent_command", "process.parent.command_line"),
		ecs("parent_command", "process.parent.args").via("arguments").unless(parentCommanded).maybe(),
	})
}

func ecsConnectionRules() []Rule {
	return slices.Concat(ecsHeaderRules(), ecsUserRules(), []Rule{
		ecs("transport", "network.transport").maybe(),
		ecs("initiated", "winlog.event_data.Initiated").maybe(),
		ecs("direction", "network.direction").via("ecs_direction").maybe(),
		ecs("source_ip", "source.ip", "source.address"),
		ecs("source_port", "source.port"),
		ecs("source_host", "source.domain").maybe(),
		ecs("destination_ip", "destination.ip", "destination.address"),
		ecs("destination_port", "destination.port"),
		ecs("destination_host", "destination.domain").maybe(),
	})
}

func ecsLookupRules() []Rule {
	return slices.Concat(ecsHeaderRules(), ecsUserRules(), []Rule{
		ecs("query", "dns.question.name"),
		ecs("answers", "winlog.event_data.QueryResults").maybe(),
		ecs("answers", "dns.resolved_ip").via("list").unless(answered).maybe(),
	})
}

// setECSDirection takes network.direction: seen from the host (ingress, egress) or from the
// network (inbound, outbound).
func setECSDirection(d *draft, v []byte) bool {
	switch {
	case containsFold(v, "egress"), containsFold(v, "outbound"):
		d.direction = event.Outbound
	case containsFold(v, "ingress"), containsFold(v, "inbound"):
		d.direction = event.Inbound
	default:
		return false
	}
	return true
}

// listOf returns the texts of a JSON list, and v itself where it is none.
func listOf(v []byte) [][]byte {
	var list []string
	if len(v) == 0 || v[0] != '[' || json.Unmarshal(v, &list) != nil {
		return [][]byte{v}
	}
	out := make([][]byte, len(list))
	for i, s := range list {
		out[i] = []byte(s)
	}
	return out
}

// setArguments takes a command line from its parts. An argument with a blank in it is
// quoted, unless it has a quote itself.
func setArguments(d *draft, to *event.Sym, v []byte) bool {
	parts := listOf(v)
	for i, p := range parts {
		if bytes.ContainsAny(p, " \t") && bytes.IndexByte(p, '"') < 0 && len(parts) > 1 {
			parts[i] = append(append([]byte{'"'}, p...), '"')
		}
	}
	return setSym(d, to, bytes.Join(parts, []byte{' '}))
}

// setList takes answers from a JSON list.
func setList(d *draft, v []byte) bool {
	return setSym(d, &d.answers, append(bytes.Join(listOf(v), []byte{';'}), ';'))
}
