package definition

import (
	"strings"
	"unicode"
)

// Runs reports whether a process that has that image and that command line is what the
// action starts: the same program, and the same arguments but for what the scheduler or
// Windows puts in the place of variables (%windir%, $(Arg0)). Case and quotes do not
// matter. A COM handler runs in a host whose command line does not tell it: never.
//
// The program's name is compared whole. An action that says where it is has to agree with
// the path too, unless that is not known.
func (a *Action) Runs(image, command string) bool {
	started, pattern := NewStarted(image, command), a.Pattern()
	return pattern.Starts(&started)
}

// Started is a process as patterns are compared with it.
type Started struct {
	base      string // in lower case, without ".exe"
	dir       string
	inDir     bool // dir is known
	arguments string
}

// NewStarted returns what a process's image and command line say; an image that is not known
// is taken from the command line.
func NewStarted(image, command string) (s Started) {
	program, arguments := CutCommand(command)
	if image == "" {
		image = program
	}
	s.base = strings.TrimSuffix(baseName(image), ".exe")
	s.dir, s.inDir = folder(image)
	s.arguments = spaced(arguments)
	return s
}

// Pattern is an action made ready to be compared with many processes.
type Pattern struct {
	base      string // as Started has it, "" for what starts no process that can be told
	dir       string
	inDir     bool
	arguments string
	varies    bool // the arguments have variables
}

// Pattern returns what Runs compares with.
func (a *Action) Pattern() (p Pattern) {
	wanted := unquoted(a.Command)
	p.base, _ = program(baseName(wanted))
	p.dir, p.inDir = folder(wanted)
	p.arguments = spaced(a.Arguments)
	p.varies = indexVariable(p.arguments) >= 0
	return p
}

// Starts reports whether the action starts such a process, as Runs does.
func (p *Pattern) Starts(s *Started) bool {
	if p.base == "" || p.base != s.base || !p.varies && !strings.EqualFold(p.arguments, s.arguments) {
		return false
	}
	if p.inDir && s.inDir && !matches(p.dir, s.dir) {
		return false
	}
	return !p.varies || matches(p.arguments, s.arguments)
}

// Fixed is a text that the action and every process that it starts have in common, as Started's
// of the same name has it. It reports false for an action whose arguments have variables, and
// has no text for one that starts no process which can be told.
func (p *Pattern) Fixed() (text string, fixed bool) {
	if p.base == "" {
		return "", false
	}
	return p.base + "\x00" + folded(p.arguments), !p.varies
}

// Fixed is what an action without variables has in common with a process that it starts.
func (s *Started) Fixed() string { return s.base + "\x00" + folded(s.arguments) }

// folded is a text with one letter for all those that strings.EqualFold takes for the same.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && r != 'k' && r != 's' && r != 'K' && r != 'S' { // the others have no letters but each other
			return unicode.ToLower(r)
		}
		least := r // of those that are the same
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, text)
}

// BaseName returns the file name of a program in lower case, without quotes, folder and
// ".exe": what two spellings of one program have in common.
func BaseName(program string) string {
	return strings.TrimSuffix(baseName(unquoted(program)), ".exe")
}

// SameProgram reports whether an action's program is that image, by name: notepad starts
// notepad.exe, and a batch file its interpreter.
func SameProgram(action, image string) bool {
	return sameProgram(baseName(unquoted(action)), baseName(unquoted(image)))
}

func sameProgram(action, image string) bool {
	name, some := program(action)
	return some && name == strings.TrimSuffix(image, ".exe")
}

// program returns the program that an action's file runs in, without ".exe"; false where that
// cannot be told.
func program(file string) (name string, some bool) {
	switch {
	case strings.HasSuffix(file, ".bat"), strings.HasSuffix(file, ".cmd"):
		return "cmd", true
	case strings.ContainsAny(file, "%$"): // a variable that nobody resolved
		return "", false
	}
	return strings.TrimSuffix(file, ".exe"), file != ""
}

func unquoted(text string) string { return strings.Trim(strings.TrimSpace(text), `"`) }

func baseName(path string) string {
	return strings.ToLower(path[strings.LastIndexAny(path, `\/`)+1:])
}

// folder returns the folder of a path, without what Windows writes before one at times.
func folder(path string) (dir string, named bool) {
	i := strings.LastIndexAny(path, `\/`)
	if i < 0 {
		return "", false
	}
	return strings.TrimPrefix(strings.ReplaceAll(path[:i], "/", `\`), `\\?\`), true
}

// CutCommand parts a command line into the program and its arguments. A program without
// quotes ends behind the first ".exe", or else at the first blank: CreateProcess tries
// every blank of such a path, and there is no disk to ask here.
func CutCommand(command string) (program, arguments string) {
	command = strings.TrimSpace(command)
	if rest, quoted := strings.CutPrefix(command, `"`); quoted {
		program, arguments, _ = strings.Cut(rest, `"`)
		return program, strings.TrimSpace(arguments)
	}
	end := programEnd(command)
	return command[:end], strings.TrimSpace(command[end:])
}

// programEnd returns where the program of a command line without quotes ends.
func programEnd(command string) int {
	for i := 4; i <= len(command); i++ {
		if strings.EqualFold(command[i-4:i], ".exe") && (i == len(command) || command[i] == ' ' || command[i] == '\t') {
			return i
		}
	}
	if i := strings.IndexAny(command, " \t"); i >= 0 {
		return i
	}
	return len(command)
}

// spaced is a text with single blanks: how many there are between two arguments is lost on
// the way through some collectors.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// matches reports whether text is what a pattern becomes when every variable of it is
// replaced: Windows' own folder by itself, any other by something that is not empty.
func matches(pattern, text string) bool {
	pattern = inWindows(pattern, text)
	if i := indexVariable(pattern); i < 0 {
		return strings.EqualFold(pattern, text)
	}
	parts := literals(strings.ToLower(pattern))
	text = strings.ToLower(text)
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(text, first) || len(text) < len(first)+len(last)+len(parts)-1 || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text[min(1, len(text)):], part)
		if len(text) == 0 || i < 0 {
			return false
		}
		text = text[1+i+len(part):]
	}
	return text != "" // the last variable stands for something too
}

// inWindows returns a pattern with the folder of Windows, as the text has it, for the
// variable that stands for it. A text that begins otherwise is not in that folder.
func inWindows(pattern, text string) string {
	const folder = `:\windows`
	for _, variable := range []string{"%windir%", "%systemroot%"} {
		if n := len(variable); len(pattern) >= n && strings.EqualFold(pattern[:n], variable) {
			if m := 1 + len(folder); len(text) >= m && strings.EqualFold(text[1:m], folder) {
				return text[:m] + pattern[n:]
			}
			return `?` + folder + pattern[n:] // "?" is in no path
		}
	}
	return pattern
}

// literals returns what stands between the variables of a pattern.
func literals(pattern string) (parts []string) {
	for {
		i := indexVariable(pattern)
		if i < 0 {
			return append(parts, pattern)
		}
		parts, pattern = append(parts, pattern[:i]), pattern[i+variable(pattern[i:]):]
	}
}

// indexVariable returns where the first variable begins, -1 without any.
func indexVariable(text string) int {
	for i := 0; i < len(text); i++ {
		if (text[i] == '%' || text[i] == '$') && variable(text[i:]) > 0 {
			return i
		}
	}
	return -1
}

// variable returns how long the variable is that a text begins with: %name% or $(name).
// 0 when it begins with none.
func variable(text string) int {
	open, closing := "%", byte('%')
	if text[0] == '$' {
		open, closing = "$(", ')'
	}
	if !strings.HasPrefix(text, open) {
		return 0
	}
	for i := len(open); i < len(text); i++ {
		switch c := text[i]; {
		case c == closing && i == len(open): // without a name
			return 0
		case c == closing:
			return i + 1
		case c == '_' || c == '(' || c == ')' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z':
		default:
			return 0
		}
	}
	return 0
}
