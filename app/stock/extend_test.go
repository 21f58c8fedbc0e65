package stock

import "testing"

// TestExtend: a clean machine's tasks become known, and break no rule.
func TestExtend(t *testing.T) {
	golden := []Row{
		{Task: `\Acme\Inventory`, Account: "S-1-5-18", Action: `"C:\Program Files\Acme\inv.exe" /daily`},
		{Task: `\Acme\Policy`, Account: `GOLD\builder`, Action: `gpupdate.exe /target:user`},
		{Task: `\Acme\Clean`, Account: "SYSTEM", Action: `%windir%\system32\cmd.exe /c del *`},
		{Task: `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, Account: "SYSTEM", Action: `C:\Windows\System32\WERMGR.exe "-upload"`}, // there
		{Task: `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, Account: "SYSTEM", Action: `C:\Windows\System32\wermgr.exe -x`},        // hijacked already
		{Task: `\Acme\Short`, Action: `C:\PROGRA~1\Acme\a.exe`},
		{Task: `\Acme\Temp`, Action: `%TEMP%\a.exe`},
		{Task: `\Acme\Share`, Action: `\\srv\x\a.exe`},
		{Task: `*`, Action: `C:\a.exe`},
		{Task: `\A<guid>`, Action: `C:\a.exe`},
		{Task: `\Slot`, Action: `C:\<name>\a.exe`},
	}
	more, x := Windows().Extend(golden)
	if x.Added != 3 || x.There != 1 || len(x.Refused) != 7 {
		t.Fatalf("%+v", x)
	}
	run := wermgr()
	run.Image, run.Command = `C:\Program Files\Acme\inv.exe`, `"C:\Program Files\ACME\inv.exe" /daily`
	if v := more.Known(run); v.Column() != "golden" {
		t.Errorf("a golden task: %s", v.String())
	}
	if v := Windows().Known(run); v.Kind == Known {
		t.Error("the table itself was changed")
	}
	if v := more.Known(wermgr()); v.Column() != "windows" {
		t.Errorf("Windows' own in the longer table: %s", v.String())
	}
	for name, spoil := range map[string]func(*Run){
		"account":   func(r *Run) { r.Account = `CORP\eva` },
		"speaks":    func(r *Run) { r.Contacts = []Contact{{"update.acme.example", "203.0.113.1"}} },
		"child":     func(r *Run) { r.Children = []Process{{Image: `C:\Windows\System32\cmd.exe`, Command: "cmd"}} },
		"arguments": func(r *Run) { r.Command += " x" },
		"parent":    func(r *Run) { r.Scheduled = false },
		"path":      func(r *Run) { r.Image = `C:\PROGRA~1\Acme\inv.exe` },
		"name":      func(r *Run) { r.Task = `\Other` },
	} {
		spoilt := run
		spoil(&spoilt)
		if v := more.Known(spoilt); v.Kind == Known {
			t.Errorf("%s: %s", name, v.String())
		}
	}
	for name, pretend := range map[string]func(*Run){
		"name": func(r *Run) {
			r.Task, r.Image, r.Command = `\Acme\Inventory`, `C:\Program Files\Acme\inv2.exe`, "inv2.exe"
		},
		"action": func(r *Run) { r.Task = `\Other` },
		"folder": func(r *Run) { r.Image, r.Command = `C:\Program Files\Other\inv.exe`, "inv.exe" },
		"child":  func(r *Run) { r.Children = []Process{{Image: `C:\Windows\System32\cmd.exe`, Command: "cmd"}} },
		"speaks": func(r *Run) { r.Contacts = []Contact{{"update.acme.example", "203.0.113.1"}} },
	} {
		odd := run
		pretend(&odd)
		v := more.Known(odd)
		if starts, calls := v.Strays(); v.Kind == Known || len(v.Shows()) > 0 || starts || calls {
			t.Errorf("the %s of a clean machine's task speaks against a run: %s", name, v.String())
		}
	}
	run.Image, run.Command = `C:\Windows\System32\cmd.exe`, `C:\Windows\system32\cmd.exe /c del * & calc`
	if v := more.Known(run); v.Kind == Known {
		t.Errorf("a star of a golden command stands for anything: %s", v.String())
	}
	run.Image, run.Command, run.Account = `C:\Windows\System32\gpupdate.exe`, `gpupdate.exe /target:user`, `CORP\eva`
	if v := more.Known(run); v.Column() != "golden" {
		t.Errorf("a program without its folder: %s", v.String())
	}
}

func TestAbout(t *testing.T) {
	for text, want := range map[string]string{
		`\microsoft\windows\time zone\synchronizetimezone`: "the task",
		`C:\Windows\System32\wermgr.exe -upload`:           "the action",
		`wermgr -x`:                                        "the program, with other arguments or in another folder",
		`{e05be1c8-92A8-4757-B575-ACAECB4E6A40}`:           "the class",
	} {
		if rows, how := Windows().About(text); how != want || len(rows) == 0 {
			t.Errorf("%s: %d rows by %s", text, len(rows), how)
		}
	}
	if rows, _ := Windows().About(`C:\x\evil.exe`); len(rows) > 0 {
		t.Error("a program that the table has not")
	}
}
