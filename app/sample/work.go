package sample

// work is all that goes on beside scheduled tasks: none of it may ever be in a
// tree. Several lines are decoys: parents that share the scheduler's svchost
// group, or that merely have "Schedule" in their command line.
var work = []routine{
	// Services.
	{owner: "antivirus", every: 14 * hour, what: signatureUpdate},
	{owner: "bits", every: 14 * hour, what: bare("desktopimgdownldr.exe", "").calls(call{site: "windowsupdate", share: 0.3})},
	{owner: "appinfo", every: 7 * hour, byUser: true, what: bare("consent.exe", " 5964 318 0000{hex}")},
	{owner: "wmi", every: 20 * hour, what: bare("wmiadap.exe", " /F /T /R")},
	{owner: "update", every: 15 * hour, what: tool("wuauclt.exe", " /RunHandlerComServer").calls(call{site: "windowsupdate"}, call{site: "wsus", share: 0.5})},
	{owner: "netsvcs", every: 15 * hour, what: bare("wermgr.exe", " -outproc 0 4012")},
	{owner: "dcom", every: 9 * hour, what: exe(system32+`wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`).as(asNetworkService).lives(minute, 4*minute)},
	{owner: "dcom", every: 4 * hour, byUser: true, what: exe(system32+"backgroundTaskHost.exe", `"C:\Windows\system32\backgroundTaskHost.exe" -ServerName:App.AppX{hex}.mca`).as(asUser).calls(call{site: "news", share: 0.2})},
	{owner: "dcom", every: 5 * hour, byUser: true, what: exe(system32+"RuntimeBroker.exe", `C:\Windows\System32\RuntimeBroker.exe -Embedding`).as(asUser).lives(minute, 30*minute)},
	{owner: "dcom", every: 4 * hour, byUser: true, what: exe(system32+"dllhost.exe", `C:\Windows\system32\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`).as(asUser)},
	{owner: "search", every: 12 * hour, what: exe(system32+"SearchProtocolHost.exe", `"C:\Windows\system32\SearchProtocolHost.exe" Global\UsGthrFltPipeMssGthrPipe{hex}_ Global\UsGthrCtrlFltPipeMssGthrPipe{hex} 1 -2147483646`).lives(minute, 3*minute)},
	// Connections of services, which as a rule started before the first event.
	{owner: "system", every: 8 * hour, what: program{wants: []call{{site: "neighbour", inbound: true}}}},
	{owner: "lsass", every: 11 * hour, what: program{wants: []call{{site: "kerberos", silent: true}, {site: "dc", share: 0.5}}}},
	{owner: "dnscache", every: 10 * hour, what: program{wants: []call{{site: "llmnr"}, {site: "mdns", share: 0.5}}}},
	{owner: "localservice", every: 9 * hour, what: program{wants: []call{{site: "ssdp"}, {site: "loopback", share: 0.4}}}},
	{owner: "bits", every: 10 * hour, what: program{wants: []call{{site: "windowsupdate", times: 2}}}},
	// People.
	{owner: "explorer", every: 3 * hour, byUser: true, what: browser},
	{owner: "explorer", every: 5 * hour, byUser: true, what: exe(`C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE`, "").lives(10*minute, 4*hour).calls(call{site: "mail", times: 3}, call{site: "gone", share: 0.2}).with(
		exe(`C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`, `"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE" /n "{home}\Documents\report & plan {hex}.docx"`).delayed(second, 5*minute).lives(minute, hour).sometimes(0.5))},
	{owner: "explorer", every: 6 * hour, byUser: true, what: exe(`{home}\AppData\Local\Microsoft\Teams\current\Teams.exe`, "").lives(hour, 6*hour).calls(call{site: "teams", times: 3})},
	{owner: "explorer", every: 4 * hour, byUser: true, what: exe(system32+"cmd.exe", "").lives(10*second, 20*minute).with(conhost,
		exe(system32+"PING.EXE", "ping  dc01").calls(call{site: "dc", silent: true}).sometimes(0.4),
		exe(`C:\Program Files\Git\cmd\git.exe`, "git  pull").calls(call{site: "git"}).sometimes(0.6).with(exe(`C:\Program Files\Git\usr\bin\ssh.exe`, `ssh git@git.example "git-upload-pack 'tools/<main>'"`).calls(call{site: "git"})))},
	{owner: "explorer", every: 12 * hour, byUser: true, what: exe(powershell, `"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" `).lives(minute, 40*minute).with(conhost).calls(call{site: "packages"})},
	{owner: "explorer", every: 9 * hour, byUser: true, what: exe(system32+"notepad.exe", `"C:\Windows\system32\NOTEPAD.EXE" {home}\Desktop\to do.txt`).lives(minute, hour)},
}

const powershell = system32 + `WindowsPowerShell\v1.0\powershell.exe`

var signatureUpdate = exe(`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe`, `"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.5-0\MpCmdRun.exe" SignatureUpdate -ScheduleJob -RestrictPrivileges`).
	lives(5*second, minute).calls(call{site: "defender"}).with(
	conhost,
	exe(system32+"MpSigStub.exe", `C:\Windows\system32\MpSigStub.exe /stub 1.1.26090.1 /payload 1.419.{hex}`).calls(call{site: "wsus", share: 0.4}))

const chrome = `C:\Program Files\Google\Chrome\Application\chrome.exe`

var browser = exe(chrome, "").lives(5*minute, 2*hour).with(
	exe(chrome, `"`+chrome+`" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-GB --field-trial-handle={hex}`).lives(minute, hour).
		calls(call{site: "search", share: 0.8}, call{site: "news", times: 2, share: 0.6}, call{site: "shop", share: 0.3}, call{site: "video", share: 0.3, times: 2}, call{site: "ocsp", share: 0.2}, call{site: "loopback", share: 0.1}),
	exe(chrome, `"`+chrome+`" --type=renderer --renderer-client-id={hex}`).lives(10*second, 40*minute))

// routines are all of the above, each with its owner.
var routines = func() []routine {
	all := append([]routine(nil), work...)
	for _, t := range tasks {
		t.owner = "schedule"
		all = append(all, t)
	}
	return all
}()
