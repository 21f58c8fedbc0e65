package stock

import (
	"strings"
	"testing"
)

// TestTable: the file is sorted, has no doubles, and each action parses.
func TestTable(t *testing.T) {
	rows, err := parseTable(tasks)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 250 {
		t.Errorf("only %d rows", len(rows))
	}
	key := func(r *Row) string { return lower(strings.Join([]string{r.Task, r.Action, r.Class}, "\x01")) }
	seen := map[string]bool{}
	for i, r := range rows {
		same := lower(strings.Join([]string{r.Task, r.Class, r.command.program, strings.Join(r.command.words, " "), r.Account}, "\x01"))
		if seen[same] {
			t.Errorf("twice: %s, %s", r.Task, r.Does())
		}
		seen[same] = true
		if i > 0 && key(rows[i-1]) > key(r) {
			t.Errorf("%q stands behind %q", r.Task, rows[i-1].Task)
		}
		for _, host := range r.Hosts {
			if host != lower(host) || strings.Count(host, ".") < 2 && host[0] == '.' || strings.Contains(host, "*") {
				t.Errorf("%s: host %q is no name, or as good as any", r.Task, host)
			}
		}
	}
}

func TestBrokenTables(t *testing.T) {
	for _, c := range []struct{ line, says string }{
		{"a\tb", "2 columns"},
		{"\\T\tx\tSYSTEM\t\tevil.exe /x\t{0F1E2D3C-1111-2222-3333-444455556666}\t\t\t\t", "an action and a class"},
		{"\\T\tx\tSYSTEM\t\t\t0F1E2D3C\t\t\t\t", "no class id"},
		{"\\T\tx\tSYSTEM\t\t\t\t\t\t\t", "no command line"},
		{"\\T\tx\tSYSTEM\t\t%temp%\\a.exe\t\t\t\t\t", "no full path"},
		{"\\T\tx\tSYSTEM\t\tC:\\PROGRA~1\\a.exe\t\t\t\t\t", "not spelt"},
		{"\\T\tx\tSYSTEM\t\t%windir%\\a.exe \"b\t\t\t\t\t", "a quote"},
		{"\\T\tx\tSYSTEM\t\t%windir%\\a.exe\t\t\t\t..\\b.exe\t", "a child"},
	} {
		if _, err := parseTable(c.line + "\n"); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", c.line, err)
		}
	}
}

// TestVerdicts: what is said of runs that no table row has.
func TestVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Run)
		kind   Kind
		reason Reason
		folds  bool
	}{
		"hijacked":           {func(r *Run) { r.Task = `\Microsoft\Windows\Time Zone\SynchronizeTimeZone` }, Left, OtherAction, false},
		"renamed":            {func(r *Run) { r.Task = `\Adobe Updater` }, Left, OtherName, false},
		"moved":              {func(r *Run) { r.Image = `C:\ProgramData\wermgr.exe`; r.Command = `C:\ProgramData\wermgr.exe -upload` }, Left, OtherFolder, false},
		"stranger":           {func(r *Run) { r.Image = `C:\a\b.exe`; r.Command = `b.exe`; r.Task = `\microsoft\windows\Sync\Upd` }, Left, Stranger, false},
		"beside that folder": {func(r *Run) { r.Image = `C:\a\b.exe`; r.Command = `b.exe`; r.Task = `\Microsoft\Windows\PLA` }, Left, Stranger, false},
		"other arguments":    {func(r *Run) { r.Command = `C:\Windows\system32\wermgr.exe -queuereporting` }, Program, OtherArguments, false},
		"32 bits": {func(r *Run) {
			r.Image = `C:\Windows\SysWOW64\wermgr.exe`
			r.Command = `C:\Windows\SysWOW64\wermgr.exe -upload`
		}, Left, OtherArguments, false},
		"child of host":  {func(r *Run) { host(r); r.Children = []Process{{Image: `C:\Windows\System32\cmd.exe`}} }, Handler, UnknownChild, false},
		"host speaks":    {func(r *Run) { host(r); r.Contacts = []Contact{{"", "203.0.113.7"}} }, Handler, UnknownContact, false},
		"host elsewhere": {func(r *Run) { host(r); r.Image = `C:\Users\Public\taskhostw.exe` }, Left, OtherFolder, false},
		"host of another": {func(r *Run) {
			host(r)
			r.Task = `\Updater`
			r.Actions = []string{"{B7F5B442-EBF8-46CD-9F0B-D8E45ED43492}"}
		}, Left, OtherName, false},
		"foreign class": {func(r *Run) { host(r); r.Actions = []string{"{0F1E2D3C-1111-2222-3333-444455556666}"} }, Left, OtherArguments, false},
	} {
		run := wermgr()
		c.change(&run)
		v := Windows().Known(run)
		if v.Kind != c.kind || v.Folds() != c.folds || len(v.Departs) == 0 || !has(v, c.reason) || v.Column() != "" {
			t.Errorf("%s: %s", name, v.String())
		}
	}
	run := wermgr()
	host(&run)
	if v := Windows().Known(run); v.Kind != Handler || !v.Folds() || v.Column() != "" {
		t.Errorf("the host of COM handlers: %s", v.String())
	}
	run = wermgr()
	run.Image, run.Command, run.Task = `C:\a\b.exe`, `b.exe`, `\Microsoft\Windows\PLA\Collector of the help desk`
	if v := Windows().Known(run); v.Kind != Left || len(v.Departs) != 0 {
		t.Errorf("in a folder that others put tasks into: %s", v.String())
	}
	run = wermgr()
	run.Image, run.Command = `C:\Windows\System32\rundll32.exe`, `rundll32.exe C:\Users\Public\a.dll,Run`
	if v := Windows().Known(run); v.Kind != Left || len(v.Departs) != 0 {
		t.Errorf("rundll32 with arguments of its own: %s", v.String())
	}
}

func wermgr() Run {
	return Run{
		Process:     Process{Image: `C:\Windows\System32\wermgr.exe`, Command: `C:\Windows\system32\wermgr.exe -upload`, Account: "S-1-5-18"},
		Scheduled:   true,
		ParentImage: `C:\Windows\System32\svchost.exe`, Device: "pc7.corp.example",
	}
}

func host(r *Run) { r.Image, r.Command = `C:\Windows\System32\taskhostw.exe`, "taskhostw.exe Logon" }

func has(v Verdict, reason Reason) bool {
	for _, d := range v.Departs {
		if d.Reason == reason {
			return true
		}
	}
	return false
}

// TestKnownContacts: a task speaks to whom it is known to speak to, by the name that the
// run looked up, and a crash is said.
func TestKnownContacts(t *testing.T) {
	run := wermgr()
	run.Contacts = []Contact{{"umwatson.events.data.microsoft.com", "203.0.113.7"}, {"", "203.0.113.7"}, {"v10.EVENTS.data.microsoft.com.", ""}}
	run.Children = []Process{{Image: `C:\Windows\System32\WerFault.exe`, Command: `C:\Windows\System32\WerFault.exe -u -p 4711 -s 300`, Account: `NT AUTHORITY\SYSTEM`}}
	v := Windows().Known(run)
	if v.Kind != Known || len(v.Said) != 1 || !strings.Contains(v.String(), "crashed") {
		t.Errorf("%s", v.String())
	}
	run.Contacts = append(run.Contacts, Contact{"c2.example.net", "203.0.113.7"})
	if v = Windows().Known(run); v.Kind == Known || len(v.Departs) != 2 {
		t.Errorf("an address with two names: %s", v.String())
	}
}

// TestSysWOW64 is genuine where it is named, and nowhere else.
func TestSysWOW64(t *testing.T) {
	run := wermgr()
	run.Children = []Process{{Image: `C:\Windows\SysWOW64\WerFault.exe`, Command: `C:\WINDOWS\syswow64\werfault.exe -u -p 1 -s 2`}}
	if v := Windows().Known(run); v.Kind != Known {
		t.Errorf("the 32-bit WerFault: %s", v.String())
	}
	more, x := Windows().Extend([]Row{{Task: `\Acme\Old`, Account: "SYSTEM", Action: `%windir%\SysWOW64\rundll32.exe acme.dll,Tick`}})
	run = wermgr()
	run.Image, run.Command = `C:\Windows\SysWOW64\rundll32.exe`, `C:\Windows\SysWOW64\rundll32.exe acme.dll,Tick`
	if v := more.Known(run); v.Column() != ByGolden || x.Added != 1 {
		t.Errorf("named by a clean machine: %s", v.String())
	}
	run.Image = `C:\Windows\System32\rundll32.exe`
	if v := more.Known(run); v.Kind == Known {
		t.Errorf("System32 where SysWOW64 is named: %s", v.String())
	}
}

// FuzzKnown: whatever a log has, there is an answer, and nothing is known whose file is not
// where its command line says.
func FuzzKnown(f *testing.F) {
	f.Add(`C:\Windows\System32\wermgr.exe`, `wermgr.exe -upload`, `NT AUTHORITY\SYSTEM`, `\x`, "{", `C:\Windows\System32\svchost.exe`, "a.b")
	f.Add(`\`, `"`, `\`, `\microsoft\windows\`, ` `, `\windows\system32\`, "::")
	f.Fuzz(func(t *testing.T, image, line, account, task, action, parent, host string) {
		run := Run{
			Process:   Process{Image: image, Command: line, Account: account, Children: []Process{{Image: image, Command: line}}, Contacts: []Contact{{host, action}}},
			Scheduled: true, ParentImage: parent, ParentCommand: line, Task: task, Actions: []string{action}, Device: host,
		}
		v := Windows().Known(run)
		if v.Kind == Known && (len(v.Departs) > 0 || !strings.HasSuffix(lower(image), v.Row.command.base()) && !isHost(baseName(lower(image)))) {
			t.Errorf("%+v: %s", run, v.String())
		}
		_ = v.String()
		Windows().About(line)
		golden := Row{Task: task, Action: line, Account: account}
		_ = golden.parseGolden(Windows()) // an error is an answer
	})
}
