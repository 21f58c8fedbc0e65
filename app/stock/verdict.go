package stock

import (
	"net/netip"
	"strings"
)

// Kind is what a run is.
type Kind uint8

// The kinds. Only Known excuses anything.
const (
	Left    Kind = iota // none of Windows' own, as far as is known
	Program             // a program that Windows' own tasks run, with other arguments
	Handler             // the host of COM handlers, and nothing tells of which
	Known               // as known, all of it
)

// String returns the kind in words.
func (k Kind) String() string {
	return [...]string{"left", "stock program with other arguments", "host of COM handlers", "known"}[k]
}

// Reason is a way in which a run departs from what is known.
type Reason uint8

// The reasons. Those up to Stranger are evidence of their own, each worth bits; the others
// only say why a run is not known.
const (
	OtherAction    Reason = iota // a stock task's name with another action: a hijack
	OtherName                    // a stock action under another name
	OtherFolder                  // a stock program in another folder
	Stranger                     // a task beneath \Microsoft\Windows\ that is not in the table
	OtherArguments               // a stock program with other arguments
	OtherAccount
	OtherParent     // the scheduler is not proven to have started it
	UnknownChild    // a process beneath it that the task is not known to start
	UnknownContact  // a connection outside that the task is not known to make
	Untold          // something that would have to be known is not told
	OddSpelling     // a path with a short name, a link, or a spelling that the system does not use
	numberOfReasons = iota
)

// String returns the reason in words.
func (r Reason) String() string {
	return [numberOfReasons]string{
		"a stock task's name with another action", "a stock action under another name", "a stock program in another folder",
		`a task beneath \Microsoft\Windows\ that Windows is not known to have`, "other arguments", "another account",
		"not proven to be started by the scheduler", "a child that is not known", "a connection outside that is not known", "not told", "odd spelling",
	}[r]
}

// Evidence reports whether a reason speaks against the run by itself.
func (r Reason) Evidence() bool { return r <= Stranger }

// Departure is one thing that is not as known.
type Departure struct {
	Reason Reason
	What   string // the value that departs, as the log has it

	anybodys bool // of a process that is known beneath anything: a crash is reported by whoever crashes
}

// Verdict is the answer to Known.
type Verdict struct {
	Kind    Kind
	By      string      // ByWindows or ByGolden where Kind is Known
	Row     *Row        // the nearest row of the table; nil without one
	Departs []Departure // why it is not known; of a Handler why it is not folded
	Said    []string    // what is known and has to be said all the same: a crash
}

// Folds reports whether a run may be folded into a line of its like: it is known, or a
// host of COM handlers without anything beneath it.
func (v *Verdict) Folds() bool { return v.Kind == Known || v.Kind == Handler && len(v.Departs) == 0 }

// Strays reports how one of the table's own tasks, run with its own action, does what it is
// not known to do: by a child, or by a name that it asks for or calls outside. An address
// alone says nothing: who logs no lookups has none of the names.
func (v *Verdict) Strays() (child, contact bool) {
	if v.Row == nil || v.Kind != Left {
		return false, false
	}
	for _, d := range v.Departs {
		_, err := netip.ParseAddr(d.What)
		child = child || d.Reason == UnknownChild
		contact = contact || d.Reason == UnknownContact && err != nil && d.What != "" && !d.anybodys
	}
	return child, contact
}

// Column returns the text of the column `known`.
func (v *Verdict) Column() string {
	if v.Kind != Known {
		return ""
	}
	return v.By
}

// String returns the verdict in a line.
func (v *Verdict) String() string {
	text := v.Kind.String()
	if v.Kind == Known {
		text += " (" + v.By + ")"
	}
	if v.Row != nil && v.Row.Task != "" {
		text += ": " + v.Row.Task
	}
	for _, d := range v.Departs {
		text += "; " + d.Reason.String()
		if d.What != "" {
			text += ": " + d.What
		}
	}
	if len(v.Said) > 0 {
		text += "; " + strings.Join(v.Said, "; ")
	}
	return text
}

func (v *Verdict) depart(reason Reason, what string) {
	v.Departs = append(v.Departs, Departure{Reason: reason, What: what})
}
