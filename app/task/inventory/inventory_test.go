package inventory_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

const nightly = `<?xml version="1.0" encoding="UTF-16"?><Task><RegistrationInfo><Author>me</Author><URI>\Acme\Nightly</URI></RegistrationInfo>` +
	`<Triggers><CalendarTrigger><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers><Actions><Exec><Command>n.exe</Command></Exec></Actions></Task>`

// line is a row for a message.
func lines(v *inventory.Inventory) (all []string) {
	for _, r := range v.Rows() {
		all = append(all, strings.Join(r.Values, "|"))
	}
	return all
}

func check(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Events and exports of one task are one row, in whatever order and how often they come.
func TestRows(t *testing.T) {
	for seed := range uint64(10) {
		v := inventory.New()
		store := event.NewStore()
		add := func(device string, record uint64, act event.Act, name, action, content string, at event.Time) {
			sym := func(text string) event.Sym { return store.Symbols.Intern([]byte(text)) }
			store.AddTask(&event.Task{Source: event.Source{Device: sym(device), DeviceName: sym(device), Time: at, Record: record}, Act: act, Audit: content != "",
				Name: sym(name), Action: sym(action), Content: sym(content), PID: uint32(record)})
		}
		adds := []func(){
			func() { add("a", 1, event.TaskProcess, `\Acme\NIGHTLY`, "n.exe", "", 10*event.Second) },
			func() { add("a", 1, event.TaskProcess, `\Acme\NIGHTLY`, "n.exe", "", 10*event.Second) }, // sent again
			func() { add("a", 2, event.TaskProcess, `\Acme\NIGHTLY`, "n.exe", "", 90*event.Second) },
			func() { add("b", 1, event.TaskProcess, `\Acme\NIGHTLY`, "n.exe", "", 50*event.Second) },
			func() { add("b", 2, event.TaskProcess, `\Other`, "o.exe", "", 20*event.Second) },
			func() { add("b", 3, event.TaskUpdated, `\Other`, "", "<!DOCTYPE x>", 30*event.Second) },
		}
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(adds), func(i, j int) { adds[i], adds[j] = adds[j], adds[i] })
		for _, one := range adds {
			one()
		}
		store.Settle()
		v.AddStore(store, 0)
		if !v.AddFile(`\x`, []byte("<Tasks><!-- \\Never\\Ran -->\n<Task><Actions><Exec><Command>z.exe</Command></Exec></Actions></Task></Tasks>")) || !v.AddFile("y", []byte(nightly)) {
			t.Fatal("exports of tasks are not taken for such")
		}
		var got []string
		for _, row := range lines(v) {
			got = append(got, strings.ToLower(row)) // which spelling of a name is shown, the first tells
		}
		check(t, got, []string{
			`\never\ran|z.exe|0|0||||||false|file|task||||||limited`,
			`\other|o.exe|1|1|20|30|||||audit,log|task||||||`,
			`\acme\nightly|n.exe|2|3|10|90|me|calendar every 1d|86400|false|file,log|task||||||limited`,
		})
		if v.Unread != 1 {
			t.Errorf("%d definitions unread", v.Unread)
		}
	}
}

// A run counts once, by the event of its process or else by its number: events 129 may be
// missing, and the log may spell the name of one task in several ways.
func TestRunsWithoutAnEventOfTheirProcess(t *testing.T) {
	first, second := event.ID{Hi: 1, Lo: 1}, event.ID{Hi: 1, Lo: 2}
	type told struct {
		act    event.Act
		name   string
		number event.ID
	}
	for name, c := range map[string]struct {
		events []told
		trees  int // that the log tells nothing of
		runs   string
	}{
		"all three of each run": {events: []told{
			{event.TaskProcess, `\Acme\A`, event.ID{}}, {event.ActionStarted, `\acme\a`, first}, {event.ActionEnded, `\ACME\A`, first},
			{event.TaskProcess, `\Acme\A`, event.ID{}}, {event.ActionStarted, `\acme\a`, second}, {event.ActionEnded, `\ACME\A`, second},
		}, runs: "2"},
		"no 129":                      {events: []told{{event.ActionStarted, `\Acme\A`, first}, {event.ActionEnded, `\acme\a`, first}, {event.ActionStarted, `\Acme\A`, second}}, runs: "2"},
		"one 129 of two":              {events: []told{{event.TaskProcess, `\Acme\A`, event.ID{}}, {event.ActionStarted, `\Acme\A`, first}, {event.ActionStarted, `\Acme\A`, second}}, runs: "2"},
		"two actions of one run":      {events: []told{{event.TaskProcess, `\Acme\A`, event.ID{}}, {event.TaskProcess, `\Acme\A`, event.ID{}}, {event.ActionStarted, `\Acme\A`, first}}, runs: "2"},
		"the end of a run before it":  {events: []told{{event.ActionEnded, `\Acme\A`, first}}, runs: "0"},
		"no number":                   {events: []told{{event.ActionStarted, `\Acme\A`, event.ID{}}, {event.ActionEnded, `\Acme\A`, event.ID{}}}, runs: "1"},
		"a run before the log begins": {events: []told{{event.ActionStarted, `\Acme\A`, first}}, trees: 1, runs: "2"},
		"an action that failed":       {events: []told{{event.ActionFailed, `\Acme\A`, first}}, runs: "0"},
	} {
		t.Run(name, func(t *testing.T) {
			v, store := inventory.New(), event.NewStore()
			for i, e := range c.events {
				sym := func(text string) event.Sym { return store.Symbols.Intern([]byte(text)) }
				store.AddTask(&event.Task{Source: event.Source{Device: sym("a"), DeviceName: sym("a"), Time: event.Second, Record: uint64(i + 1)},
					Act: e.act, Name: sym(e.name), Instance: e.number, PID: 7})
			}
			store.Settle()
			v.AddStore(store, 0)
			for range c.trees {
				v.AddRun(&inventory.Run{Task: `\acme\A`, Device: "A"})
			}
			rows := v.Rows()
			if len(rows) != 1 || rows[0].Get("runs") != c.runs {
				t.Errorf("%v, want %s runs", lines(v), c.runs)
			}
		})
	}
}

// The times of a log that stands apart from the processes of its device are those of these.
func TestTimesOfALogApart(t *testing.T) {
	v, store := inventory.New(), event.NewStore()
	sym := func(text string) event.Sym { return store.Symbols.Intern([]byte(text)) }
	for i, at := range []event.Time{event.NoTime, 7300 * event.Second} {
		store.AddTask(&event.Task{Source: event.Source{Device: sym("a"), DeviceName: sym("a"), Time: at, Record: uint64(i + 1)}, Act: event.TaskProcess, Name: sym(`\A`), PID: 7})
	}
	store.Settle()
	v.AddStore(store, -7200*event.Second)
	check(t, lines(v), []string{`\A||1|2|100|100|||||log|task||||||`})
}

// A task of a collection has the name that its file has beneath the folder of tasks.
func TestTasksOfACollection(t *testing.T) {
	for path, want := range map[string]string{
		`C\Windows\System32\Tasks\Acme\A`: `\Acme\A`, `PC-7\uploads\auto\C%3A\WINDOWS\system32\TASKS\A`: `\A`, `Acme\A.xml`: `\Acme\A`,
	} {
		v := inventory.New()
		if !v.AddFile(path, []byte("<Task><Actions><Exec><Command>z.exe</Command></Exec></Actions></Task>")) {
			t.Fatal("it is not taken for a task")
		}
		check(t, lines(v), []string{want + `|z.exe|0|0||||||false|file|task||||||limited`})
	}
}

func TestAutoruns(t *testing.T) {
	v := inventory.New()
	text := "\ufeffTime,Entry Location,Entry,Enabled,Category,Launch String\r\n20260101,Task Scheduler,\\Acme\\A,enabled,Tasks,\"\"\"C:\\a b\\a.exe\"\" -x\"\r\n" +
		"20260101,HKLM\\Run,x,enabled,Logon,x.exe\r\nshort\r\n"
	if !v.AddFile("autoruns.csv", []byte(text)) {
		t.Fatal("it is not taken for Autoruns' CSV")
	}
	check(t, lines(v), []string{`\Acme\A|"C:\a b\a.exe" -x|0|0|||||||autoruns|task||||||`})
}

// The results of Velociraptor's artefact, in each of its forms.
func TestVelociraptor(t *testing.T) {
	lines1 := `{"OSPath":"C:\\Windows\\System32\\Tasks\\Acme\\A","Command":"%windir%\\a.exe","Arguments":"-x","ComHandler":null,"UserId":"S-1-5-18","_XML":{"Task":{}}}
{"OSPath":"C:\\Windows\\System32\\Tasks\\Two","Command":["b.exe","c.exe"],"Arguments":["1",null],"ComHandler":null}
{"OSPath":"C:\\Windows\\System32\\Tasks\\Handler","Command":null,"Arguments":7,"ComHandler":"{00000000-0000-0000-0000-00000000000A}"}
{"OSPath":"C:\\elsewhere.txt","Command":"z","ComHandler":null}
`
	for name, text := range map[string]string{
		"lines": lines1,
		"list":  "[" + strings.ReplaceAll(strings.TrimSpace(lines1), "}\n{", "},\n{") + "]",
		"old":   strings.ReplaceAll(lines1, "OSPath", "FullPath"),
		"cut":   lines1 + `{"OSPath":"C:\\Windows\\System32\\Tasks\\Cut","Com`,
		"csv": "OSPath,Command,Arguments,ComHandler\r\n" + `\\.\C:\Windows\System32\Tasks\Acme\A,%windir%\a.exe,-x,` + "\r\n" + `C:/Windows/System32/Tasks/Two,b.exe 1; c.exe,,` + "\r\n" +
			`C:\Windows\System32\Tasks\Handler,,,{00000000-0000-0000-0000-00000000000A}` + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			v := inventory.New()
			if !v.AddFile("results.json", []byte(text)) {
				t.Fatal("it is not taken for Velociraptor's results")
			}
			check(t, lines(v), []string{
				`\Acme\A|%windir%\a.exe -x|0|0|||||||velociraptor|task||||||`,
				`\Handler|{00000000-0000-0000-0000-00000000000A}|0|0|||||||velociraptor|task||||||`,
				`\Two|b.exe 1; c.exe|0|0|||||||velociraptor|task||||||`,
			})
		})
	}
}

// A task that waits for an event is a task, whatever it says of events; so is one whose words
// look like the beginning of a log.
func TestTasksOfEvents(t *testing.T) {
	for _, text := range []string{
		`<?xml version="1.0" encoding="UTF-16"?><Task version="1.2"><Triggers><EventTrigger><Subscription>&lt;QueryList&gt;</Subscription></EventTrigger></Triggers>`,
		"<Task>\n<Triggers><EventTrigger/></Triggers>", `<Task><RegistrationInfo><Description><![CDATA[<Event><Events>]]></Description></RegistrationInfo>`,
		"<?xml version=\"1.0\"?>\n<Tasks>\n<!-- \\A -->\n<Task><Triggers><EventTrigger /></Triggers>",
	} {
		text += "<Actions><Exec><Command>z.exe</Command></Exec></Actions></Task>"
		v := inventory.New()
		if !inventory.MayBeExport([]byte(text)) || !v.AddFile("A", []byte(text)) || len(v.Rows()) != 1 {
			t.Errorf("%s is not taken for a task", text)
		}
	}
}

// Logs are no exports, even of events that hold a definition.
func TestLogsAreNoExports(t *testing.T) {
	for _, text := range []string{"", "a,b\n1,2", `{"TaskContent":"<Task></Task>"}`, `{"FullPath":"C:\\x","ComHandler":1}`, "<Event><EventData><Data Name='TaskContent'><Task></Task></Data></EventData></Event>", "<html></html>",
		"<?xml version='1.0'?>\n<Events><Event/><Task></Task></Events>", "<Events></Events><Task></Task>",
		`<13>1 2026-11-20T09:00:01Z d x - - - {"TaskContent":"<Task></Task>"}`} {
		v := inventory.New()
		if v.AddFile("x", []byte(text)) || len(v.Rows()) > 0 {
			t.Errorf("%q is taken for tasks", text)
		}
	}
}
