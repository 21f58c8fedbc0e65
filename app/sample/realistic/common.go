package realistic

// addCommon adds the tasks that many devices have.
func (w *world) addCommon() {
	for _, add := range []func(*world) []kind{windowsTasks, widelyUsed, managementTasks, vendorTasks, rolledOut} {
		for _, k := range add(w) {
			k.group = "common"
			w.add(k)
		}
	}
}

// simple is a kind with one edition.
func simple(id, task string, share float64, when trigger, root node) kind {
	return kind{id: id, task: task, author: "Microsoft Corporation", share: share, when: when, editions: []edition{{version: "1", root: root}}}
}

func repeats(each, delay Time) trigger { return trigger{on: every, every: each, delay: delay} }
func dailyAt(at, delay Time) trigger   { return trigger{on: daily, at: at, delay: delay, catchUp: true} }
func chance(mean Time) trigger         { return trigger{on: random, every: mean} }

// windowsTasks are Windows' own, as package stock has them (its tasks.tsv says by which sources):
// names, actions, classes, accounts, children and whom they speak to.
func windowsTasks(w *world) []kind {
	const ms = `\Microsoft\Windows\`
	taskhost := func(arguments string) node { return bare("taskhostw.exe", arguments) }
	return []kind{
		handler("com-plain", ms+`TextServicesFramework\MsCtfMonitor`, 1, trigger{on: atLogon, delay: 5 * second}, "{01575CFE-9A55-4003-A5E1-F38D1EBDCBE1}", taskhost("").as(asUser).lives(hour, 12*hour)),
		handler("com-arg", ms+`LanguageComponentsInstaller\Installation`, 1, chance(14*hour), "{6F58F65F-EC0E-4ACA-99FE-FC5A1A25E4BE}", taskhost(" Install $(Arg0)").as(asUser).lives(second, minute)),
		handler("com-keyroaming", ms+`CertificateServicesClient\UserTask-Roam`, 1, chance(24*hour), "{58FB76B9-AC85-4E55-AC04-427593B1D060}", taskhost(" KEYROAMING").as(asUser)),
		handler("com-cache", ms+`Wininet\CacheTask`, 1, trigger{on: atLogon}, "{0358B920-0AC7-461F-98F4-58E32CD89148}", taskhost(" {222A245B-E637-4AE9-A93F-A59CA119A75E}").as(asUser).lives(hour, 10*hour)),
		handler("com-cert", ms+`CertificateServicesClient\SystemTask`, 1, repeats(16*hour, 0), "{58FB76B9-AC85-4E55-AC04-427593B1D060}", taskhost(" SYSTEM").lives(2*second, minute).call(w.site("dc"))),
		handler("com-flighting", ms+`Flighting\OneSettings\RefreshCache`, 0.95, repeats(12*hour, hour), "{E07647F7-AED2-48D9-9720-939BC24A8A3C}", taskhost("").call(call{to: w.sites["settings"], share: 0.8})),
		handler("ngen", ms+`.NET Framework\.NET Framework NGEN v4.0.30319 64`, 0.9, chance(3*day), "{429BC048-379E-45E0-80E4-EB1977941B5C}", taskhost("").with(exe(ngen, `"`+ngen+`" /RuntimeWide /StopEvent:{n}`).with(conhost))),
		handler("sppsvc", ms+`SoftwareProtectionPlatform\SvcRestartTask`, 1, repeats(21*hour, 0), "{B1AEBB5D-EAD9-4476-B375-9C3ED9F32AFC}", taskhost("").as(asNetworkService)),
		simple("device-user", ms+`Device Information\Device User`, 0.9, chance(14*hour), tool("DeviceCensus.exe", " UserCxt").as(asUser).with(conhost).call(call{to: w.sites["settings"], share: 0.6})),
		simple("dsregcmd", ms+`Workplace Join\Automatic-Device-Join`, 1, repeats(8*hour, 5*minute), exe(system32+"dsregcmd.exe", `C:\Windows\System32\dsregcmd.exe $(Arg0) $(Arg1) $(Arg2)`).with(conhost).call(call{to: w.sites["signin"], share: 0.4}, call{to: w.sites["dc"], share: 0.5})),
		simple("gpupdate", ms+`GroupPolicy\{3E0A038B-D834-4930-9981-E89C9BFF83AA}`, 0.9, repeats(16*hour, 30*minute), tool("gpupdate.exe", " /target:computer").as(asNetworkService).with(conhost).call(w.site("dc"), w.site("files"))),
		simple("wermgr", ms+`Windows Error Reporting\QueueReporting`, 1, chance(11*hour), tool("wermgr.exe", " -upload").call(call{to: w.sites["watson"], share: 0.6})),
		simple("compat", ms+`Application Experience\Microsoft Compatibility Appraiser`, 1, dailyAt(3*hour, 2*hour), tool("compattelrunner.exe", "").lives(minute, 5*minute).with(conhost,
			exe(system32+"CompatTelRunner.exe", `C:\Windows\system32\CompatTelRunner.exe -m:appraiser.dll -f:DoScheduledTelemetryRun -cv:{cv}`).lives(20*second, 4*minute).call(w.site("telemetry")).with(
				exe(system32+"CompatTelRunner.exe", `C:\Windows\system32\CompatTelRunner.exe -m:aeinv.dll -f:UpdateSoftwareInventoryW -cv:{cv}`).sometimes(0.5).call(call{to: w.sites["telemetry"], share: 0.5})))),
		simple("pca", ms+`Application Experience\PcaPatchDbTask`, 1, repeats(12*hour, 2*hour), tool("rundll32.exe", ` C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask`)),
		simple("startup", ms+`Application Experience\StartupAppTask`, 1, chance(30*hour), tool("rundll32.exe", ` Startupscan.dll,SusRunTask`).as(asUser)),
		simple("appdata", ms+`ApplicationData\CleanupTemporaryState`, 1, chance(40*hour), tool("rundll32.exe", ` Windows.Storage.ApplicationData.dll,CleanupTemporaryState`)),
		simple("uso", ms+`UpdateOrchestrator\Schedule Scan`, 1, repeats(22*hour, 4*hour), tool("UsoClient.exe", " StartScan")),
		simple("census", ms+`Device Information\Device`, 0.95, dailyAt(4*hour, 3*hour), tool("DeviceCensus.exe", " SystemCxt").with(conhost).call(w.site("telemetry"))),
		simple("scwu", ms+`WindowsUpdate\Scheduled Start`, 1, chance(18*hour), tool("sc.exe", " start wuauserv").with(conhost)),
		simple("defrag", ms+`Defrag\ScheduledDefrag`, 1, trigger{on: weekly, at: 2 * day, delay: 6 * hour, catchUp: true}, tool("defrag.exe", " -c -h -o -$").with(conhost).lives(minute, 20*minute)),
		simple("timesync", ms+`Time Synchronization\SynchronizeTime`, 0.6, dailyAt(hour, hour), tool("sc.exe", " start w32time task_started").as(asLocalService).with(conhost)),
	}
}

// ngen compiles what .NET programs share; the tasks' own handlers start it.
const ngen = `C:\Windows\Microsoft.NET\Framework64\v4.0.30319\NGenTask.exe`

// handler is a kind whose action is a COM handler, which root is the host of.
func handler(id, task string, share float64, when trigger, class string, root node) kind {
	k := simple(id, task, share, when, root)
	k.editions[0].class = class
	return k
}

// widelyUsed are the tasks of programs that most devices have.
func widelyUsed(w *world) []kind {
	edge := `C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe`
	office := `C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeC2RClient.exe`
	ms := "Microsoft Corporation"
	list := []kind{
		simple("edge-ua", `\MicrosoftEdgeUpdateTaskMachineUA{{dguid}}`, 1, repeats(5*hour, 0), exe(edge, `"`+edge+`" /ua /installsource scheduler`).by(ms).call(call{to: w.sites["edge"], share: 0.4})),
		simple("edge-core", `\MicrosoftEdgeUpdateTaskMachineCore{{dguid}}`, 1, trigger{on: atLogon}, exe(edge, `"`+edge+`" /c`).by(ms).call(call{to: w.sites["edge"], share: 0.3}, call{to: w.sites["edgedl"], share: 0.1})),
		simple("office-update", `\Microsoft\Office\Office Automatic Updates 2.0`, 0.85, dailyAt(10*hour, 3*hour), exe(office, `"`+office+`" /update SCHEDULEDTASK displaylevel=False`).by(ms).call(w.site("office"), w.site("officecfg"))),
		simple("office-features", `\Microsoft\Office\Office Feature Updates`, 0.85, repeats(10*hour, 20*minute), exe(`C:\Program Files\Microsoft Office\root\Office16\sdxhelper.exe`, "").by(ms).call(call{to: w.sites["officecfg"], share: 0.7})),
		simple("office-logon", `\Microsoft\Office\Office Feature Updates Logon`, 0.85, trigger{on: atLogon, delay: minute}, exe(`C:\Program Files\Microsoft Office\root\Office16\sdxhelper.exe`, "").by(ms).as(asUser).call(call{to: w.sites["officecfg"], share: 0.5})),
		simple("adobe", `\Adobe Acrobat Update Task`, 0.7, dailyAt(11*hour, 30*minute), exe(`C:\Program Files (x86)\Common Files\Adobe\ARM\1.0\AdobeARM.exe`, "").by("Adobe Inc.").call(w.site("adobe"), call{to: w.sites["ocsp"], share: 0.3})),
		simple("firefox", `\Mozilla\Firefox Background Update {dhex}`, 0.35, repeats(7*hour, 0), exe(`C:\Program Files\Mozilla Firefox\firefox.exe`, `"C:\Program Files\Mozilla Firefox\firefox.exe" --MOZ_LOG sync,prependheader,timestamp,append --MOZ_LOG_FILE "C:\ProgramData\Mozilla-{dguid}\updates\{dhex}\backgroundupdate.moz_log" --backgroundtask backgroundupdate`).
			by("Mozilla Corporation").as(asUser).call(w.site("mozilla"))),
		simple("zoom", `\ZoomUpdateTaskUser-{sid}`, 0.3, trigger{on: atLogon, delay: 5 * minute}, exe(`{home}\AppData\Roaming\Zoom\bin\Zoom.exe`, `"{home}\AppData\Roaming\Zoom\bin\Zoom.exe" --action=update --session={rguid}`).by("Zoom Video Communications, Inc.").as(asUser).call(w.site("zoom"))),
		simple("onedrive-report", `\OneDrive Reporting Task-{sid}`, 0.85, repeats(22*hour, 3*hour), exe(`{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe`, `{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe /reporting`).by(ms).as(asUser).call(w.site("onedrive"))),
		w.versioned(simple("onedrive", `\OneDrive Standalone Update Task-{sid}`, 0.9, dailyAt(9*hour, 5*hour), exe(`{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe`, `{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe`).by(ms).as(asUser).call(w.site("onedrive"))), "26.178.0915.0001", "26.191.1005.0002"),
		w.versioned(simple("chrome", `\GoogleSystem\GoogleUpdater\GoogleUpdaterTaskSystem{ver}{{dguid}}`, 0.8, repeats(9*hour, 0), exe(`C:\Program Files (x86)\Google\GoogleUpdater\{ver}\updater.exe`, `"C:\Program Files (x86)\Google\GoogleUpdater\{ver}\updater.exe" --wake --system`).by("Google LLC").
			with(exe(`C:\Program Files (x86)\Google\GoogleUpdater\{ver}\updater.exe`, `"C:\Program Files (x86)\Google\GoogleUpdater\{ver}\updater.exe" --crash-handler --system "--database=C:\Program Files (x86)\Google\GoogleUpdater\{ver}\Crashpad" --annotation=ver={ver} --handshake={rhex}`).by("Google LLC")).
			call(call{to: w.sites["google"], share: 0.8}, call{to: w.sites["googledl"], share: 0.05})), "142.0.7416.0", "144.0.7547.0"),
		w.versioned(simple("defender-scan", `\Microsoft\Windows\Windows Defender\Windows Defender Scheduled Scan`, 1, chance(13*hour), exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\{ver}\MpCmdRun.exe`, `"C:\ProgramData\Microsoft\Windows Defender\Platform\{ver}\MpCmdRun.exe" Scan -ScheduleJob -ScanTrigger 55 -IdleScheduledJob`).by(ms).with(conhost).call(call{to: w.sites["defender"], share: 0.5})), "4.18.26090.5-0", "4.18.26100.7-0"),
	}
	for i := range list {
		list[i].where = workstation
	}
	list[0].where, list[1].where, list[len(list)-1].where = "", "", ""
	return list
}

// versioned gives a kind a second version that spreads in the middle of the log.
func (w *world) versioned(k kind, before, after string) kind {
	d := diceFor(w.cfg.Seed, "version", k.id)
	next := k.editions[0]
	k.editions[0].version = before
	next.version, next.from, next.spread = after, w.middle(d), Time(d.within(1, 4))*day
	k.editions = append(k.editions, next)
	return k
}

// middle is a time in the middle of the log.
func (w *world) middle(d dice) Time {
	return w.from + Time(float64(w.to-w.from)*(0.25+0.5*d.Float64()))
}
