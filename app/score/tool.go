package score

// Bare is the habit of calling addresses. Where a fleet does not log lookups all do, and it
// counts for nothing.
var Bare = Habit{Name: "address", Bits: 2, Means: "an address outside that no name was looked up for", Source: "T1071"}

// mostTool is how many bits of a rare tool count: administrators have theirs too.
const mostTool = 4

// tool is what counts of the surprise of the program of Windows' own that the fewest
// devices' tasks run.
func (e *Evidence) tool() float64 {
	if e.Tool == "" {
		return 0
	}
	return min(Standard.Shape*Rare(e.ToolDevices-1, e.Fleet-1), mostTool)
}

// tool adds what it is worth that a task runs a program of Windows' own that hardly any task
// of the fleet runs, such as certutil or MSBuild (ATT&CK T1218, LOLBAS). All have these
// programs, so that a rare task does not imply a rare one, as it does of a vendor's. It
// counts no more than how few of the rare findings run one as rare.
func (p *parts) tool(e *Evidence, t *Tail) {
	bits := e.tool()
	k := atLeast(t.tools, bits)
	p.add("tool", min(bits, t.surprise(k)), "%s, a program of Windows' own, is run by tasks of %d of %d devices; %d of %d rare findings run one as rare",
		e.Tool, e.ToolDevices, e.Fleet, k, t.Findings)
}

// InWindows reports whether a path, in lower case, is in one of Windows' own folders that
// not anyone may write to: what has the name of a Windows program is one there.
func InWindows(path []byte) bool {
	return inWindows(path) && !inFolder(path, openFolders) && !inFolder(path, oddFolders)
}
