package sample

// service is a process that runs from the start of Windows to its end.
type service struct {
	key, parent string
	program     program
}

// svchost is a service host; every machine spells its own C:\Windows.
func svchost(arguments string, account accountKind) program {
	return exe(system32+"svchost.exe", `{root}\system32\svchost.exe `+arguments).as(account)
}

// services in the order of their start. All but the kernel are there on each machine.
var services = []service{
	{"system", "", exe("System", "")},
	{"smss", "system", exe(system32+"smss.exe", `\SystemRoot\System32\smss.exe`)},
	{"wininit", "smss", exe(system32+"wininit.exe", "wininit.exe")},
	{"winlogon", "smss", exe(system32+"winlogon.exe", "winlogon.exe")},
	{"services", "wininit", exe(system32+"services.exe", `C:\Windows\system32\services.exe`)},
	{"lsass", "wininit", exe(system32+"lsass.exe", `C:\Windows\system32\lsass.exe`)},
	{"dcom", "services", svchost("-k DcomLaunch -p", asSystem)},
	{"rpc", "services", svchost("-k RPCSS -p", asNetworkService)},
	{"schedule", "services", svchost("-k netsvcs -p -s Schedule", asSystem)},
	{"bits", "services", svchost("-k netsvcs -p -s BITS", asSystem)},
	{"appinfo", "services", svchost("-k netsvcs -p -s Appinfo", asSystem)},
	{"wmi", "services", svchost("-k netsvcs -p -s Winmgmt", asSystem)},
	{"update", "services", svchost("-k netsvcs -p -s wuauserv", asSystem)},
	{"netsvcs", "services", svchost("-k netsvcs -p", asSystem)},
	{"dnscache", "services", svchost("-k NetworkService -p -s Dnscache", asNetworkService)},
	{"localservice", "services", svchost("-k LocalServiceAndNoImpersonation -p -s SSDPSRV", asLocalService)},
	{"spooler", "services", exe(system32+"spoolsv.exe", `C:\Windows\System32\spoolsv.exe`)},
	{"search", "services", exe(system32+"SearchIndexer.exe", `C:\Windows\system32\SearchIndexer.exe /Embedding`)},
	{"antivirus", "services", exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MsMpEng.exe`, "")},
	{"explorer", "winlogon", exe(`C:\Windows\explorer.exe`, `C:\Windows\Explorer.EXE`).as(asUser)},
}

// startWindows asks for the kernel; serviceStarted asks for the others, each
// after its parent.
func (s *simulation) startWindows(at Time) {
	kernel := services[0]
	s.ask(pending{at: at, what: launch{program: kernel.program, life: untilShutdown}, key: kernel.key})
}

// serviceStarted asks for what a service does: start its own children, and its routines.
func (s *simulation) serviceStarted(key string, p *Process) {
	at := p.Start
	for _, svc := range services {
		if svc.parent != key {
			continue
		}
		at += s.d.between(30*millisecond, 3*second)
		l := s.decide(svc.program, nil)
		l.life = untilShutdown
		s.ask(pending{at: at, parent: p, what: l, key: svc.key})
	}
	for _, r := range routines {
		if r.owner == key {
			s.runRoutine(p, r)
		}
	}
	if key == "schedule" {
		s.runPlants(p)
	}
}
