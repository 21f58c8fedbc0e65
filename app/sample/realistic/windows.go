package realistic

import "github.com/schtaskhunt/schtaskhunt/app/sample"

// windowsProcess is started after its parent.
type windowsProcess struct {
	key, parent string
	what        node
}

// windowsProcesses are what every start of Windows starts.
var windowsProcesses = []windowsProcess{
	{"system", "", exe("System", "System")},
	{"smss", "system", exe(system32+"smss.exe", `\SystemRoot\System32\smss.exe`)},
	{"wininit", "smss", exe(system32+"wininit.exe", "wininit.exe")},
	{"winlogon", "smss", exe(system32+"winlogon.exe", "winlogon.exe")},
	{"services", "wininit", exe(system32+"services.exe", `C:\Windows\system32\services.exe`)},
	{"lsass", "wininit", exe(system32+"lsass.exe", `C:\Windows\system32\lsass.exe`)},
	{"dcom", "services", svchost("-k DcomLaunch -p", asSystem)},
	{"schedule", "services", svchost("-k netsvcs -p -s Schedule", asSystem)},
	{"bits", "services", svchost("-k netsvcs -p -s BITS", asSystem)},
	{"wmi", "services", svchost("-k netsvcs -p -s Winmgmt", asSystem)},
	{"wu", "services", svchost("-k netsvcs -p -s wuauserv", asSystem)},
	{"wer", "services", svchost("-k WerSvcGroup", asSystem)},
	{"dnscache", "services", svchost("-k NetworkService -p -s Dnscache", asNetworkService)},
	{"spooler", "services", exe(system32+"spoolsv.exe", `C:\Windows\System32\spoolsv.exe`)},
	{"defender", "services", exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MsMpEng.exe`, "").by("Microsoft Corporation")},
	{"explorer", "winlogon", exe(`C:\Windows\explorer.exe`, `C:\Windows\Explorer.EXE`).as(asUser)},
}

func svchost(arguments string, a account) node {
	return exe(system32+"svchost.exe", `{root}\system32\svchost.exe `+arguments).as(a)
}

// base is the kind whose runs are not tasks.
var base = &kind{id: "windows", editions: []edition{{version: "1"}}}

// windows is what every start of Windows starts in the fleet.
func (w *world) windows() []windowsProcess {
	if w.cfg.Roots {
		return append(windowsProcesses[:len(windowsProcesses):len(windowsProcesses)], windowsProcess{"iis", "services", svchost("-k iissvcs", asSystem)},
			windowsProcess{"rpcss", "services", svchost("-k RPCSS -p", asNetworkService)})
	}
	return windowsProcesses
}

// startWindows starts the services of a session.
func (m *machine) startWindows(s *session) {
	s.services = map[string]*sample.Process{}
	d := m.dice("session", s.from.UTC().String())
	r := &run{m: m, k: base, e: &base.editions[0], at: s.from, d: d}
	at := s.from
	for _, svc := range m.w.windows() {
		at += d.between(20*millisecond, 1200*millisecond)
		n := svc.what.lives(forever, forever+1)
		p := m.grow(r, &n, s.services[svc.parent], at, &session{interval: s.interval, number: s.number, services: s.services})
		s.services[svc.key] = p
	}
	s.schedule = s.services["schedule"]
	s.schedule.CommandHidden = m.sensor.hidesParents
}
