package score

import (
	"bytes"
	"strings"
)

// uses are what a program is used for, of which a program may have several.
type uses uint8

const (
	shell      uses = 1 << iota // takes commands
	host                        // runs scripts
	proxy                       // of Windows, and runs another's code
	downloader                  // fetches a file
	console                     // gives what it starts a console
	ofWindows                   // has a name that people expect to see, and lives in Windows' own folders only

	runner = shell | host | proxy // runs what its command line says
)

// are reports whether any of some uses is among them.
func (u uses) are(some uses) bool { return u&some != 0 }

// programs are what programs are used for (LOLBAS; ATT&CK T1036.005, T1059, T1105 and T1218), by
// their names in lower case without ".exe".
var programs = usesByName(map[uses]string{
	shell:      "powershell pwsh cmd",
	host:       "wscript cscript mshta python pythonw python3 node perl ruby php java javaw wish autoit3 bash wsl",
	console:    "conhost",
	downloader: "curl wget certutil bitsadmin desktopimgdownldr certreq certoc finger tftp",
	proxy: `rundll32 regsvr32 mshta msbuild installutil regasm regsvcs cmstp msxsl odbcconf pcalua forfiles control
		presentationhost ieexec hh wmic msiexec mavinject xwizard pcwrun runscripthelper scriptrunner infdefaultinstall ttdinject tttracer
		msdt csi rcsi fsi cdb appvlp diskshadow cmdl32 rasautou extexport addinutil wlrmdr workfolders`,
	ofWindows: `powershell powershell_ise cmd explorer taskmgr sppsvc slui wuauclt rdpclip vssvc msdtc lsm gpupdate gpscript
		svchost lsass csrss services smss wininit winlogon taskhostw taskhost dllhost conhost rundll32 regsvr32
		spoolsv searchindexer searchprotocolhost runtimebroker sihost ctfmon dwm fontdrvhost wmiprvse msiexec mshta wscript cscript
		werfault wermgr certutil bitsadmin schtasks taskeng userinit logonui audiodg backgroundtaskhost dashost lsaiso wudfhost usoclient
		mousocoreworker tiworker trustedinstaller compattelrunner consent`,
})

func usesByName(names map[uses]string) map[string]uses {
	programs := make(map[string]uses)
	for use, list := range names {
		for name := range strings.FieldsSeq(list) {
			programs[name] |= use
		}
	}
	return programs
}

// usesOf are those of a program by its name in lower case.
func usesOf(name []byte) uses { return programs[string(bytes.TrimSuffix(name, []byte(".exe")))] }
