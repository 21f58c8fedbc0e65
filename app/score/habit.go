package score

import (
	"bytes"
	"slices"
)

// Process is what habits are read from, all in lower case.
type Process struct {
	Name, Path, Command []byte
	Parent              []byte // file name of the process above, nil for a root
}

// Habit is one thing that attackers' processes show more often than others' do. It is a
// prior: it orders what is equally rare, and never makes a finding.
type Habit struct {
	Name   string
	Bits   float64 // at most: less where the fleet's own rare tasks have it often
	Means  string
	Source string // MITRE ATT&CK technique, or LOLBAS

	shows func(p *subject) bool
}

// subject is a process whose habits are asked for, and what its program is used for.
type subject struct {
	*Process
	uses uses
}

// Habits are all habits.
var Habits = []Habit{
	{"masquerade", 6, "the name of a Windows program outside of Windows' own folders", "T1036.005", masquerades},
	{"right_to_left", 6, "a file name in which a character turns the direction of writing, so that it seems to end otherwise", "T1036.002", turnsName},
	{"encoded", 4, "an encoded command", "T1027.010", encodes},
	{"hidden", 2, "a window that is hidden by its command line", "T1564.003", hides},
	{"download", 2, "a command that downloads, or has a web address in it", "T1105", downloads},
	{"proxy_execution", 2, "a Windows program that runs another's code", "T1218, LOLBAS", proxies},
	{"profile", 2, "a program or script in a person's profile", "T1204.002", inProfile},
	{"open_folder", 2, "a program or script in a folder that anyone may write to", "T1036", inOpenFolder},
	{"odd_folder", 4, "a program or script in a folder that anyone may write to and nobody keeps one in", "T1036.005", inOddFolder},
}

// Each calls see with the habits that a process shows.
func Each(p *Process, see func(h *Habit)) {
	s := subject{p, usesOf(p.Name)}
	for i := range Habits {
		if Habits[i].shows(&s) {
			see(&Habits[i])
		}
	}
}

func masquerades(p *subject) bool {
	return p.uses.are(ofWindows) && bytes.IndexByte(p.Path, '\\') >= 0 && !InWindows(p.Path)
}

// inWindows reports whether a path is beneath the Windows folder of a drive, however the
// drive is written; a folder of that name elsewhere is anybody's. Where the sensor gives no
// drive, the first folder is meant.
func inWindows(path []byte) bool {
	path = bytes.TrimPrefix(path, []byte(`\??\`))
	path = bytes.TrimPrefix(path, []byte(`\\?\`))
	for _, root := range []string{"%windir%", "%systemroot%", `\systemroot`} {
		if bytes.HasPrefix(path, []byte(root+`\`)) {
			return true
		}
	}
	if rest, device := bytes.CutPrefix(path, []byte(`\device\`)); device {
		_, rest, _ = bytes.Cut(rest, []byte(`\`))
		return bytes.HasPrefix(rest, []byte(`windows\`))
	}
	if len(path) > 2 && path[1] == ':' {
		path = path[2:]
	}
	return bytes.HasPrefix(path, []byte(`\windows\`))
}

func encodes(p *subject) bool {
	if !p.uses.are(shell) {
		return false
	}
	for f := range bytes.FieldsSeq(p.Command) {
		if len(f) > 1 && (f[0] == '-' || f[0] == '/') && (bytes.Equal(f[1:], []byte("ec")) ||
			(f[1] == 'e' && abbreviates("encodedcommand", f[1:]))) {
			return true
		}
	}
	return bytes.Contains(p.Command, []byte("frombase64string"))
}

// abbreviates reports whether PowerShell takes what was written for the parameter: any
// beginning of its name will do.
func abbreviates(parameter string, written []byte) bool {
	return len(written) <= len(parameter) && parameter[:len(written)] == string(written)
}

func hides(p *subject) bool {
	at := bytes.Index(p.Command, []byte(" hidden"))
	if at > 0 && p.uses.are(shell) {
		before := p.Command[:at]
		flag := before[bytes.LastIndexByte(before, ' ')+1:]
		if len(flag) > 1 && (flag[0] == '-' || flag[0] == '/') && abbreviates("windowstyle", flag[1:]) {
			return true
		}
	}
	return bytes.Contains(p.Command, []byte("vbhide")) || bytes.Contains(p.Command, []byte("start /b ")) ||
		bytes.Contains(p.Command, []byte("start /min "))
}

func downloads(p *subject) bool {
	if p.uses.are(downloader) {
		return true
	}
	for _, part := range []string{"http://", "https://", "downloadstring", "downloadfile", "invoke-webrequest", "invoke-restmethod", "net.webclient", "iwr ", "irm ", "urlcache", "/transfer "} {
		if bytes.Contains(p.Command, []byte(part)) {
			return p.uses.are(runner)
		}
	}
	return false
}

func proxies(p *subject) bool { return p.uses.are(proxy) }

func inProfile(p *subject) bool {
	return folders(p, func(path []byte) bool {
		rest, found := after(path, `\users\`)
		return found && !bytes.HasPrefix(rest, []byte(`public\`)) && !bytes.HasPrefix(rest, []byte(`default\`)) && !bytes.Contains(rest, []byte(`\temp\`))
	})
}

func inOpenFolder(p *subject) bool {
	return folders(p, func(path []byte) bool { return inFolder(path, openFolders) }) && !inOddFolder(p)
}

func inOddFolder(p *subject) bool {
	return folders(p, func(path []byte) bool { return inFolder(path, oddFolders) })
}

// Folders that anyone may write to: those that programs are kept in all the same, and those
// that nobody puts one.
var (
	openFolders = []string{`\programdata\`, `\temp\`, `\intel\`}
	oddFolders  = []string{`\users\public\`, `\windows\temp\`, `\windows\tasks\`, `\perflogs\`, `\$recycle.bin\`, `\windows\debug\`, `\windows\tracing\`,
		`\system32\tasks\`, `\spool\drivers\color\`, `\system32\com\dmp\`, `\system32\fxstmp\`, `\windows\registration\crmlog\`}
)

func inFolder(path []byte, of []string) bool {
	return slices.ContainsFunc(of, func(folder string) bool { return bytes.Contains(path, []byte(folder)) })
}

// folders asks about the program's path, and about the command of what runs others' code.
func folders(p *subject, open func(path []byte) bool) bool {
	return open(p.Path) || p.uses.are(runner) && open(p.Command)
}

func after(text []byte, part string) ([]byte, bool) {
	_, rest, found := bytes.Cut(text, []byte(part))
	return rest, found
}
