package roots

import "strings"

// wmi is Windows Management Instrumentation: the provider host, in which Win32_Process
// creates and command-line consumers run, and the host of script consumers. No mark is
// required: some sensors give the host's bare name as its command line.
var wmi = Preset{
	Name: WMI, Means: "WMI (WmiPrvSE.exe, scrcons.exe)", Goals: []Goal{Lateral, Persistence}, Techniques: []string{"T1047", "T1546.003"},
	Also:  []string{"wmiprvse", "wmic", "wbem", "scrcons", "winmgmt", "wmiexec"},
	level: levelServer, Doors: []uint16{doorRPC, doorWinRM, doorWinRMOverTLS},
	parents: []parent{
		{name: "wmiprvse", folders: wbem, from: []string{"svchost"}},
		{name: "scrcons", folders: wbem, from: []string{"svchost"}},
	},
	usual: strings.Fields(`werfault wermgr unsecapp msiexec conhost mofcomp wmiadap wuauclt usoclient defrag vssadmin dism
		ccmexec scclient tiworker cmtrace`),
	odd: strings.Fields(`net net1 whoami ipconfig systeminfo tasklist nltest quser notepad calc explorer`),
}
