package cause

import "testing"

func TestReadCommand(t *testing.T) {
	for command, want := range map[string]Command{
		`sc create Upd binPath= C:\a\b.exe`:                                                 {Name: "Upd", Runs: `C:\a\b.exe`},
		`"C:\Windows\System32\sc.exe"  CREATE "My Svc" start= auto binpath= "C:\a b\c.exe"`: {Name: "My Svc", Runs: `C:\a b\c.exe`},
		`sc.exe \\srv7 create Upd binPath= "\"C:\a b\c.exe\" -k x"`:                         {On: `\\srv7`, Name: "Upd", Runs: `"C:\a b\c.exe" -k x`},
		`sc create Upd binPath="cmd /c start b.exe"`:                                        {Name: "Upd", Runs: `cmd /c start b.exe`},
		`sc config spooler binPath= C:\x.exe`:                                               {Name: "spooler", Runs: `C:\x.exe`},
		`cmd /c "sc create Upd binPath= C:\a.exe"`:                                          {Name: "Upd", Runs: `C:\a.exe`},
		`powershell -c "New-Service -Name Upd -BinaryPathName 'C:\a b\c.exe -k'"`:           {Name: "Upd", Runs: `C:\a b\c.exe -k`},
		`powershell New-Service Upd -BinaryPathName C:\c.exe`:                               {Name: "Upd", Runs: `C:\c.exe`},
	} {
		if got, ok := ReadCommand(command); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", command, got, ok, want)
		}
		if !MayInstall([]byte(command)) {
			t.Errorf("%s is passed over", command)
		}
	}
	for _, command := range []string{"", "sc", "sc create", "sc create Upd", "sc query binPath", "sc start Upd", `notepad binpath.txt`, `sc create Upd binPath=`, "sc qc create"} {
		if got, ok := ReadCommand(command); ok {
			t.Errorf("%q installs %+v", command, got)
		}
	}
}

func FuzzReadCommand(f *testing.F) {
	f.Add(`sc.exe \\srv7 create Upd binPath= "\"C:\a b\c.exe\" -k x"`)
	f.Add(`cmd /c "sc create 'x binPath= \"`)
	f.Add("binPath=\"\xa3\xa3\xa3\xa3\xa3")
	f.Fuzz(func(t *testing.T, command string) {
		if c, ok := ReadCommand(command); ok && (c.Name == "" || c.Runs == "") {
			t.Errorf("%q: %+v", command, c)
		} else if ok && !MayInstall([]byte(command)) {
			t.Errorf("%q installs %+v and is passed over", command, c)
		}
	})
}

// Who writes a command line need not write text; bytes that are none are longer in lower case.
func TestNoTextIsFoldedByItsBytes(t *testing.T) {
	const noText = "\xa3\xa3\xa3\xa3\xa3\xa3\xa3\xa3\xa3\xa3\xa3\xa3"
	if got := behindShare(`\\` + noText + `\ADMIN$\a.exe`); got != `%SystemRoot%\a.exe` {
		t.Errorf("behind the share is %q", got)
	}
	if got := behindShare(`\\srv7\ADMIN`); got != "" {
		t.Errorf("half a share has %q behind it", got)
	}
}
