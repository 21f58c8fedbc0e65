package kusto

import (
	"fmt"
	"strings"
	"time"
)

// Table is one table and what of it is asked for.
type Table struct {
	Name    string
	Where   string   // "" for all its rows
	Columns []string // those that every such table has
	Maybe   []string // those that came later, or with some connectors
}

var (
	initiating = []string{
		"InitiatingProcessId", "InitiatingProcessFileName", "InitiatingProcessFolderPath", "InitiatingProcessCommandLine", "InitiatingProcessCreationTime",
		"InitiatingProcessParentId", "InitiatingProcessParentFileName", "InitiatingProcessParentCreationTime", "InitiatingProcessAccountDomain", "InitiatingProcessAccountName",
	}
	header = []string{"DeviceId", "DeviceName", "ActionType", "ReportId"}
	unique = []string{"InitiatingProcessUniqueId"}
)

// defenderTables are those that the hunt reads, and their columns that it does.
// Source: the schema reference of advanced hunting.
func defenderTables() []Table {
	columns := func(own ...string) []string {
		return append(append([]string{"Timestamp"}, header...), append(own, initiating...)...)
	}
	return []Table{
		{Name: "DeviceProcessEvents", Columns: columns("FileName", "FolderPath", "SHA1", "SHA256", "MD5", "ProcessId", "ProcessCommandLine", "ProcessCreationTime", "AccountDomain", "AccountName"),
			Maybe: append([]string{"ProcessUniqueId"}, unique...)},
		{Name: "DeviceNetworkEvents", Columns: columns("RemoteIP", "RemotePort", "RemoteUrl", "LocalIP", "LocalPort", "Protocol", "AdditionalFields",
			"InitiatingProcessSHA1", "InitiatingProcessSHA256", "InitiatingProcessMD5"), Maybe: unique},
		{Name: "DeviceEvents", Columns: columns("RemoteUrl", "RemoteIP", "AdditionalFields", "FileName", "FolderPath", "ProcessId", "ProcessCommandLine"), Maybe: unique,
			Where: `ActionType in~ ("ScheduledTaskCreated", "ScheduledTaskUpdated", "ScheduledTaskDeleted", "ScheduledTaskEnabled", "ScheduledTaskDisabled", "DnsQueryResponse")`},
	}
}

// sentinelTables are those in which a workspace may have such events: of agents, old and new,
// and of Defender's connector. Source: the reference of Azure Monitor's tables.
func sentinelTables() []Table {
	const logs = ` and EventID in (1, 3, 5, 19, 20, 21, 22)) or (%[1]s == "Microsoft-Windows-TaskScheduler" and EventID in (100, 102, 103, 106, 107, 108, 110, 118, 119, 129, 140, 141, 142, 200, 201, 203)) or (%[1]s == "Service Control Manager" and EventID == 7045)`
	of := func(provider string) string {
		return fmt.Sprintf(`(%[1]s == "Microsoft-Windows-Sysmon"`+logs, provider)
	}
	defender := defenderTables()
	tables := append(make([]Table, 0, 3+len(defender)), []Table{
		{Name: "Event", Where: of("Source"), Columns: []string{"TimeGenerated", "Computer", "EventID", "EventLog", "Source", "EventData"}},
		{Name: "WindowsEvent", Where: of("Provider"), Columns: []string{"TimeGenerated", "Computer", "EventID", "Channel", "Provider", "EventRecordId", "EventData", "SystemProcessId"}, Maybe: []string{"RawEventData"}},
		{Name: "SecurityEvent", Where: "EventID in (4688, 4689, 4697, 4698, 4699, 4700, 4701, 4702)", Columns: []string{
			"TimeGenerated", "Computer", "EventID", "Channel", "NewProcessId", "NewProcessName", "ProcessId", "ProcessName", "ParentProcessName", "CommandLine",
			"SubjectUserName", "SubjectDomainName", "TargetUserName", "TargetDomainName", "ServiceName", "ServiceFileName", "EventData"}, Maybe: []string{"EventRecordId"}},
	}...)
	for _, t := range defender {
		t.Columns = append([]string{"TimeGenerated"}, t.Columns[1:]...)
		t.Maybe = append([]string{"Timestamp"}, t.Maybe...)
		tables = append(tables, t)
	}
	return tables
}

// Query returns the question for a part of a table: its rows of a slice, and of them no other
// columns than the hunt reads. One of a table whose name is "" is the user's own.
func (s *Service) query(t *Table, of slice) string {
	var b strings.Builder
	b.WriteString(t.Name + "\n")
	fmt.Fprintf(&b, "| where %s >= datetime(%s) and %s < datetime(%s)\n", s.time, stamp(of.from), s.time, stamp(of.to))
	if t.Where != "" {
		b.WriteString("| where " + t.Where + "\n")
	}
	if of.shares > 1 {
		fmt.Fprintf(&b, "| where hash(tolower(tostring(%s)), %d) == %d\n", s.deviceOf(t), of.shares, of.share)
	}
	if len(t.Columns) == 0 {
		return b.String()
	}
	for _, c := range t.Maybe {
		fmt.Fprintf(&b, "| extend %[1]s = column_ifexists(%[2]q, \"\")\n", c, c)
	}
	b.WriteString("| project " + strings.Join(append(append([]string{}, t.Columns...), t.Maybe...), ", ") + "\n")
	return b.String()
}

// deviceOf is the column that a table has for the device.
func (s *Service) deviceOf(t *Table) string {
	for _, c := range t.Columns {
		if c == "DeviceId" {
			return c
		}
	}
	return s.device
}

// stamp writes a time as KQL reads it, to the 100 nanoseconds that it knows.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// Own returns the table of the user's own question, which has to give the columns by which it
// is sliced.
func Own(query string) Table { return Table{Name: strings.TrimSpace(query)} }

// Queries returns the first questions for a span of time, for people.
func (s *Service) Queries(from, to time.Time) (texts []string) {
	for i := range s.Tables {
		texts = append(texts, s.query(&s.Tables[i], slice{from: from, to: to, shares: 1}))
	}
	return texts
}
