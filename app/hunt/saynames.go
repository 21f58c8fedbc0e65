package hunt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// mostNames is how many devices under several names are told of by name.
const mostNames = 3

// sayNames tells of devices under several names: which were joined, and where nothing
// tells whose a short name is.
func sayNames(m *account.Messages, names []event.Names) {
	slices.SortFunc(names, func(a, b event.Names) int { return slices.Compare(a.All, b.All) })
	var unique, proven, open []string
	for _, n := range names {
		text := someOf(n.All, " = ")
		switch {
		case n.One && !n.Proven:
			unique = append(unique, text)
		case n.Proven:
			proven = append(proven, text)
		default:
			open = append(open, someOf(n.All, ", "))
		}
	}
	sayDevices(m, unique, "under its short and its full name, taken as one, as no other full name has that short one")
	sayDevices(m, proven, "under several names, of which those were joined that share a process by its id")
	sayDevices(m, open, "of a short name that several full names have: nothing tells whose it is, so all count as devices of their own")
}

// sayTwins tells of names that several devices have: each counts for itself.
func (f *findings) sayTwins(m *account.Messages) {
	if f.survey == nil {
		return
	}
	called := make(map[string][]string)
	for i := range f.survey.Devices {
		if name := f.survey.Devices[i].Name; name != "" {
			called[strings.ToLower(name)] = append(called[strings.ToLower(name)], name)
		}
	}
	var twins []string
	for _, names := range called {
		if len(names) > 1 {
			twins = append(twins, slices.Min(names))
		}
	}
	if len(twins) == 0 {
		return
	}
	slices.Sort(twins)
	m.Say(account.Warn, "several devices have the same name (%s), as where two sensors tell of one (Sysmon and Defender), or its id in Defender is a new one: "+
		"each is counted and shown for itself, and what is on one device seems to be on two; hunt the events of one sensor at a time", devicesInWords(twins))
}

// someOf joins the first few names.
func someOf(names []string, between string) string {
	const most = 5
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], between) + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, between)
}

func sayDevices(m *account.Messages, names []string, what string) {
	if len(names) == 0 {
		return
	}
	shown := names[:min(len(names), mostNames)]
	more := ""
	if n := len(names) - len(shown); n > 0 {
		more = fmt.Sprintf("; and %d more", n)
	}
	m.Say(account.Info, "%s %s: %s%s", account.Plural(len(names), "device"), what, strings.Join(shown, "; "), more)
}
