package score

import (
	"bytes"
	"slices"
)

// Folders that anyone may write to: those that programs are kept in all the same, and those
// that nobody puts one; and a person's own. Commands and scripts name some by variables.
var (
	openFolders = append([]string{`\programdata\`, `\temp\`, `\intel\`}, variables("programdata", "allusersprofile", "temp", "tmp")...)
	oddFolders  = append([]string{`\users\public\`, `\windows\temp\`, `\windows\tasks\`, `\perflogs\`, `\$recycle.bin\`, `\windows\debug\`, `\windows\tracing\`,
		`\system32\tasks\`, `\spool\drivers\color\`, `\system32\com\dmp\`, `\system32\fxstmp\`, `\windows\registration\crmlog\`}, variables("public")...)
	profileFolders = variables("userprofile", "appdata", "localappdata", "homepath")
)

// variables are folders as cmd and as PowerShell write them that an environment names.
func variables(names ...string) (folders []string) {
	for _, name := range names {
		folders = append(folders, "%"+name+`%\`, "$env:"+name+`\`)
	}
	return folders
}

func inProfile(p *subject) bool { return runsFrom(p, isProfile) }

func inOpenFolder(p *subject) bool { return runsFrom(p, isOpen) && !inOddFolder(p) }

func inOddFolder(p *subject) bool { return runsFrom(p, isOdd) }

func isProfile(path []byte) bool {
	_, rest, found := bytes.Cut(path, []byte(`\users\`))
	return found && !bytes.HasPrefix(rest, []byte(`public\`)) && !bytes.HasPrefix(rest, []byte(`default\`)) && !bytes.Contains(rest, []byte(`\temp\`)) ||
		inFolder(path, profileFolders)
}

func isOpen(path []byte) bool { return inFolder(path, openFolders) }
func isOdd(path []byte) bool  { return inFolder(path, oddFolders) }

func inFolder(path []byte, of []string) bool {
	return slices.ContainsFunc(of, func(folder string) bool { return bytes.Contains(path, []byte(folder)) })
}

// runsFrom reports whether the program is in such a folder, or anything that it is told to run.
// What runs another's code runs whatever it is given; of the lines of shells and script hosts only what
// has the name of a program or script counts, as they read and write files too: unless the line
// evaluates what it reads.
func runsFrom(p *subject, is func(path []byte) bool) bool {
	switch {
	case is(p.Path):
		return true
	case !p.uses.are(runner):
		return false
	case p.uses.are(proxy) || evaluates(p.Command):
		return is(p.Command)
	}
	return hasRunnable(p.Command, is)
}

// evaluates reports whether a line runs text or code from a file of whatever name.
func evaluates(command []byte) bool {
	return slices.ContainsFunc(evaluating, func(word string) bool { return hasWord(command, word) }) || bytes.Contains(command, []byte("//e:"))
}

var evaluating = []string{"iex", "invoke-expression", "scriptblock", "reflection.assembly"}

// longestPath bounds how far back a path is followed, so that a line of a thousand programs costs
// no more than its length. Windows' own limit is 260.
const longestPath = 1 << 10

// hasRunnable looks for the path of a program or script. A path begins at its drive, as blanks
// may be in it; without a drive, behind what cannot be in a path.
func hasRunnable(command []byte, is func(path []byte) bool) bool {
	const apart = "\"'<>|,;&()="
	begin := 0
	for from := 0; from < len(command); {
		end := from + bytes.IndexAny(command[from:], apart+" ")
		if end < from {
			end = len(command)
		}
		if isRunnable(command[from:end]) {
			path := command[max(begin, end-longestPath):end]
			if drive := bytes.LastIndex(path, []byte(`:\`)); drive > 0 {
				path = path[drive-1:]
			}
			if is(path) {
				return true
			}
		}
		if end < len(command) && command[end] != ' ' {
			begin = end + 1
		}
		from = end + 1
	}
	return false
}
