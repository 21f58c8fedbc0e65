package sample

// tasks are the benign scheduled tasks of an ordinary machine: what a hunt must
// look past. Some have arguments of their own at each run (-cv:) or on each
// machine (the user's folder), so their command line alone always looks rare.
var tasks = []routine{
	{every: 12 * hour, what: bare("taskhostw.exe", "")},
	{every: 10 * hour, what: bare("taskhostw.exe", " $(Arg0)")},
	{every: 16 * hour, what: bare("taskhostw.exe", " {222A245B-E637-4AE9-A93F-A59CA119A75E}").as(asUser)},
	{every: 14 * hour, what: exe(system32+"dsregcmd.exe", `C:\Windows\System32\dsregcmd.exe $(Arg0) $(Arg1) $(Arg2)`).
		lives(400*millisecond, 5*second).calls(call{site: "signin", share: 0.6}, call{site: "dc", share: 0.5}).with(conhost)},
	{every: 16 * hour, what: tool("gpupdate.exe", " /target:computer").calls(call{site: "dc", times: 2}, call{site: "share", silent: true}).with(conhost)},
	{every: 20 * hour, what: tool("wermgr.exe", " -upload").calls(call{site: "watson", share: 0.5}, call{site: "wpad", share: 0.4})},
	{every: 22 * hour, what: compatibilityCheck},
	{every: 3 * day, what: exe(`C:\Windows\Microsoft.NET\Framework64\v4.0.30319\NGenTask.exe`, `"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\NGenTask.exe" /RuntimeWide /StopEvent:872`)},
	{every: day, installed: 0.8, what: exe(`C:\Program Files (x86)\Common Files\Adobe\ARM\1.0\AdobeARM.exe`, "").calls(call{site: "adobe"}, call{site: "ocsp", share: 0.3})},
	{every: 9 * hour, what: exe(`C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe`, `"C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe" /ua /installsource scheduler`).
		calls(call{site: "edgeupdate", share: 0.7})},
	{every: 8 * hour, installed: 0.8, what: exe(`C:\Program Files (x86)\Google\Update\GoogleUpdate.exe`, `"C:\Program Files (x86)\Google\Update\GoogleUpdate.exe" /ua /installsource scheduler`).
		calls(call{site: "googleupdate", share: 0.7})},
	{every: 11 * hour, what: tool("UsoClient.exe", " StartScan").lives(200*millisecond, 2*second)},
	{every: 21 * hour, what: tool("sc.exe", " start wuauserv").lives(100*millisecond, second).with(conhost)},
	{every: 23 * hour, installed: 0.9, what: exe(`{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe`, `{home}\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe`).
		as(asUser).calls(call{site: "onedrive", times: 2})},
	{every: 12 * hour, what: exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe`, `"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe" Scan -ScheduleJob -RestrictPrivileges -ScanType 1`).
		with(conhost).calls(call{site: "defender", share: 0.3})},
	{every: 2 * day, what: tool("rundll32.exe", ` C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask`)},
}

// compatibilityCheck is the one benign task with generations below it. The
// command line of its middle process contains the scheduler's name, and its
// children must not be taken for tasks of their own.
var compatibilityCheck = tool("compattelrunner.exe", "").with(
	conhost,
	exe(system32+"CompatTelRunner.exe", `C:\Windows\system32\CompatTelRunner.exe -m:appraiser.dll -f:DoScheduledTelemetryRun -cv:{cv}`).
		lives(5*second, 5*minute).calls(call{site: "telemetry", times: 2}).with(
		exe(system32+"CompatTelRunner.exe", `C:\Windows\system32\CompatTelRunner.exe -m:aeinv.dll -f:UpdateSoftwareInventoryW -cv:{cv}`).sometimes(0.6).
			calls(call{site: "telemetry", share: 0.5})),
)
