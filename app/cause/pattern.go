package cause

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// pattern is what something installed starts.
type pattern = definition.Pattern

// patternsOf returns what a service's or a consumer's command line starts. Of one on the
// administrative share of the machine itself, the sensor may tell the place behind the share.
func patternsOf(runs string) (all []pattern) {
	for _, text := range []string{runs, behindShare(runs)} {
		if text == "" {
			continue
		}
		program, arguments := definition.CutCommand(spelledOut(text))
		action := definition.Action{Command: program, Arguments: arguments}
		all = append(all, action.Pattern())
	}
	return all
}

// spelledOut writes what the Service Control Manager takes for a path as one: \SystemRoot\ and
// \??\, a path that begins in Windows' own folder without saying so, and the interpreter by
// its variable. Source: Microsoft's documentation of CreateService and of the value ImagePath.
func spelledOut(runs string) string {
	runs = strings.TrimSpace(runs)
	quote := ""
	if rest, quoted := strings.CutPrefix(runs, `"`); quoted {
		quote, runs = `"`, rest
	}
	for _, as := range [...]struct{ from, to string }{
		{`\??\`, ``}, {`\\?\`, ``}, {`\systemroot\`, `%SystemRoot%\`}, {`system32\`, `%SystemRoot%\system32\`}, {`%comspec%`, `cmd.exe`},
	} {
		if len(runs) >= len(as.from) && strings.EqualFold(runs[:len(as.from)], as.from) {
			runs = as.to + runs[len(as.from):]
		}
	}
	return quote + runs
}

// behindShare is a command line without the share that stands for Windows' own folder
// (\\host\ADMIN$\a.exe), "" where it has none.
func behindShare(runs string) string {
	const share = `admin$\`
	trimmed := strings.TrimLeft(runs, `" `)
	host, unc := strings.CutPrefix(trimmed, `\\`)
	host, path, _ := strings.Cut(host, `\`)
	if !unc || strings.Contains(host, " ") || len(path) < len(share) || !strings.EqualFold(path[:len(share)], share) {
		return ""
	}
	return runs[:len(runs)-len(trimmed)] + `%SystemRoot%\` + path[len(share):]
}

// started is a process as things are compared with it.
type started struct {
	definition.Started
	base    string // file name in lower case, without .exe
	service string // of a service host that has one service alone, in lower case
	command string // in lower case
	scripts bool   // the host of scripts started it
}

func (in *Installed) started(a *identity.Actor) started {
	s := in.roster.Symbols()
	image, command := s.String(a.Self.Path), s.String(a.Self.Command)
	if image == "" {
		image = s.String(a.Self.Name)
	}
	p := started{Started: definition.NewStarted(image, command), base: definition.BaseName(image), command: strings.ToLower(command)}
	p.scripts = definition.BaseName(s.String(a.Parent.Name)) == "scrcons"
	if p.base == "svchost" {
		p.service = serviceOf(p.command)
	}
	return p
}

// serviceOf returns the service of a host's command line (-s NAME), "" where it has several.
func serviceOf(command string) string {
	_, rest, _ := strings.Cut(command, " -s ")
	name, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	return strings.Trim(name, `"`)
}

// shortestWord is how long a program's name has to be for its being in a script to mean
// anything.
const shortestWord = 4

// starts reports whether a thing starts such a process, and how sure that is if no other
// does. A service host's command line in the registry lacks the service's name.
func (t *thing) starts(p *started) (Certainty, bool) {
	switch {
	case t.script != "":
		return Possible, p.scripts && len(p.base) >= shortestWord && strings.Contains(t.script, p.base)
	case p.service != "":
		return Likely, t.What == Service && p.service == t.service
	case p.command == "":
		return Possible, false
	}
	for i := range t.commands {
		if t.commands[i].Starts(&p.Started) {
			if t.What == Consumer && !t.bound {
				return Possible, true
			}
			return Likely, true
		}
	}
	return Possible, false
}

// spelled is a command line as two events of one installation have it alike: without case,
// quotes and the number of blanks.
func spelled(runs string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(runs, `"`, "")), " "))
}

// nameOf returns a name for comparison.
func nameOf(s *event.Symbols, y event.Sym) string { return strings.ToLower(s.String(y)) }
