package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// cim names the fields of Splunk's Common Information Model, bare or with the name
// of the data model object that tstats puts before them.
type cim string

// cimUnknown is what the data models put where an event has no value.
const cimUnknown = "unknown"

// cimSchemas come last: they take what no sensor's own names tell.
func cimSchemas() []Schema {
	return []Schema{
		cim("Processes.").processSchema(), cim("Ports.").connectionSchema(), cim("All_Traffic.").connectionSchema(),
		defenderAddon(cim("").connectionSchema()), defenderAddon(cim("").processSchema()),
		cim("").connectionSchema(), cim("").processSchema(),
	}
}

func (c cim) fields(names ...string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = string(c) + name
	}
	return out
}

func (c cim) field(to string, names ...string) Rule { return Rule{To: to, From: c.fields(names...)} }

// gate holds the conditions in every one of its lists, and keeps out other Windows
// events: add-ons give Security's 4688 and 5156 the same fields. An event id of Sysmon
// may come without anything that the Sysmon schemas know.
func (c cim) gate(conditions ...Condition) [][]Condition {
	id := []string{"EventID", "EventCode"}
	return [][]Condition{
		append(slices.Clone(conditions), Condition{Fields: id, Test: "absent"}),
		append(slices.Clone(conditions), Condition{Fields: id, Test: "is", Values: []string{"1", "3"}},
			Condition{Fields: allChannels, Test: "absent"}),
	}
}

// processSchema is Endpoint.Processes. `dest` is the endpoint there.
func (c cim) processSchema() Schema {
	return Schema{
		Name: "cim processes " + string(c), Unknown: cimUnknown,
		Gate: c.gate(
			Condition{Fields: c.fields("process_id", "process_guid"), Test: "present"},
			Condition{Fields: c.fields("process", "process_path", "process_name", "process_exec"), Test: "present"},
			Condition{Fields: c.fields("parent_process", "parent_process_id", "parent_process_guid", "parent_process_name"), Test: "present"},
		),
		Tables: []Table{{Kind: event.ProcessStart, Rules: []Rule{
			{To: "device", From: append(c.fields("dest", "dvc"), "dvc", "dest", "host")},
			{To: "time", From: []string{"_time"}},
			c.field("process_guid", "process_guid"),
			c.field("process_id", "process_id"),
			c.field("process_name", "process_name", "process_exec"),
			c.field("process_path", "process_path"),
			c.field("process_command", "process"),
			c.field("user", "user"),
			c.field("hash", "process_hash"),
			c.field("parent_guid", "parent_process_guid"),
			c.field("parent_id", "parent_process_id"),
			c.field("parent_name", "parent_process_name", "parent_process_exec"),
			c.field("parent_path", "parent_process_path"),
			c.field("parent_command", "parent_process"),
		}}},
	}
}

// connectionSchema is Endpoint.Ports and Network_Traffic. `dest` is the peer, so the
// device is the reporting one (`dvc`), then `host`, then the source.
func (c cim) connectionSchema() Schema {
	return Schema{
		Name: "cim connections " + string(c), Unknown: cimUnknown,
		Gate: c.gate(
			Condition{Fields: c.fields("process_id", "process_guid", "parent_process_id"), Test: "present"},
			Condition{Fields: c.fields("dest_port", "dest_ip"), Test: "present"},
		),
		Tables: []Table{{Kind: event.NetworkConnection, Rules: []Rule{
			{To: "device", From: append(c.fields("dvc"), append([]string{"dvc", "host"}, c.fields("src")...)...)},
			{To: "time", From: []string{"_time"}},
			c.field("process_guid", "process_guid"),
			c.field("process_id", "process_id", "parent_process_id"),
			c.field("process_path", "process_path"),
			c.field("user", "user"),
			c.field("transport", "transport", "protocol"),
			c.field("direction", "direction"),
			{To: "direction", From: c.fields("state"), Via: "state_direction"},
			c.field("action", "action"),
			c.field("source_ip", "src_ip", "src"),
			c.field("source_port", "src_port"),
			c.field("source_host", "src_host"),
			c.field("destination_ip", "dest_ip", "dest"),
			c.field("destination_port", "dest_port"),
			c.field("destination_host", "dest_host"),
			c.field("url", "url"),
		}}},
	}
}

// defenderAddon turns a CIM schema into what the add-on for Defender's advanced
// hunting (Splunkbase 5518) puts into the same fields: its process GUIDs are the
// accounts' ids, `dest` is the device in every kind of event, and the process of a
// connection is in the parent's field, for Defender calls it the initiating one.
func defenderAddon(s Schema) Schema {
	s.Name = "defender add-on " + s.Name
	for i := range s.Gate {
		s.Gate[i] = append(s.Gate[i], Condition{Fields: []string{"sourcetype"}, Test: "has", Values: []string{"advancedhunting"}})
	}
	own := map[string][]string{"device": {"dest", "dvc", "host"}, "destination_ip": {"dest_ip"}}
	table := &s.Tables[0]
	table.Rules = slices.DeleteFunc(table.Rules, func(r Rule) bool { return r.To == "process_guid" || r.To == "parent_guid" })
	if table.Kind == event.NetworkConnection {
		own["process_id"], own["process_path"] = []string{"parent_process_id"}, []string{"parent_process_path"}
		table.Rules = append(table.Rules, cim("").field("process_name", "parent_process_name"), cim("").field("process_command", "parent_process"))
	}
	for i := range table.Rules {
		if from, other := own[table.Rules[i].To]; other {
			table.Rules[i].From = from
		}
	}
	return s
}
