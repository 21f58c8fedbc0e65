package schema

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// viaEngine is the transform of EnginePID: see setEngine.
const viaEngine = "task_engine"

// takeTask is take for the keys of an event of the scheduler's log. The rules come in the order
// of schedulerRules: what happened before what depends on it, the words for people last.
func (r *looking) takeTask(k key, v []byte) bool {
	switch k {
	case keyAct:
		r.Act = actOf(v)
		return r.Act != event.NoAct
	case keyTaskName:
		if v = bytes.TrimSpace(v); len(v) < 2 || v[0] != '\\' {
			return false
		}
		r.has |= hasTask
	case keyWriter:
		return setPID(&r.Writer, v)
	case keyTaskPID:
		return r.Act == event.TaskProcess && setPID(&r.PID, v)
	case keyTaskEngine:
		return (r.Act == event.ActionStarted || r.Act == event.ActionEnded) && setPID(&r.PID, v)
	case keyTaskMessage: // it may have what the fields lost
		r.odd = r.odd || r.Act == event.TaskProcess && (r.PID == 0 || r.Writer == 0 || r.PID == r.Writer)
	}
	return true
}

// isWholeTask reports whether the keys are all that the event has a say by, unless it names a
// process that counts: it is of a run, and has a time, and a number that tells it from others.
// What changes a task is read in full, and comes seldom.
func (r *looking) isWholeTask() bool {
	if r.PID == r.Writer { // no process is its own parent: the names clashed
		r.PID = 0
	}
	return r.Act.IsRun() && r.Time != event.NoTime && r.Record != 0
}
