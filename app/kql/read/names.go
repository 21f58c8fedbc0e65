package read

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// processColumns are the columns of DeviceProcessEvents that the query looks at.
var processColumns = []string{
	"Timestamp", "DeviceId", "DeviceName", "ActionType", "FileName", "FolderPath", "SHA1", "ProcessId", "ProcessCommandLine",
	"ProcessCreationTime", "InitiatingProcessSHA1", "InitiatingProcessFileName", "InitiatingProcessId",
	"InitiatingProcessCommandLine", "InitiatingProcessCreationTime", "InitiatingProcessFolderPath",
}

// rawField is Splunk's field of an event's own text.
const rawField = "_raw"

// Sysmon's events may have lost their fields but for the Message that Windows words
// for people; those of NXLog, which the second field tells, are HTML-escaped.
const (
	messageField = "Message"
	nxlogField   = "SourceModuleType"
)

// categoryFields name the table in the Event Hub's envelope.
var categoryFields = []string{"category", "body.category"}

// defenderPrefixes are what the transports put before the columns: the Event Hub's
// envelope, the same through older versions of the Splunk add-on for Microsoft Cloud
// Services, and nothing in the portal's exports.
var defenderPrefixes = []string{"properties.", "body.properties.", ""}

var names = record.NewNames(fieldNames()...)

func fieldNames() (fields []string) {
	fields = append([]string{rawField, messageField, nxlogField}, categoryFields...)
	for _, prefix := range defenderPrefixes {
		for _, column := range processColumns {
			fields = append(fields, prefix+column)
		}
		for _, column := range keep.NetworkColumns {
			fields = append(fields, prefix+column.Name)
		}
	}
	for i := range sysmonShapes {
		fields = append(fields, sysmonShapes[i].fields()...)
	}
	slices.Sort(fields[1:])
	return slices.Compact(fields)
}

// Names returns the set of fields that a record must be made over: the query's columns in
// each of their transports, Sysmon's in each of theirs, and _raw.
func Names() *record.Names { return names }

// RequiredFields returns what to ask Splunk for. Without raw, the events' own texts
// are left out.
func RequiredFields(raw bool) (fields []string) {
	for s := range record.Slot(names.Len()) {
		if name := names.Name(s); raw || name != rawField {
			fields = append(fields, name)
		}
	}
	return fields
}
