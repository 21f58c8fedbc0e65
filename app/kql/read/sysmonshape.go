package read

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// sysmonShape is how one collector names the fields of a Sysmon event.
type sysmonShape struct {
	prefix              string // before ProcessGuid, Image, ...
	id, channel, device []string
}

// sysmonShapes are, with the most telling first: winlogbeat 7 and 6, converters of
// evtx files, Sentinel, and the flat names of raw XML, NXLog, flat JSON, Windows'
// classic text and the Splunk add-on.
var sysmonShapes = []sysmonShape{
	{"winlog.event_data.", []string{"winlog.event_id"}, []string{"winlog.channel"}, []string{"winlog.computer_name"}},
	{"event_data.", []string{"event_id"}, []string{"log_name"}, []string{"computer_name"}},
	{
		"Event.EventData.",
		[]string{"Event.System.EventID.#text", "Event.System.EventID._value", "Event.System.EventID"},
		[]string{"Event.System.Channel"}, []string{"Event.System.Computer"},
	},
	{"EventData.", []string{"EventID", "EventId"}, []string{"Channel"}, []string{"Computer"}},
	{
		"", []string{"EventID", "EventCode", "signature_id", "EventId"},
		[]string{"Channel", "LogName", "source", "sourcetype"}, []string{"Computer", "Hostname", "ComputerName", "dvc", "host"},
	},
}

// sysmonProcessFields and sysmonNetworkFields are the fields of Sysmon's events 1 and
// 3 that the query looks at (Sysmon schema).
var (
	sysmonProcessFields = []string{"UtcTime", "ProcessGuid", "ProcessId", "Image", "CommandLine", "ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "Hashes"}
	sysmonNetworkFields = []string{"UtcTime", "ProcessGuid", "ProcessId", "Image", "Protocol", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort", "DestinationHostname"}
)

func (s *sysmonShape) fields() (fields []string) {
	for _, list := range [][]string{sysmonProcessFields, sysmonNetworkFields} {
		for _, name := range list {
			fields = append(fields, s.prefix+name)
		}
	}
	fields = append(fields, s.id...)
	fields = append(fields, s.channel...)
	return append(fields, s.device...)
}

// sysmonSlots are a shape's fields in a record.
type sysmonSlots struct {
	ids, channels, devices                               []record.Slot
	utcTime, guid, id, image, commandLine, hashes        record.Slot
	parentGUID, parentID, parentImage, parentCommandLine record.Slot
	protocol, sourceIP, sourcePort                       record.Slot
	destinationIP, destinationPort, destinationHostname  record.Slot
	processNeeded, networkNeeded                         []record.Slot
}

var sysmonSlotsOf = newSysmonSlots()

func newSysmonSlots() (out []sysmonSlots) {
	for i := range sysmonShapes {
		out = append(out, sysmonShapes[i].slots())
	}
	return out
}

func (s *sysmonShape) slots() sysmonSlots {
	at := func(field string) record.Slot { return names.Slot(s.prefix + field) }
	return sysmonSlots{
		ids: slotsOf("", s.id...), channels: slotsOf("", s.channel...), devices: slotsOf("", s.device...),
		utcTime: at("UtcTime"), guid: at("ProcessGuid"), id: at("ProcessId"), image: at("Image"),
		commandLine: at("CommandLine"), hashes: at("Hashes"),
		parentGUID: at("ParentProcessGuid"), parentID: at("ParentProcessId"), parentImage: at("ParentImage"),
		parentCommandLine: at("ParentCommandLine"),
		protocol:          at("Protocol"), sourceIP: at("SourceIp"), sourcePort: at("SourcePort"),
		destinationIP: at("DestinationIp"), destinationPort: at("DestinationPort"), destinationHostname: at("DestinationHostname"),
		processNeeded: slotsOf(s.prefix, "UtcTime", "ProcessGuid", "ProcessId", "Image", "CommandLine", "ParentProcessGuid", "ParentImage", "ParentCommandLine"),
		networkNeeded: slotsOf(s.prefix, "UtcTime", "ProcessGuid", "DestinationIp", "DestinationPort"),
	}
}

// recogniseSysmon goes by the event id. Other providers' events 1 and 3 have neither
// Sysmon's channel nor its fields.
func recogniseSysmon(rec *record.Record) recognised {
	for i := range sysmonSlotsOf {
		s := &sysmonSlotsOf[i]
		id := first(rec, s.ids)
		if id == nil || !s.isSysmon(rec) {
			continue
		}
		found := recognised{table: tableOfSysmon(string(id))}
		if found.table != otherTable {
			found.shape = s
		}
		return found
	}
	return recognised{}
}

func tableOfSysmon(id string) table {
	switch id {
	case "1":
		return sysmonProcessCreate
	case "3":
		return sysmonNetworkConnect
	}
	return otherTable
}

// UsesSysmon reports whether a table of the query is made of Sysmon's events of an id.
func UsesSysmon(id string) bool { return tableOfSysmon(id) != otherTable }

func (s *sysmonSlots) isSysmon(rec *record.Record) bool {
	channel := first(rec, s.channels)
	named := bytes.Contains(channel, []byte("Sysmon")) || bytes.Contains(channel, []byte("sysmon"))
	if rec.Get(s.guid) == nil {
		return named && s == &sysmonSlotsOf[len(sysmonSlotsOf)-1]
	}
	return named || channel == nil || rec.Get(s.utcTime) != nil
}

// first returns the first value that the event has of the slots.
func first(rec *record.Record, slots []record.Slot) []byte {
	for _, s := range slots {
		if v := rec.Get(s); v != nil {
			return v
		}
	}
	return nil
}
