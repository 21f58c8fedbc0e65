package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// defenderPrefixes are what the transports put before the columns: the Event Hub
// envelope, the same through older versions of the Splunk add-on for Microsoft
// Cloud Services, and nothing in the portal's exports.
var defenderPrefixes = []string{"properties.", "body.properties.", "", timeline}

// timeline stands for the export of a device's timeline, which has words with blanks
// between them for the same columns.
const timeline = "timeline "

// timelineNames are the columns of which more than the blanks differ there.
var timelineNames = map[string]string{
	"Timestamp": "Event Time", "DeviceId": "Machine Id", "DeviceName": "Computer Name", "RemoteIP": "Remote IP", "LocalIP": "Local IP",
	"RemoteUrl": "Remote Url", "SHA1": "Sha1", "SHA256": "Sha256", "InitiatingProcessSHA1": "Initiating Process SHA1",
	"InitiatingProcessSHA256": "Initiating Process SHA256", "InitiatingProcessMD5": "Initiating Process MD5", "MD5": "MD5",
}

// timelineName puts a blank before every word of a column's name.
func timelineName(column string) string {
	if name, differs := timelineNames[column]; differs {
		return name
	}
	var out []byte
	for i := range len(column) {
		c := column[i]
		if i > 0 && c >= 'A' && c <= 'Z' {
			out = append(out, ' ')
		}
		out = append(out, c)
	}
	return string(out)
}

// defenderConnections are the ActionTypes of DeviceNetworkEvents. Newer tenants add
// rows whose ActionType ends in AggregatedReport and that stand for many.
var defenderConnections = []string{
	"connectionsuccess", "connectionfailed", "connectionrequest", "connectionattempt", "connectionfound",
	"connectionacknowledged", "inboundconnectionacknowledged", "inboundconnectionaccepted",
	"inboundconnectionattempt", "inboundinternetscaninspected", "listeningconnectioncreated",
	"dnsconnectioninspected", "httpconnectioninspected", "icmpconnectioninspected", "ftpconnectioninspected",
	"sshconnectioninspected", "sslconnectioninspected", "smtpconnectioninspected",
	"ntlmauthenticationinspected", "networksignatureinspected",
}

// defender names the columns of one transport.
type defender string

func defenderSchemas() (schemas []Schema) {
	for _, prefix := range defenderPrefixes {
		schemas = append(schemas, defender(prefix).schema())
	}
	return schemas
}

func (d defender) columns(names ...string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = string(d) + name; d == timeline {
			out[i] = timelineName(name)
		}
	}
	return out
}

func (d defender) column(to string, names ...string) Rule {
	return Rule{To: to, From: d.columns(names...)}
}

// optional is a column that many rows do not have, or tenants not yet.
func (d defender) optional(to string, names ...string) Rule {
	return Rule{To: to, From: d.columns(names...), Optional: true}
}

// schema follows the advanced hunting schema of DeviceProcessEvents,
// DeviceNetworkEvents and, for DNS answers, DeviceEvents.
//
// Only process creations count: the table also holds events such as OpenProcess. A
// row without an ActionType (lean fields) is told by its columns.
func (d defender) schema() Schema {
	processes, connections, lookups := d.processRules(), d.connectionRules(), d.lookupRules()
	return Schema{
		Name: "defender " + string(d),
		Gate: [][]Condition{{
			d.present("DeviceId", "DeviceName"),
			d.present("InitiatingProcessId", "InitiatingProcessFileName", "ActionType"),
		}},
		Tables: []Table{
			{Kind: event.ProcessStart, Rules: processes, When: []Condition{d.action("is", "processcreated")}},
			{Kind: event.ProcessStart, Rules: processes,
				When: []Condition{d.action("has", "processcreated"), d.action("has", "aggregatedreport")}},
			{Kind: event.NetworkConnection, Rules: connections, When: []Condition{d.action("is", defenderConnections...)}},
			{Kind: event.NetworkConnection, Rules: connections,
				When: []Condition{d.action("has", "connection"), d.action("has", "aggregatedreport")}},
			{Kind: event.NameLookup, Rules: lookups, When: []Condition{d.action("is", "dnsqueryresponse")}},
			d.taskTable(),
			{Kind: event.ProcessStart, Rules: processes,
				When: []Condition{d.action("absent"), d.present("ProcessId"), d.present("ProcessCommandLine", "ProcessCreationTime")}},
			{Kind: event.NetworkConnection, Rules: connections,
				When: []Condition{d.action("absent"), d.present("RemoteIP", "RemoteUrl", "RemotePort")}},
		},
	}
}

// action is a condition of the ActionType.
func (d defender) action(test string, values ...string) Condition {
	return Condition{Fields: d.columns("ActionType"), Test: test, Values: values}
}

// present is the condition that one of the columns has a value.
func (d defender) present(names ...string) Condition {
	return Condition{Fields: d.columns(names...), Test: "present"}
}

// actor is what the columns of a process begin with. Defender repeats the same columns
// for the process that a row is of and for the one that did it.
type actor struct {
	process string // ids, times and command lines
	file    string // of its file and its account
}

var (
	itself     = actor{process: "Process"}
	initiating = actor{process: "InitiatingProcess", file: "InitiatingProcess"}
)

// processRules: the initiating process is the parent.
func (d defender) processRules() []Rule {
	return slices.Concat(d.headerRules(),
		d.actorRules("process", itself), d.accountRules(itself), []Rule{d.optional("process_session", "LogonId").unless(sessionless)},
		d.actorRules("parent", initiating), d.starterRules("grandparent"))
}

// connectionRules: the initiating process owns the connection, and its parent
// columns tell where it came from when its own event is missing.
func (d defender) connectionRules() []Rule {
	return slices.Concat(d.headerRules(),
		d.actorRules("process", initiating), d.accountRules(initiating), d.starterRules("parent"), d.remoteRules())
}

func (d defender) headerRules() []Rule {
	return []Rule{
		d.column("device", "DeviceId", "DeviceName"),
		d.column("device_name", "DeviceName"),
		{To: "time", From: d.columns("Timestamp", "TimeGenerated"), Else: []string{"_time", "time"}},
		d.column("record", "ReportId", "ReportId_long"),
	}
}

// actorRules tell of a process in one of the roles process and parent.
func (d defender) actorRules(role string, a actor) []Rule {
	return []Rule{
		d.optional(role+"_uid", a.process+"UniqueId"),
		d.column(role+"_id", a.process+"Id"),
		d.column(role+"_created", a.process+"CreationTime"),
		d.column(role+"_name", a.file+"FileName"),
		d.column(role+"_path", a.file+"FolderPath"),
		d.column(role+"_command", a.process+"CommandLine"),
	}
}

// accountRules tell whose process it is, and what file it runs.
func (d defender) accountRules(a actor) []Rule {
	return []Rule{
		d.optional("user_domain", a.file+"AccountDomain"),
		d.column("user", a.file+"AccountName"),
		d.optional("hash", a.file+"SHA256", a.file+"SHA1", a.file+"MD5"),
	}
}

// starterRules tell of the process that started the initiating one.
func (d defender) starterRules(role string) []Rule {
	return []Rule{
		d.optional(role+"_id", "InitiatingProcessParentId"),
		d.optional(role+"_created", "InitiatingProcessParentCreationTime"),
		d.optional(role+"_name", "InitiatingProcessParentFileName"),
	}
}

func (d defender) remoteRules() []Rule {
	return []Rule{
		d.column("action", "ActionType"),
		{To: "direction", From: d.columns("ActionType"), Via: "action_direction"},
		d.optional("transport", "Protocol"),
		d.column("remote_ip", "RemoteIP"),
		d.column("remote_port", "RemotePort"),
		{To: "url", From: d.columns("RemoteUrl"), Via: "remote_url", Optional: true},
		d.optional("local_ip", "LocalIP"),
		d.optional("local_port", "LocalPort"),
		d.optional("weight", "AdditionalFields.uniqueEventsAggregated"),
		{To: "weight", From: d.columns("AdditionalFields"), Via: "defender_aggregate", Optional: true},
	}
}

// lookupRules: the initiating process is the DNS client service; who asked stands in
// AdditionalFields, by process id only. The column is JSON in a text, or an object of
// which Splunk makes columns of their own.
func (d defender) lookupRules() []Rule {
	return append(d.headerRules(),
		d.optional("query", "AdditionalFields.DnsQueryString"),
		d.optional("process_id", "AdditionalFields.ClientProcessId"),
		d.optional("process_name", "AdditionalFields.ClientProcessName"),
		Rule{To: "query", From: d.columns("AdditionalFields"), Via: "defender_lookup", Optional: true},
	)
}
