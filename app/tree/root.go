package tree

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Answer is what a parent's name and command line say about a root.
type Answer uint8

// Maybe means that the words alone do not tell: the process is a root when its
// parent is known elsewhere to be one that starts roots.
const (
	No Answer = iota
	Maybe
	Yes
)

// Starter decides which parents start a tree. It gets the parent's file name and
// command line, either of which may be empty. No for a name without a command line
// is No for that name with any: most names are ruled out so, and their command lines
// never looked at.
type Starter interface {
	Starts(name, command string) Answer
}

// Schedule recognises the Windows Task Scheduler in every spelling that sources have
// for it: the service host `svchost.exe -k netsvcs -p -s Schedule`, with or without
// path, quotes, .exe and -p, in any case; masked by Defender as `-p ** Schedule`; and
// taskeng.exe, which ran tasks until Windows 10 1511.
//
// A plain `-k netsvcs` host runs BITS, Winmgmt and others too, so it is Maybe, as is
// a host whose command line is missing: the sensor loses it for long-lived parents.
type Schedule struct{}

// Starts implements Starter.
func (Schedule) Starts(name, command string) Answer {
	image, args := splitCommand(command)
	host := strings.ToLower(name)
	if host == "" {
		host = image
	}
	switch host {
	case "taskeng.exe", "taskeng":
		return Yes
	case "svchost.exe", "svchost":
		return hostAnswer(image, args)
	case "": // whoever has such arguments is not said to be a service host
		return min(Maybe, hostAnswer(image, args))
	}
	return No
}

// RulesOut reports, at a glance, that the answer is No to a name with any command line. It does
// not tell so of every such name.
func (Schedule) RulesOut(name []byte) bool {
	switch len(name) {
	case 0: // then the command line has a say
		return false
	case len("svchost"), len("svchost.exe"), len("tas\u212Aeng"), len("tas\u212Aeng.exe"): // in lower case the sign for Kelvin is a k
		return name[0]|0x20 != 's' && name[0]|0x20 != 't'
	}
	return true
}

// hostAnswer reads the arguments of a service host.
func hostAnswer(image, args string) Answer {
	if image != "" && image != "svchost.exe" && image != "svchost" {
		return No
	}
	group, service := hosted(args)
	switch {
	case service == "schedule" && (group == "netsvcs" || group == ""):
		return Yes
	case service != "" || (group != "netsvcs" && group != ""):
		return No
	}
	return Maybe
}

// hosted reads the arguments of a service host: its group, and the service where it has one
// alone, in lower case.
func hosted(args string) (group, service string) {
	before := ""
	for a := range strings.FieldsSeq(args) {
		a = strings.Trim(strings.ToLower(a), `"`)
		switch before {
		case "-k":
			group = a
		case "-s", "**":
			service = a
		}
		before = a
	}
	return group, service
}

// Hosts says whether a service host's command line is that of one service, whose name is in
// lower case. A host of several services is Maybe, as is one whose command line is missing.
func Hosts(command, name string) Answer {
	_, args := splitCommand(command)
	switch _, service := hosted(args); service {
	case name:
		return Yes
	case "":
		return Maybe
	}
	return No
}

// splitCommand splits a command line into the file name of its image, in lower case,
// and its arguments. An unquoted image ends at the first blank: the service host's path
// has none, and a later word that looks like it is an argument.
func splitCommand(command string) (image, args string) {
	command = strings.TrimSpace(command)
	if rest, quoted := strings.CutPrefix(command, `"`); quoted {
		image, args, _ = strings.Cut(rest, `"`)
	} else if i := strings.IndexAny(command, " \t"); i >= 0 {
		image, args = strings.TrimSuffix(command[:i], `"`), command[i:]
	} else {
		image = command
	}
	if i := strings.LastIndexAny(image, `\/`); i >= 0 {
		image = image[i+1:]
	}
	return strings.ToLower(image), args
}

// Pattern is a Starter for any parent whose command line matches, as root=/regex/
// gives it. MatchString must be safe on any input; Go's regexp is linear.
type Pattern interface{ MatchString(string) bool }

// Matching returns a Starter that says Yes where p matches the command line.
func Matching(p Pattern) Starter { return matching{p} }

type matching struct{ Pattern }

func (m matching) Starts(_, command string) Answer {
	switch {
	case command == "":
		return Maybe
	case m.MatchString(command):
		return Yes
	}
	return No
}

// starter asks a Starter once for each name, and once for each pair of texts.
type starter struct {
	Starter
	symbols *event.Symbols
	names   []asked // by symbol
	known   map[[2]event.Sym]Answer
}

// asked is a Answer, or that nobody asked yet.
type asked uint8

const unasked asked = 0

func newStarter(s Starter, symbols *event.Symbols) *starter {
	return &starter{s, symbols, make([]asked, symbols.Len()), make(map[[2]event.Sym]Answer)}
}

func (s *starter) verdict(ref *event.Ref) Answer {
	if ref.Name == event.NoSym && ref.Command == event.NoSym && ref.Path == event.NoSym {
		return Maybe
	}
	if s.ofName(ref.Name) == No {
		return No
	}
	key := [2]event.Sym{ref.Name, ref.Command}
	v, asked := s.known[key]
	if !asked {
		v = s.Starts(s.symbols.String(ref.Name), s.symbols.String(ref.Command))
		s.known[key] = v
	}
	return v
}

// ofName is the verdict on a name without a command line.
func (s *starter) ofName(name event.Sym) Answer {
	if s.names[name] == unasked {
		s.names[name] = asked(s.Starts(s.symbols.String(name), "")) + 1
	}
	return Answer(s.names[name] - 1)
}
