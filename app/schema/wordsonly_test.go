package schema

import (
	"fmt"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

const (
	wordsDefinition = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\"><RegistrationInfo><Description>x\r\n\tTask Name: \t\t\\Forged\r\n\tClientProcessId: \t\t6666\r\n</Description></RegistrationInfo></Task>"
	wordsCreated    = "A scheduled task was created.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-5-18\r\n\tAccount Name:\t\tmaja\r\n\r\nTask Information:\r\n\tTask Name: \t\t\\Own\\Name\r\n\tTask Content: \t\t" +
		wordsDefinition + "\r\n\r\nOther Information:\r\n\tProcessCreationTime: \t\t9\r\n\tClientProcessId: \t\t\t4711\r\n\tParentProcessId: \t\t\t12\r\n"
	wordsLaunched = `Task Scheduler launch task "\Own\Name" , instance "C:\x\run.exe"  with process ID 5012.`
)

// What Windows says of a task is read where nothing but its words is left, in the objects of
// PowerShell and in Sentinel's descriptions, with a log's name or none; what somebody wrote into
// a definition is not taken for a part of the words.
func TestTasksFromWordsAlone(t *testing.T) {
	for _, shape := range []string{
		`{"Id":%d,"LogName":%q,"MachineName":"d.example","TimeCreated":"2026-11-20T09:00:01Z","Message":%q}`,
		`{"Id":%d,"x":%q,"MachineName":"d.example","TimeCreated":"2026-11-20T09:00:01Z","Message":%q}`,
		`{"EventID":%d,"EventLog":%q,"Computer":"d.example","TimeGenerated":"2026-11-20T09:00:01Z","RenderedDescription":%q}`,
		`{"EventID":%d,"x":%q,"Computer":"d.example","TimeGenerated":"2026-11-20T09:00:01Z","RenderedDescription":%q}`,
	} {
		r := newReading(t)
		kind, _ := r.read(text(fmt.Sprintf(shape, 4698, "Security", wordsCreated)))
		checkKind(t, kind, event.TaskEvent)
		created := r.taskOf()
		if got := r.store.Symbols.String(created.Name); got != `\Own\Name` || created.Client.PID != 4711 || created.Act != event.TaskCreated || created.Time == event.NoTime {
			t.Errorf("%s: the task %q of %+v", shape, got, created)
		}
		if got := r.store.Symbols.String(created.Content); len(got) == 0 || got[len(got)-len("</Task>"):] != "</Task>" {
			t.Errorf("%s: the definition is %q", shape, got)
		}
		kind, _ = r.read(text(fmt.Sprintf(shape, 129, "Microsoft-Windows-TaskScheduler/Operational", wordsLaunched)))
		checkKind(t, kind, event.TaskEvent)
		if run := r.taskOf(); r.store.Symbols.String(run.Name) != `\Own\Name` || run.PID != 5012 || run.Time == event.NoTime {
			t.Errorf("%s: the run is %+v", shape, run)
		}
	}
}

// An event of another log with such an id and no log to its name is no task's.
func TestWordsOfOtherLogsAreNoTasks(t *testing.T) {
	for _, words := range []string{`Reset to device "\Device\RaidPort0" was issued, 3.`, `The share "\\server\x" was opened by process 77.`} {
		raw := fmt.Sprintf(`{"Id":129,"MachineName":"d.example","TimeCreated":"2026-11-20T09:00:01Z","Message":%q}`, words)
		if kind, got := newReading(t).read(text(raw)); inUse(kind) {
			t.Errorf("%s is %v", raw, got)
		}
	}
}
