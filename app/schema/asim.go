package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// asimSchemas read Microsoft's Advanced Security Information Model: what Sentinel's
// parsers (_Im_ProcessEvent, _Im_Dns, _Im_NetworkSession) and their tables return. The
// parent of a new process is the Acting process; Parent* is that one's own parent. The
// table of network sessions has no process columns, so that its rows can be tied to
// nothing; parsers over a sensor may add them. Sources: the ASIM schema reference and the
// column lists of the ASim tables.
func asimSchemas() []Schema {
	has := func(fields ...string) Condition { return Condition{Fields: fields, Test: "present"} }
	isType := func(values ...string) Condition {
		return Condition{Fields: []string{"EventType"}, Test: "is", Values: values}
	}
	schema := has("EventSchema", "EventSchemaVersion", "EventProduct", "EventVendor", "Dvc", "DvcHostname", "DvcId")
	return []Schema{
		{
			Name: "ASIM processes", Gate: [][]Condition{{schema, has("TargetProcessId", "TargetProcessGuid")}},
			Tables: []Table{
				{Kind: event.ProcessStart, When: []Condition{isType("processcreated")}, Rules: asimProcessRules()},
				{Kind: event.ProcessEnd, When: []Condition{isType("processterminated")}, Rules: asimEndRules()},
			},
		}, {
			Name: "ASIM DNS", Gate: [][]Condition{{schema, has("DnsQuery"), has("SrcProcessId", "SrcProcessGuid")}},
			Tables: []Table{{Kind: event.NameLookup, Rules: slices.Concat(asimHeaderRules(), asimSourceRules(), []Rule{
				{To: "query", From: []string{"DnsQuery"}}, {To: "answers", From: []string{"DnsResponseName"}, Optional: true},
				{To: "weight", From: []string{"EventCount"}, Optional: true},
			})}},
		}, {
			Name: "ASIM network sessions", Gate: [][]Condition{{schema, has("DstIpAddr", "DstPortNumber"), has("SrcProcessId", "SrcProcessGuid")}},
			Tables: []Table{{Kind: event.NetworkConnection, Rules: slices.Concat(asimHeaderRules(), asimSourceRules(), asimSessionRules())}},
		},
	}
}

func asimHeaderRules() []Rule {
	return []Rule{
		{To: "device", From: []string{"DvcFQDN", "Dvc", "DvcHostname", "DvcId"}},
		{To: "device_name", From: []string{"DvcFQDN", "DvcHostname", "Dvc"}, Optional: true},
		{To: "time", From: []string{"EventStartTime", "TimeGenerated"}, Else: []string{"_time"}},
		{To: "record", From: []string{"EventOriginalUid"}, Optional: true},
	}
}

// asimProcess names one of the processes of an event.
func asimProcess(to, of string) []Rule {
	column := func(field, column string) Rule {
		return Rule{To: to + "_" + field, From: []string{of + "Process" + column}, Optional: true}
	}
	return []Rule{
		column("guid", "Guid"), column("id", "Id"), column("created", "CreationTime"), column("path", "Name"), column("command", "CommandLine"),
	}
}

func asimProcessRules() []Rule {
	return slices.Concat(asimHeaderRules(), asimProcess("process", "Target"), asimProcess("parent", "Acting"), []Rule{
		{To: "grandparent_id", From: []string{"ParentProcessId"}, Optional: true},
		{To: "grandparent_created", From: []string{"ParentProcessCreationTime"}, Optional: true},
		{To: "grandparent_name", From: []string{"ParentProcessName"}, Optional: true},
		{To: "user", From: []string{"TargetUsername", "ActorUsername", "User"}, Optional: true},
		{To: "hash", From: []string{"TargetProcessSHA256", "TargetProcessSHA1", "TargetProcessMD5", "Hash"}, Optional: true},
	})
}

func asimEndRules() []Rule { return append(asimHeaderRules(), asimProcess("process", "Target")[:4]...) }

// asimSourceRules: the process that opened a connection or asked for a name.
func asimSourceRules() []Rule {
	return []Rule{
		{To: "process_guid", From: []string{"SrcProcessGuid"}, Optional: true},
		{To: "process_id", From: []string{"SrcProcessId"}, Optional: true},
		{To: "process_path", From: []string{"SrcProcessName"}, Optional: true},
		{To: "user", From: []string{"SrcUsername", "User"}, Optional: true},
	}
}

func asimSessionRules() []Rule {
	return []Rule{
		{To: "transport", From: []string{"NetworkProtocol"}, Optional: true},
		{To: "direction", From: []string{"NetworkDirection"}, Optional: true},
		{To: "action", From: []string{"DvcAction"}, Optional: true},
		{To: "source_ip", From: []string{"SrcIpAddr"}, Optional: true},
		{To: "source_port", From: []string{"SrcPortNumber"}, Optional: true},
		{To: "source_host", From: []string{"SrcFQDN", "SrcHostname"}, Optional: true},
		{To: "destination_ip", From: []string{"DstIpAddr"}},
		{To: "destination_port", From: []string{"DstPortNumber"}},
		{To: "destination_host", From: []string{"DstFQDN", "DstHostname", "DstDomainHostname"}, Optional: true},
		{To: "weight", From: []string{"EventCount"}, Optional: true},
	}
}
