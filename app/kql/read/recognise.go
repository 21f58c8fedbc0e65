package read

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// table is where an event belongs.
type table uint8

const (
	noTable    table = iota
	otherTable       // an event that says it belongs to none of the four
	deviceProcessEvents
	deviceNetworkEvents
	sysmonProcessCreate
	sysmonNetworkConnect
)

// recognised is an event's table and the place of its columns.
type recognised struct {
	table     table
	transport *transport // of Defender's tables
	shape     *sysmonSlots
}

// recognise finds the table of an event.
func recognise(rec *record.Record) recognised {
	if r := recogniseDefender(rec); r.table != noTable {
		return r
	}
	return recogniseSysmon(rec)
}

// recogniseDefender goes by the Event Hub's category, else by the ActionType, else by
// the columns that have values: in one stream both tables share a header.
func recogniseDefender(rec *record.Record) recognised {
	t := transportOf(rec)
	named := tableOfCategory(rec)
	switch {
	case named == otherTable:
		return recognised{table: otherTable}
	case t == nil:
		return recognised{}
	case named != noTable:
		return recognised{table: named, transport: t}
	}
	return recognised{table: t.tableOf(rec), transport: t}
}

// transportOf returns the transport whose header columns the event has, or nil.
func transportOf(rec *record.Record) *transport {
	for i := range transports {
		p := &transports[i].process
		if rec.Get(p.timestamp) != nil || rec.Get(p.deviceID) != nil {
			return &transports[i]
		}
	}
	return nil
}

var categorySlots = slotsOf("", categoryFields...)

// tableOfCategory reads the category, which may come with or without the name of the
// service before it. Another program's field of this name says nothing.
func tableOfCategory(rec *record.Record) table {
	for _, s := range categorySlots {
		category, isHunting := bytes.CutPrefix(rec.Get(s), []byte("AdvancedHunting-"))
		switch {
		case string(category) == "DeviceProcessEvents":
			return deviceProcessEvents
		case string(category) == "DeviceNetworkEvents":
			return deviceNetworkEvents
		case isHunting:
			return otherTable
		}
	}
	return noTable
}

// tableOfAction tells the table of the common ActionTypes.
func tableOfAction(action []byte) table {
	switch string(action) {
	case "ProcessCreated", "OpenProcess":
		return deviceProcessEvents
	case "ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt", "ConnectionFound",
		"ConnectionAcknowledged", "InboundConnectionAccepted", "InboundConnectionAcknowledged", "InboundConnectionAttempt",
		"InboundInternetScanInspected", "ListeningConnectionCreated", "NetworkSignatureInspected", "NtlmAuthenticationInspected":
		return deviceNetworkEvents
	}
	return noTable
}

// tableOf tells the table of a row that comes without a category.
func (t *transport) tableOf(rec *record.Record) table {
	action := rec.Get(t.process.actionType)
	if action == nil {
		return t.tableOfColumns(rec)
	}
	if known := tableOfAction(action); known != noTable {
		return known
	}
	switch {
	case isConnection(action):
		return deviceNetworkEvents
	case bytes.HasSuffix(action, []byte("ApiCall")): // DeviceEvents: the process it is done to
		return otherTable
	case t.tableOfColumns(rec) == deviceProcessEvents && rec.Get(t.process.id) != nil:
		return deviceProcessEvents // the query asks for no ActionType of a process
	}
	return otherTable
}

// isConnection knows the ActionTypes of DeviceNetworkEvents that are made by a rule:
// SslConnectionInspected, ConnectionSuccessAggregatedReport.
func isConnection(action []byte) bool {
	return bytes.HasPrefix(action, []byte("Connection")) || bytes.HasPrefix(action, []byte("InboundConnection")) ||
		bytes.HasSuffix(action, []byte("ConnectionInspected"))
}

// tableOfColumns goes by the columns that only one of the tables has.
func (t *transport) tableOfColumns(rec *record.Record) table {
	c := cells{rec: rec, nullText: true}
	p, n := &t.process, &t.network
	switch {
	case c.has(n.remoteIP, n.remotePort, n.remoteURL, n.remoteIPType):
		return deviceNetworkEvents
	case c.has(p.id, p.commandLine, p.creationTime):
		return deviceProcessEvents
	case c.has(t.networkOnly...):
		return deviceNetworkEvents
	case c.has(p.fileName, p.folderPath, p.sha1):
		return deviceProcessEvents
	case c.has(p.initiatingFileName, p.initiatingID):
		return deviceNetworkEvents // what is left is a connection to nowhere
	}
	return otherTable
}
