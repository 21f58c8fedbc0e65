package realistic

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// The logs that tell of tasks.
const (
	taskChannel      = "Microsoft-Windows-TaskScheduler/Operational"
	taskProvider     = "Microsoft-Windows-TaskScheduler"
	taskProviderGUID = "{de7b24ea-73c8-4a09-985d-5bdadcfa9017}"
)

// logTasks writes what the Task Scheduler and the audit log tell, where they are collected.
func (m *machine) logTasks() {
	if !m.sensor.tasks {
		return
	}
	d := m.dice("task log")
	for i := range m.runs {
		if m.runs[i].k.under == "" {
			m.logRun(d, &m.runs[i])
		}
	}
	for _, c := range m.changes {
		m.logChange(d, c)
	}
}

// logRun writes the five events of a run, as real logs have them: 129 right before the
// process, 100 and 200 after it, 201 and 102 at its end.
func (m *machine) logRun(d dice, r *taskRun) {
	pid := decimal(r.root.PID)
	action := actionOf(r)
	account := r.root.User.Domain + `\` + r.root.User.Name
	at := r.root.Start - d.between(millisecond/2, 14*millisecond)
	m.task(r.service, at, 129, "CreatedTaskProcess", 0, "", "TaskName", r.task, "Path", pathOf(r.root), "ProcessID", pid, "Priority", "16384")
	m.task(r.service, at+millisecond/5, 100, "TaskStartEvent", 0, r.instance, "TaskName", r.task, "UserContext", account, "InstanceId", "{"+r.instance+"}")
	m.task(r.service, at+millisecond/3, 200, "ActionStart", 1, r.instance, "TaskName", r.task, "ActionName", action, "TaskInstanceId", "{"+r.instance+"}", "EnginePID", pid)
	if s := m.sessions[r.root.Boot-1]; r.root.End >= min(s.to, m.w.to) {
		return
	}
	end := r.root.End + d.between(millisecond, 30*millisecond)
	m.task(r.service, end, 201, "ActionSuccess", 2, r.instance, "TaskName", r.task, "TaskInstanceId", "{"+r.instance+"}", "ActionName", action, "ResultCode", decimal(r.result), "EnginePID", pid)
	m.task(r.service, end+millisecond/4, 102, "TaskSuccessEvent", 0, r.instance, "TaskName", r.task, "UserContext", account, "InstanceId", "{"+r.instance+"}")
}

// task adds an event of TaskScheduler/Operational; data are names and values by turns.
func (m *machine) task(service *sample.Process, at Time, id int, name string, version int, activity string, data ...string) {
	e := &sample.Entry{ID: id, Version: version, Channel: taskChannel, Provider: taskProvider, GUID: taskProviderGUID, Name: name, Writer: service.PID, UserID: "S-1-5-18", Data: pairs(data)}
	if activity != "" {
		e.Activity = "{" + activity + "}"
	}
	m.entry(service, at, e)
}

// entry adds an event of another log than the sensor's; such are written at once.
func (m *machine) entry(of *sample.Process, at Time, e *sample.Entry) {
	m.events = append(m.events, sample.Event{Kind: sample.LoggedEntry, Process: of, At: at, Recorded: at, Entry: e})
}

func pairs(data []string) (list []sample.Datum) {
	for i := 0; i+1 < len(data); i += 2 {
		list = append(list, sample.Datum{Name: data[i], Value: data[i+1]})
	}
	return list
}

// pathOf is the program as the task's action spells it; for a COM handler the host.
func pathOf(root *sample.Process) string {
	program, _ := cutCommand(root.Command)
	return program
}

// actionOf names the action: the program, or the display name of a COM handler.
func actionOf(r *taskRun) string {
	if strings.HasPrefix(r.root.Command, "taskhostw.exe") {
		return r.task[strings.LastIndexByte(r.task, '\\')+1:]
	}
	return pathOf(r.root)
}

// cutCommand parts a command line into the program and what follows it.
func cutCommand(command string) (program, arguments string) {
	if quoted, ok := strings.CutPrefix(command, `"`); ok {
		program, arguments, _ = strings.Cut(quoted, `"`)
	} else if i := strings.Index(strings.ToLower(command), ".exe "); i >= 0 {
		program, arguments = command[:i+4], command[i+4:]
	} else {
		program = command
	}
	return program, strings.TrimSpace(arguments)
}
