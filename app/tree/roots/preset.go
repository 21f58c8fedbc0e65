// Package roots is what starts trees: the Task Scheduler, and the other parents beneath
// which attackers' programs come to run. A preset is a table in a file of its own: which
// parents, how the genuine ones are known, what is usual beneath them, and what the technique
// is after.
//
// Sources of the tables: Microsoft's documentation of the programs, MITRE ATT&CK's pages of
// the techniques, LOLBAS, and counts of children in public captures (docs/roots.md).
package roots

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// Goal is what a technique is after, which says what evidence counts.
type Goal string

// The goals.
const (
	Persistence Goal = "persistence" // to come back: cadence, and contact with the outside
	Execution   Goal = "execution"   // to run once: the odd child, and its first contact
	Lateral     Goal = "lateral"     // to come from another machine: who called, and when
)

// Names of presets whose roots somebody installs.
const (
	Service = "service"
	WMI     = "wmi"
)

// The levels of presets. A root within a tree of a lower level begins a tree of its own.
const (
	levelLogon   = iota // everything that a person starts
	levelService        // among them servers, and service hosts
	levelServer
	levelTask // a task's tree is the same whatever else is asked for
)

// Preset is one kind of root.
type Preset struct {
	Name       string
	Means      string   // what starts its trees, for help texts
	Goals      []Goal   // the first is the main one
	Techniques []string // ids of MITRE ATT&CK
	Also       []string // what people may call it
	// Unfollowed says what becomes of processes below the roots that are not followed, "" where
	// all are.
	Unfollowed string
	// Doors are the ports at which other machines' calls come in that end in its roots; none
	// where no call does.
	Doors []uint16

	level   int
	start   tree.Starter // nil where parents say it
	parents []parent
	leaves  []string // file names of the roots below which nothing is followed
	usual   []string // file names of what is usual beneath them
	places  []string // folders beside Windows' own and Program Files that are usual places
	odd     []string // file names that are odd, beside those that are odd anywhere
}

// Presets are all presets in the order in which they are explained.
var Presets = []*Preset{&schtask, &service, &wmi, &winrm, &dcom, &office, &web, &logon}

// Ports of doors: the endpoint mapper that calls of DCOM and of the Service Control Manager ask
// first, the file service whose pipe svcctl is the Service Control Manager's, and WinRM over HTTP
// and HTTPS. Sources: Microsoft's MS-RPCE 2.1.1.1, MS-SCMR 2.1 and MS-WSMV 2.1.
const (
	doorRPC, doorSMB            = 135, 445
	doorWinRM, doorWinRMOverTLS = 5985, 5986
)

// Names returns the names of all presets in order.
func Names() (names []string) {
	for _, p := range Presets {
		names = append(names, p.Name)
	}
	return names
}

// Find returns a preset by its name, in any case. Where there is none, near is the one that
// was probably meant, "" when nothing is near. service:NAME is the host of one service.
func Find(name string) (p *Preset, near string) {
	name = strings.ToLower(strings.TrimSpace(name))
	if p := findHost(name); p != nil {
		return p, ""
	}
	for _, p := range Presets {
		if p.Name == name {
			return p, ""
		}
		if slices.Contains(p.Also, name) || slices.Contains(p.Also, strings.TrimSuffix(name, ".exe")) {
			near = p.Name
		}
	}
	return nil, near
}

// Kind returns the preset for building trees.
func (p *Preset) Kind() tree.Kind {
	if p.start != nil {
		return tree.Kind{Name: p.Name, Start: p.start, Level: p.level}
	}
	return tree.Kind{Name: p.Name, Start: starter{p.parents}, Level: p.level, Judge: p.judge}
}

// parent is a program that starts roots.
type parent struct {
	// name is the file name in lower case without .exe; a * at its end stands for anything.
	name string
	// marks are texts of which its command line must have one, in lower case; any will do
	// without them. Where the command line is missing, other events have to tell.
	marks []string
	// never are texts of which it must have none.
	never []string
	// folders are those in which the genuine one lies, as in place; any without them.
	folders []string
	// from are the file names of its own genuine parents; any without them.
	from []string
	// hosts is the service, in lower case, whose host it is; any or none without it.
	hosts string
	// within is for how long after its start what it starts is the system's doing; always
	// without it.
	within event.Time
}

// is reports whether a file name without .exe, in lower case, is the parent's.
func (p *parent) is(stem string) bool {
	prefix, open := strings.CutSuffix(p.name, "*")
	return p.name == stem || open && strings.HasPrefix(stem, prefix)
}
