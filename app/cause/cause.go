// Package cause says what made a process start beside its parent: services.exe and WmiPrvSE.exe
// start what somebody installed there before, and their children's parent tells nothing of
// that. A cause is no parent and is never taken for one.
//
// Everything is about one device. None of the events that tell of installations has the id of
// the process that starts in the end, so that it is found by its command line and by time, and
// no cause found here is certain.
package cause

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// What is the kind of a thing that starts processes; its text is the column cause.
type What string

// The kinds.
const (
	Service  What = "service"
	Consumer What = "wmi_consumer"
)

// Certainty is how sure a cause is; its text is the column cause_certainty.
type Certainty uint8

// The degrees. Sure needs an event that names both processes, which only tasks have.
const (
	Possible Certainty = iota // several things fit and the latest was taken, or only a part fits
	Likely                    // one thing alone fits
	Sure
)

// String returns the spelling in rows.
func (c Certainty) String() string { return [...]string{"possible", "likely", "sure"}[c] }

// Told is one event that tells of a thing.
type Told struct {
	Number uint32 // the event's id, 0 for a command line
	Record uint64 // its number in its log, 0 where it has none
}

// Cause is what made a process start.
type Cause struct {
	What      What
	Name      event.Sym  // of the service or consumer
	At        event.Time // when it was installed, by the first event that tells
	By        event.Sym  // the account that did, NoSym where no event tells
	Maker     int32      // the process that did, identity.None where none is known
	Told      []Told     // it belongs to the thing: not to be changed
	Certainty Certainty
}

// thing is something installed that starts processes.
type thing struct {
	Cause
	script   string    // in lower case, of a consumer that runs one
	commands []pattern // what it starts otherwise
	service  string    // the service's name in lower case, for service hosts
	text     string    // what it runs, as compared with other events
	bound    bool      // a consumer that a filter was bound to
	read     bool      // its maker is known by the command line alone
}

// Installed is what was installed on a device. It is for one goroutine.
type Installed struct {
	roster    *identity.Roster
	services  []thing // each by time
	consumers []thing
	Report    Report
}

// Report is what the reader of the causes has to be told.
type Report struct {
	Services  int // installed
	Consumers int
	Linked    int // processes with a cause
	Makers    int // of these, those whose installer is known
	Possible  int // of these, those that several things fit
	Undated   int // events without a time, of no use
	Cycles    int // causes that would have closed a loop, cut
	Injected  int // injections into processes of trees, or into what started these
	Unshown   int // of these, those beyond what is shown of one tree
}

// late is how much later than what it tells of an installation may have been recorded: logs
// are written in no fixed order.
const late = 10 * event.Second

// Of finds out what was installed, by the events of a settled store of one device and by the
// command lines of its processes. The store and the roster stay the caller's.
func Of(store *event.Store, roster *identity.Roster) *Installed {
	in := &Installed{roster: roster}
	in.readEvents(store.Installations)
	in.readCommands()
	in.Report.Services, in.Report.Consumers = len(in.services), len(in.consumers)
	return in
}

// Service returns what made services.exe start a process.
func (in *Installed) Service(actor int32) (Cause, bool) { return in.cause(in.services, actor) }

// Consumer returns what made the WMI provider host, or the host of scripts, start a process.
func (in *Installed) Consumer(actor int32) (Cause, bool) { return in.cause(in.consumers, actor) }

// cause takes the latest thing that fits and was there when the process started.
func (in *Installed) cause(things []thing, actor int32) (found Cause, some bool) {
	a := &in.roster.Actors[actor]
	if len(things) == 0 || a.Time == event.NoTime {
		return Cause{}, false
	}
	p := in.started(a)
	for i := len(things) - 1; i >= 0; i-- {
		t := &things[i]
		if t.At > a.Time+late || t.Maker == actor {
			continue
		}
		certainty, fits := t.starts(&p)
		switch {
		case !fits:
		case !some:
			found, some = t.Cause, true
			found.Certainty = certainty
		case in.roster.Symbols().Fold(t.Name) != in.roster.Symbols().Fold(found.Name):
			found.Certainty = Possible
		}
	}
	if some {
		in.count(&found)
	}
	return found, some
}

func (in *Installed) count(c *Cause) {
	in.Report.Linked++
	if c.Maker != identity.None {
		in.Report.Makers++
	}
	if c.Certainty == Possible {
		in.Report.Possible++
	}
}
