package schema

import "github.com/schtaskhunt/schtaskhunt/app/event"

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

// schema follows the advanced hunting schema of DeviceProcessEvents,
// DeviceNetworkEvents and, for DNS answers, DeviceEvents.
//
// Only process creations count: the table also holds events such as OpenProcess. A
// row without an ActionType (lean fields) is told by its columns.
func (d defender) schema() Schema {
	action := d.columns("ActionType")
	return Schema{
		Name: "defender " + string(d),
		Gate: [][]Condition{{
			{Fields: d.columns("DeviceId", "DeviceName"), Test: "present"},
			{Fields: d.columns("InitiatingProcessId", "InitiatingProcessFileName", "ActionType"), Test: "present"},
		}},
		Tables: []Table{
			{Kind: event.ProcessStart, Rules: d.processRules(),
				When: []Condition{{Fields: action, Test: "is", Values: []string{"processcreated"}}}},
			{Kind: event.ProcessStart, Rules: d.processRules(),
				When: []Condition{{Fields: action, Test: "has", Values: []string{"processcreated"}},
					{Fields: action, Test: "has", Values: []string{"aggregatedreport"}}}},
			{Kind: event.NetworkConnection, Rules: d.connectionRules(),
				When: []Condition{{Fields: action, Test: "is", Values: defenderConnections}}},
			{Kind: event.NetworkConnection, Rules: d.connectionRules(),
				When: []Condition{{Fields: action, Test: "has", Values: []string{"connection"}},
					{Fields: action, Test: "has", Values: []string{"aggregatedreport"}}}},
			{Kind: event.NameLookup, Rules: d.lookupRules(),
				When: []Condition{{Fields: action, Test: "is", Values: []string{"dnsqueryresponse"}}}},
			{Kind: event.ProcessStart, Rules: d.processRules(),
				When: []Condition{{Fields: action, Test: "absent"}, {Fields: d.columns("ProcessId"), Test: "present"},
					{Fields: d.columns("ProcessCommandLine", "ProcessCreationTime"), Test: "present"}}},
			{Kind: event.NetworkConnection, Rules: d.connectionRules(),
				When: []Condition{{Fields: action, Test: "absent"},
					{Fields: d.columns("RemoteIP", "RemoteUrl", "RemotePort"), Test: "present"}}},
		},
	}
}

// optional is a column that many rows do not have, or tenants not yet.
func (d defender) optional(to string, names ...string) Rule {
	return Rule{To: to, From: d.columns(names...), Optional: true}
}

func (d defender) headerRules() []Rule {
	return []Rule{
		d.column("device", "DeviceId", "DeviceName"),
		d.column("device_name", "DeviceName"),
		{To: "time", From: d.columns("Timestamp", "TimeGenerated"), Else: []string{"_time", "time"}},
		d.column("record", "ReportId", "ReportId_long"),
	}
}

func (d defender) processRules() []Rule {
	return append(d.headerRules(),
		d.optional("process_uid", "ProcessUniqueId"),
		d.column("process_id", "ProcessId"),
		d.column("process_created", "ProcessCreationTime"),
		d.column("process_name", "FileName"),
		d.column("process_path", "FolderPath"),
		d.column("process_command", "ProcessCommandLine"),
		d.optional("user_domain", "AccountDomain"),
		d.column("user", "AccountName"),
		d.optional("hash", "SHA256", "SHA1", "MD5"),
		d.optional("parent_uid", "InitiatingProcessUniqueId"),
		d.column("parent_id", "InitiatingProcessId"),
		d.column("parent_created", "InitiatingProcessCreationTime"),
		d.column("parent_name", "InitiatingProcessFileName"),
		d.column("parent_path", "InitiatingProcessFolderPath"),
		d.column("parent_command", "InitiatingProcessCommandLine"),
		d.optional("grandparent_id", "InitiatingProcessParentId"),
		d.optional("grandparent_created", "InitiatingProcessParentCreationTime"),
		d.optional("grandparent_name", "InitiatingProcessParentFileName"),
	)
}

// connectionRules: the initiating process owns the connection, and its parent
// columns tell where it came from when its own event is missing.
func (d defender) connectionRules() []Rule {
	return append(d.headerRules(),
		d.optional("process_uid", "InitiatingProcessUniqueId"),
		d.column("process_id", "InitiatingProcessId"),
		d.column("process_created", "InitiatingProcessCreationTime"),
		d.column("process_name", "InitiatingProcessFileName"),
		d.column("process_path", "InitiatingProcessFolderPath"),
		d.column("process_command", "InitiatingProcessCommandLine"),
		d.optional("user_domain", "InitiatingProcessAccountDomain"),
		d.column("user", "InitiatingProcessAccountName"),
		d.optional("hash", "InitiatingProcessSHA256", "InitiatingProcessSHA1", "InitiatingProcessMD5"),
		d.optional("parent_id", "InitiatingProcessParentId"),
		d.optional("parent_created", "InitiatingProcessParentCreationTime"),
		d.optional("parent_name", "InitiatingProcessParentFileName"),
		d.column("action", "ActionType"),
		Rule{To: "direction", From: d.columns("ActionType"), Via: "action_direction"},
		d.optional("transport", "Protocol"),
		d.column("remote_ip", "RemoteIP"),
		d.column("remote_port", "RemotePort"),
		Rule{To: "url", From: d.columns("RemoteUrl"), Via: "remote_url", Optional: true},
		d.optional("local_ip", "LocalIP"),
		d.optional("local_port", "LocalPort"),
		d.optional("weight", "AdditionalFields.uniqueEventsAggregated"),
		Rule{To: "weight", From: d.columns("AdditionalFields"), Via: "defender_aggregate", Optional: true},
	)
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
