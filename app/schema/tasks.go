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
		"Event.System.Execution.ProcessID", "Event.System.Execution_attributes.ProcessID",
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
	"flat":         {"ExecutionProcessID", "SystemProcessId"},
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
		if s := &sysmonShapes[i]; s.list == "" || s.prefix != "" { // a list without names tells of Sysmon alone
			schemas = append(schemas, s.taskSchema())
		}
	}
	return schemas
}

// taskSchema opens for the two logs, and where no log is named for events with one of the
// ids that name a task.
func (s *sysmonShape) taskSchema() Schema {
	ids := Condition{Fields: s.id, Test: "is", Values: slices.Concat(schedulerIDs, auditIDs)}
	named := Condition{Fields: s.data("TaskName"), Test: "present"}
	noChannel := Condition{Fields: append(allChannels(), s.channel...), Test: "absent"}
	ofScheduler := Condition{Fields: s.id, Test: "is", Values: schedulerIDs}
	ofAudit := Condition{Fields: s.id, Test: "is", Values: auditIDs}
	inScheduler := Condition{Fields: s.channel, Test: "has", Values: []string{"taskscheduler"}}
	inAudit := Condition{Fields: s.channel, Test: "is", Values: []string{"security"}}
	known := named
	if s.flat || s.list != "" { // the name may be in the Message alone
		known = Condition{Fields: append(s.data("TaskName"), auditTaskName, messageField), Test: "present"}
	}
	mark := known
	if s.marks != nil { // they tell the shape
		mark = Condition{Fields: s.marks, Test: "present"}
	}
	return Schema{
		Name: "tasks " + s.name, Doubled: s.doubled,
		Gate: [][]Condition{{ids, inScheduler, known, mark}, {ids, inAudit, known, mark}, {ids, noChannel, named, mark}},
		Tables: []Table{
			{Kind: event.TaskEvent, When: []Condition{ofScheduler, inScheduler}, Rules: s.schedulerRules()},
			{Kind: event.TaskEvent, When: []Condition{ofAudit, inAudit}, Rules: s.auditRules()},
			{Kind: event.TaskEvent, When: []Condition{ofScheduler, noChannel}, Rules: s.schedulerRules()},
			{Kind: event.TaskEvent, When: []Condition{ofAudit, noChannel}, Rules: s.auditRules()},
		},
	}
}

// Names of the lines in the Message of an audit event.
const (
	auditTaskName = "Task Name"
	auditAccount  = "Account Name"
	auditDomain   = "Account Domain"
)

func (s *sysmonShape) taskHeader() []Rule {
	return []Rule{
		{To: "device", From: s.device, Else: s.host},
		{To: "time", From: s.time, Else: s.clock},
		{To: "record", From: s.record, Optional: true},
		{To: "task_act", From: s.id},
	}
}

// schedulerRules read TaskScheduler/Operational. Splunk's add-on gives the attribute
// ProcessID of Execution the name that 129 has for its process: so the writer is asked for
// by the name that only the event's own text gives it, and that text is read without.
func (s *sysmonShape) schedulerRules() []Rule {
	rules := append(s.taskHeader(),
		s.optional("task_name", "TaskName"),
		Rule{To: "task_writer", From: s.writer(), Optional: len(s.writer()) == 0},
		Rule{To: "task_pid", From: s.data("EnginePID"), Via: "task_engine", Optional: true},
		s.optional("task_pid", "ProcessID"),
		Rule{To: "task_action", From: s.data("Path", "ActionName"), Optional: true},
		Rule{To: "task_instance", From: s.data("TaskInstanceId", "InstanceId"), Optional: true},
		Rule{To: "user", From: s.data("UserContext", "UserName"), Optional: true},
		s.optional("task_result", "ResultCode"),
	)
	if s.flat { // NXLog's: local, but of the device
		rules = append(rules, Rule{To: "stamp", From: []string{"EventTime"}, Optional: true})
	}
	return s.withMessage(rules)
}

// auditRules read Security 4698 to 4702, whose writer is not the scheduler.
func (s *sysmonShape) auditRules() []Rule {
	name := s.optional("task_name", "TaskName", auditTaskName)
	rules := append(s.taskHeader(), name,
		Rule{To: "task_audit", From: s.id},
		Rule{To: "task_content", From: s.data("TaskContent", "TaskContentNew"), Optional: true},
		s.optional("user", "SubjectUserName", auditAccount),
		s.optional("user_domain", "SubjectDomainName", auditDomain),
		s.optional("task_client", "ClientProcessId"),
		s.optional("task_parent", "ParentProcessId"),
	)
	return s.withMessage(rules)
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
