// Package falcon describes the events of CrowdStrike's Falcon Data Replicator (FDR)
// as data: which of them tell of processes, connections and name lookups, and where
// each fact stands.
//
// FDR events are flat JSON objects, one a line, and every value is a string. What is
// stated here was taken from the field lists of the Splunk Add-on for CrowdStrike FDR
// (Splunkbase 5579), Panther's published FDR schemas, and the raw events that
// Splunk's and Elastic's public repositories bring along as examples.
//
// A Falcon sensor gives every process an id of its own, never used again on that
// host. It is TargetProcessId where an event is about the process, ContextProcessId
// where the process did something, and ParentProcessId of its children. None of them
// is the process id of the operating system, which is RawProcessId.
package falcon

import (
	"context"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Mapper is a plugin.Mapper for FDR events. The zero Mapper is ready.
type Mapper struct{}

// Mapping implements plugin.Mapper. It always gives the same answer.
func (Mapper) Mapping(context.Context) (plugin.Mapping, error) {
	return plugin.Mapping{
		Gate: [][]plugin.Condition{{
			{Fields: eventName(), Test: plugin.TestPresent},
			{Fields: []string{"aid"}, Test: plugin.TestPresent},
		}},
		Tables: []plugin.Table{
			{Name: "process start", Kind: plugin.ProcessStart, Rules: startRules(),
				When: named("processrollup2", "syntheticprocessrollup2")},
			{Name: "process end", Kind: plugin.ProcessEnd, Rules: endRules(),
				When: named("endofprocess")},
			{Name: "connection", Kind: plugin.NetworkConnection, Rules: connectionRules(),
				When: named("networkconnectip4", "networkconnectip6",
					"networkreceiveacceptip4", "networkreceiveacceptip6", "networklistenip4", "networklistenip6")},
			{Name: "name lookup", Kind: plugin.NameLookup, Rules: lookupRules(),
				When: named("dnsrequest")},
		},
	}, nil
}

// eventName is where the kind of an event stands. Falcon's own search makes a tag of
// it, which an export spells with a number sign.
func eventName() []string { return []string{"event_simpleName", "#event_simpleName"} }

func named(values ...string) []plugin.Condition {
	return []plugin.Condition{{Fields: eventName(), Test: plugin.TestIs, Values: values}}
}

// spelled returns the names of a numeric field: FDR's own, and the one that exports
// of the older Falcon Event Search have.
func spelled(name string) []string { return []string{name, name + "_decimal"} }

func field(to string, from ...string) plugin.Rule { return plugin.Rule{To: to, From: from} }

// optional is a field that many events do not have, or older sensors not yet.
func optional(to string, from ...string) plugin.Rule {
	return plugin.Rule{To: to, From: from, Optional: true}
}

// header are the rules that all events have in common.
//
// The device is the sensor's id (aid) and never the host's name: only some events
// carry that, and a device that goes by its name here and by its id there would be
// two. The name is shown wherever any event of the device has it.
//
// The time is the sensor's own, from the first of clock that is there. timestamp is
// when the cloud received the event, days later for a host that was offline, so it
// stands in only; Splunk's _time, made from either, comes last. A later rule of the
// same field takes the place of an earlier one.
func header(clock ...string) []plugin.Rule {
	sensor := make([]string, 0, 2*len(clock))
	for _, name := range clock {
		sensor = append(sensor, spelled(name)...)
	}
	return []plugin.Rule{
		field("device", "aid"),
		optional("device_name", "ComputerName", "aid_computer_name"),
		{To: "time", Else: []string{"_time"}, Optional: true},
		{To: "time", From: []string{"timestamp"}, Via: "epoch_ms", Optional: true},
		optional("time", sensor...),
		optional("record", "id"),
	}
}

// startRules read ProcessRollup2, which is written when a process starts, and
// SyntheticProcessRollup2, which a sensor writes when it begins to watch a process
// that runs already.
//
// The parent's own command line is in newer or enriched events only. Its name alone
// says nothing about the Task Scheduler, so that the event of the service host itself
// has to be there. GrandParentBaseFileName is left aside: a name without an id
// ties nothing.
func startRules() []plugin.Rule {
	return slices.Concat(header("ContextTimeStamp", "ProcessStartTime"), []plugin.Rule{
		field("process_uid", spelled("TargetProcessId")...),
		field("process_id", spelled("RawProcessId")...),
		optional("process_created", spelled("ProcessStartTime")...),
		field("process_path", "ImageFileName"),
		field("process_command", "CommandLine"),
		optional("hash", "SHA256HashData", "MD5HashData"), // SHA1HashData is all zeros
		optional("user", "UserName", "UserSid"),
		field("parent_uid", spelled("ParentProcessId")...),
		optional("parent_name", "ParentBaseFileName"),
		optional("parent_command", "ParentCommandLine"),
	})
}

func endRules() []plugin.Rule {
	return slices.Concat(header("ContextTimeStamp"), []plugin.Rule{
		field("process_uid", spelled("TargetProcessId")...),
		optional("process_id", spelled("RawProcessId")...),
		optional("process_created", spelled("ProcessStartTime")...),
		optional("process_path", "ImageFileName"),
	})
}

// actor are the rules for the process that did what an event tells of.
func actor() []plugin.Rule {
	return []plugin.Rule{
		field("process_uid", spelled("ContextProcessId")...),
		optional("process_name", "ContextBaseFileName"),
		optional("process_path", "ContextImageFileName"),
		optional("user", "UserName", "UserSid"),
	}
}

// connectionRules read the network events. What the event's name says of the
// direction holds unless ConnectionDirection is 0 (outbound) or 1 (inbound); 2 is
// neither, as of a listening socket, and 3 both.
//
// An IPv6 event of a dual-stack socket may hold an IPv4 address.
func connectionRules() []plugin.Rule {
	return slices.Concat(header("ContextTimeStamp"), actor(), []plugin.Rule{
		field("action", eventName()...),
		{To: "direction", From: eventName(), Via: "event_direction"},
		{To: "direction", From: spelled("ConnectionDirection"), Via: "direction_number", Optional: true},
		{To: "transport", From: spelled("Protocol"), Via: "protocol_number"},
		field("remote_ip", "RemoteAddressIP4", "RemoteAddressIP6", "RemoteIP"),
		field("remote_port", append(spelled("RemotePort"), "RPort")...),
		optional("local_ip", "LocalAddressIP4", "LocalAddressIP6", "LocalIP"),
		optional("local_port", append(spelled("LocalPort"), "LPort")...),
	})
}

// lookupRules read DnsRequest. A dual request (A and AAAA at once) has its answers in
// two fields, each a list with a semicolon after every address.
func lookupRules() []plugin.Rule {
	return slices.Concat(header("ContextTimeStamp"), actor(), []plugin.Rule{
		field("query", "DomainName"),
		optional("answers", "IP4Records", "FirstIP4Record"),
		{To: "answers", From: []string{"IP6Records", "FirstIP6Record"}, Via: "more_answers", Optional: true},
	})
}
