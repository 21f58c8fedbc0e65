package keep

// NetworkColumn is a column of DeviceNetworkEvents.
type NetworkColumn struct {
	Name string
	Kind ColumnType
}

// ColumnType is a type of Kusto's. A text has no null: a missing one is empty.
type ColumnType uint8

// The types that the columns have.
const (
	TypeString ColumnType = iota
	TypeLong
	TypeDatetime
	TypeBool
)

// NetworkColumns are all columns of DeviceNetworkEvents, in the order of the
// advanced hunting schema: the query returns every one.
var NetworkColumns = [...]NetworkColumn{
	{"Timestamp", TypeDatetime}, {"DeviceId", TypeString}, {"DeviceName", TypeString}, {"ActionType", TypeString},
	{"RemoteIP", TypeString}, {"RemotePort", TypeLong}, {"RemoteUrl", TypeString}, {"LocalIP", TypeString},
	{"LocalPort", TypeLong}, {"Protocol", TypeString}, {"LocalIPType", TypeString}, {"RemoteIPType", TypeString},
	{"InitiatingProcessSHA1", TypeString}, {"InitiatingProcessSHA256", TypeString}, {"InitiatingProcessMD5", TypeString},
	{"InitiatingProcessFileName", TypeString}, {"InitiatingProcessFileSize", TypeLong},
	{"InitiatingProcessVersionInfoCompanyName", TypeString}, {"InitiatingProcessVersionInfoProductName", TypeString},
	{"InitiatingProcessVersionInfoProductVersion", TypeString}, {"InitiatingProcessVersionInfoInternalFileName", TypeString},
	{"InitiatingProcessVersionInfoOriginalFileName", TypeString}, {"InitiatingProcessVersionInfoFileDescription", TypeString},
	{"InitiatingProcessId", TypeLong}, {"InitiatingProcessCommandLine", TypeString},
	{"InitiatingProcessCreationTime", TypeDatetime}, {"InitiatingProcessFolderPath", TypeString},
	{"InitiatingProcessParentFileName", TypeString}, {"InitiatingProcessParentId", TypeLong},
	{"InitiatingProcessParentCreationTime", TypeDatetime}, {"InitiatingProcessAccountDomain", TypeString},
	{"InitiatingProcessAccountName", TypeString}, {"InitiatingProcessAccountSid", TypeString},
	{"InitiatingProcessAccountUpn", TypeString}, {"InitiatingProcessAccountObjectId", TypeString},
	{"InitiatingProcessIntegrityLevel", TypeString}, {"InitiatingProcessTokenElevation", TypeString},
	{"ReportId", TypeLong}, {"AppGuardContainerId", TypeString}, {"AdditionalFields", TypeString},
	{"InitiatingProcessSessionId", TypeLong}, {"IsInitiatingProcessRemoteSession", TypeBool},
	{"InitiatingProcessRemoteSessionDeviceName", TypeString}, {"InitiatingProcessRemoteSessionIP", TypeString},
}
