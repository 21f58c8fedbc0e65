package roots

import "strings"

// dcom is DCOM: the surrogate that holds objects of a class, and the console that MMC20 and
// its like drive. Excel's and the shell's objects run in their own programs: see office, logon.
var dcom = Preset{
	Name: "dcom", Means: "DCOM (dllhost.exe, mmc.exe -Embedding)", Goals: []Goal{Lateral, Execution}, Techniques: []string{"T1021.003", "T1559.001"},
	Also:  []string{"com", "dllhost", "mmc", "mmc20", "dcomexec", "shellwindows"},
	level: levelServer, Doors: []uint16{doorRPC},
	parents: []parent{
		{name: "dllhost", marks: []string{"/processid:"}, folders: system32, from: []string{"svchost"}},
		{name: "mmc", marks: []string{"-embedding", "/embedding"}, folders: system32, from: []string{"svchost"}},
	},
	usual: strings.Fields(`werfault wermgr conhost splwow64 dllhost`),
	odd:   strings.Fields(`net net1 whoami ipconfig systeminfo tasklist nltest quser`),
}
