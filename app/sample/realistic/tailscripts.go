package realistic

import "strings"

// scriptFolders are where people and administrators keep scripts.
var scriptFolders = []string{`C:\Scripts\`, `C:\Scripts\`, `C:\ProgramData\Scripts\`, `C:\Tools\`, `{home}\Documents\`, `{home}\Desktop\`, `D:\jobs\`, `C:\Admin\`, `C:\Users\Public\`, `C:\Temp\`, `\\files\scripts$\`, `{home}\scripts\`, `C:\ProgramData\CORP\`}

// scriptOwner is who runs it and the author its task names.
func scriptOwner(d dice) (account, string) {
	switch d.IntN(3) {
	case 0:
		return inherit, `CORP\svc-tasks`
	case 1:
		return asAdmin, `CORP\svc-tasks`
	}
	return asUser, `CORP\{user}`
}

func scriptTaskName(d dice, stem string) string {
	return pick(d, []string{`\`, `\`, `\CORP\`, `\Scripts\`}) + pick(d, []string{stem, strings.ReplaceAll(stem, "_", " "), stem + " job"})
}

// scriptTask completes a kind whose root runs a script of the given stem.
func scriptTask(w *world, d dice, stem string, root node) kind {
	owner, author := scriptOwner(d)
	return rareTask(scriptTaskName(d, stem), author, w.rarely(d), "1", root.as(owner))
}

var psOptions = []string{``, `-ExecutionPolicy Bypass `, `-NoProfile -ExecutionPolicy Bypass `, `-ep bypass `, `-NonInteractive `, `-WindowStyle Hidden -ExecutionPolicy Bypass `, `-w hidden -nop `, `-NoLogo -NoProfile `}

// powershellScript is a script of a person's or an administrator's; now and then
// encoded, hidden, or a line on its own.
func powershellScript(w *world, d dice) kind {
	stem := w.names.script()
	where := w.anyPlace(d, "", 0.6)
	var arguments string
	switch n := d.IntN(12); {
	case n == 0:
		arguments = pick(d, psOptions) + `-EncodedCommand ` + encoded(`Invoke-RestMethod https://`+hostOf(where)+`/`+stem+` | Out-File C:\Temp\`+stem+`.json`)
	case n < 3:
		arguments = pick(d, psOptions) + `-Command "` + pick(d, []string{`Invoke-WebRequest https://` + hostOf(where) + `/` + stem + ` -OutFile C:\Temp\` + stem + `.zip`, `& {Get-ChildItem D:\export | Copy-Item -Destination \\files\` + stem + `}`, `Restart-Service ` + stem, `irm ` + hostOf(where) + `/` + stem + ` | iex`}) + `"`
	default:
		arguments = pick(d, psOptions) + `-File "` + pick(d, scriptFolders) + stem + `.ps1"` + pick(d, []string{"", "", "", " -Verbose", " -Host {host}", " -Date {date}", " -Path D:\\data"})
	}
	root := calling(d, ps(arguments), where)
	if d.chance(0.12) {
		root = ps(arguments).with(calling(d, bare("curl.exe", ` -s https://`+hostOf(where)+`/`+stem+` -o C:\Temp\{tmp}.dat`), where))
	}
	return scriptTask(w, d, stem, root)
}

// batchFile is a batch file with what it starts.
func batchFile(w *world, d dice) kind {
	stem := w.names.script()
	where := w.anyPlace(d, "", 0.5)
	folder := pick(d, scriptFolders)
	root := cmd(pick(d, []string{`"` + folder + stem + `.cmd"`, folder + stem + `.bat`, folder + stem + `.bat > C:\Temp\` + stem + `.log 2>&1`}))
	var inner node
	switch d.IntN(6) {
	case 0:
		inner = bare("robocopy.exe", ` D:\data \\files\`+stem+` /mir /log:C:\Temp\{date}.log`)
	case 1:
		inner = bare("curl.exe", ` -s -o C:\Temp\`+stem+`.csv https://`+hostOf(where)+`/export?d={date}`)
	case 2:
		inner = ps(`-File ` + folder + stem + `.ps1`)
	case 3:
		inner = exe(`C:\Program Files\7-Zip\7z.exe`, `"C:\Program Files\7-Zip\7z.exe" a D:\archive\`+stem+`_{date}.7z D:\data`).by("Igor Pavlov")
	case 4:
		inner = bare("ftp.exe", ` -s:`+folder+stem+`.txt `+hostOf(where))
	default:
		inner = bare("cscript.exe", ` //nologo `+folder+stem+`.vbs`)
	}
	inner = calling(d, inner, where)
	for range d.weighted([]int{70, 15, 10, 5}) { // wrapped in scripts that call scripts
		inner = pick(d, []node{bare("cmd.exe", ` /c `+stem+`2.cmd`), ps(`-File ` + folder + stem + `_main.ps1`), bare("cmd.exe", ` /c call `+folder+`env.cmd`)}).with(inner)
	}
	return scriptTask(w, d, stem, root.with(inner))
}

// curlCall is cmd or curl itself that fetches or posts something.
func curlCall(w *world, d dice) kind {
	stem := w.names.script()
	where := w.anyPlace(d, "", 0.85)
	arguments := pick(d, []string{` -s https://` + hostOf(where) + `/ping?h={host}`, ` -fsSL -o C:\ProgramData\` + stem + `.json https://` + hostOf(where) + `/` + stem, ` -X POST -d @C:\Temp\` + stem + `.json https://` + hostOf(where) + `/hook`, ` -k --max-time 20 https://` + hostOf(where) + `/` + d.text(8, mixedCase)})
	root := calling(d, tool("curl.exe", arguments), where)
	if d.chance(0.6) {
		root = cmd(`curl` + arguments).with(calling(d, bare("curl.exe", arguments), where))
	}
	return scriptTask(w, d, stem, root)
}

// windowsScript is VBScript or JScript.
func windowsScript(w *world, d dice) kind {
	stem := w.names.script()
	where := w.anyPlace(d, "", 0.45)
	file := pick(d, scriptFolders) + stem + pick(d, []string{".vbs", ".vbs", ".vbs", ".js", ".wsf"})
	root := tool(pick(d, []string{"wscript.exe", "wscript.exe", "cscript.exe"}), pick(d, []string{` "`, ` //B "`, ` //nologo "`})+file+`"`)
	if d.chance(0.35) {
		root = root.with(calling(d, pick(d, []node{ps(`-File ` + file + `.ps1`), cmd(file + `.cmd`)}), where))
	} else {
		root = calling(d, root.lives(second, 30*second), where)
	}
	return scriptTask(w, d, stem, root)
}

var pythons = []string{`{home}\AppData\Local\Programs\Python\Python312\python.exe`, `{home}\AppData\Local\Programs\Python\Python311\pythonw.exe`, `C:\Python39\python.exe`, `C:\Program Files\Python311\python.exe`, `{home}\anaconda3\python.exe`, `{home}\projects\venv\Scripts\python.exe`}

// pythonScript is Python, Node or Java with a script of somebody's.
func pythonScript(w *world, d dice) kind {
	stem := w.names.script()
	where := w.anyPlace(d, "", 0.7)
	host, file, maker := pick(d, pythons), stem+".py", "Python Software Foundation"
	switch d.IntN(8) {
	case 0:
		host, file, maker = `C:\Program Files\nodejs\node.exe`, stem+`\index.js`, "Node.js"
	case 1:
		host, file, maker = `C:\Program Files\Java\jre-1.8\bin\javaw.exe`, `-jar `+stem+`.jar`, "Oracle Corporation"
	}
	folder := pick(d, scriptFolders)
	if strings.HasPrefix(file, "-jar ") {
		folder, file = "-jar "+folder, strings.TrimPrefix(file, "-jar ")
	}
	root := calling(d, exe(host, pick(d, []string{host, `"` + host + `"`})+" "+folder+file+pick(d, []string{"", "", " --once", " --date {date}"})).by(maker).lives(second, 2*minute), where)
	if d.chance(0.25) {
		root = cmd(folder + stem + `.cmd`).with(root)
	}
	return scriptTask(w, d, stem, root)
}

// windowsTool is one of Windows' own programs in a task of somebody's.
func windowsTool(w *world, d dice) kind {
	stem := w.names.script()
	inside := w.inside()
	root := pick(d, []node{
		tool("schtasks.exe", ` /run /tn "`+stem+`"`).with(conhost), tool("net.exe", ` use Z: \\files\`+stem).with(conhost).call(call{to: inside}),
		tool("shutdown.exe", ` /r /t 60`), tool("wevtutil.exe", ` epl Application C:\Temp\`+stem+`_{date}.evtx`).with(conhost),
		tool("certutil.exe", ` -urlcache -f http://`+hostOf(inside)+`/`+stem+`.crl C:\Temp\`+stem+`.crl`).with(conhost).call(call{to: inside}),
		tool("msiexec.exe", ` /i \\files\apps\`+stem+`.msi /qn`).call(call{to: inside}), tool("bitsadmin.exe", ` /reset /allusers`).with(conhost),
		exe(`C:\Windows\System32\mshta.exe`, `mshta.exe C:\Scripts\`+stem+`.hta`).as(asUser), tool("robocopy.exe", ` C:\Data \\files\`+stem+` /mir`).with(conhost).call(call{to: inside}),
	})
	return scriptTask(w, d, stem, root)
}
