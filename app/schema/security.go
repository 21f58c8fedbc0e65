package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Windows' own audit log, Security, tells of starts of processes (4688), their ends (4689)
// and the connections that its filter let through (5156). Its events have no id of a process
// but its number, which holds from a start to an end; and 4688 has the name and the id of
// the process that created the new one, but not its command line, by which the Task Scheduler
// is told from the other services. Some shippers add that; else the scheduler's own log has
// to tell. So these events are marked: see event.Source. Source: Microsoft's reference of
// security auditing.

// parentCommandNames are what shippers call the command line that they add.
var parentCommandNames = []string{"ParentCommandLine", "ParentProcessCommandLine", "CreatorProcessCommandLine", "ParentProcessCommand", "ParentCmdLine"}

// securityShapes are the shapes of Sysmon, whose headers are the same, in which the audit
// log is met.
var securityShapes = []string{"winlogbeat 7", "winlogbeat 6", "evtx converter", "Velociraptor", "Sentinel", "Wazuh", "EvtxECmd", "OpenTelemetry", "flat"}

func securitySchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		if s := &sysmonShapes[i]; slices.Contains(securityShapes, s.name) {
			schemas = append(schemas, s.securitySchema())
		}
	}
	return schemas
}

// Names of the lines in the Message of an audit event, where they differ from those of its
// data.
var auditLines = map[string]string{
	"NewProcessId": "New Process ID", "NewProcessName": "New Process Name", "CommandLine": "Process Command Line", "ParentProcessName": "Creator Process Name",
	"ProcessName": "Process Name", "Application": "Application Name", "SourceAddress": "Source Address", "SourcePort": "Source Port",
	"DestAddress": "Destination Address", "DestPort": "Destination Port",
}

// audited returns the names of data of the audit log in this shape, and of lines of a
// Message where there may be nothing else.
func (s *sysmonShape) audited(names ...string) []string {
	fields := s.data(names...)
	for _, name := range names {
		if line := auditLines[name]; line != "" && s.flat {
			fields = append(fields, line)
		}
	}
	return fields
}

// withNumber returns the names of the number of the process that an event is about.
func (s *sysmonShape) withNumber(names ...string) []string {
	fields := s.data(names...)
	if s.flat {
		fields = append(fields, "Process ID")
	}
	return fields
}

func (s *sysmonShape) securitySchema() Schema {
	with := func(id string, names ...string) []Condition {
		return []Condition{{Fields: s.id, Test: "is", Values: []string{id}}, {Fields: s.audited(names...), Test: "present"}}
	}
	number := func(names ...string) Condition { return Condition{Fields: s.withNumber(names...), Test: "present"} }
	start := with("4688", "NewProcessId")
	end := append(with("4689", "ProcessName"), number("ProcessId"))
	connection := append(with("5156", "Application"), number("ProcessID", "ProcessId"))
	return Schema{
		Name: "security " + s.name, Doubled: s.doubled, Gate: [][]Condition{start, end, connection},
		Tables: []Table{
			{Kind: event.ProcessStart, When: start, Rules: s.auditedStart()},
			{Kind: event.ProcessEnd, When: end, Rules: s.auditedEnd()},
			{Kind: event.NetworkConnection, When: connection, Rules: s.auditedConnection()},
		},
	}
}

// auditedTimes returns where the record time is: Sentinel's table SecurityEvent has the data
// as columns and a time of its own.
func (s *sysmonShape) auditedTimes() []string {
	if s.flat {
		return append(slices.Clone(s.time), "TimeGenerated")
	}
	return s.time
}

func (s *sysmonShape) auditedHeader() []Rule {
	return []Rule{
		{To: "device", From: s.device, Else: s.host},
		{To: "time", From: s.auditedTimes(), Else: s.clock},
		{To: "record", From: s.record, Optional: true},
		{To: "audit", From: s.id},
	}
}

// auditedRule is for a field that an event may have.
func (s *sysmonShape) auditedRule(to string, names ...string) Rule {
	return Rule{To: to, From: s.audited(names...), Optional: true}
}

func (s *sysmonShape) auditedStart() []Rule {
	parent := s.auditedRule("parent_id", "ProcessId")
	if s.flat {
		parent.From = append(parent.From, "Creator Process ID")
	}
	return append(s.auditedHeader(),
		Rule{To: "process_created", From: s.auditedTimes(), Else: s.clock},
		s.auditedRule("process_id", "NewProcessId"), s.auditedRule("process_path", "NewProcessName"),
		s.auditedRule("process_command", "CommandLine", "ProcessCommandLine"),
		s.auditedRule("user", "TargetUserName"), s.auditedRule("user_domain", "TargetDomainName"),
		s.auditedRule("user", "SubjectUserName").unless(owned), s.auditedRule("user_domain", "SubjectDomainName").unless(domained),
		s.auditedRule("process_session", "TargetLogonId", "SubjectLogonId").unless(sessionless),
		parent, s.auditedRule("parent_path", "ParentProcessName", "CreatorProcessName"), s.auditedRule("parent_command", parentCommandNames...),
	)
}

func (s *sysmonShape) auditedEnd() []Rule {
	return append(s.auditedHeader(), Rule{To: "process_id", From: s.withNumber("ProcessId"), Optional: true}, s.auditedRule("process_path", "ProcessName"))
}

// auditedConnection: the application is a path on a volume (\device\harddiskvolume2\...),
// whose file name must be that of the process with the number.
func (s *sysmonShape) auditedConnection() []Rule {
	direction := s.auditedRule("direction", "Direction")
	direction.Via = "filter_direction"
	protocol := s.auditedRule("transport", "Protocol")
	protocol.Via = "protocol_number"
	pid := Rule{To: "process_id", From: s.withNumber("ProcessID", "ProcessId"), Optional: true}
	return append(s.auditedHeader(), pid, s.auditedRule("process_path", "Application"), direction, protocol,
		s.auditedRule("source_ip", "SourceAddress"), s.auditedRule("source_port", "SourcePort"),
		s.auditedRule("destination_ip", "DestAddress"), s.auditedRule("destination_port", "DestPort"),
	)
}
