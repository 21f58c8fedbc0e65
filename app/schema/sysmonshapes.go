package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// sysmonShapes lists the shapes with the most telling first.
var sysmonShapes = slices.Concat([]sysmonShape{
	{
		name: "winlogbeat 7", prefix: "winlog.event_data.",
		id: []string{"winlog.event_id"}, channel: []string{"winlog.channel"},
		device: []string{"winlog.computer_name"}, time: []string{"@timestamp"}, clock: []string{"_time"},
		record: []string{"winlog.record_id"},
	}, {
		name: "winlogbeat 6", prefix: "event_data.",
		id: []string{"event_id"}, channel: []string{"log_name"},
		device: []string{"computer_name"}, time: []string{"@timestamp"}, clock: []string{"_time"},
		record: []string{"record_number"},
	}, {
		// An EventID with attributes is an object, whose own text is no number.
		name: "evtx converter", prefix: "Event.EventData.",
		id:      []string{"Event.System.EventID.#text", "Event.System.EventID._value", "Event.System.EventID.Value", "Event.System.EventID.value", "Event.System.EventID"},
		channel: []string{"Event.System.Channel"}, device: []string{"Event.System.Computer"},
		time: []string{
			"Event.System.TimeCreated.#attributes.SystemTime", "Event.System.TimeCreated.@SystemTime",
			"Event.System.TimeCreated.SystemTime", "Event.System.TimeCreated_attributes.SystemTime", "Event.System.TimeCreated.-SystemTime",
		},
		clock:  []string{"_time"},
		record: []string{"Event.System.EventRecordID"},
	}, {
		// Velociraptor's parse_evtx(): the converters' shape without the Event around it.
		name: "Velociraptor", prefix: "EventData.",
		id: []string{"System.EventID.Value", "System.EventID.#text", "System.EventID"}, channel: []string{"System.Channel"},
		device: []string{"System.Computer"}, record: []string{"System.EventRecordID"}, clock: []string{"_time"},
		time: []string{"System.TimeCreated.SystemTime", "System.TimeCreated.#attributes.SystemTime", "System.TimeCreated.@SystemTime"},
	}, {
		// WindowsEvent has the log in Channel, the older table Event in EventLog.
		name: "Sentinel", prefix: "EventData.",
		id: []string{"EventID.Value", "EventID", "EventId"}, channel: []string{"Channel", "EventLog"},
		device: []string{"Computer"}, time: []string{"TimeGenerated", "TimeCreated", "EventTime"}, clock: []string{"_time"},
		record: []string{"EventRecordId", "EventRecordID"},
	}, {
		// The archives and alerts of a Wazuh manager. It writes backslashes twice.
		name: "Wazuh", prefix: "data.win.eventdata.", camel: true, doubled: true,
		id: []string{"data.win.system.eventID"}, channel: []string{"data.win.system.channel"},
		device: []string{"data.win.system.computer"}, time: []string{"data.win.system.systemTime"},
		clock: []string{"timestamp", "@timestamp", "_time"}, record: []string{"data.win.system.eventRecordID"},
	}, {
		// What its agent sends, as archives.log and full_log have it.
		name: "Wazuh's agent", prefix: "win.eventdata.", camel: true, doubled: true,
		id: []string{"win.system.eventID"}, channel: []string{"win.system.channel"},
		device: []string{"win.system.computer"}, time: []string{"win.system.systemTime"},
		clock: []string{"timestamp", "_time"}, record: []string{"win.system.eventRecordID"},
	}, {
		// EvtxECmd's table. Its ProcessId is the process that wrote the event.
		name: "EvtxECmd", prefix: "Payload.EventData.",
		id: []string{"EventId"}, channel: []string{"Channel"}, device: []string{"Computer"},
		time: []string{"TimeCreated"}, clock: []string{"_time"}, record: []string{"EventRecordId", "RecordNumber"},
	}, {
		// osquery's windows_events and windows_eventlog. Its pid is the writer's.
		name: "osquery", prefix: "data.EventData.",
		id: []string{"eventid"}, channel: []string{"channel", "source"}, device: []string{"computer_name"}, host: []string{"hostIdentifier"},
		time: []string{"datetime", "time"}, clock: []string{"_time"},
	}, {
		name: "OpenTelemetry", prefix: "body.event_data.",
		id: []string{"body.event_id.id", "body.event_id"}, channel: []string{"body.channel"},
		device: []string{"body.computer"}, time: []string{"body.system_time"}, clock: []string{"_time"},
		record: []string{"body.record_id"},
	}, {
		// The same without the record around it, and Grafana's agents.
		name: "OpenTelemetry body", prefix: "event_data.",
		id: []string{"event_id.id", "event_id"}, channel: []string{"channel"},
		device: []string{"computer"}, time: []string{"system_time", "timeCreated"}, clock: []string{"_time"}, late: []string{"timestamp"},
		record: []string{"record_id", "eventRecordID", "event_record_id"},
	}, {
		// Fluentd, and Amazon's agent for Kinesis, whose objects have a MachineName as PowerShell's.
		name: "Fluentd", prefix: "", list: "EventData", marks: (&sysmonShape{list: "EventData"}).places("UtcTime"),
		id: []string{"EventID", "EventId"}, channel: []string{"Channel", "LogName"}, device: []string{"Computer", "MachineName"},
		time: []string{"TimeCreated"}, clock: []string{"_time"}, record: []string{"EventRecordID", "Index"},
	}, {
		// Objects of Get-WinEvent. ProcessId is the process that wrote the event; that of the
		// event is in the list of values, or in the Message.
		// Beside an event's own XML these are what stands around it.
		name: "Get-WinEvent", prefix: messageUnder, marks: []string{"MachineName"}, list: "Properties", never: []string{"Channel"},
		id: []string{"Id", "EventID", "EventId"}, channel: []string{"LogName", "ContainerLog", "ProviderName"},
		device: []string{"MachineName"}, time: []string{"TimeCreated"}, clock: []string{"_time"}, record: []string{"RecordId"},
		late: []string{"TimeGenerated", "TimeWritten"}, // Get-EventLog's
	}, {
		// Where Fluent Bit has a Message too, its lines stand in for what the list lacks.
		name: "Fluent Bit", prefix: "", list: "StringInserts", marks: (&sysmonShape{list: "StringInserts"}).places("UtcTime"),
		id: []string{"EventID"}, channel: []string{"Channel"}, device: []string{"Computer", "ComputerName"},
		time: []string{"TimeCreated", "TimeGenerated"}, clock: []string{"_time"}, record: []string{"EventRecordID", "RecordNumber"},
	},
}, graylogShapes(), []sysmonShape{
	{
		// NXLog's fields as GELF has them. host is the device, as its sender knows it.
		name: "GELF", prefix: "_",
		id: []string{"_EventID"}, channel: []string{"_Channel"}, device: []string{"_Hostname", "_Computer", "host"},
		time: []string{"_SystemTime", "_TimeCreated", "timestamp"}, clock: []string{"_EventTime"}, record: []string{"_RecordNumber", "_EventRecordID"},
	}, {
		// Raw XML, NXLog, flat JSON, Windows' classic text, the Splunk add-on. NXLog's
		// EventTime and the classic text's first line are local times without a zone, so
		// whatever carries a zone goes before them. `host` is the collector when anything
		// else names the device.
		name: "flat", prefix: "",
		id:      []string{"EventID", "EventCode", "signature_id", "EventId"},
		channel: []string{"Channel", "LogName", "EventLog"},
		device:  []string{"Computer", "Hostname", "ComputerName"}, host: []string{"dvc", "host"},
		time: []string{"SystemTime", "TimeCreated", "@timestamp"}, clock: []string{"_time", "EventTime", "ClassicTime", "TimeGenerated"}, late: []string{"timestamp", "Timestamp"},
		record: []string{"EventRecordID", "RecordNumber", "RecordID", "EventRecordId", "RecordId"},
		flat:   true,
	},
})

// graylogPrefixes are what Graylog puts before the names of a Beat, whose dots it turns
// into underscores.
var graylogPrefixes = []string{"winlogbeat_winlog_", "winlogbeat_", "winlog_"}

func graylogShapes() (shapes []sysmonShape) {
	for _, p := range graylogPrefixes {
		shapes = append(shapes, sysmonShape{
			name: "Graylog " + p, prefix: p + "event_data_",
			id: []string{p + "event_id"}, channel: []string{p + "channel", p + "log_name"},
			device: []string{p + "computer_name"}, time: []string{"winlogbeat_@timestamp", "timestamp", "@timestamp"}, clock: []string{"_time"},
			record: []string{p + "record_id", p + "record_number"},
		})
	}
	return shapes
}

// messageUnder is before the names of a Message's lines where the event's own names mean
// something else.
const messageUnder = messageField + "."

// sysmonValues are the values of Sysmon's events in the order of its manifest, the newest
// version first: how many there are tells which it is. Sources: the manifests of Sysmon 8
// to 15 as `sysmon -s` prints them.
var sysmonValues = map[string][][]string{
	"1": processValues(),
	"3": connectionValues(),
	"5": cutValues([]string{"RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User"}, []string{"User"}, []string{"RuleName"}),
	"8": cutValues([]string{"RuleName", "UtcTime", "SourceProcessGuid", "SourceProcessId", "SourceImage", "TargetProcessGuid", "TargetProcessId", "TargetImage",
		"NewThreadId", "StartAddress", "StartModule", "StartFunction", "SourceUser", "TargetUser"}, []string{"SourceUser", "TargetUser"}, []string{"RuleName"}),
	"10": cutValues([]string{"RuleName", "UtcTime", "SourceProcessGUID", "SourceProcessId", "SourceThreadId", "SourceImage", "TargetProcessGUID", "TargetProcessId",
		"TargetImage", "GrantedAccess", "CallTrace", "SourceUser", "TargetUser"}, []string{"SourceUser", "TargetUser"}, []string{"RuleName"}),
	"19": cutValues(subscriptionValues("EventNamespace", "Name", "Query"), []string{"RuleName"}),
	"20": cutValues(subscriptionValues("Name", "Type", "Destination"), []string{"RuleName"}),
	"21": cutValues(subscriptionValues("Consumer", "Filter"), []string{"RuleName"}),
	"22": cutValues([]string{"RuleName", "UtcTime", "ProcessGuid", "ProcessId", "QueryName", "QueryStatus", "QueryResults", "Image", "User"}, []string{"User"}),
}

// sysmonIDs are their ids, in order.
var sysmonIDs = sortedKeys(sysmonValues)

// subscriptionValues are those of an event about a part of a WMI subscription: which part tells
// it by more values.
func subscriptionValues(more ...string) []string {
	return append([]string{"RuleName", "EventType", "UtcTime", "Operation", "User"}, more...)
}

func processValues() [][]string {
	return cutValues([]string{
		"RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "FileVersion", "Description", "Product", "Company", "OriginalFileName",
		"CommandLine", "CurrentDirectory", "User", "LogonGuid", "LogonId", "TerminalSessionId", "IntegrityLevel", "Hashes",
		"ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "ParentUser",
	}, []string{"ParentUser"}, []string{"OriginalFileName"}, []string{"RuleName"}, []string{"FileVersion", "Description", "Product", "Company"})
}

func connectionValues() [][]string {
	return cutValues([]string{
		"RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User", "Protocol", "Initiated", "SourceIsIpv6", "SourceIp",
		"SourceHostname", "SourcePort", "SourcePortName", "DestinationIsIpv6", "DestinationIp", "DestinationHostname", "DestinationPort", "DestinationPortName",
	}, []string{"RuleName"})
}

// cutValues returns the newest list and the older ones, each of which lacks what came
// with the one before it.
func cutValues(newest []string, later ...[]string) [][]string {
	lists := make([][]string, 1, 1+len(later))
	lists[0] = newest
	for _, added := range later {
		older := slices.DeleteFunc(slices.Clone(newest), func(v string) bool { return slices.Contains(added, v) })
		lists, newest = append(lists, older), older
	}
	return lists
}

// places returns the names of a value in the lists of the event, or of all events where
// none is chosen; none when the shape has no list.
func (s *sysmonShape) places(name string) (names []string) {
	if s.list == "" {
		return nil
	}
	for _, id := range sysmonIDs {
		if s.event != "" && s.event != id {
			continue
		}
		for _, values := range sysmonValues[id] {
			if at := slices.Index(values, name); at >= 0 {
				names = append(names, record.Positional(s.list, len(values), at))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
