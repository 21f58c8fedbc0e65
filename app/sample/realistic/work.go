package realistic

// habit is something that happens again and again beside scheduled tasks.
type habit struct {
	id    string
	owner string // the service below which it happens
	mean  Time   // between two, while the device is awake
	where class  // only on such devices
	share float64
	what  func(w *world) node
}

const chromePath = `C:\Program Files\Google\Chrome\Application\chrome.exe`

func (w *world) site(name string) call { return call{to: w.sites[name]} }

var habits = []habit{
	{id: "wmiprvse", owner: "dcom", mean: 6 * hour, share: 1, what: func(*world) node {
		return exe(system32+`wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`).as(asNetworkService).lives(minute, 4*minute)
	}},
	{id: "werfault", owner: "wer", mean: 4 * day, share: 1, what: func(w *world) node {
		return tool("WerFault.exe", " -pss -s 460 -p {n} -ip {n}").call(w.site("watson"))
	}},
	{id: "wuauclt", owner: "wu", mean: 20 * hour, share: 1, what: func(w *world) node {
		return tool("wuauclt.exe", " /RunHandlerComServer").call(w.site("winupdate"), w.site("wsus"))
	}},
	{id: "mpcmdrun", owner: "defender", mean: 8 * hour, share: 1, what: func(w *world) node {
		return exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe`, `"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe" SignatureUpdate -ScheduleJob`).by("Microsoft Corporation").with(conhost).call(w.site("defender"))
	}},
	{id: "outlook", owner: "explorer", where: workstation, mean: 6 * hour, share: 0.8, what: func(w *world) node {
		return exe(`C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE`, "").by("Microsoft Corporation").lives(hour, 6*hour).call(call{to: w.sites["mail"], every: 3 * hour, jitter: 0.5})
	}},
	{id: "teams", owner: "explorer", where: workstation, mean: 8 * hour, share: 0.7, what: func(w *world) node {
		return exe(`{home}\AppData\Local\Microsoft\Teams\current\Teams.exe`, "").by("Microsoft Corporation").lives(hour, 6*hour).call(call{to: w.sites["teams"], times: [2]int{2, 5}})
	}},
	{id: "console", owner: "explorer", where: workstation, mean: 30 * hour, share: 0.3, what: func(w *world) node {
		return exe(powershell, `"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" `).lives(minute, 40*minute).with(conhost).call(call{to: w.sites["github"], share: 0.4})
	}},
	{id: "notepad", owner: "explorer", where: workstation, mean: 20 * hour, share: 0.5, what: func(*world) node {
		return exe(system32+"notepad.exe", `"C:\Windows\system32\NOTEPAD.EXE" {home}\Desktop\notes {hex}.txt`).lives(minute, hour)
	}},
}

// work makes all that goes on beside scheduled tasks.
func (m *machine) work() {
	for _, h := range habits {
		if h.where != "" && h.where != m.class.base() || !m.dice("habit", h.id).chance(h.share) {
			continue
		}
		n := h.what(m.w)
		m.again(h.id, h.owner, h.mean, func(*run) node { return n })
	}
	if m.class != server {
		m.again("browser", "explorer", 150*minute, m.browser)
	}
}

// again makes runs of something at chance times while the device is awake.
func (m *machine) again(id, owner string, mean Time, what func(*run) node) {
	d := m.dice("work", id)
	k := &kind{id: id, editions: []edition{{version: "1"}}}
	at := max(m.w.from-hour, m.born)
	for at += d.wait(mean); at < m.w.to; at += max(minute, d.wait(mean)) {
		s := m.session(at)
		if !m.isAwake(at) || s == nil || s.services[owner] == nil || at <= s.services[owner].Start {
			continue
		}
		if owner == "explorer" && !working(at, d) {
			continue
		}
		r := &run{m: m, k: k, e: &k.editions[0], at: at, d: d}
		n := what(r)
		m.grow(r, &n, s.services[owner], at, s)
	}
}

// working reports whether somebody sits there; on towers that are never off, too.
func working(at Time, d dice) bool {
	hour := at.UTC().Hour()
	return hour >= 7 && hour < 18 || d.chance(0.05)
}

// browser is one sitting: famous sites mostly, and now and then one that few know.
func (m *machine) browser(r *run) node {
	network := exe(chromePath, `"`+chromePath+`" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-GB --field-trial-handle={hex}`).by("Google LLC").lives(5*minute, hour)
	for range r.d.within(1, 5) {
		network = network.call(call{to: m.w.webs[r.d.rank(len(m.w.webs))], times: [2]int{1, 2}})
	}
	renderer := exe(chromePath, `"`+chromePath+`" --type=renderer --renderer-client-id={hex}`).by("Google LLC").lives(10*second, 40*minute)
	return exe(chromePath, "").by("Google LLC").lives(5*minute, 2*hour).with(network, renderer)
}
