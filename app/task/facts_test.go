package task_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task"
)

// content is a definition that runs a command with arguments, every ten minutes.
func content(command, arguments string) string {
	return "<Task><RegistrationInfo><Author>CORP\\mira</Author></RegistrationInfo><Triggers><TimeTrigger><Repetition><Interval>PT10M</Interval></Repetition></TimeTrigger></Triggers>" +
		"<Settings><Hidden>true</Hidden></Settings><Actions><Exec><Command>" + command + "</Command><Arguments>" + arguments + "</Arguments></Exec></Actions></Task>"
}

// audit adds an event of the audit log.
func (w *world) audit(act event.Act, name, definition string, client uint32, at event.Time) {
	w.AddTask(&event.Task{Source: w.source(at), Act: act, Audit: true, Name: w.sym(name), Content: w.sym(definition), User: w.sym(`CORP\maja`), Client: event.Ref{PID: client}})
}

// single returns a device with one Schedule service and a run of cmd.exe an hour after its
// boot, of which no event of the scheduler's log tells.
func single() (w *world, h *host, ran event.Time) {
	w = newWorld(1)
	w.lean, w.noIDs = false, false
	w.boots(1, 24*hour)
	h, ran = &w.hosts[0], begin+hour
	w.start(h, 4000, `C:\Windows\System32\cmd.exe`, ran, `C:\Windows\SYSTEM32\cmd.EXE /c x`)
	return w, h, ran
}

// root returns the root that started at a time.
func root(t *testing.T, w *world, roster *identity.Roster, roots []int32, at event.Time) int32 {
	t.Helper()
	for _, r := range roots {
		if d := roster.Actors[r].Time - at; d >= 0 && d < event.Second {
			return r
		}
	}
	t.Fatalf("no tree began at %d", at)
	return 0
}

// A tree is named by the only task that runs its command at that time.
func TestNameByAction(t *testing.T) {
	const a, b = `\Acme\A`, `\Acme\B`
	cmd := content("cmd.exe", "/c x")
	for name, c := range map[string]struct {
		log  func(w *world, ran event.Time)
		name string
		edge task.Edge
	}{
		"nothing": {func(*world, event.Time) {}, "", task.NoEdge},
		"one":     {func(w *world, ran event.Time) { w.audit(event.TaskCreated, a, cmd, 0, ran-hour) }, a, task.ByAction},
		"changed before": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.audit(event.TaskUpdated, a, content("cmd.exe", "/c y"), 0, ran-hour/2)
		}, "", task.NoEdge},
		"changed since": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.audit(event.TaskUpdated, a, content("cmd.exe", "/c y"), 0, ran+hour)
		}, a, task.ByAction},
		"made since": {func(w *world, ran event.Time) { w.audit(event.TaskCreated, a, cmd, 0, ran+hour) }, "", task.NoEdge},
		"deleted before": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.audit(event.TaskDeleted, a, "", 0, ran-hour/2)
		}, "", task.NoEdge},
		"two": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.audit(event.TaskCreated, b, cmd, 0, ran-hour)
		}, "", task.Ambiguous},
		"one twice": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.audit(event.TaskUpdated, `\ACME\a`, cmd, 0, ran-hour)
		}, `\ACME\a`, task.ByAction},
		"another's": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, content("powershell.exe", "/c x"), 0, ran-hour)
		}, "", task.NoEdge},
		"no definition": {func(w *world, ran event.Time) { w.audit(event.TaskCreated, a, "<!DOCTYPE x>", 0, ran-hour) }, "", task.NoEdge},
		"the log names it": {func(w *world, ran event.Time) {
			w.audit(event.TaskCreated, a, cmd, 0, ran-hour)
			w.log(&w.hosts[0], event.TaskProcess, b, "cmd.exe", 4000, ran, event.ID{})
		}, b, task.ByPID},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, ran := single()
			c.log(w, ran)
			w.shuffled().Settle()
			_, roster, forest, tasks := named(w.Store)
			n := tasks.Name(root(t, w, roster, forest.Roots, ran))
			if got := w.Symbols.String(n.Task); got != c.name || n.Edge != c.edge {
				t.Errorf("named %q by %q, want %q by %q", got, n.Edge, c.name, c.edge)
			}
		})
	}
}

// What is known of the task, its run and who made it.
func TestFacts(t *testing.T) {
	const name = `\Acme\A`
	w, h, ran := single()
	w.start(h, 5000, `C:\Windows\System32\schtasks.exe`, ran-hour/2, `schtasks /run /tn x`)
	w.audit(event.TaskCreated, name, content("old.exe", ""), 0, ran-2*hour)
	w.audit(event.TaskDeleted, name, "", 0, ran-2*hour+60*event.Second)
	w.log(h, event.TaskCreated, name, "", 0, ran-hour/2-event.Second, event.ID{})
	w.audit(event.TaskCreated, name, content("cmd.exe", "/c x"), 5000, ran-hour/2+event.Second)
	w.audit(event.TaskUpdated, name, content("cmd.exe", "/c x"), 0, ran-hour/4)
	instance := event.ID{Hi: 9, Lo: 9}
	w.log(h, event.TaskProcess, name, "cmd.exe", 4000, ran, event.ID{})
	w.log(h, event.ActionStarted, name, "cmd.exe", 4000, ran+event.Second/100, instance)
	w.log(h, event.ActionEnded, name, "cmd.exe", 4000, ran+60*event.Second, instance)
	w.Tasks[len(w.Tasks)-1].Result = 0x80070001
	w.audit(event.TaskDeleted, name, "", 0, ran+hour)
	w.shuffled().Settle()
	_, roster, forest, tasks := named(w.Store)
	f := tasks.Facts(root(t, w, roster, forest.Roots, ran))
	if f.Edge != task.ByPID || f.Instance != instance || f.Result != 0x80070001 {
		t.Errorf("%+v", f)
	}
	if f.Created != ran-hour/2-event.Second && f.Created != ran-hour/2+event.Second || f.Changed != ran-hour/4 || f.Deleted != ran+hour || w.Symbols.String(f.By) != `CORP\maja` {
		t.Errorf("created %d, changed %d, deleted %d before the run, by %s", ran-f.Created, ran-f.Changed, ran-f.Deleted, w.Symbols.String(f.By))
	}
	if f.Definition == nil || !f.Definition.Hidden || f.Definition.Author != `CORP\mira` {
		t.Fatalf("%+v", f.Definition)
	}
	if period, _ := f.Definition.Period(); period != 10*time.Minute {
		t.Errorf("period %s", period)
	}
	if f.Maker == identity.None || roster.Actors[f.Maker].Self.PID != 5000 {
		t.Errorf("made by actor %d", f.Maker)
	}
}

// The maker of a task is found by the command line that registers it, by name or by what it
// is to run.
func TestMaker(t *testing.T) {
	for _, c := range []struct {
		command string
		named   bool
		found   bool
	}{
		{`schtasks /create /tn "Acme\A" /tr x /sc minute`, true, true},
		{`"C:\Windows\system32\schtasks.exe" /Create /F /TN \acme\a`, true, true},
		{`cmd /c "schtasks /create /tn Acme\A"`, true, true},
		{`powershell -c "Register-ScheduledTask -TaskName 'A' -TaskPath '\Acme\' -Action $a"`, true, true},
		{`schtasks /create /tn Acme\B /tr "cmd.exe /c x"`, true, false},
		{`schtasks /create /tn Acme\B /tr "cmd.exe /c x"`, false, true},
		{`schtasks /create /tn Acme\B /tr "cmd.exe /c y"`, false, false},
		{`schtasks /run /tn Acme\A`, true, false},
		{`echo schtasks-like`, true, false},
	} {
		t.Run(fmt.Sprint(c.command, c.named), func(t *testing.T) {
			w, h, ran := single()
			w.start(h, 5000, `C:\Windows\System32\schtasks.exe`, ran-hour/2, c.command)
			w.start(h, 6000, `C:\Windows\System32\schtasks.exe`, ran+hour/2, c.command) // too late
			if c.named {
				w.log(h, event.TaskProcess, `\Acme\A`, "cmd.exe", 4000, ran, event.ID{})
			} else {
				w.log(h, event.TaskTriggered, `\Acme\A`, "", 0, ran, event.ID{})
			}
			w.shuffled().Settle()
			_, roster, forest, tasks := named(w.Store)
			f := tasks.Facts(root(t, w, roster, forest.Roots, ran))
			if found := f.Maker != identity.None; found != c.found || found && roster.Actors[f.Maker].Self.PID != 5000 {
				t.Errorf("found %t: %+v", found, f)
			}
		})
	}
}
