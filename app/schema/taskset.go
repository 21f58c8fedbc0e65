package schema

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// mostContent is how much of a task's definition is kept, in bytes: Windows writes no event
// with more than 64 kB.
const mostContent = 64 << 10

// ownActs are the acts of the scheduler's own log, by number: most events of tasks have one of these.
var ownActs = func() (of [1000]event.Act) {
	for _, id := range schedulerIDs {
		of[int(id[0]-'0')*100+int(id[1]-'0')*10+int(id[2]-'0')] = acts[id]
	}
	return of
}()

// actOf returns what an event with an id tells of.
func actOf(id []byte) event.Act {
	if len(id) != 3 {
		return acts[string(id)]
	}
	n := 0
	for _, c := range id {
		if c < '0' || c > '9' {
			return event.NoAct
		}
		n = 10*n + int(c-'0')
	}
	return ownActs[n]
}

func setAct(d *draft, v []byte) bool {
	d.task.Act = actOf(v)
	return d.task.Act != event.NoAct
}

func setDefenderAct(d *draft, v []byte) bool {
	d.task.Act, d.task.Audit = defenderActs[strings.ToLower(string(v))], true
	return d.task.Act != event.NoAct
}

// setAudit notes that the event is of the audit log, whatever its id is.
func setAudit(d *draft, _ []byte) bool {
	d.task.Audit = true
	return true
}

// setTaskName takes the name of a task, a path that begins with a backslash. The first
// that is one counts.
func setTaskName(d *draft, v []byte) bool {
	if v = bytes.TrimSpace(v); d.task.Name != event.NoSym || len(v) < 2 || v[0] != '\\' {
		return false
	}
	return setSym(d, &d.task.Name, v)
}

// setTaskPID takes the process of 129; in other events the name is the writer's.
func setTaskPID(d *draft, v []byte) bool {
	return d.task.Act == event.TaskProcess && setPID(&d.task.PID, v)
}

// setEngine takes EnginePID, which is the action's process where there is no other engine
// than the service: 200 and 201 since Windows 8.
func setEngine(d *draft, v []byte) bool {
	return (d.task.Act == event.ActionStarted || d.task.Act == event.ActionEnded) && setPID(&d.task.PID, v)
}

func setInstance(d *draft, v []byte) bool {
	id, _, ok := event.ParseGUID(v)
	if ok = ok && !id.IsZero(); ok {
		d.task.Instance = id
	}
	return ok
}

func setContent(d *draft, v []byte) bool {
	if d.task.Content != event.NoSym {
		return false
	}
	return setSym(d, &d.task.Content, v[:min(len(v), mostContent)])
}

// setResult takes a result code. It is an HRESULT at times, so that it has all of 32 bits,
// and one of 0 is none to keep.
func setResult(d *draft, v []byte) bool {
	n, err := strconv.ParseUint(string(v), 0, 32)
	if err != nil {
		return false
	}
	d.task.Result = uint32(n)
	return n != 0
}

// setTaskMessage fills in what the fields do not have from the words for people: texts
// stand in quotes there, in any language, the name of the task with a backslash first; the
// process of 129 is the last number outside of them. Definitions stand in it as they are.
func setTaskMessage(d *draft, v []byte) (told bool) {
	if d.task.Audit {
		return d.auditMessage(v)
	}
	rest := v
	for len(rest) > 0 {
		var quoted []byte
		if _, rest, _ = bytes.Cut(rest, []byte{'"'}); len(rest) == 0 {
			break
		}
		quoted, rest, _ = bytes.Cut(rest, []byte{'"'})
		told = d.quotedInMessage(quoted) || told
	}
	if d.task.Act == event.TaskProcess && (d.task.PID == 0 || d.task.Writer == 0 || d.task.PID == d.task.Writer) {
		told = setPID(&d.task.PID, lastNumber(v)) || told
	}
	return told
}

// auditMessage takes the task, its definition and who asked for it out of the words of the
// audit log. The name stands in a line before the definition, and begins with a backslash in
// any language, and who asked behind it: nothing within the definition counts.
func (d *draft) auditMessage(v []byte) (told bool) {
	before, after := v, v
	if from := bytes.Index(v, []byte("<Task")); from >= 0 {
		content := v[from:]
		if end := bytes.LastIndex(content, definitionEnd); end >= 0 {
			content, after = content[:end+len(definitionEnd)], content[end+len(definitionEnd):]
		} else {
			after = nil
		}
		before = v[:from]
		told = setContent(d, content)
	}
	for line := range bytes.Lines(before) {
		if _, value, found := bytes.Cut(line, []byte{':'}); found {
			told = setTaskName(d, value) || told
		}
	}
	for line := range bytes.Lines(after) {
		label, value, _ := bytes.Cut(line, []byte{':'})
		to := map[string]*uint32{"ClientProcessId": &d.task.Client.PID, "ParentProcessId": &d.task.Parent}[string(bytes.TrimSpace(label))]
		if to != nil && *to == 0 {
			told = setPID(to, bytes.TrimSpace(value)) || told
		}
	}
	return told
}

var definitionEnd = []byte("</Task>")

// quotedInMessage takes a text in quotes: a name, an instance, or what is run.
func (d *draft) quotedInMessage(v []byte) bool {
	switch {
	case setTaskName(d, v):
		return true
	case d.task.Name != event.NoSym && d.task.Action == event.NoSym && d.task.Act == event.TaskProcess:
		return len(v) > 0 && !bytes.HasPrefix(v, []byte{'\\'}) && setSym(d, &d.task.Action, v)
	}
	return d.task.Instance.IsZero() && setInstance(d, v)
}

// lastNumber returns the last digits of a text behind its last quotes, none where it has
// no quotes: then it is not what Windows says of a process.
func lastNumber(v []byte) []byte {
	quoted := bytes.LastIndexByte(v, '"')
	if quoted < 0 {
		return nil
	}
	v = v[quoted+1:]
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	end := bytes.LastIndexFunc(v, isDigit) + 1
	return v[bytes.LastIndexFunc(v[:end], func(r rune) bool { return !isDigit(r) })+1 : end]
}

// setDefenderTask takes a task from the JSON in AdditionalFields. The definition is XML or
// an object there.
func setDefenderTask(d *draft, v []byte) bool {
	var extra struct {
		TaskName        string
		TaskContent     json.RawMessage
		SubjectUserName string
	}
	if json.Unmarshal(v, &extra) != nil {
		return false
	}
	told := setTaskName(d, []byte(extra.TaskName))
	if content := []byte(extra.TaskContent); len(content) > 0 && string(content) != "null" {
		var plain string
		if json.Unmarshal(content, &plain) == nil {
			content = []byte(plain)
		}
		told = len(content) > 0 && setContent(d, content) || told
	}
	if extra.SubjectUserName != "" && d.user == event.NoSym {
		told = setUser(d, []byte(extra.SubjectUserName)) || told
	}
	return told
}

// finishTask completes what is told of a task. An event without a name or a device tells
// nothing: it is of no use, as others of its log are.
func (d *draft) finishTask() event.Kind {
	if d.source.Device == event.NoSym || d.task.Name == event.NoSym || d.task.Act == event.NoAct {
		return event.Other
	}
	if d.task.PID == d.task.Writer { // no process is its own parent: the names clashed
		d.task.PID = 0
	}
	return event.TaskEvent
}

// taskOf returns the finished draft as a task's event.
func (r *Reader) taskOf() event.Task {
	t := r.draft.task
	t.Source, t.Stamp, t.User = r.draft.source, r.draft.stamp, r.user()
	return t
}
