package realistic

import (
	"fmt"
	"math"
	"slices"
)

// rootTail is what the long tail of a preset is made of, and where: that of tasks, so that
// shells, scripts and encoded commands are benign beneath each of them now and then.
var rootTail = map[string]struct {
	where class
	makes []func(*world, dice) kind
}{
	"service": {"", []func(*world, dice) kind{programFilesUpdater, programFilesUpdater, programFilesUpdater, stayingAgent, programDataTool, batchFile}},
	"wmi":     {"", []func(*world, dice) kind{powershellScript, powershellScript, batchFile, windowsScript, windowsTool, programFilesUpdater}},
	"winrm":   {"", []func(*world, dice) kind{powershellScript, powershellScript, batchFile, windowsTool, curlCall}},
	"dcom":    {"", []func(*world, dice) kind{programFilesUpdater, programFilesUpdater, profileUpdater, libraryTask}},
	"office":  {workstation, []func(*world, dice) kind{programFilesUpdater, programFilesUpdater, profileUpdater, pythonScript, batchFile}},
	"web":     {server, []func(*world, dice) kind{batchFile, curlCall, pythonScript, programFilesUpdater, programFilesUpdater}},
	"logon":   {workstation, []func(*world, dice) kind{profileUpdater, programFilesUpdater, programFilesUpdater, windowsScript, batchFile, programDataTool}},
}

// addRoots adds what runs beneath other roots than the Task Scheduler: what is common, a long
// tail for each preset, and what changes from day to day.
func (w *world) addRoots() {
	for _, preset := range presets {
		for _, k := range rootCommon(w)[preset] {
			k.id, k.group, k.under = preset+"-"+k.id, "common", preset
			w.add(k)
		}
		n := max(4, int(math.Round(w.cfg.Tail*float64(w.cfg.Devices)/2)))
		for i := range n {
			d := diceFor(w.cfg.Seed, "tail of roots", preset, fmt.Sprint(i))
			k := w.rareRoot(d, preset, fmt.Sprintf("%s-tail-%05d", preset, i))
			k.group = "tail"
			w.add(k)
		}
		w.changeRoots(preset)
	}
}

// rareRoot makes one rare kind beneath a preset and deals it out.
func (w *world) rareRoot(d dice, preset, id string) kind {
	of := rootTail[preset]
	k := pick(d, of.makes)(w, d)
	k.id, k.under, k.where = id, preset, of.where
	k.editions[0].root = beneath(preset, k.editions[0].root)
	k.devices = w.dealTo(d, rareSpread(d), of.where)
	return k
}

// beneath gives a root the account of what starts it, where it names none.
func beneath(preset string, n node) node {
	if n.account != inherit {
		return n
	}
	switch preset {
	case "office", "logon", "dcom":
		return n.as(asUser)
	case "web":
		return n.as(asNetworkService)
	case "winrm":
		return n.as(asAdmin)
	}
	return n
}

// dealTo picks n devices of a class at random, fewer where there are not as many.
func (w *world) dealTo(d dice, n int, where class) []int {
	var list []int
	for _, i := range d.Perm(w.cfg.Devices) {
		if len(list) < n && (where == "" || newMachine(w, i).class.base() == where) {
			list = append(list, i)
		}
	}
	return list
}

// changeRoots is the churn of one preset: kinds that come new, and versions and destinations
// that change.
func (w *world) changeRoots(preset string) {
	tail := slices.DeleteFunc(w.ofGroup("tail"), func(k *kind) bool { return k.under != preset })
	w.happens("new beneath "+preset, newRareKinds, func(d dice, at Time, i int) {
		k := w.rareRoot(d, preset, fmt.Sprintf("%s-churn-%05d", preset, i))
		k.group, k.from, k.when.atOnce = "churn", at, d.chance(0.6)
		w.add(k)
	})
	w.happens("changed beneath "+preset, changedKinds/2, func(d dice, at Time, i int) { w.changeRare(d, at, i, tail) })
}

// rootCommon are the kinds that most devices have, by preset.
func rootCommon(w *world) map[string][]kind {
	ms := "Microsoft Corporation"
	edge, google := `C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe`, `C:\Program Files (x86)\Google\Update\GoogleUpdate.exe`
	helper := `C:\Program Files\Adobe\Acrobat DC\Acrobat\Acrobat.exe`
	attached := `"{home}\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\{tmp}\{hex} ({n}).pdf"`
	return map[string][]kind{
		"service": {
			simple("wu", "", 1, chance(20*hour), svchost("-k netsvcs -p -s wuauserv", asSystem).lives(minute, 10*minute).call(w.site("winupdate"))),
			simple("bits", "", 1, chance(30*hour), svchost("-k netsvcs -p -s BITS", asSystem).lives(minute, 10*minute).call(call{to: w.sites["edgedl"], share: 0.4})),
			simple("clip", "", 1, chance(40*hour), svchost("-k wsappx -p -s ClipSVC", asSystem).lives(minute, 10*minute).call(call{to: w.sites["store"], share: 0.5})),
			simple("sppsvc", "", 1, chance(22*hour), exe(system32+"sppsvc.exe", `C:\Windows\system32\sppsvc.exe`).as(asNetworkService).lives(minute, 5*minute)),
			simple("ti", "", 1, chance(26*hour), exe(`C:\Windows\servicing\TrustedInstaller.exe`, `C:\Windows\servicing\TrustedInstaller.exe`).lives(minute, 10*minute)),
			simple("edge", "", 0.9, chance(18*hour), exe(edge, `"`+edge+`" /svc`).by(ms).call(call{to: w.sites["edge"], share: 0.7})),
			simple("google", "", 0.7, chance(20*hour), exe(google, `"`+google+`" /svc`).by("Google LLC").call(call{to: w.sites["google"], share: 0.7})),
			simple("msi", "", 0.9, chance(60*hour), tool("msiexec.exe", " /V").lives(minute, 5*minute)),
		},
		"wmi": {
			simple("inventory", "", 0.8, repeats(12*hour, hour), ps(`-NoProfile -ExecutionPolicy Bypass -File C:\Windows\CCM\SystemTemp\{guid}.ps1`).call(call{to: w.sites["cm"], share: 0.7})),
			simple("install", "", 0.8, chance(3*day), tool("msiexec.exe", ` /i "C:\Windows\ccmcache\{tmp}\setup.msi" /qn`).call(call{to: w.sites["ocsp"], share: 0.3})),
			simple("monitor", "", 0.5, repeats(8*hour, 0), cmd(`"C:\Program Files\Monitoring\probe.cmd" {host} {n}`)),
		},
		"winrm": {
			simple("ansible", "", 0.5, dailyAt(2*hour, 4*hour), ps(`-noninteractive -encodedcommand `+encoded(`&chcp.com 65001 > $null; Get-Service`))),
			simple("health", "", 0.6, repeats(12*hour, hour), tool("ipconfig.exe", " /all").with(conhost)),
			simple("patch", "", 0.6, chance(4*day), ps(`-NoProfile -File C:\ProgramData\CORP\patch.ps1 -Host {host}`).call(call{to: w.sites["wsus"]})),
		},
		"dcom": {
			simple("wer", "", 0.9, chance(4*day), tool("WerFault.exe", " -u -p {n} -s {n}").as(asUser).call(call{to: w.sites["watson"], share: 0.6})),
			simple("print", "", 0.8, chance(2*day), exe(`C:\Windows\splwow64.exe`, `C:\Windows\splwow64.exe {n}`).as(asUser)),
			simple("uninstall", "", 0.5, chance(8*day), tool("rundll32.exe", ` C:\Windows\system32\printui.dll,PrintUIEntry /y /n {hex}`).as(asUser)),
		},
		"office": {
			simple("print", "", 0.9, chance(20*hour), exe(`C:\Windows\splwow64.exe`, `C:\Windows\splwow64.exe {n}`).as(asUser)),
			simple("pdf", "", 0.9, chance(14*hour), exe(helper, `"`+helper+`" `+attached).by("Adobe Inc.").as(asUser).call(call{to: w.sites["adobe"], share: 0.3})),
			simple("link", "", 0.9, chance(12*hour), exe(chromePath, `"`+chromePath+`" --single-argument https://{rhex}.example/{hex}`).by("Google LLC").as(asUser).call(call{to: w.webs[0]}, call{to: w.webs[1], share: 0.5})),
			simple("ai", "", 0.9, chance(10*hour), exe(office16+"ai.exe", `"`+office16+`ai.exe" "{guid}" "{guid}" "{n}"`).by(ms).as(asUser)),
		},
		"web": {
			simple("compile", "", 0.9, chance(20*hour), exe(`C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe`, `"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe" /t:library /utf8output @"C:\Windows\Temp\{rhex}.cmdline"`).as(asNetworkService)),
			simple("wer", "", 0.8, chance(4*day), tool("WerFault.exe", " -u -p {n} -s {n}").as(asNetworkService).call(call{to: w.sites["watson"], share: 0.5})),
			simple("console", "", 0.8, chance(30*hour), conhost.as(asNetworkService)),
		},
		"logon": {
			simple("health", "", 1, trigger{on: atLogon}, exe(system32+"SecurityHealthSystray.exe", `"C:\Windows\System32\SecurityHealthSystray.exe" `).as(asUser).lives(hour, 9*hour)),
			simple("onedrive", "", 0.9, trigger{on: atLogon}, exe(`{home}\AppData\Local\Microsoft\OneDrive\OneDrive.exe`, `"{home}\AppData\Local\Microsoft\OneDrive\OneDrive.exe" /background`).by(ms).as(asUser).lives(hour, 9*hour).call(call{to: w.sites["onedrive"], every: 2 * hour, jitter: 0.3})),
			simple("teams", "", 0.7, trigger{on: atLogon}, exe(`{home}\AppData\Local\Microsoft\Teams\Update.exe`, `"{home}\AppData\Local\Microsoft\Teams\Update.exe" --processStart "Teams.exe" --process-start-args "--system-initiated"`).by(ms).as(asUser).call(w.site("teams"))),
			simple("audio", "", 0.6, trigger{on: atLogon}, exe(`C:\Windows\System32\RtkAudUService64.exe`, `"C:\Windows\System32\RtkAudUService64.exe" -background`).as(asUser).lives(hour, 9*hour)),
		},
	}
}
