package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Windows' own audit of process creation, Security 4688, has the name and the id of the
// process that created the new one, and not its command line, by which the Task Scheduler
// is told from the other services. Some shippers add it; only then are these events read.
// They have no id of a process but its number, which holds with the time of its start.

// parentCommandNames are what shippers call the command line that they add.
var parentCommandNames = []string{"ParentCommandLine", "ParentProcessCommandLine", "CreatorProcessCommandLine", "ParentProcessCommand", "ParentCmdLine"}

// securityShapes are the shapes of Sysmon, whose headers are the same, in which shippers
// that can add a field write.
var securityShapes = []string{"winlogbeat 7", "winlogbeat 6", "evtx converter", "Velociraptor", "Sentinel", "flat"}

func securitySchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		if s := &sysmonShapes[i]; slices.Contains(securityShapes, s.name) {
			schemas = append(schemas, s.securitySchema())
		}
	}
	return schemas
}

func (s *sysmonShape) securitySchema() Schema {
	first := func(to string, names ...string) Rule { return Rule{To: to, From: s.data(names...), Optional: true} }
	return Schema{
		Name: "security " + s.name,
		Gate: [][]Condition{{
			{Fields: s.id, Test: "is", Values: []string{"4688"}},
			{Fields: s.data("NewProcessId"), Test: "present"}, {Fields: s.data(parentCommandNames...), Test: "present"},
		}},
		Tables: []Table{{Kind: event.ProcessStart, Rules: slices.Concat([]Rule{
			{To: "device", From: s.device, Else: s.host},
			{To: "time", From: s.time, Else: s.clock},
			{To: "record", From: s.record},
			{To: "process_created", From: s.time, Else: s.clock},
		}, []Rule{
			first("process_id", "NewProcessId"), first("process_path", "NewProcessName"), first("process_command", "CommandLine", "ProcessCommandLine"),
			first("user", "TargetUserName"), first("user_domain", "TargetDomainName"),
			first("user", "SubjectUserName").unless(owned), first("user_domain", "SubjectDomainName").unless(domained),
			first("parent_id", "ProcessId"), first("parent_path", "ParentProcessName", "CreatorProcessName"), first("parent_command", parentCommandNames...),
		})}},
	}
}
