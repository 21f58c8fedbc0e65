package schema

import (
	"slices"
	"strings"
)

// Unnamed returns the field that would have the device in a table of events of Windows whose
// columns name none: "" where one does or may, as in the events' own texts, and for tables of
// anything else.
func Unnamed(columns []string) string {
	has := make(map[string]bool, len(columns))
	for _, c := range columns {
		has[plainName(c)] = true
	}
	any := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return has[plainName(n)] })
	}
	isOfWindows := any("EventID", "EventCode", "Id") && any(messageField, renderedField, "EventData", "event_data", "UtcTime")
	switch {
	case !isOfWindows || any(Raw, "RawEventData", "DeviceId", "DeviceName", "dest") || any(deviceFields()...):
		return ""
	case any("Id") && !any("EventID", "EventCode"):
		return machineField
	}
	return "Computer"
}

// plainName is a column's name without its letter case, what parts its words and what a
// portal adds.
func plainName(column string) string {
	column, _, _ = strings.Cut(column, " [")
	return strings.ToLower(strings.NewReplacer("_", "", " ", "").Replace(column))
}
