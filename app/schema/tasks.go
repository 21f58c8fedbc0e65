package schema

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// acts are what the events of TaskScheduler/Operational and of the audit log tell, by their
// ids. Source: the manifests of both providers.
var acts = map[string]event.Act{
	"100": event.TaskStarted, "102": event.TaskEnded, "103": event.TaskFailed,
	"106": event.TaskCreated, "140": event.TaskUpdated, "141": event.TaskDeleted, "142": event.TaskDisabled,
	"107": event.TaskTriggered, "108": event.TaskTriggered, "110": event.TaskTriggered, "118": event.TaskTriggered, "119": event.TaskTriggered,
	"129": event.TaskProcess, "200": event.ActionStarted, "201": event.ActionEnded, "203": event.ActionFailed,
	"4698": event.TaskCreated, "4699": event.TaskDeleted, "4700": event.TaskEnabled, "4701": event.TaskDisabled, "4702": event.TaskUpdated,
}

// schedulerIDs are those of the scheduler's own log, auditIDs those of Security.
var schedulerIDs, auditIDs = idsOfActs(3), idsOfActs(4)

// auditProvider writes the audit log, in lower case; it stands for the log where no other name
// of it was kept.
const auditProvider = "microsoft-windows-security-auditing"

// idsOfActs returns the ids of acts that have so many digits.
func idsOfActs(digits int) (ids []string) {
	for _, id := range sortedKeys(acts) {
		if len(id) == digits {
			ids = append(ids, id)
		}
	}
	return ids
}

// taskWriters are where the shapes have the process id of what wrote the event, by their
// names: in the scheduler's log that is the Schedule service.
var taskWriters = map[string][]string{
	"winlogbeat 7": {"winlog.process.pid"},
	"winlogbeat 6": {"process_id"},
	"evtx converter": {
		"Event.System.Execution.#attributes.ProcessID", "Event.System.Execution.@ProcessID",
		"Event.System.Execution.ProcessID", "Event.System.Execution_attributes.ProcessID", "Event.System.Execution.-ProcessID",
	},
	"Velociraptor":  {"System.Execution.ProcessID", "System.Execution.#attributes.ProcessID", "System.Execution.@ProcessID"},
	"Sentinel":      {"SystemProcessId"},
	"Wazuh":         {"data.win.system.processID"},
	"Wazuh's agent": {"win.system.processID"},
	"GELF":          {"_ExecutionProcessID"},
	"EvtxECmd":      {"ProcessId"},
	"OpenTelemetry": {"body.execution.process_id"}, "OpenTelemetry body": {"execution.process_id"},
	"osquery":      {"pid"},
	"Get-WinEvent": {"ProcessId"},
	"Fluent Bit":   {"ProcessID"}, "Fluentd": {"ProcessID"},
	"flat": {"ExecutionProcessID", "SystemProcessId"},
}

// writer returns the names of the writer's process id in this shape.
func (s *sysmonShape) writer() []string {
	if prefix, isGraylog := strings.CutPrefix(s.name, "Graylog "); isGraylog {
		return []string{prefix + "process_pid"}
	}
	return taskWriters[s.name]
}

// taskSchemas makes one schema a shape of Windows' events.
func taskSchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		schemas = append(schemas, sysmonShapes[i].taskSchema())
	}
	return schemas
}

// taskSchema opens for the two logs, and where no log is named for events with one of the
// ids that name a task.
func (s *sysmonShape) taskSchema() Schema {
	ids := Condition{Fields: s.id, Test: "is", Values: slices.Concat(schedulerIDs, auditIDs)}
	named := Condition{Fields: s.data("TaskName"), Test: "present"}
	noChannel := Condition{Fields: append(allChannels, s.channel...), Test: "absent"}
	inScheduler := Condition{Fields: s.channel, Test: "has", Values: []string{"taskscheduler"}}
	inAudit := Condition{Fields: s.channel, Test: "is", Values: []string{"security", auditProvider}}
	known := named
	if s.flat || s.list != "" { // the name may be in the Message alone
		known = Condition{Fields: append(s.data("TaskName"), auditTaskName, messageField), Test: "present"}
	}
	if s.list != "" {
		named.Fields = append(named.Fields, s.taskPlaces("TaskName")...)
		known.Fields = append(known.Fields, s.taskPlaces("TaskName")...)
	}
	gates := [][]Condition{}
	if s.flat || s.list != "" { // nothing but the words says which log it is
		gates = append(gates, []Condition{ids, noChannel, {Fields: []string{messageField}, Test: "has", Values: []string{"task scheduler ", "a scheduled task was "}}})
	}
	mark := known
	if s.marks != nil { // they tell the shape
		mark = Condition{Fields: s.marks, Test: "present"}
	}
	if s.list != "" && s.prefix == "" { // its list is all that tells it from flat events
		mark = Condition{Fields: s.taskPlaces("TaskName"), Test: "present"}
	}
	gates = append(gates, []Condition{ids, inScheduler, known}, []Condition{ids, inAudit, known}, []Condition{ids, noChannel, named})
	for i := range gates {
		gates[i] = append(gates[i], mark)
		if s.never != nil {
			gates[i] = append(gates[i], Condition{Fields: s.never, Test: "absent"})
		}
	}
	return Schema{
		Name: "tasks " + s.name, Doubled: s.doubled,
		Gate: append(gates, s.serviceGate()...),
		Tables: slices.Concat(
			s.taskTables(schedulerIDs, (*sysmonShape).schedulerRules, inScheduler, noChannel),
			s.taskTables(auditIDs, (*sysmonShape).auditRules, inAudit, noChannel),
			s.serviceTables()),
	}
}

// taskTables are the tables of events with some ids, in each of the places where they may be.
// Where values are known by their place in a list, each id has tables of its own.
func (s *sysmonShape) taskTables(ids []string, rules func(*sysmonShape) []Rule, where ...Condition) (tables []Table) {
	each := [][]string{ids}
	if s.list != "" {
		each = slices.Collect(slices.Chunk(ids, 1))
	}
	for _, some := range each {
		of, read := Condition{Fields: s.id, Test: "is", Values: some}, rules(s.of(some[0]))
		for _, in := range where {
			tables = append(tables, Table{Kind: event.TaskEvent, When: []Condition{of, in}, Rules: read})
		}
	}
	return tables
}

// Names of the lines in the Message of an audit event.
const (
	auditTaskName = "Task Name"
	auditAccount  = "Account Name"
	auditDomain   = "Account Domain"
)

// mostTaskRules is how many rules a table of tasks has at most. There are many such tables, which
// the program makes at each start.
const mostTaskRules = 14

func (s *sysmonShape) taskHeader() []Rule {
	return append(make([]Rule, 0, mostTaskRules),
		Rule{To: "device", From: s.device, Else: s.host},
		Rule{To: "time", From: s.time, Else: slices.Concat(s.clock, s.late)},
		Rule{To: "record", From: s.record, Optional: true},
		Rule{To: "task_act", From: s.id},
	)
}

// schedulerRules read TaskScheduler/Operational. Splunk's add-on gives the attribute
// ProcessID of Execution the name that 129 has for its process: so the writer is asked for
// by the name that only the event's own text gives it, and that text is read without.
func (s *sysmonShape) schedulerRules() []Rule {
	rules := append(s.taskHeader(),
		s.taskField("task_name", "TaskName"),
		Rule{To: "task_writer", From: s.writer(), Optional: len(s.writer()) == 0},
		Rule{To: "task_pid", From: s.taskData("EnginePID"), Via: viaEngine, Optional: true},
		s.taskField("task_pid", s.created()...),
		s.taskField("task_action", "Path", "ActionName"),
		s.taskField("task_instance", "TaskInstanceId", "InstanceId"),
		s.taskField("user", "UserContext", "UserName"),
		s.taskField("task_result", "ResultCode"),
	)
	if s.flat { // NXLog's: local, but of the device
		rules = append(rules, Rule{To: "stamp", From: []string{"EventTime"}, Optional: true})
	}
	return s.withMessage(rules)
}

// created are the names of the process that 129 tells of. Where letters have lost their case
// it is that of any other event.
func (s *sysmonShape) created() []string {
	if s.flat {
		return []string{"ProcessID", "ProcessId"}
	}
	return []string{"ProcessID"}
}

// auditRules read Security 4698 to 4702, whose writer is not the scheduler.
func (s *sysmonShape) auditRules() []Rule {
	rules := append(s.taskHeader(), s.auditField("task_name", "TaskName", auditTaskName),
		Rule{To: "task_audit", From: s.id},
		s.taskField("task_content", "TaskContent", "TaskContentNew"),
		s.auditField("user", "SubjectUserName", auditAccount),
		s.auditField("user_domain", "SubjectDomainName", auditDomain),
		s.taskField("task_client", "ClientProcessId"),
		s.taskField("task_parent", "ParentProcessId"),
	)
	return s.withMessage(rules)
}

// auditField is taskField with the name that a flat shape's Message has for the value.
func (s *sysmonShape) auditField(to, name, line string) Rule {
	rule := s.taskField(to, name)
	if s.flat {
		rule.From = append(rule.From, line)
	}
	return rule
}

// withMessage adds what the Message tells where fields were lost on the way.
func (s *sysmonShape) withMessage(rules []Rule) []Rule {
	if s.flat || s.list != "" {
		rules = append(rules, Rule{To: "task_message", From: []string{messageField}, Optional: true})
	}
	return rules
}

// defenderActs are the ActionTypes of DeviceEvents that tell of tasks.
var defenderActs = map[string]event.Act{
	"scheduledtaskcreated": event.TaskCreated, "scheduledtaskupdated": event.TaskUpdated, "scheduledtaskdeleted": event.TaskDeleted,
	"scheduledtaskenabled": event.TaskEnabled, "scheduledtaskdisabled": event.TaskDisabled,
}

// taskTable reads what Defender tells of tasks. What task it is stands in AdditionalFields,
// a JSON text or an object of which Splunk makes columns of their own.
func (d defender) taskTable() Table {
	return Table{
		Kind: event.TaskEvent, When: []Condition{d.action("is", sortedKeys(defenderActs)...)},
		Rules: append(d.headerRules(),
			Rule{To: "task_act", From: d.columns("ActionType"), Via: "defender_act"},
			d.optional("task_name", "AdditionalFields.TaskName"),
			d.optional("task_content", "AdditionalFields.TaskContent"),
			d.optional("task_client", "InitiatingProcessId"),
			d.optional("task_client_created", "InitiatingProcessCreationTime"),
			d.optional("task_parent", "InitiatingProcessParentId"),
			d.optional("user_domain", "InitiatingProcessAccountDomain"),
			d.optional("user", "InitiatingProcessAccountName"),
			Rule{To: "task_name", From: d.columns("AdditionalFields"), Via: "defender_task", Optional: true},
		),
	}
}
