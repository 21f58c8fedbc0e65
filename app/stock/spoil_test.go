package stock

import (
	"strings"
	"testing"
)

// asKnown returns a run of a row as a log has it, built without the code under test.
func asKnown(r *Row) Run {
	run := Run{Scheduled: true, ParentImage: `C:\Windows\System32\svchost.exe`, ParentCommand: `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, Device: "PC-7"}
	run.Account = map[string]string{"SYSTEM": `NT AUTHORITY\SYSTEM`, "": `NT AUTHORITY\SYSTEM`, "LOCAL SERVICE": `NT AUTHORITY\LOCAL SERVICE`, "NETWORK SERVICE": `NT AUTHORITY\NETWORK SERVICE`}[r.Account]
	if run.Account == "" {
		run.Account = `CORP\ines`
	}
	run.Task = strings.NewReplacer("<guid>", "{0F1E2D3C-1111-2222-3333-444455556666}", "<sid>", "S-1-5-21-11-22-33-1001").Replace(r.Task)
	if r.Class != "" {
		run.Image, run.Command, run.Actions = `C:\Windows\System32\taskhostw.exe`, `taskhostw.exe $(Arg0)`, []string{r.Class}
		return run
	}
	run.Command = expand(r.Action)
	run.Image = imageOf(run.Command)
	return run
}

func expand(action string) string {
	for _, v := range [][2]string{
		{"%windir%", `C:\Windows`}, {"%systemroot%", `C:\Windows`}, {"%systemdrive%", "C:"}, {"%programfiles(x86)%", `C:\Program Files (x86)`},
		{"%programfiles%", `C:\Program Files`}, {"%programdata%", `C:\ProgramData`}, {"%localappdata%", `C:\Users\ines\AppData\Local`}, {"<version>", "4.18.25110.6-0"},
	} {
		for {
			at := strings.Index(strings.ToLower(action), v[0])
			if at < 0 {
				break
			}
			action = action[:at] + v[1] + action[at+len(v[0]):]
		}
	}
	return action
}

func imageOf(line string) string {
	line = strings.TrimPrefix(line, `"`)
	image := line[:strings.Index(strings.ToLower(line), ".exe")+4]
	if !strings.Contains(image, `\`) {
		return `C:\Windows\System32\` + image
	}
	return image
}

// rest is what follows the program.
func rest(line string) string {
	at := strings.Index(strings.ToLower(line), ".exe") + 4
	return strings.TrimPrefix(line[at:], `"`)
}

// TestBenignSpellings: what Windows and its logs write in more than one way is known in all.
func TestBenignSpellings(t *testing.T) {
	for _, r := range Windows().Rows() {
		spellings := map[string]func(*Run){
			"as it is":     func(*Run) {},
			"large":        func(r *Run) { r.Image, r.Command = strings.ToUpper(r.Image), strings.ToUpper(r.Command) },
			"small":        func(r *Run) { r.Image, r.Command = strings.ToLower(r.Image), strings.ToLower(r.Command) },
			"quoted":       func(r *Run) { r.Command = `"` + programOf(r.Command) + `"` + rest(r.Command) },
			"C:\\WINDOWS":  func(r *Run) { r.Command = strings.ReplaceAll(r.Command, `C:\Windows`, `C:\WINDOWS`) },
			"%windir%":     func(r *Run) { r.Command = strings.ReplaceAll(r.Command, `C:\Windows\`, `%WinDir%\`) },
			"%SystemRoot%": func(r *Run) { r.Command = strings.ReplaceAll(r.Command, `C:\Windows\`, `%SystemRoot%\`) },
			"no folder":    func(r *Run) { r.Command = programName(r.Command) + rest(r.Command) },
			"blanks":       func(r *Run) { r.Command += "  " },
			"drive D": func(r *Run) {
				for _, s := range []*string{&r.Image, &r.Command, &r.ParentImage, &r.ParentCommand} {
					*s = strings.ReplaceAll(strings.ReplaceAll(*s, `C:`, `D:`), "/d D:", "/d D:")
				}
			},
			"volume": func(r *Run) {
				r.Image, r.ParentImage = strings.Replace(r.Image, "C:", `\Device\HarddiskVolume3`, 1), strings.Replace(r.ParentImage, "C:", `\Device\HarddiskVolume3`, 1)
			},
			"no names":  func(r *Run) { r.Task = "" },
			"no parent": func(r *Run) { r.ParentImage = "" },
			"console": func(r *Run) {
				r.Children = []Process{{Image: `C:\Windows\System32\conhost.exe`, Command: `\??\C:\WINDOWS\system32\conhost.exe 0xffffffff -ForceV1`}}
			},
			"inside": func(r *Run) { r.Contacts = []Contact{{"dc1.corp.example", "10.1.2.3"}, {"", "fe80::1"}} },
		}
		for name, spell := range spellings {
			run := asKnown(r)
			spell(&run)
			if v := Windows().Known(run); v.Kind != Known || v.Column() != "windows" {
				t.Errorf("%s, %s: %s\n%+v", r.Task, name, v.String(), run)
			}
		}
	}
}

func programName(line string) string {
	program := programOf(line)
	return program[strings.LastIndex(program, `\`)+1:]
}

func programOf(line string) string {
	line = strings.TrimPrefix(line, `"`)
	return line[:strings.Index(strings.ToLower(line), ".exe")+4]
}

// TestNothingSpoiltIsKnown: for every row one thing is spoilt.
func TestNothingSpoiltIsKnown(t *testing.T) {
	replaceFolder := func(folder string) func(*Run) {
		return func(r *Run) {
			base := r.Image[strings.LastIndex(r.Image, `\`)+1:]
			r.Image, r.Command = folder+base, folder+base+rest(r.Command)
		}
	}
	image := func(old, new string) func(*Run) {
		return func(r *Run) { r.Image = strings.Replace(r.Image, old, new, 1) }
	}
	child := func(image, command string) func(*Run) {
		return func(r *Run) { r.Children = append(r.Children, Process{Image: image, Command: command}) }
	}
	spoils := map[string]func(*Run){
		"folder":         replaceFolder(`C:\Users\Public\`),
		"folder of name": replaceFolder(`C:\Windows\System32\Tasks\`),
		"mock folder": func(r *Run) {
			r.Image = strings.Replace(r.Image, `\`+folderOf(r.Image)+`\`, `\`+folderOf(r.Image)+` \`, 1)
		},
		"8.3 folder":      func(r *Run) { r.Image = shorten(r.Image) },
		"other drive":     image("C:", "E:"),
		"link":            image(`C:\`, `\\?\C:\`),
		"globalroot":      image(`C:`, `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1`),
		"share":           image(`C:`, `\\localhost\C$`),
		"slashes":         func(r *Run) { r.Image = strings.ReplaceAll(r.Image, `\`, "/") },
		"dots":            image(`C:\`, `C:\Temp\..\`),
		"stream":          func(r *Run) { r.Image += ":x.exe" },
		"dot":             func(r *Run) { r.Image += "." },
		"unresolved":      image(`C:\`, `%systemdrive%\`),
		"no image":        func(r *Run) { r.Image = "" },
		"name only":       func(r *Run) { r.Image = r.Image[strings.LastIndex(r.Image, `\`)+1:] },
		"letter":          func(r *Run) { r.Image = strings.Replace(r.Image, "s", "ſ", 1) },
		"other program":   func(r *Run) { r.Image = `C:\Windows\System32\mshta.exe` },
		"parent unproven": func(r *Run) { r.Scheduled = false },
		"parent's folder": func(r *Run) { r.ParentImage = `C:\Users\Public\svchost.exe` },
		"parent's drive":  func(r *Run) { r.ParentImage = `E:\Windows\System32\svchost.exe` },
		"parent's name":   func(r *Run) { r.ParentImage = `C:\Windows\System32\cmd.exe` },
		"account": func(r *Run) {
			if r.Account == `CORP\ines` {
				r.Account = `NT AUTHORITY\SYSTEM`
			} else {
				r.Account = `CORP\ines`
			}
		},
		"false authority": func(r *Run) {
			r.Account = `EVIL\` + r.Account[strings.Index(r.Account, `\`)+1:]
			r.Account = strings.Replace(r.Account, "ines", "SVC$", 1)
		},
		"no account":        func(r *Run) { r.Account = "" },
		"virtual account":   func(r *Run) { r.Account = `IIS APPPOOL\DefaultAppPool` },
		"child":             child(`C:\Windows\System32\cmd.exe`, `cmd.exe /c whoami`),
		"false console":     child(`C:\Users\Public\conhost.exe`, `conhost.exe 0xffffffff -ForceV1`),
		"console's command": child(`C:\Windows\System32\conhost.exe`, `C:\Windows\System32\conhost.exe cmd.exe`),
		"child of console": func(r *Run) {
			r.Children = []Process{{Image: `C:\Windows\System32\conhost.exe`, Command: `\??\C:\Windows\system32\conhost.exe 0x4`, Children: []Process{{Image: `C:\Windows\System32\cmd.exe`, Command: "cmd"}}}}
		},
		"console speaks": func(r *Run) {
			r.Children = []Process{{Image: `C:\Windows\System32\conhost.exe`, Command: `\??\C:\Windows\system32\conhost.exe 0x4`, Contacts: []Contact{{"settings-win.data.microsoft.com", "203.0.113.9"}}}}
		},
		"connection":       func(r *Run) { r.Contacts = []Contact{{"", "203.0.113.9"}} },
		"named connection": func(r *Run) { r.Contacts = []Contact{{"cdn.example.net", "203.0.113.9"}} },
		"lookalike": func(r *Run) {
			r.Contacts = []Contact{{"settings-win.data.microsoft.com.example.net", "203.0.113.9"}, {"xupdate.microsoft.com", ""}}
		},
		"lookup":   func(r *Run) { r.Contacts = []Contact{{"c2.example.net", ""}} },
		"mapped":   func(r *Run) { r.Contacts = []Contact{{"", "::ffff:203.0.113.9"}} },
		"left out": func(r *Run) { r.Cut = 1 },
		"action":   func(r *Run) { r.Actions = []string{`C:\Users\Public\a.exe`} },
		// A definition's action without a folder is whatever lies first where it is looked for.
		"action without its folder": func(r *Run) {
			r.Actions = []string{programName(r.Command) + rest(r.Command)}
			if !strings.Contains(programOf(r.Command), `\`) {
				r.Actions[0] += " x"
			}
		},
		"another action": func(r *Run) { r.Actions = append(r.Actions, `powershell.exe -enc AAAA`) },
		"class":          func(r *Run) { r.Actions = []string{"{0F1E2D3C-9999-8888-7777-000011112222}"} },
	}
	for _, r := range Windows().Rows() {
		for name, spoil := range spoils {
			run := asKnown(r)
			before := run
			spoil(&run)
			if name == "letter" && run.Image == before.Image {
				continue // it has no such letter
			}
			if v := Windows().Known(run); v.Kind == Known || len(v.Departs) == 0 && v.Kind == Handler {
				t.Errorf("%s, %s: %s\n%+v", r.Task, name, v.String(), run)
			}
		}
		spoilName(t, r)
		spoilArguments(t, r)
	}
}

// shorten gives the first folder behind the drive a short name.
func shorten(path string) string {
	parts := strings.Split(path, `\`)
	parts[1] = strings.ReplaceAll(parts[1]+"~1", " ", "")
	return strings.Join(parts, `\`)
}

func folderOf(path string) string { return strings.Split(path, `\`)[1] }

// spoilName: another name is told apart wherever the table has one.
func spoilName(t *testing.T, r *Row) {
	t.Helper()
	if r.Task == "" {
		return
	}
	for _, name := range []string{`\Updater`, `\Microsoft\Windows\Update\Check`, r.Task + "2", r.Task + " ", `\` + r.Task} {
		run := asKnown(r)
		run.Task = name
		v := Windows().Known(run)
		if nameless := v.Row != nil && v.Row.Task == ""; v.Kind == Known && !nameless {
			t.Errorf("%s is known as %q: %s", r.Task, name, v.String())
		}
	}
}

// spoilArguments: an argument more, one less, one changed. A host of COM handlers has its
// arguments from the task and its handler by the class: they decide nothing.
func spoilArguments(t *testing.T, r *Row) {
	t.Helper()
	if r.Class != "" {
		return
	}
	base := asKnown(r).Command
	lines := []string{base + ` C:\Users\Public\x.dll`, base + ` "a b"`, base + ` https://example.net/`, base + ` "`, base + ` & calc`, base + ` a b c d`}
	if words := strings.Fields(rest(base)); len(words) > 0 && !strings.HasPrefix(words[len(words)-1], "$(") && !strings.Contains(words[len(words)-1], "$(") {
		last := words[len(words)-1]
		lines = append(lines, strings.TrimSuffix(base, last), strings.TrimSuffix(base, last)+last+"x", strings.TrimSuffix(base, last)+`"`+last, base+",x", base+" x")
	}
	for _, line := range lines {
		run := asKnown(r)
		run.Command = line
		v := Windows().Known(run)
		if v.Kind == Known && !isAction(line) {
			t.Errorf("%s with %s: %s", r.Task, line, v.String())
		}
	}
}

// isAction reports whether a spoilt line is to the letter another action of the table.
func isAction(line string) bool {
	for _, o := range Windows().Rows() {
		if strings.EqualFold(strings.TrimSpace(line), expand(o.Action)) {
			return true
		}
	}
	return false
}
