package roots

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

func TestPlace(t *testing.T) {
	for _, c := range [][3]string{
		{`C:\Windows\System32\services.exe`, "services.exe", `\windows\system32`},
		{`c:/windows/system32/services.exe`, "services.exe", `\windows\system32`},
		{`\\?\C:\WINDOWS\system32\services.exe`, "services.exe", `\windows\system32`},
		{`\Device\HarddiskVolume12\Windows\System32\services.exe`, "services.exe", `\windows\system32`},
		{`\SystemRoot\System32\services.exe`, "services.exe", `\windows\system32`},
		{`%SystemRoot%\System32\services.exe`, "services.exe", `\windows\system32`},
		{`C:\WINNT\system32\services.exe`, "services.exe", `\windows\system32`},
		{`C:\Windows\System32`, "services.exe", `\windows\system32`}, // a folder alone
		{`C:\Windows\System32\`, "services.exe", `\windows\system32`},
		{`C:\Temp\Windows\System32\services.exe`, "services.exe", `\temp\windows\system32`},
		{`\\host\ADMIN$\a.exe`, "a.exe", `\\host\admin$`},
		{`services.exe`, "services.exe", ""},
		{"", "", ""},
	} {
		if got := place(c[0], c[1]); got != c[2] {
			t.Errorf("place(%q) = %q, want %q", c[0], got, c[2])
		}
	}
}

func w(path, command string) tree.Words {
	return tree.Words{Name: image(`"` + path + `"`), Path: path, Command: command}
}

const sys = `C:\Windows\System32\`

func TestJudge(t *testing.T) {
	services, wininit := w(sys+"services.exe", ""), w(sys+"wininit.exe", "")
	explorer := w(`C:\Windows\explorer.exe`, "")
	for what, c := range map[string]struct {
		preset string
		birth  tree.Birth
		want   tree.Judgement
	}{
		"a service's host":       {"service", tree.Birth{Words: w(sys+"svchost.exe", ""), Parent: services, Grandparent: wininit}, tree.Judgement{Verdict: tree.Leaf, Label: tree.Usual}},
		"a host's name-alike":    {"service", tree.Birth{Words: w(`C:\Users\Public\svchost.exe`, ""), Parent: services}, tree.Judgement{}},
		"a vendor's service":     {"service", tree.Birth{Words: w(`C:\Program Files\X\x.exe`, ""), Parent: services}, tree.Judgement{}},
		"a shell as a service":   {"service", tree.Birth{Words: w(sys+"cmd.exe", ""), Parent: services}, tree.Judgement{Label: tree.Odd}},
		"a service on a share":   {"service", tree.Birth{Words: w(`\\pc\ADMIN$\abcdefgh.exe`, ""), Parent: services}, tree.Judgement{Label: tree.Odd}},
		"another services.exe":   {"service", tree.Birth{Words: w(sys+"cmd.exe", ""), Parent: w(`C:\Temp\services.exe`, "")}, tree.Judgement{Verdict: tree.Pretended}},
		"one that a shell began": {"service", tree.Birth{Words: w(sys+"cmd.exe", ""), Parent: services, Grandparent: w(sys+"cmd.exe", "")}, tree.Judgement{Verdict: tree.Pretended}},
		"a parent without path":  {"service", tree.Birth{Words: w(sys+"cmd.exe", ""), Parent: tree.Words{Name: "services.exe"}}, tree.Judgement{Label: tree.Odd}},
		"a second workbook":      {"office", tree.Birth{Words: w(`C:\P\EXCEL.EXE`, "/automation"), Parent: w(`C:\P\excel.exe`, "")}, tree.Judgement{Verdict: tree.Passed}},
		"Word's printing helper": {"office", tree.Birth{Words: w(`C:\Windows\splwow64.exe`, ""), Parent: w(`C:\P\winword.exe`, "")}, tree.Judgement{Label: tree.Usual}},
		"a helper's name-alike":  {"office", tree.Birth{Words: w(`C:\Users\a\splwow64.exe`, ""), Parent: w(`C:\P\winword.exe`, "")}, tree.Judgement{}},
		"a server's worker":      {"web", tree.Birth{Words: w(`D:\Apache\httpd.exe`, ""), Parent: w(`D:\Apache\httpd.exe`, "")}, tree.Judgement{Verdict: tree.Passed}},
		"java beneath Tomcat":    {"web", tree.Birth{Words: w(`D:\j\java.exe`, "java -jar tool.jar"), Parent: w(`D:\j\java.exe`, "java catalina start")}, tree.Judgement{}},
		"a run key":              {"logon", tree.Birth{Words: w(`D:\x\x.exe`, ""), Parent: explorer, Age: 20 * event.Second, Dated: true}, tree.Judgement{}},
		"a click":                {"logon", tree.Birth{Words: w(`D:\x\x.exe`, ""), Parent: explorer, Age: 121 * event.Second, Dated: true}, tree.Judgement{Verdict: tree.Late}},
		"before its parent":      {"logon", tree.Birth{Words: w(`D:\x\x.exe`, ""), Parent: explorer, Age: -event.Day, Dated: true}, tree.Judgement{Verdict: tree.Late}},
		"who knows when":         {"logon", tree.Birth{Words: w(`D:\x\x.exe`, ""), Parent: explorer}, tree.Judgement{Verdict: tree.Undated}},
		"userinit's":             {"logon", tree.Birth{Words: w(`C:\ProgramData\x.exe`, ""), Parent: w(sys+"userinit.exe", "")}, tree.Judgement{Label: tree.Odd}},
		"OneDrive at logon": {"logon", tree.Birth{Words: w(`C:\Users\ann\AppData\Local\Microsoft\OneDrive\OneDrive.exe`, ""), Parent: explorer, Dated: true},
			tree.Judgement{Label: tree.Usual}},
	} {
		p, _ := Find(c.preset)
		if got := p.judge(&c.birth); got != c.want {
			t.Errorf("%s: %+v, want %+v", what, got, c.want)
		}
	}
}
