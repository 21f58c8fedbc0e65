package schema

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Readable is a kind of events that can be read, for documents.
type Readable struct {
	Name  string // as people call it
	Kinds []string
}

// kindWords are the kinds of events in the order in which they are told.
var kindWords = []struct {
	kind event.Kind
	word string
}{
	{event.ProcessStart, "starts"}, {event.ProcessEnd, "ends"}, {event.NetworkConnection, "connections"}, {event.NameLookup, "name lookups"},
	{event.TaskEvent, "tasks"}, {event.InstallationEvent, "installations"}, {event.LogonEvent, "logons"},
	{event.InjectionEvent, "injections"},
}

// AllReadable returns what the built-in schemas read, each once and in the order in which
// they are tried.
func AllReadable() (all []Readable) {
	has := map[string]map[event.Kind]bool{}
	schemas := slices.Concat(builtIn().schemas, builtIn().asked)
	for i := range schemas {
		s := &schemas[i]
		name := readableName(s.Name)
		if has[name] == nil {
			has[name], all = map[event.Kind]bool{}, append(all, Readable{Name: name})
		}
		for _, t := range s.Tables {
			has[name][t.Kind] = true
		}
	}
	for i := range all {
		for _, k := range kindWords {
			if has[all[i].Name][k.kind] {
				all[i].Kinds = append(all[i].Kinds, k.word)
			}
		}
	}
	return all
}

// readableNames are the schemas that are called otherwise than by what their names begin
// with.
var readableNames = []struct{ prefix, name string }{
	{"sysmon flat", "Sysmon: XML, flat JSON, NXLog, classic text, wevtutil's text, the Splunk add-on's fields, and all of these with names like process_guid or processGuid"},
	{"sysmon evtx converter", "Sysmon: `Event{System,EventData}`, as evtx_dump and others convert it"},
	{"sysmon Sentinel", "Sysmon: Sentinel's tables Event and WindowsEvent"},
	{"sysmon Fluentd", "Sysmon: Fluentd, Kinesis agent"},
	{"sysmon Get-WinEvent", "Sysmon: Get-WinEvent, Event Viewer's saved tables"},
	{"sysmon Graylog", "Sysmon: Graylog"},
	{"sysmon OpenTelemetry body", "Sysmon: Grafana's agents"},
	{"sysmon in ECS", "Sysmon: ECS (Elastic Agent, Winlogbeat 8)"},
	{"defender add-on", "Defender: the CIM add-on's fields in Splunk"},
	{"defender " + timeline, "Defender: the export of a device's timeline"},
	{"defender", "Defender: advanced hunting (portal, API, Graph, Event Hub, Kusto)"},
	{"cim", "Splunk's data models Endpoint and Network_Traffic"},
	{"security", "Security 4688, 4689 and 5156, where no sensor tells of the device, and a parent's command line or the Task Scheduler's log of what it starts"},
	{"tasks ", "TaskScheduler/Operational, Security 4698 to 4702, System 7045 and Security 4697, in all of Sysmon's shapes but ECS"},
	{"logons ", "Security 4624 of the network, for `root=` with wmi, winrm, dcom or service, in all of Sysmon's shapes but ECS"},
	{"injections ", "Sysmon 8 and 10, for `root=` with other roots than tasks, in all of Sysmon's shapes but ECS"},
	{"sysmon ", "Sysmon: "},
}

func readableName(name string) string {
	for _, r := range readableNames {
		if rest, is := strings.CutPrefix(name, r.prefix); is && strings.HasSuffix(r.name, " ") {
			return r.name + rest
		} else if is {
			return r.name
		}
	}
	return name
}

// ReadableTable is AllReadable as a table in Markdown.
func ReadableTable() string {
	var b strings.Builder
	b.WriteString("| events | what is read of them |\n|---|---|\n")
	for _, r := range AllReadable() {
		b.WriteString("| " + r.Name + " | " + strings.Join(r.Kinds, ", ") + " |\n")
	}
	return b.String()
}
