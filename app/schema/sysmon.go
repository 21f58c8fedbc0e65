package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// sysmonShape is how one collector names the header fields of an event and what it
// puts before the names of the event's own data.
type sysmonShape struct {
	name    string
	prefix  string // before ProcessGuid, Image, ...
	id      []string
	channel []string
	device  []string
	host    []string // stand-ins for device
	time    []string
	clock   []string // stand-ins for time, besides the event's UtcTime
	late    []string // stand-ins for both, which may be when somebody took the event
	record  []string
	// flat says that the data fields stand beside others, so that the names the
	// Splunk add-on gives them may be there too.
	flat bool
	// marks tell the shape instead of the data, which may be in the Message alone.
	marks []string
	// never are fields that this shape does not have.
	never []string
	// list is a list that has the event's values by their place: see sysmonValues.
	list string
	// camel says that names begin small, doubled that backslashes are written twice.
	camel, doubled bool

	event string // whose data are named, when list has them
}

// sysmonSchemas makes one schema a shape.
func sysmonSchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		schemas = append(schemas, sysmonShapes[i].schema())
	}
	return schemas
}

// schema builds the tables of the event ids that the hunt uses, after the Sysmon
// manifest: 1 process create, 3 network connection, 5 process terminated, 22 DNS
// query; 19 to 21 what becomes of WMI subscriptions.
func (s *sysmonShape) schema() Schema {
	ofID := func(id string) []Condition {
		return []Condition{{Fields: s.id, Test: "is", Values: []string{id}}}
	}
	return Schema{
		Name: "sysmon " + s.name, Doubled: s.doubled,
		Gate: s.gate(),
		Tables: append([]Table{
			{Kind: event.ProcessStart, Strict: true, When: ofID("1"), Rules: s.of("1").processRules()},
			{Kind: event.NetworkConnection, Strict: true, When: ofID("3"), Rules: s.of("3").connectionRules()},
			{Kind: event.ProcessEnd, Strict: true, When: ofID("5"), Rules: s.of("5").aboutRules("")},
			{Kind: event.NameLookup, Strict: true, When: ofID("22"), Rules: s.of("22").lookupRules()},
		}, s.subscriptionTables()...),
	}
}

// of returns the shape as far as the events with an id are concerned.
func (s *sysmonShape) of(id string) *sysmonShape {
	one := *s
	one.event = id
	return &one
}

// gate opens for the Sysmon channel. Where no channel is given, Splunk's source or
// sourcetype may tell; where neither does (lean fields), an event id alone would let
// in other providers' events 1 and 3, so fields that only Sysmon has must be there.
// They must be there in any case where the shape is told by what stands before them.
func (s *sysmonShape) gate() [][]Condition {
	hasID := Condition{Fields: s.id, Test: "present"}
	noChannel := Condition{Fields: allChannels, Test: "absent"}
	hasData := Condition{Fields: append(s.data("ProcessGuid", "Image", "UtcTime"), s.places("ProcessGuid")...), Test: "present"}
	if s.marks != nil {
		hasData.Fields = s.marks
	}
	saysSysmon := func(fields ...string) Condition {
		return Condition{Fields: fields, Test: "log", Values: []string{"sysmon"}}
	}
	if s.never != nil {
		noOther := Condition{Fields: s.never, Test: "absent"}
		return [][]Condition{{hasID, saysSysmon(s.channel...), hasData, noOther}, {hasID, noChannel, hasData, noOther}}
	}
	if !s.flat {
		return [][]Condition{{hasID, saysSysmon(s.channel...), hasData}, {hasID, noChannel, hasData}}
	}
	hasData.Fields = append(hasData.Fields, "process_guid", "process_path")
	return [][]Condition{
		{hasID, saysSysmon(s.channel...)},
		{hasID, noChannel, saysSysmon("source")},
		{hasID, noChannel, saysSysmon("sourcetype")},
		{hasID, noChannel, hasData},
	}
}

// allChannels are the names of the channel in all shapes: an event that names its
// channel in any way is not told by Splunk's source, which may be a file of any name,
// nor is that the channel which osquery calls so. What is appended goes to a copy.
var allChannels = slices.Clip(channelsOf(sysmonShapes))

func channelsOf(shapes []sysmonShape) (fields []string) {
	for i := range shapes {
		fields = append(fields, shapes[i].channel...)
	}
	return slices.DeleteFunc(fields, func(f string) bool { return f == "source" || f == "ProviderName" })
}

// data returns the names of data fields in this shape.
func (s *sysmonShape) data(names ...string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		if s.camel {
			name = string(name[0]|0x20) + name[1:]
		}
		out[i] = s.prefix + name
	}
	return out
}

// field is a rule for a data field; the add-on's names come after Sysmon's own.
func (s *sysmonShape) field(to, name string, addon ...string) Rule {
	from := append(s.data(name), s.places(name)...)
	if s.flat {
		from = append(from, addon...)
	}
	return Rule{To: to, From: from}
}

// optional is field for what many events do not have.
func (s *sysmonShape) optional(to, name string, addon ...string) Rule {
	rule := s.field(to, name, addon...)
	rule.Optional = true
	return rule
}

// unless is the rule for a field that does not always count.
func (r Rule) unless(when string) Rule {
	r.Unless = when
	return r
}

// headerRules are what every event has. addonDevice is where the add-on puts the
// device in this kind of event, "" for nowhere: its `dest` is the endpoint in event 1
// and the peer in event 3. `host` is the collector's name, so it comes last.
func (s *sysmonShape) headerRules(addonDevice string) []Rule {
	host := slices.Clone(s.host)
	if addonDevice != "" && s.flat {
		host = slices.Insert(host, len(host)-1, addonDevice)
	}
	return []Rule{
		{To: "device", From: s.device, Else: host},
		{To: "time", From: s.time, Else: slices.Concat(s.clock, s.data("UtcTime"), s.late)},
		{To: "record", From: s.record},
		s.field("process_guid", "ProcessGuid", "process_guid"),
		s.field("process_id", "ProcessId", "process_id"),
	}
}

func (s *sysmonShape) processRules() []Rule {
	return append(s.headerRules("dest"),
		s.field("process_path", "Image", "process_path"),
		s.field("process_created", "UtcTime"),
		s.field("process_command", "CommandLine", "process"),
		s.field("user", "User", "user"),
		s.optional("process_session", "LogonId").unless(sessionless),
		s.field("hash", "Hashes", "process_hash"),
		s.field("parent_guid", "ParentProcessGuid", "parent_process_guid"),
		s.field("parent_id", "ParentProcessId", "parent_process_id"),
		s.field("parent_path", "ParentImage", "parent_process_path"),
		s.field("parent_command", "ParentCommandLine", "parent_process"),
	)
}

// aboutRules are those of an event about a process that has started before.
func (s *sysmonShape) aboutRules(addonDevice string) []Rule {
	return append(s.headerRules(addonDevice), s.field("process_path", "Image", "process_path").unless(identified))
}

func (s *sysmonShape) connectionRules() []Rule {
	return append(s.aboutRules(""),
		s.field("stamp", "UtcTime"),
		s.field("user", "User", "user").unless(identified),
		s.field("transport", "Protocol", "transport"),
		s.field("initiated", "Initiated"),
		s.optional("direction", "Direction", "direction"),
		s.field("source_ip", "SourceIp", "src_ip"),
		s.field("source_port", "SourcePort", "src_port"),
		s.optional("source_host", "SourceHostname", "src_host").unless(outbound),
		s.field("destination_ip", "DestinationIp", "dest_ip"),
		s.field("destination_port", "DestinationPort", "dest_port"),
		s.optional("destination_host", "DestinationHostname", "dest_host"),
	)
}

func (s *sysmonShape) lookupRules() []Rule {
	return append(s.aboutRules("src"),
		s.field("stamp", "UtcTime"),
		s.optional("user", "User", "user").unless(identified), // not before Sysmon 14
		s.field("query", "QueryName", "query"),
		s.field("answers", "QueryResults"),
	)
}
