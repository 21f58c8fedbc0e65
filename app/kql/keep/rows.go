package keep

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Process is a row of DeviceProcessEvents, or a Sysmon event 1: what 27 columns need
// of it. Initiating is the process that started it.
type Process struct {
	Timestamp              event.Time
	CreationTime           event.Time // Sysmon: UtcTime
	InitiatingCreationTime event.Time
	ID                     int64
	InitiatingID           int64
	Device                 TextRef
	DeviceName             TextRef
	FileName               TextRef
	CommandLine            TextRef
	InitiatingFileName     TextRef
	GUID, InitiatingGUID   TextRef // Sysmon only
}

// IsUnknown reports whether the query drops the node: it has no id; or no ProcessGuid.
func (p *Process) IsUnknown(sysmon bool) bool {
	if sysmon {
		return p.GUID == 0
	}
	return p.ID == NoLong
}

// ProcessDetail is what all columns need besides.
type ProcessDetail struct {
	FolderPath, SHA1, InitiatingFolderPath, InitiatingSHA1, InitiatingCommandLine TextRef
}

// Connection is a row of DeviceNetworkEvents, or a Sysmon event 3: what 27 columns
// need of it. Its process is the initiating one.
type Connection struct {
	Timestamp    event.Time
	CreationTime event.Time
	ID           int64
	RemotePort   int64
	Device       TextRef
	FileName     TextRef
	ActionType   TextRef
	RemoteIP     TextRef
	RemoteURL    TextRef
	RemoteIPType TextRef
	GUID         TextRef // Sysmon only
}

// ConnectionCells are all columns of a connection, as NetworkColumns has them.
type ConnectionCells [len(NetworkColumns)]TextRef
