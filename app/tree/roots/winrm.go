package roots

import "strings"

// winrm is Windows Remote Management: the host of PowerShell's remote sessions, and the shell
// of winrs.
var winrm = Preset{
	Name: "winrm", Means: "WinRM (wsmprovhost.exe, winrshost.exe)", Goals: []Goal{Lateral, Execution}, Techniques: []string{"T1021.006", "T1059.001"},
	Also:  []string{"wsman", "wsmprovhost", "winrs", "winrshost", "psremoting", "evil-winrm"},
	level: levelServer, Doors: []uint16{doorWinRM, doorWinRMOverTLS},
	parents: []parent{
		{name: "wsmprovhost", folders: system32, from: []string{"svchost"}},
		{name: "winrshost", folders: system32, from: []string{"svchost"}},
	},
	usual: strings.Fields(`conhost werfault wermgr`),
	odd:   strings.Fields(`net net1 whoami ipconfig systeminfo tasklist nltest quser`),
}
