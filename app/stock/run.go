package stock

import (
	"net/netip"
	"strings"
)

// Run is what a log tells of one run of a task. What it does not tell is empty, and makes
// the run less known, never more.
type Run struct {
	Process
	Device string // name of the machine, short or full

	Scheduled     bool   // its parent is proven to be the Task Scheduler
	ParentImage   string // path of the parent's file
	ParentCommand string

	Task    string   // name, where the scheduler's own log ties it to the process
	Actions []string // all that the task is defined to do: command lines, or class ids in braces

	Cut int // processes and connections of it that are not told here
}

// Process is a process of a run.
type Process struct {
	Image    string // full path of its file
	Command  string
	Account  string
	Children []Process
	Contacts []Contact
}

// Contact is a connection, or a lookup of a name.
type Contact struct {
	Host    string // name; empty where only an address is known
	Address string // empty for a lookup without an answer
}

// system returns the volume that Windows is on, by where the scheduler's own file is, and
// whether what is told of the parent fits the scheduler.
func (r *Run) system() (v volume, fits bool) {
	path := r.ParentImage
	if !strings.Contains(path, `\`) && r.ParentCommand != "" {
		path, _, _ = cut(r.ParentCommand)
	}
	path = lower(path)
	if !strings.Contains(path, `\`) {
		return "c:", path == "" || isScheduler(path)
	}
	if odd(path) != "" && !strings.HasPrefix(path, `%`) {
		return "c:", false
	}
	if strings.HasPrefix(path, "%") {
		path = strings.Replace(volume("c:").fold(path), drive, "c:", 1)
	}
	at := strings.Index(path, `\windows\system32\`)
	if at < 0 || !isScheduler(path[at+len(`\windows\system32\`):]) || !volumes.MatchString(path[:at]) {
		return "c:", false
	}
	return volume(path[:at]), true
}

// isScheduler reports whether a file of System32 is one that tasks are started by.
func isScheduler(name string) bool {
	switch strings.TrimSuffix(name, ".exe") {
	case "svchost", "taskeng":
		return true
	}
	return false
}

// outside reports whether a contact leaves the network, or may: a name that nobody has
// given an address for is taken to.
func (c *Contact) outside() bool {
	address, err := netip.ParseAddr(c.Address)
	if err != nil {
		return strings.Contains(strings.Trim(c.Host, "."), ".") || c.Host == ""
	}
	address = address.Unmap()
	return !address.IsPrivate() && !address.IsLoopback() && !address.IsLinkLocalUnicast() && !address.IsMulticast() && !address.IsUnspecified()
}

// names returns for every address the names that the run itself had for it.
func (p *Process) names(known map[string][]string) map[string][]string {
	for _, c := range p.Contacts {
		if c.Host != "" && c.Address != "" {
			known[c.Address] = append(known[c.Address], c.Host)
		}
	}
	for i := range p.Children {
		p.Children[i].names(known)
	}
	return known
}

// allowed reports whether a name is one of those that a task may speak to.
func allowed(hosts []string, name string) bool {
	name = lower(strings.TrimSuffix(name, "."))
	for _, host := range hosts {
		if name == host || host[0] == '.' && strings.HasSuffix(name, host) {
			return true
		}
	}
	return false
}
