package schema

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Sight is what an event that is of no use looks like, for people: equal events have
// equal sights.
type Sight struct {
	What   string // "Elastic ECS events of windows.powershell"
	Export string // what to export instead, "" where only the general answer helps
	Lost   string // the event id, where it is one of Sysmon's that has lost what a hunt needs of it
}

// IsLoss reports whether somebody gave such events to be hunted in: beside events that are of
// use, these are told, while a log's other kinds of events are not.
func (s Sight) IsLoss() bool {
	return s.Lost != "" || slices.ContainsFunc(products, func(p product) bool { return p.name == s.What && p.isSure() })
}

// isSure reports whether no value of an event can be taken for the product's marks: a command
// line may have "cef:" in it, and no name of a field.
func (p product) isSure() bool {
	return len(p.marks) > 1 || strings.HasPrefix(p.marks[0], "event_") || strings.HasPrefix(p.marks[0], "asim")
}

// sysmonLost begins the sights of events of Sysmon that a hunt would use, if it could.
const sysmonLost = "events of Sysmon "

// Wanted says what a hunt looks for, for the end of a message.
const Wanted = "looked for are starts of processes with their parents (Sysmon 1, Defender's DeviceProcessEvents, Endpoint.Processes) " +
	"and their connections (Sysmon 3 and 22, DeviceNetworkEvents)"

// product is a kind of file that people mistake for event logs, or events that lack what
// a hunt needs.
type product struct {
	name   string
	marks  []string // all of which its text or its columns have, in any letter case
	export string
}

// products are asked in order. Sources: the tools' own output, and the formats'
// specifications (ArcSight CEF, IBM LEEF, Snare, OCSF).
var products = []product{
	{"detections of Hayabusa, not events", []string{"ruletitle", "eventid", "channel", "level"}, "give the .evtx files that it was run on"},
	{"detections of Hayabusa, not events", []string{"rule title", "event id"}, "give the .evtx files that it was run on"},
	{"detections of Chainsaw, not events", []string{`"kind"`, `"group"`, `"document"`, `"authors"`}, "give the .evtx files that it was run on, or what `chainsaw dump --json` makes of them"},
	{"detections of Chainsaw, not events", []string{"timestamp", "detections", "path", "event id"}, "give the .evtx files that it was run on"},
	{"detections of Zircolite, not events", []string{`"rule_level"`, `"matches"`}, "give the .evtx files that it was run on"},
	{"events of Sysmon for Linux", []string{"linux-sysmon"}, "the Task Scheduler is Windows': export Microsoft-Windows-Sysmon/Operational of Windows devices"},
	{"events in OCSF", []string{"class_uid", "category_uid"}, "export the events as the sensor wrote them: Sysmon's as XML or JSON, Defender's from its streaming API"},
	{"events in CEF", []string{"cef:"}, "CEF has no field for a parent's command line: export the events as XML or JSON from before they became CEF"},
	{"events in LEEF", []string{"leef:"}, "LEEF has no field for a parent's command line: export the events as XML or JSON from before they became LEEF"},
	{"events in Snare's format", []string{"mswineventlog"}, "Snare's lines have no names of fields: export the events as XML, e.g. wevtutil qe Microsoft-Windows-Sysmon/Operational /f:RenderedXml"},
	{"Plaso's timeline without the events' XML", []string{"timestamp_desc", "parser"}, "write it with psort's json_line or xlsx output, whose xml_string has the events, or give the .evtx files"},
	{"Plaso's timeline without the events' XML", []string{`"macb"`, `"sourcetype"`}, "write it with psort's json_line output, whose xml_string has the events, or give the .evtx files"},
	{"events of HELK, whose fields have names of their own", []string{`"log_name"`, `"process_path"`, `"event_original_time"`}, "export what Winlogbeat sent before HELK's pipeline, or the .evtx files"},
	{"what Autoruns found, not events", []string{"entry location", "launch string"}, "export Microsoft-Windows-Sysmon/Operational of the same devices"},
	{"events of CrowdStrike Falcon", []string{"event_simplename"}, "add --mapper falcon"},
	{"ASIM network sessions without a process", []string{"dstipaddr", "networksessionid"}, "the table ASimNetworkSessionLogs has no process columns: export what its parser reads, e.g. DeviceNetworkEvents or WindowsEvent with Sysmon 3"},
	{"ASIM network sessions without a process", []string{"asimnetworksession"}, "the table ASimNetworkSessionLogs has no process columns: export what its parser reads, e.g. DeviceNetworkEvents or WindowsEvent with Sysmon 3"},
}

// told are the fields by which an event is described, by what they tell.
var told = struct{ dataset, channel, id, action, table, source, device []string }{
	dataset: []string{"event.dataset", "data_stream.dataset", "event.module"},
	channel: []string{
		"winlog.channel", "Channel", "LogName", "log_name", "EventLog", "Event.System.Channel", "System.Channel", "data.win.system.channel",
		"body.channel", "channel", "winlogbeat_winlog_channel", "ContainerLog",
	},
	id: []string{
		"winlog.event_id", "event.code", "EventID.Value", "EventID", "EventId", "EventCode", "event_id", "Id", "Event.System.EventID", "Event.System.EventID.#text",
		"System.EventID.Value", "System.EventID", "data.win.system.eventID", "body.event_id.id", "event_id.id", "eventid", "signature_id",
	},
	action: []string{"ActionType", "properties.ActionType", "Action Type"},
	table:  []string{"category", "Type", "$table", "TableName"},
	source: []string{"sourcetype"},
	device: deviceFields(),
}

// usedIDs are the events of Sysmon's that a hunt uses.
var usedIDs = []string{"1", "3", "5", "22"}

// deviceFields are the fields that name the device of an event of Windows, in any shape.
func deviceFields() (fields []string) {
	for i := range sysmonShapes {
		fields = append(append(fields, sysmonShapes[i].device...), sysmonShapes[i].host...)
	}
	return fields
}

var toldNames = record.NewNames(slices.Concat(told.dataset, told.channel, told.id, told.action, told.table, told.source, told.device)...)

// mostTold is how much of an event is looked at for the marks of a product, in bytes.
const mostTold = 16 << 10

// SightOf describes the text of an event that is of no use.
func SightOf(text []byte) Sight {
	if p, is := productOf(text); is {
		return Sight{What: p.name, Export: p.export}
	}
	rec := record.New(toldNames)
	err := record.Decode(text, rec) // what was read before a mistake tells enough
	if s, told := sightOfFields(rec, err == nil); told {
		return s
	}
	if keys := keysOf(text); len(keys) > 0 {
		for _, key := range keys {
			if key == "error" && len(keys) <= mostErrorKeys {
				return Sight{What: "answers with an error and no events", Export: "what was asked for was refused or failed: export again"}
			}
			if slices.Contains(answerKeys, key) {
				if isEmptyList(text, key) {
					return Sight{What: "answers whose list of events, " + key + ", is empty", Export: "ask for a longer time or for other devices, and export again"}
				}
				return Sight{What: "answers with a list of events under " + key, Export: "have each event of the list indexed by itself, in Splunk by its LINE_BREAKER"}
			}
		}
		return Sight{What: "JSON objects with " + listed(keys)}
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte{'\n'})
	return Sight{What: fmt.Sprintf("text that begins with %q", line[:min(len(line), 40)])}
}

// SightOfRow describes a row of a table that is of no use.
func SightOfRow(columns []string, values [][]byte) Sight {
	if p, is := productOf([]byte(`"` + strings.Join(columns, `" "`) + `"`)); is {
		return Sight{What: p.name, Export: p.export}
	}
	rec := record.New(toldNames)
	for i, c := range columns {
		if i < len(values) {
			rec.Set(toldNames.Slot(c), values[i])
		}
	}
	if s, told := sightOfFields(rec, true); told {
		return s
	}
	return Sight{What: "rows with the columns " + listed(columns)}
}

// SightOfRecord describes an event by the fields that are known of it, and by its text.
func SightOfRecord(rec *record.Record) Sight {
	names := rec.Names()
	if raw := rec.Get(names.Slot(Raw)); raw != nil {
		return SightOf(raw)
	}
	var columns []string
	var values [][]byte
	for _, slot := range slices.Clone(rec.Filled()) {
		columns, values = append(columns, names.Name(slot)), append(values, rec.Get(slot))
	}
	if len(columns) == 0 {
		return Sight{What: "rows without a field that is known"}
	}
	return SightOfRow(columns, values)
}

func productOf(text []byte) (product, bool) {
	text = bytes.ToLower(text[:min(len(text), mostTold)])
	for _, p := range products {
		if !slices.ContainsFunc(p.marks, func(m string) bool { return !bytes.Contains(text, []byte(m)) }) {
			return p, true
		}
	}
	return product{}, false
}

// sightOfFields describes an event by its log, its table or its kind. Of an event that is not
// whole it does not say what is missing.
func sightOfFields(rec *record.Record, whole bool) (Sight, bool) {
	first := func(fields []string) string {
		for _, f := range fields {
			if v := rec.Get(toldNames.Slot(f)); v != nil && !isAbsent(v) {
				return string(v[:min(len(v), 80)])
			}
		}
		return ""
	}
	channel, id, dataset, action := first(told.channel), first(told.id), first(told.dataset), first(told.action)
	lost := whole && strings.Contains(strings.ToLower(channel), "sysmon") && slices.Contains(usedIDs, id)
	switch {
	case strings.EqualFold(channel, "Security") && id == "4688":
		return Sight{What: "Security 4688 (process creation)", Export: "4688 does not have the parent's command line, by which a task is known: export Sysmon 1 or Defender's DeviceProcessEvents of these devices, or TaskScheduler/Operational (129, 200, 201) beside it"}, true
	case strings.EqualFold(channel, "Security") && id == "5156":
		return Sight{What: "Security 5156 (Windows Filtering Platform)", Export: "5156 needs starts of processes beside it: export Security 4688 with TaskScheduler/Operational, or Sysmon 1 and 3"}, true
	case lost && first(told.device) == "":
		return Sight{sysmonLost + "that do not name their device", "export them with the field Computer, in Splunk with host", id}, true
	case lost:
		return Sight{sysmonLost + "(event id " + id + ") whose own data, such as ProcessGuid, is not where a known collector has it", "export them as XML or JSON with their EventData under its own names, or save the log as .evtx", id}, true
	case dataset != "":
		return Sight{What: "Elastic ECS events of " + dataset + withID(id), Export: "export the data streams windows.sysmon_operational or endpoint.events.process and .network"}, true
	case channel != "":
		return Sight{What: "Windows events of " + channel + withID(id), Export: "export Microsoft-Windows-Sysmon/Operational of the same devices"}, true
	case action != "":
		return Sight{What: "Defender rows of ActionType " + action, Export: "export DeviceProcessEvents and DeviceNetworkEvents with DeviceId, Timestamp, ActionType and all columns of processes"}, true
	}
	if v := first(told.table); v != "" {
		return Sight{What: "rows of " + v}, true
	}
	if v := first(told.source); v != "" {
		return Sight{What: "events of sourcetype " + v}, true
	}
	if id != "" && first(told.device) == "" {
		return Sight{What: "events with the id " + id + " that name neither their log nor their device", Export: "export them with the fields Channel and Computer, in PowerShell LogName and MachineName"}, true
	}
	if id != "" {
		return Sight{What: "events with the id " + id + " and no log to their name"}, true
	}
	return Sight{}, false
}

func withID(id string) string {
	if id == "" {
		return ""
	}
	return " (event id " + id + ")"
}

// answerKeys are the keys of answers that hold several events. In a file they are read one
// by one; an event of Splunk is one event.
var answerKeys = []string{"records", "results", "Results", "hits", "tables", "Tables", "resourceLogs", "streams"}

// mostErrorKeys is how many keys an answer has that tells of an error: a code and a time of
// day may stand beside it.
const mostErrorKeys = 3

// isEmptyList reports whether the list under a key of an answer is empty: the innermost
// list, where one key is in another as in Elasticsearch's hits.
func isEmptyList(text []byte, key string) bool {
	at := bytes.LastIndex(text, []byte(`"`+key+`"`))
	if at < 0 {
		return false
	}
	after := bytes.TrimLeft(text[at+len(key)+2:], ": \t\r\n")
	return len(after) > 1 && after[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(after[1:], " \t\r\n"), []byte("]"))
}

// keysOf returns the first keys of a JSON object.
func keysOf(text []byte) []string {
	if !record.BeginsObject(bytes.TrimSpace(text)) {
		return nil
	}
	keys, _ := json.Keys(text) // those before a mistake
	return keys
}

// mostListed is how many names a message has of a list.
const mostListed = 6

// listed joins names for a message.
func listed(names []string) string {
	shown := slices.Clone(names[:min(len(names), mostListed)])
	for i, n := range shown {
		shown[i] = n[:min(len(n), 40)]
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
