package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

// does is a definition that runs a command, hidden or not.
func does(command, arguments string, hidden bool) string {
	return fmt.Sprintf("<Task><Settings><Hidden>%t</Hidden></Settings><Actions><Exec><Command>%s</Command><Arguments>%s</Arguments></Exec></Actions></Task>", hidden, command, arguments)
}

// happened is an event of the task \V\Upd.
type happened struct {
	device  string
	at      event.Time // in seconds
	act     event.Act
	image   string
	content string
}

// listed adds the events of a device and then its runs, device after device, and the files before
// or behind, all in an order of the seed's. It returns rows of some columns.
func listed(seed uint64, events []happened, runs []inventory.Run, files []string) (rows []string) {
	r := rand.New(rand.NewPCG(seed, 1))
	v := inventory.New()
	stores := map[string]*event.Store{}
	var devices []string
	for _, i := range r.Perm(len(events)) {
		e := events[i]
		store := stores[e.device]
		if store == nil {
			store = event.NewStore()
			stores[e.device] = store
			devices = append(devices, e.device)
		}
		sym := func(text string) event.Sym { return store.Symbols.Intern([]byte(text)) }
		store.AddTask(&event.Task{Source: event.Source{Device: sym(e.device), DeviceName: sym(e.device), Time: e.at * event.Second, Record: uint64(i + 1)},
			Act: e.act, Audit: e.content != "", Name: sym(`\V\Upd`), Action: sym(e.image), Content: sym(e.content), PID: uint32(i)})
	}
	addFiles := func() {
		for _, i := range r.Perm(len(files)) {
			v.AddFile(`V\Upd`, []byte(files[i]))
		}
	}
	if seed%2 == 0 {
		addFiles()
	}
	for _, device := range devices {
		stores[device].Settle()
		v.AddStore(stores[device], 0)
		for _, i := range r.Perm(len(runs)) {
			if runs[i].Device == device {
				v.AddRun(&runs[i])
			}
		}
	}
	if seed%2 == 1 {
		addFiles()
	}
	v.SetFinding(`\V\Upd`, "evil.exe", "f1", "9.0")
	v.SetFinding(`\V\Upd`, "good.exe", "f2", "1.0")
	for _, row := range v.Rows() {
		var some []string
		for _, column := range []string{"task_name", "task_action", "task_hidden", "devices", "runs", "first_seen", "last_seen", "root_template", "finding_id", "sources"} {
			some = append(some, row.Get(column))
		}
		rows = append(rows, strings.Join(some, "|"))
	}
	return rows
}

// Tasks of one name are a row for each thing that they do, in whatever order that is told.
func TestTasksOfOneNameThatDiffer(t *testing.T) {
	const good, evil = `C:\Program Files\Good\good.exe`, `C:\Users\Public\evil.exe`
	serials := func(n int) (files []string) {
		for i := range n {
			files = append(files, does(`C:\v\upd.exe`, fmt.Sprintf("/serial=5CG%d%cXYZ /go", 1234+i*7, 'A'+i), false))
		}
		return files
	}
	for name, c := range map[string]struct {
		events []happened
		runs   []inventory.Run
		files  []string
		want   []string
	}{
		"files": {files: []string{does(good, "", false), does(evil, "", true), does(good, "", false)}, want: []string{
			`\V\Upd|` + good + `|false|0|0|||||file`, `\V\Upd|` + evil + `|true|0|0|||||file`,
		}},
		"hidden alone": {files: []string{does(good, "", false), does(good, "", true)}, want: []string{
			`\V\Upd|` + good + `|false|0|0|||||file`, `\V\Upd|` + good + `|true|0|0|||||file`,
		}},
		"registered on three devices": {events: []happened{
			{device: "a", at: 1, act: event.TaskCreated, content: does(good, "", false)},
			{device: "b", at: 5, act: event.TaskCreated, content: does(evil, "", true)},
			{device: "c", at: 9, act: event.TaskCreated, content: does(good, "", false)},
		}, want: []string{`\V\Upd|` + evil + `|true|1|0|5|5|||audit`, `\V\Upd|` + good + `|false|2|0|1|9|||audit`}},
		"changed, and run before and after": {events: []happened{
			{device: "a", at: 1, act: event.TaskCreated, content: does(good, "", false)},
			{device: "a", at: 2, act: event.TaskProcess, image: good},
			{device: "a", at: 5, act: event.TaskUpdated, content: does(evil, "", false)},
			{device: "a", at: 6, act: event.TaskProcess, image: evil}, {device: "a", at: 7, act: event.TaskProcess, image: evil},
		}, runs: []inventory.Run{
			{Task: `\V\Upd`, Logged: true, Device: "a", Template: "good.exe", Command: good, At: 2 * event.Second},
			{Task: `\V\Upd`, Logged: true, Device: "a", Template: "evil.exe", Command: evil, At: 6 * event.Second},
			{Task: `\V\Upd`, Logged: true, Device: "a", Template: "evil.exe", Command: evil, At: 7 * event.Second},
		}, want: []string{`\V\Upd|` + good + `|false|1|1|1|2|good.exe|f2|audit,log,tree`, `\V\Upd|` + evil + `|false|1|2|5|7|evil.exe|f1|audit,log,tree`}},
		"arguments alone changed": {events: []happened{
			{device: "a", at: 1, act: event.TaskCreated, content: does("powershell.exe", "good", false)},
			{device: "a", at: 2, act: event.TaskProcess, image: `C:\powershell.exe`},
			{device: "a", at: 5, act: event.TaskUpdated, content: does("powershell.exe", "evil", false)},
			{device: "a", at: 6, act: event.TaskProcess, image: `C:\powershell.exe`},
		}, want: []string{`\V\Upd|powershell.exe evil|false|1|1|5|6|||audit,log`, `\V\Upd|powershell.exe good|false|1|1|1|2|||audit,log`}},
		"logs alone, and some lost events": {events: []happened{
			{device: "a", at: 1, act: event.TaskProcess, image: good}, {device: "b", at: 2, act: event.TaskProcess, image: evil},
			{device: "c", at: 3, act: event.TaskProcess, image: good},
		}, want: []string{`\V\Upd|` + evil + `||1|1|2|2|||log`, `\V\Upd|` + good + `||2|2|1|3|||log`}},
		"several actions, of which one log lost an event": {events: []happened{
			{device: "a", at: 1, act: event.TaskProcess, image: good}, {device: "a", at: 2, act: event.TaskProcess, image: evil},
			{device: "b", at: 3, act: event.TaskProcess, image: good}, {device: "c", at: 4, act: event.ActionStarted},
		}, want: []string{`\V\Upd|` + good + `; ` + evil + `||3|4|1|4||f1|log`}},
		"a log that differs from the files": {events: []happened{
			{device: "a", at: 1, act: event.TaskProcess, image: good}, {device: "b", at: 2, act: event.TaskProcess, image: evil},
		}, files: []string{does(good, "", false)}, want: []string{`\V\Upd|` + good + `|false|1|1|1|1|||file,log`, `\V\Upd|` + evil + `||1|1|2|2|||log`}},
		"a log that differs from what its device was told": {events: []happened{
			{device: "a", at: 1, act: event.TaskCreated, content: does(good, "", false)}, {device: "a", at: 2, act: event.TaskProcess, image: evil},
		}, want: []string{`\V\Upd|` + good + `|false|1|0|1|1|||audit`, `\V\Upd|` + evil + `||1|1|2|2|||log`}},
		"users and versions": {files: []string{does(`C:\Users\eva\a 1.2.3.4\upd.exe`, "", false), does(`C:\Users\ben\a 1.2.3.5\upd.exe`, "", false)},
			want: []string{`\V\Upd|C:\Users\eva\a 1.2.3.4\upd.exe|false|0|0||||f1|file`}},
		"what varies from device to device": {files: serials(8), want: []string{`\V\Upd|C:\v\upd.exe /serial=5CG1283HXYZ /go|false|0|0||||f1|file`}},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(20) {
				check(t, listed(seed, c.events, c.runs, c.files), c.want)
			}
		})
	}
}

// runsAs is a definition with an account and perhaps all of its rights.
func runsAs(user, level string) string {
	return strings.Replace(does(`C:\g.exe`, "-x", false), "<Settings>", "<Principals><Principal><UserId>"+user+"</UserId>"+level+"</Principal></Principals><Settings>", 1)
}

// A task that kept its name and its action, and runs with more rights, is another. Whose account it
// is of many users', and how the system's own is written, has no say.
func TestTasksThatRunWithOtherRights(t *testing.T) {
	const highest = "<RunLevel>HighestAvailable</RunLevel>"
	files := []string{
		runsAs("S-1-5-21-1-2-3-1001", ""), runsAs(`CORP\eva`, "<RunLevel>LeastPrivilege</RunLevel>"), runsAs(`CORP\ben`, highest),
		runsAs("S-1-5-18", ""), runsAs("SYSTEM", highest), runsAs(`NT-AUTORITÄT\LOKALER DIENST`, ""),
	}
	for seed := range uint64(10) {
		v, r := inventory.New(), rand.New(rand.NewPCG(seed, 2))
		for _, i := range r.Perm(len(files)) {
			v.AddFile(`V\Upd`, []byte(files[i]))
		}
		v.AddFile(`V\Upd`, []byte("Entry Location,Entry,Launch String\nTask Scheduler,\\V\\Upd,C:\\g.exe -x\n")) // whose account no one knows
		var got []string
		for _, row := range v.Rows() {
			got = append(got, row.Get("task_user")+"|"+row.Get("task_run_level")+"|"+row.Get("sources"))
		}
		check(t, got, []string{`LOCAL SERVICE|limited|autoruns,file`, `CORP\ben|highest|file`, `S-1-5-21-1-2-3-1001|limited|file`, `SYSTEM|highest|file`})
	}
}

// A command that another tool lists is of the task whose definition runs it.
func TestExportsOfOneTask(t *testing.T) {
	autoruns := func(launch string) string {
		return "Entry Location,Entry,Launch String\nTask Scheduler,\\V\\Upd," + launch + "\n"
	}
	handler := "<Task><Actions><ComHandler><ClassId>{0F1E2D3C-0000-0000-0000-000000000001}</ClassId><Data>x</Data></ComHandler></Actions></Task>"
	for seed := range uint64(10) {
		check(t, listed(seed, nil, nil, []string{autoruns(`C:\g.exe  -x`), does(`"C:\g.exe"`, "-x", true)}), []string{`\V\Upd|"C:\g.exe" -x|true|0|0||||f1|autoruns,file`})
		check(t, listed(seed, nil, nil, []string{autoruns(`C:\evil.exe`), does(`C:\g.exe`, "-x", false)}), []string{`\V\Upd|C:\evil.exe||0|0|||||autoruns`, `\V\Upd|C:\g.exe -x|false|0|0|||||file`})
		check(t, listed(seed, nil, nil, []string{autoruns(`C:\h.dll`), handler}), []string{`\V\Upd|{0F1E2D3C-0000-0000-0000-000000000001} x|false|0|0||||f1|autoruns,file`})
	}
}
