package kql

// networkColumn is a column of DeviceNetworkEvents.
type networkColumn struct {
	name string
	kind columnType
}

// columnType is a type of Kusto's. A text has no null: a missing one is empty.
type columnType uint8

const (
	typeString columnType = iota
	typeLong
	typeDatetime
	typeBool
)

// networkColumns are all columns of DeviceNetworkEvents, in the order of the
// advanced hunting schema: the query returns every one.
var networkColumns = [...]networkColumn{
	{"Timestamp", typeDatetime}, {"DeviceId", typeString}, {"DeviceName", typeString}, {"ActionType", typeString},
	{"RemoteIP", typeString}, {"RemotePort", typeLong}, {"RemoteUrl", typeString}, {"LocalIP", typeString},
	{"LocalPort", typeLong}, {"Protocol", typeString}, {"LocalIPType", typeString}, {"RemoteIPType", typeString},
	{"InitiatingProcessSHA1", typeString}, {"InitiatingProcessSHA256", typeString}, {"InitiatingProcessMD5", typeString},
	{"InitiatingProcessFileName", typeString}, {"InitiatingProcessFileSize", typeLong},
	{"InitiatingProcessVersionInfoCompanyName", typeString}, {"InitiatingProcessVersionInfoProductName", typeString},
	{"InitiatingProcessVersionInfoProductVersion", typeString}, {"InitiatingProcessVersionInfoInternalFileName", typeString},
	{"InitiatingProcessVersionInfoOriginalFileName", typeString}, {"InitiatingProcessVersionInfoFileDescription", typeString},
	{"InitiatingProcessId", typeLong}, {"InitiatingProcessCommandLine", typeString},
	{"InitiatingProcessCreationTime", typeDatetime}, {"InitiatingProcessFolderPath", typeString},
	{"InitiatingProcessParentFileName", typeString}, {"InitiatingProcessParentId", typeLong},
	{"InitiatingProcessParentCreationTime", typeDatetime}, {"InitiatingProcessAccountDomain", typeString},
	{"InitiatingProcessAccountName", typeString}, {"InitiatingProcessAccountSid", typeString},
	{"InitiatingProcessAccountUpn", typeString}, {"InitiatingProcessAccountObjectId", typeString},
	{"InitiatingProcessIntegrityLevel", typeString}, {"InitiatingProcessTokenElevation", typeString},
	{"ReportId", typeLong}, {"AppGuardContainerId", typeString}, {"AdditionalFields", typeString},
	{"InitiatingProcessSessionId", typeLong}, {"IsInitiatingProcessRemoteSession", typeBool},
	{"InitiatingProcessRemoteSessionDeviceName", typeString}, {"InitiatingProcessRemoteSessionIP", typeString},
}
