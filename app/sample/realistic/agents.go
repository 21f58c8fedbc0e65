package realistic

import (
	"fmt"
	"strings"
)

// managementTasks are those by which a company looks after its devices.
func managementTasks(w *world) []kind {
	inv, bak, av, log := w.names.vendor(), w.names.vendor(), w.names.vendor(), w.names.vendor()
	script := w.names.script()
	reputation := &place{hosts: []string{"{hex}.{rhex}.rep." + w.names.domain(av)}, addrs: addresses(w.names.d, 1)}
	enrol := system32 + "deviceenroller.exe"
	list := []kind{
		simple("enrol", `\Microsoft\Windows\EnterpriseMgmt\{dguid}\Schedule #3 created by enrollment client`, 0.9, repeats(12*hour, 0), exe(enrol, `C:\Windows\system32\deviceenroller.exe /o "{dguid}" /c /b`).call(call{to: w.sites["intune"], times: [2]int{1, 3}})),
		simple("enrol-push", `\Microsoft\Windows\EnterpriseMgmt\{dguid}\PushLaunch`, 0.9, chance(16*hour), exe(enrol, `C:\Windows\system32\deviceenroller.exe /o "{dguid}" /c /p`).call(call{to: w.sites["intune"], share: 0.7})),
		simple("intune-health", `\Microsoft\Intune\Intune Management Extension Health Evaluation`, 0.9, dailyAt(12*hour, 4*hour), exe(`C:\Program Files (x86)\Microsoft Intune Management Extension\ClientHealthEval.exe`, "").by("Microsoft Corporation").with(conhost)),
		simple("intune-detect", `\CORP\Detection {dguid}`, 0.8, repeats(12*hour, hour), ps(`-NoProfile -executionPolicy bypass -file "C:\Program Files (x86)\Microsoft Intune Management Extension\Content\DetectionScripts\{guid}_1.ps1"`).call(call{to: w.sites["intune"], share: 0.3})),
		simple("cm-eval", `\Microsoft\Configuration Manager\Configuration Manager Health Evaluation`, 0.7, dailyAt(0, 4*hour), exe(`C:\Windows\CCM\ccmeval.exe`, `C:\Windows\CCM\ccmeval.exe`).call(w.site("cm"))),
		simple("inventory", `\`+inv+`\Inventory`, 0.75, repeats(8*hour, 30*minute), exe(pf(inv, "Agent", "invscan.exe"), `"`+pf(inv, "Agent", "invscan.exe")+`" /asset:{serial} /host:{host} /run:{rguid} /server:assets.corp.example`).by(inv).call(w.site("inv")).
			with(tool("cmd.exe", ` /c wmic csproduct get uuid > C:\ProgramData\`+inv+`\out\{host}_{date}.txt`).with(conhost, exe(system32+`wbem\WMIC.exe`, `wmic  csproduct get uuid`)))),
		simple("backup", `\`+bak+`\`+bak+` Job {dguid}`, 0.6, repeats(6*hour, 10*minute), exe(pf(bak, "Endpoint", "bkagent.exe"), `"`+pf(bak, "Endpoint", "bkagent.exe")+`" --job {dguid} --session {rguid} --target \\bkp01\{host}$`).by(bak).lives(20*second, 15*minute).call(w.site("backup"), call{to: w.sites["backup"], times: [2]int{1, 4}})),
		simple("av-poll", `\`+av+`\`+av+` Cloud Service`, 0.8, trigger{on: atBoot, delay: 20 * second}, exe(pf(av, "Protection", "cloudsvc.exe"), "").by(av).lives(forever, forever+1).call(call{to: w.own(av), every: 4 * hour, jitter: 0.1})),
		simple("av-update", `\`+av+`\`+av+` Definition Update`, 0.8, repeats(8*hour, 30*minute), exe(pf(av, "Protection", "defupdate.exe"), `"`+pf(av, "Protection", "defupdate.exe")+`" -seq {n} -auto`).by(av).call(w.site("av"), call{to: w.own(av), share: 0.5}, call{to: reputation, dns: true, times: [2]int{1, 9}, share: 0.2})),
		simple("log-ship", `\CORP\Log shipping`, 0.65, repeats(8*hour, 5*minute), ps(`-NonInteractive -WindowStyle Hidden -ExecutionPolicy Bypass -File C:\ProgramData\CORP\`+script+`.ps1 -Computer {host} -Out \\files\logs$\{host}\{date}`).call(w.site("files"))),
		simple("admin-encoded", `\CORP\Compliance`, 0.9, dailyAt(7*hour, hour), ps(`-NoLogo -NonInteractive -EncodedCommand `+encoded(`Get-CimInstance Win32_OperatingSystem | Export-Csv \\files\compliance$\os.csv -Append`)).call(w.site("files"))),
		simple("logon-script", `\CORP\Logon`, 0.9, trigger{on: atLogon}, cmd(`\\corp.example\netlogon\map.cmd {user}`).as(asUser).call(w.site("dc"), w.site("files")).with(tool("net.exe", ` use H: \\files\home$\{user}`).call(w.site("files")))),
		simple("monitor", `\`+log+`\Health`, 0.95, repeats(2*hour, 0), tool("cscript.exe", ` //nologo "C:\Program Files\`+log+`\scripts\health.vbs" /log:C:\ProgramData\`+log+`\{date}.log /pid:{n}`).with(conhost).call(call{to: w.sites["inv"], share: 0.5})),
		simple("sql-maintenance", `\CORP\SQL maintenance`, 0.4, dailyAt(1*hour, 10*second), cmd(`C:\DBA\maintenance.cmd {host} {date}`).as(asAdmin).with(exe(`C:\Program Files\Microsoft SQL Server\Client SDK\ODBC\170\Tools\Binn\SQLCMD.EXE`, `sqlcmd  -S {host} -E -i C:\DBA\maintenance.sql -o C:\DBA\log\{stamp}.txt`).by("Microsoft Corporation").call(w.site("inv")))),
	}
	list[11].where, list[12].where, list[13].where = workstation, server, server
	return list
}

// vendorTasks are those of hardware makers and of tools that some departments have.
func vendorTasks(w *world) []kind {
	list := make([]kind, 0, 16)
	d := diceFor(w.cfg.Seed, "vendor tasks")
	for i := range 10 {
		v := w.names.vendor()
		product := pick(d, products)
		dir, file := pf(v, product, ""), strings.ToLower(product)+pick(d, []string{"upd.exe", "updater.exe", "svc.exe", "agent.exe", "tray.exe", "_update.exe"})
		account, task := inherit, `\`+v+" "+product+pick(d, []string{" Update", " Updater", "UpdateTask", ""})
		if i%3 == 0 {
			dir, account, task = `{home}\AppData\Local\`+v+`\`+product+`\`, asUser, task+` {sid}`
		}
		arguments := pick(d, []string{" --silent", " /check /user:{user}", " -id {dguid}", " --app-version={ver} --session={rguid}", " /s /host={host} /t={epoch}", " --machine {serial}"})
		root := exe(dir+file, `"`+dir+file+`"`+arguments).by(v).as(account).call(call{to: w.anyOutside(d, v), share: 0.8})
		k := simple(fmt.Sprintf("vendor-%d", i), task, 0.06+0.6*d.Float64()*d.Float64(), w.anyRegular(d), root)
		k.when.every = max(k.when.every, 6*hour)
		k.author = v
		list = append(list, w.versioned(k, versionNumber(d), versionNumber(d)))
	}
	// Agents that stay and poll.
	for i := range 3 {
		v := w.names.vendor()
		file := pf(v, "Support", strings.ToLower(v)+".exe")
		k := simple(fmt.Sprintf("support-%d", i), `\`+v+` Support`, 0.1+0.5*d.Float64(), trigger{on: atLogon, delay: minute}, exe(file, `"`+file+`" --background --device {serial}`).by(v).as(asUser).lives(forever, forever+1).
			call(call{to: w.anyOutside(d, v), every: pick(d, []Time{45 * minute, 2 * hour, 4 * hour}), jitter: 0.05}))
		k.where = workstation
		list = append(list, k)
	}
	return list
}

// rolledOut is what the fleet gets in the middle of the log: new software on a third of
// the devices within three days, and a new script on all.
func rolledOut(w *world) []kind {
	d := diceFor(w.cfg.Seed, "rollout")
	v := w.names.vendor()
	file := pf(v, "Client", "connect.exe")
	fresh := simple("rollout", `\`+v+`\Client check`, 0.3, repeats(2*hour, 10*minute), exe(file, `"`+file+`" --check --device {serial} --corr {rguid}`).by(v).call(call{to: w.own(v)}))
	fresh.from, fresh.spread, fresh.author = w.middle(d), 3*day, v
	script := simple("rollout-script", `\CORP\`+w.names.script(), 0.97, dailyAt(14*hour, 2*hour), ps(`-ExecutionPolicy Bypass -File "C:\ProgramData\CORP\`+w.names.script()+`.ps1" -Ring {site}`).call(w.site("files")))
	script.from, script.spread, script.author = w.middle(d), 2*day, `CORP\svc-tasks`
	return []kind{fresh, script}
}

// pf is a path below Program Files.
func pf(vendor, product, file string) string {
	return `C:\Program Files\` + vendor + `\` + product + `\` + file
}

func versionNumber(d dice) string {
	return fmt.Sprintf("%d.%d.%d", d.within(1, 24), d.IntN(12), d.IntN(4000))
}

// anyOutside is where a vendor's program calls: mostly a domain of the vendor's.
func (w *world) anyOutside(d dice, vendor string) *place {
	if d.chance(0.7) {
		return w.own(vendor)
	}
	if d.chance(0.7) {
		return w.shared()
	}
	return w.popular()
}

// anyRegular is a schedule as vendors and administrators choose one.
func (w *world) anyRegular(d dice) trigger {
	switch d.IntN(8) {
	case 0:
		return trigger{on: atLogon, delay: Time(d.IntN(10)) * minute}
	case 1, 2, 3:
		return dailyAt(Time(d.IntN(24*4))*15*minute, pick(d, []Time{0, 0, 15 * minute, hour, 4 * hour}))
	case 4:
		return trigger{on: weekly, at: Time(d.IntN(7*24)) * hour, delay: hour, catchUp: true}
	}
	if d.chance(0.08) {
		return repeats(pick(d, []Time{5 * minute, 10 * minute, 15 * minute}), pick(d, []Time{0, 0, minute}))
	}
	return repeats(pick(d, []Time{30 * minute, hour, hour, hour, 2 * hour, 4 * hour, 6 * hour, 8 * hour, 12 * hour}), pick(d, []Time{0, 0, 0, minute, 5 * minute, 30 * minute}))
}
