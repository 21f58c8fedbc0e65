package template

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// What scripts are called, and the folders that they are in but the first, leave their style;
// how they are run, by what and from where does not.
func TestStyle(t *testing.T) {
	for command, want := range map[string]string{
		`powershell.exe -nop -file c:\scripts\backup.ps1`:                 `powershell.exe -nop -file c:\scripts\<*>.ps1`,
		`powershell.exe -file c:\programdata\acme\run.ps1 -host <host>`:   `powershell.exe -file c:\programdata\<*>\<*>.ps1 -host <host>`,
		`cmd.exe /c c:\batch\night.bat >> c:\batch\night_<date>.log 2>&1`: `cmd.exe /c c:\batch\<*>.bat >> c:\batch\<*>_<date>.log 2>&1`,
		`c:\programdata\acme\updater.exe /silent`:                         "",
		`c:\programdata\acme\updater.exe`:                                 "",
		`c:\program files\acme\updater.exe /silent`:                       "",
		`"c:\program files\acme\updater.exe" /silent`:                     "",
		`"c:\program files\acme\run.exe" c:\jobs\sync.ps1`:                `"c:\program files\acme\run.exe" c:\jobs\<*>.ps1`,
		`c:\program files\acme\run.exe c:\jobs\sync.ps1`:                  `c:\program files\acme\run.exe c:\jobs\<*>.ps1`,
		`cmd /c c:\tools\run.exe c:\jobs\sync.ps1`:                        `cmd /c c:\tools\<*>.exe c:\jobs\<*>.ps1`,
		`c:\program files\acme\updater.exe`:                               "",
		`wscript.exe`:                                                     "",
		``:                                                                "",
	} {
		if got := Style(command); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}

// Two scripts have one style whatever they are called, and another with another switch,
// another first folder, another ending or another host.
func TestStyleOfNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 23))
	word := func() string {
		name := make([]byte, 3+r.IntN(12))
		for i := range name {
			name[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[r.IntN(36)]
		}
		return "s" + string(name)
	}
	run := func(host, switches, folder, ending string) string {
		name := word()
		return Style(Of(fmt.Sprintf(`%s %s c:\%s\%s\%s.%s c:\%s\%s.log`, host, switches, folder, word(), name, ending, folder, name), Names{}))
	}
	want := run("powershell.exe", "-nop -file", "scripts", "ps1")
	for range 500 {
		if got := run("powershell.exe", "-nop -file", "scripts", "ps1"); got != want {
			t.Fatalf("%s and %s", got, want)
		}
	}
	for _, other := range []string{run("pwsh.exe", "-nop -file", "scripts", "ps1"), run("powershell.exe", "-file", "scripts", "ps1"),
		run("powershell.exe", "-nop -file", "programdata", "ps1"), run("powershell.exe", "-nop -file", "scripts", "bat")} {
		if other == want || other == "" {
			t.Errorf("%q", other)
		}
	}
}
