package read

import (
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// transport is where Defender's columns stand when they come in one of their ways.
type transport struct {
	prefix      string
	process     processSlots
	network     networkSlots
	networkOnly []record.Slot // columns that DeviceProcessEvents does not have
}

// processSlots are the columns of DeviceProcessEvents.
type processSlots struct {
	timestamp, deviceID, deviceName, actionType                 record.Slot
	fileName, folderPath, sha1, id, commandLine, creationTime   record.Slot
	initiatingFileName, initiatingFolderPath, initiatingSHA1    record.Slot
	initiatingID, initiatingCommandLine, initiatingCreationTime record.Slot
	needed                                                      []record.Slot // those that 27 columns are made of
}

// networkSlots are the columns of DeviceNetworkEvents.
type networkSlots struct {
	timestamp, deviceID, actionType                          record.Slot
	remoteIP, remotePort, remoteURL, remoteIPType            record.Slot
	initiatingFileName, initiatingID, initiatingCreationTime record.Slot
	needed                                                   []record.Slot
	all                                                      []record.Slot // as NetworkColumns
}

var transports = newTransports()

func newTransports() (out []transport) {
	for _, prefix := range defenderPrefixes {
		out = append(out, transport{
			prefix: prefix, process: newProcessSlots(prefix), network: newNetworkSlots(prefix),
			networkOnly: slotsOf(prefix, "LocalIP", "LocalPort", "Protocol", "LocalIPType"),
		})
	}
	return out
}

func newProcessSlots(prefix string) processSlots {
	at := func(column string) record.Slot { return names.Slot(prefix + column) }
	return processSlots{
		timestamp: at("Timestamp"), deviceID: at("DeviceId"), deviceName: at("DeviceName"), actionType: at("ActionType"),
		fileName: at("FileName"), folderPath: at("FolderPath"), sha1: at("SHA1"), id: at("ProcessId"),
		commandLine: at("ProcessCommandLine"), creationTime: at("ProcessCreationTime"),
		initiatingFileName: at("InitiatingProcessFileName"), initiatingFolderPath: at("InitiatingProcessFolderPath"),
		initiatingSHA1: at("InitiatingProcessSHA1"), initiatingID: at("InitiatingProcessId"),
		initiatingCommandLine: at("InitiatingProcessCommandLine"), initiatingCreationTime: at("InitiatingProcessCreationTime"),
		needed: slotsOf(prefix, "Timestamp", "DeviceId", "DeviceName", "FileName", "FolderPath", "ProcessId",
			"ProcessCommandLine", "ProcessCreationTime", "InitiatingProcessFileName", "InitiatingProcessId",
			"InitiatingProcessCommandLine", "InitiatingProcessCreationTime"),
	}
}

func newNetworkSlots(prefix string) networkSlots {
	at := func(column string) record.Slot { return names.Slot(prefix + column) }
	n := networkSlots{
		timestamp: at("Timestamp"), deviceID: at("DeviceId"), actionType: at("ActionType"),
		remoteIP: at("RemoteIP"), remotePort: at("RemotePort"), remoteURL: at("RemoteUrl"), remoteIPType: at("RemoteIPType"),
		initiatingFileName: at("InitiatingProcessFileName"), initiatingID: at("InitiatingProcessId"),
		initiatingCreationTime: at("InitiatingProcessCreationTime"),
		needed: slotsOf(prefix, "Timestamp", "DeviceId", "ActionType", "RemoteIP", "RemotePort", "RemoteUrl", "RemoteIPType",
			"InitiatingProcessFileName", "InitiatingProcessId", "InitiatingProcessCreationTime"),
	}
	for _, column := range keep.NetworkColumns {
		n.all = append(n.all, at(column.Name))
	}
	return n
}

func slotsOf(prefix string, columns ...string) []record.Slot {
	slots := make([]record.Slot, len(columns))
	for i, column := range columns {
		slots[i] = names.Slot(prefix + column)
	}
	return slots
}
