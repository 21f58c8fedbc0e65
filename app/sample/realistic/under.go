package realistic

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// presets are what starts trees in a fleet of other roots, by the names of the option root.
var presets = []string{"service", "wmi", "winrm", "dcom", "office", "web", "logon"}

// starter is a program that starts what a kind runs.
type starter struct {
	owner string // the service below which it runs
	stays bool   // one for the whole session
	what  node
}

const office16 = `C:\Program Files\Microsoft Office\root\Office16\`

// starters are the programs of each preset. Where there are none, the owner itself starts it.
var starters = map[string][]starter{
	"service": {{owner: "services"}},
	"wmi":     {{owner: "dcom", what: exe(system32+`wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`).as(asNetworkService)}},
	"winrm":   {{owner: "dcom", what: exe(system32+"wsmprovhost.exe", `C:\Windows\system32\wsmprovhost.exe -Embedding`).as(asAdmin)}},
	"dcom": {
		{owner: "dcom", what: exe(system32+"dllhost.exe", `C:\Windows\system32\DllHost.exe /Processid:{{dguid}}`).as(asUser)},
		{owner: "dcom", what: exe(system32+"mmc.exe", `C:\Windows\system32\mmc.exe -Embedding`).as(asAdmin)},
	},
	"office": {
		{owner: "explorer", what: exe(office16+"OUTLOOK.EXE", "").by("Microsoft Corporation").as(asUser)},
		{owner: "explorer", what: exe(office16+"WINWORD.EXE", `"`+office16+`WINWORD.EXE" /n "{home}\Documents\{hex}.docx" /o ""`).by("Microsoft Corporation").as(asUser)},
		{owner: "explorer", what: exe(office16+"EXCEL.EXE", `"`+office16+`EXCEL.EXE" "{home}\Documents\{hex}.xlsx"`).by("Microsoft Corporation").as(asUser)},
	},
	"web": {
		{owner: "iis", stays: true, what: exe(system32+`inetsrv\w3wp.exe`, `c:\windows\system32\inetsrv\w3wp.exe -ap "DefaultAppPool" -v "v4.0" -l "webengine4.dll" -m 0`).as(asNetworkService)},
		{owner: "services", stays: true, what: exe(`C:\Program Files\Apache Software Foundation\Tomcat 9.0\bin\Tomcat9.exe`, `"C:\Program Files\Apache Software Foundation\Tomcat 9.0\bin\Tomcat9.exe" //RS//Tomcat9`).by("Apache Software Foundation").as(asLocalService)},
		{owner: "services", stays: true, what: exe(`C:\Apache24\bin\httpd.exe`, `"C:\Apache24\bin\httpd.exe" -k runservice`).by("Apache Software Foundation")},
	},
	"logon": {{owner: "explorer"}},
}

// starterOf is the program that starts what a kind runs, the same on every device.
func (w *world) starterOf(k *kind) starter {
	return pick(diceFor(w.cfg.Seed, "starter", k.id), starters[k.under])
}

// above is the process that starts a run: the Task Scheduler, or what the kind's preset says.
func (m *machine) above(r *run, s *session) *sample.Process {
	if r.k.under == "" {
		return s.schedule
	}
	st := m.w.starterOf(r.k)
	owner := s.services[st.owner]
	if st.what.image == "" || owner == nil {
		return owner
	}
	if st.stays {
		key := "stays " + st.what.image
		if s.services[key] == nil {
			s.services[key] = m.start(r, st.what.lives(forever, forever+1), owner, s.from+servicesUp-2*second, s)
		}
		return s.services[key]
	}
	return m.start(r, st.what.lives(5*minute, hour), owner, r.at-r.d.between(2*second, 90*second), s)
}

// start grows a process of no tree. What the run is must not change it: it may serve others.
func (m *machine) start(r *run, n node, parent *sample.Process, at Time, s *session) *sample.Process {
	plain := *r
	plain.e = &base.editions[0]
	return m.grow(&plain, &n, parent, max(at, parent.Start+second), s)
}

// logons are a little after the shell's start in each session.
func (m *machine) logons(d dice, from, to Time) (list []Time) {
	for _, s := range m.sessions {
		list = append(list, s.from+servicesUp+d.between(2*second, minute))
	}
	return slices.DeleteFunc(m.kept(list, to), func(at Time) bool { return at < from })
}
