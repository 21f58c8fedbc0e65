package schema

import (
	"strings"
	"testing"
)

// A table that may name its device in any way is left alone, as is one that is no log's.
func TestTablesThatNameNoDevice(t *testing.T) {
	for columns, want := range map[string]string{
		"TimeCreated,Id,Message":                               "MachineName",
		"LevelDisplayName,TimeCreated,ProviderName,Id,Message": "MachineName",
		"TimeGenerated,EventID,EventData":                      "Computer",
		"TimeGenerated [UTC],EventID,RenderedDescription":      "Computer",
		"EVENTID,UTCTIME,IMAGE":                                "Computer",
		"event_id,utc_time,image":                              "Computer",
		"TimeCreated,Id,MachineName,Message":                   "",
		"TimeGenerated,Computer,EventID,EventData":             "",
		"TIMEGENERATED,COMPUTER,EVENTID,EVENTDATA":             "",
		"event_id,utc_time,image,computer_name":                "",
		"host,EventCode,Message":                               "",
		"_raw,EventCode,Message":                               "",
		"Timestamp,DeviceId,ProcessId,EventID,Message":         "",
		"Id,Name,Price":                                        "",
		"Message,Time":                                         "",
	} {
		if got := Unnamed(strings.Split(columns, ",")); got != want {
			t.Errorf("%s: %q, want %q", columns, got, want)
		}
	}
}
