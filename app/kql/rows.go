package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// process is a row of DeviceProcessEvents, or a Sysmon event 1: what 27 columns need
// of it. Initiating is the process that started it.
type process struct {
	timestamp              event.Time
	creationTime           event.Time // Sysmon: UtcTime
	initiatingCreationTime event.Time
	id                     int64
	initiatingID           int64
	device                 textRef
	deviceName             textRef
	fileName               textRef
	commandLine            textRef
	initiatingFileName     textRef
	guid, initiatingGUID   textRef // Sysmon only
}

// processDetail is what all columns need besides.
type processDetail struct {
	folderPath, sha1, initiatingFolderPath, initiatingSHA1, initiatingCommandLine textRef
}

// connection is a row of DeviceNetworkEvents, or a Sysmon event 3: what 27 columns
// need of it. Its process is the initiating one.
type connection struct {
	timestamp    event.Time
	creationTime event.Time
	id           int64
	remotePort   int64
	device       textRef
	fileName     textRef
	actionType   textRef
	remoteIP     textRef
	remoteURL    textRef
	remoteIPType textRef
	guid         textRef // Sysmon only
}

// connectionCells are all columns of a connection, as networkColumns has them.
type connectionCells [len(networkColumns)]textRef
