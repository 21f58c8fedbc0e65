package score

import "testing"

// Whoever writes a command line, its habits are read, and are each named once.
func FuzzHabits(f *testing.F) {
	for _, seed := range []string{`powershell -w"1" -e""nc x`, `cmd /c start "a b" /d c: /min "`, `"c:\programdata\a b\x.bat" -q`, `mshta vbscript:x.run("a",0)`, "powershell –", `start "`} {
		f.Add("cmd.exe", seed)
		f.Add("powershell.exe", seed)
		f.Add("mshta.exe", seed)
	}
	f.Fuzz(func(t *testing.T, name, command string) {
		p := Process{Name: []byte(name), Path: []byte(name), Command: []byte(command)}
		seen := map[string]bool{}
		Each(&p, func(h *Habit) {
			if seen[h.Name] {
				t.Errorf("%s twice", h.Name)
			}
			seen[h.Name] = true
		})
		if string(p.Command) != command || string(p.Name) != name {
			t.Error("the texts were changed")
		}
	})
}
