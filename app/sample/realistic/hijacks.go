package realistic

// hijacks are more channels, where a fleet is asked for them: one of Windows' own tasks on
// one device keeps its name, and its action, its children, its class or its destinations
// change. No two of them, and none of the other stories, alter the same task.
var hijacks = []story{
	{kind: "stock-action", devices: 1, fits: logsTasks, alter: stockAction},
	{kind: "stock-child", devices: 1, alter: stockChild},
	{kind: "stock-class", devices: 1, fits: logsTasks, alter: stockClass},
	{kind: "stock-destination", devices: 1, alter: stockDestination},
}

// logsTasks holds where the scheduler's log is collected: nothing else tells of a task's name
// or class, and a task whose action was changed is any other without its name.
func logsTasks(m *machine) bool { return m.sensor.tasks }

// stockAction is a task that was written anew, to run something else.
func stockAction(w *world, d dice, p *plant) (string, func(*edition)) {
	stem, c := w.names.script(), p.calls(w.own(""), 0, 0)
	action := pick(d, []node{
		ps(`-nop -w hidden -file "` + pick(d, scriptFolders) + stem + `.ps1"`), exe(`C:\ProgramData\`+stem+`\`+stem+`.exe`, `"C:\ProgramData\`+stem+`\`+stem+`.exe"`).by("-"),
		tool("regsvr32.exe", ` /s C:\ProgramData\`+stem+`.dat`),
	}).call(c)
	return pick(d, []string{"uso", "scwu", "startup"}), func(e *edition) {
		e.retasked, e.root = true, action
	}
}

// stockChild is a task whose own program was made to start another, by a library that it
// loads.
func stockChild(w *world, d dice, p *plant) (string, func(*edition)) {
	stem, c := w.names.script(), p.calls(w.own(""), 0, 0)
	child := pick(d, []node{cmd(`C:\ProgramData\` + stem + `.cmd`), ps(`-nop -w hidden -c "& C:\ProgramData\` + stem + `.ps1"`), bare("rundll32.exe", ` C:\ProgramData\`+stem+`.dll,Run`)}).call(c)
	return pick(d, []string{"census", "device-user", "defrag"}), func(e *edition) { e.root = e.root.with(child) }
}

// stockClass is a COM handler's task that was written anew with another class.
func stockClass(w *world, d dice, p *plant) (string, func(*edition)) {
	c, class := p.calls(w.own(""), 0, 0), "{"+d.guid()+"}"
	return pick(d, []string{"com-cert", "com-arg", "sppsvc"}), func(e *edition) {
		e.retasked, e.class, e.root = true, class, e.root.call(c)
	}
}

// stockDestination is a task that does what it always did, and calls somebody else.
func stockDestination(w *world, d dice, p *plant) (string, func(*edition)) {
	c := p.calls(w.own(""), 0, 0)
	return pick(d, []string{"wermgr", "defender-scan", "gpupdate"}), func(e *edition) { e.root.calls = []call{c} }
}
