package realistic

import "strings"

var updaterNames = []string{"updater.exe", "update.exe", "{p}update.exe", "{p}updater.exe", "{p}upd.exe", "autoupdate.exe", "checkupd.exe", "{p}helper.exe", "{p}svc.exe", "{p}agent.exe", "notifier.exe", "launcher.exe"}

var updaterArguments = []string{"", " --silent", " -check", " /auto", " --background --version={ver}", " /S /task", " -u {user}", " --id={dguid}", " --scheduled", " /r:{n}", " --session={rguid}", " --ping --host={host}", " -q -c config.json"}

// programName is the file of a vendor's program.
func programName(d dice, product string) string {
	return strings.ReplaceAll(pick(d, updaterNames), "{p}", strings.ToLower(product))
}

// programFilesUpdater is a vendor's updater where it belongs.
func programFilesUpdater(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	file := pf(v, product, programName(d, product))
	if d.chance(0.3) {
		file = strings.Replace(file, `C:\Program Files\`, `C:\Program Files (x86)\`, 1)
	}
	root := exe(file, `"`+file+`"`+pick(d, updaterArguments)).by(v).lives(500*millisecond, 40*second)
	if d.chance(0.2) {
		root = root.as(asUser)
	}
	where := w.anyPlace(d, v, 0.85)
	if d.chance(0.2) { // the updater starts what downloads
		helper := pf(v, product, pick(d, []string{"download.exe", "curl.exe", "crashpad_handler.exe", "setup.exe"}))
		root = root.with(calling(d, exe(helper, `"`+helper+`" --url https://`+hostOf(where)+`/v{ver}`).by(v), where))
	} else {
		root = calling(d, root, where)
	}
	return rareTask(vendorTaskName(d, v, product), v, w.anyRegular(d), versionNumber(d), root)
}

func vendorTaskName(d dice, vendor, product string) string {
	name := vendor + pick(d, []string{" ", "", "_"}) + product + pick(d, []string{"Update", " Updater", "Task", " Check", "Helper", " Launcher", "AutoUpdate"})
	return pick(d, []string{`\` + name, `\` + name, `\` + vendor + `\` + name, `\` + name + `-{sid}`})
}

// profileUpdater is a vendor's updater in a person's profile.
func profileUpdater(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	dir := pick(d, []string{`{home}\AppData\Local\` + v + `\`, `{home}\AppData\Roaming\` + v + `\`, `{home}\AppData\Local\Programs\` + strings.ToLower(v) + `\`, `{home}\AppData\Local\` + v + `\` + product + `\`})
	file := dir + programName(d, product)
	root := calling(d, exe(file, pick(d, []string{`"` + file + `"`, file})+pick(d, updaterArguments)).by(v).as(asUser).lives(500*millisecond, 40*second), w.anyPlace(d, v, 0.92))
	return rareTask(vendorTaskName(d, v, product), `CORP\{user}`, w.anyRegular(d), versionNumber(d), root)
}

// stayingAgent is a program that a task starts once and that polls then.
func stayingAgent(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	dir := pick(d, []string{pf(v, product, ""), pf(v, product, ""), `{home}\AppData\Local\` + v + `\`, `C:\ProgramData\` + v + `\`})
	file := dir + programName(d, product)
	c := call{to: w.anyOutside(d, v), every: pick(d, []Time{5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, hour, 2 * hour, 6 * hour}), jitter: pick(d, []float64{0, 0.02, 0.1, 0.3})}
	if d.chance(0.15) {
		c.every = pick(d, []Time{minute, 90 * second, 2 * minute})
	}
	root := exe(file, `"`+file+`"`+pick(d, []string{"", " --tray", " /background", " -minimized", " --service"})).by(v).as(asUser).lives(forever, forever+1).call(c)
	return rareTask(vendorTaskName(d, v, product), v, trigger{on: pick(d, []triggerKind{atLogon, atLogon, atBoot}), delay: 30 * second}, versionNumber(d), root)
}

// programDataTool is a program in ProgramData, as updaters of games, drivers and
// drivers' helpers have.
func programDataTool(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	file := `C:\ProgramData\` + pick(d, []string{v, v + `\` + product, product}) + `\` + programName(d, product)
	root := calling(d, exe(file, file+pick(d, updaterArguments)).by(pick(d, []string{v, v, "-"})).lives(500*millisecond, 40*second), w.anyPlace(d, v, 0.8))
	return rareTask(vendorTaskName(d, v, product), v, w.anyRegular(d), versionNumber(d), root)
}

// libraryTask is rundll32 or regsvr32 with a library in ProgramData or Program Files.
func libraryTask(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	library := pick(d, []string{`C:\ProgramData\` + v + `\`, `C:\ProgramData\` + v + `\`, pf(v, product, "")}) + strings.ToLower(product) + pick(d, []string{".dll", "64.dll", "core.dll", "hlp.dll"})
	root := calling(d, tool("rundll32.exe", ` "`+library+`",`+pick(d, []string{"Run", "Update", "CheckForUpdates", "EntryPoint", "#1", "TaskMain"})), w.anyPlace(d, v, 0.65))
	return rareTask(vendorTaskName(d, v, product), v, w.rarely(d), versionNumber(d), root)
}

// oneOff is what a setup leaves behind to run once or to clean up.
func oneOff(w *world, d dice) kind {
	v, product := w.names.vendor(), pick(d, products)
	var root node
	switch d.IntN(4) {
	case 0:
		file := `{home}\AppData\Local\Temp\` + d.text(8, upperAlnum) + `\` + strings.ToLower(product) + `_setup.exe`
		root = calling(d, exe(file, `"`+file+`" /resume /log:{home}\AppData\Local\Temp\{tmp}.log`).by(v).as(asUser), w.anyPlace(d, v, 0.7))
	case 1:
		root = cmd(`rmdir /s /q "C:\ProgramData\` + v + `\` + product + `"`)
	case 2:
		root = calling(d, tool("msiexec.exe", ` /i https://`+hostOf(nil)+`/`+strings.ToLower(product)+`.msi /qn`).with(conhost), w.anyPlace(d, v, 0.5))
	default:
		file := `C:\Windows\Temp\` + d.text(6, hexDigits) + `\` + v + `Uninstall.exe`
		root = calling(d, exe(file, `"`+file+`" /S`).by(v), w.anyPlace(d, v, 0.5))
	}
	when := trigger{on: once}
	if d.chance(0.3) {
		when = chance(5 * day)
	}
	return rareTask(`\`+v+pick(d, []string{"Cleanup", "Resume", "Setup", "PostInstall"}), `CORP\{user}`, when, versionNumber(d), root)
}
