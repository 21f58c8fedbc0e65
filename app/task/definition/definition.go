// Package definition reads what a scheduled task is defined to do: the XML that the Task
// Scheduler keeps (namespace http://schemas.microsoft.com/windows/2004/02/mit/task, MS-TSCH
// section 2.5), as it stands in the audit log's 4698 to 4702, in exported files and, as
// JSON, in Defender's AdditionalFields.
//
// Definitions are written by whoever registers a task, so by attackers too. Reading one
// takes time and memory in proportion to a bounded part of it, follows nothing that it
// points to, and never fails on what it does not know.
package definition

import (
	"strings"
	"time"
)

// Task is what a definition says. Texts are as they stand there.
type Task struct {
	URI         string // \Folder\Name
	Author      string // whom the definition names, which anybody may have written
	Date        string // of registration, as written: local time, often without a zone
	Description string
	User        string // account that it runs as: a SID, a name, or a group
	Highest     bool   // it runs with all the rights of its account
	Hidden      bool
	Disabled    bool
	Triggers    []Trigger
	Actions     []Action
	Cut         bool // there was more than is read: see the limits in parse.go
}

// Trigger is one reason to start.
type Trigger struct {
	Kind     string        // time, calendar, boot, logon, idle, event, registration, session, state; another in lower case
	Start    string        // StartBoundary, as written
	Period   time.Duration // from one start to the next, 0 where it has none or an irregular one
	Jitter   time.Duration // RandomDelay: a start may be that much later
	Delay    time.Duration // fixed, after what it waits for
	Disabled bool

	days, weeks int // of a calendar
	weekdays    int
}

// Action is one thing that a task does.
type Action struct {
	Kind      string // exec, comhandler; sendemail and showmessage of old
	Command   string
	Arguments string
	Folder    string // working directory
	Class     string // class id of a COM handler
	Data      string // what the handler is given
}

// Period returns the shortest regular time between two starts, and by how much a start
// may be late; 0 without a regular trigger that is on.
func (t *Task) Period() (period, jitter time.Duration) {
	for i := range t.Triggers {
		if g := &t.Triggers[i]; !g.Disabled && g.Period > 0 && (period == 0 || g.Period < period) {
			period, jitter = g.Period, g.Jitter
		}
	}
	return period, jitter
}

// Trigger returns all triggers in one line: what starts it, how often and how late.
func (t *Task) Trigger() string {
	line := ""
	for i := range t.Triggers {
		if line != "" {
			line += "; "
		}
		line += t.Triggers[i].String()
	}
	return line
}

// Action returns all actions in one line.
func (t *Task) Action() string {
	lines := make([]string, len(t.Actions))
	for i := range t.Actions {
		lines[i] = t.Actions[i].String()
	}
	return strings.Join(lines, "; ")
}

// RunLevel says in a word whether it runs with all the rights of its account: highest or limited.
func (t *Task) RunLevel() string {
	if t.Highest {
		return "highest"
	}
	return "limited"
}

// String returns a trigger in words.
func (g *Trigger) String() string {
	text := g.Kind
	for _, part := range []struct {
		word string
		span time.Duration
	}{{" every ", g.Period}, {" delayed ", g.Delay}, {" random ", g.Jitter}} {
		if part.span > 0 {
			text += part.word + spanText(part.span)
		}
	}
	if g.Start != "" {
		text += " from " + g.Start
	}
	if g.Disabled {
		text += " (off)"
	}
	return text
}

// spanText is a span as Splunk writes it, in the largest unit that has it whole.
func spanText(d time.Duration) string {
	const day = 24 * time.Hour
	for _, unit := range []struct {
		span time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d%unit.span == 0 {
			return decimal(int64(d/unit.span)) + unit.name
		}
	}
	return decimal(int64(d/time.Second)) + "s"
}

// String returns an action as a command line, or its class and data.
func (a *Action) String() string {
	line := a.Command
	if a.Command == "" {
		line = a.Class
		if a.Data != "" {
			line += " " + a.Data
		}
		return line
	}
	if a.Arguments != "" {
		line += " " + a.Arguments
	}
	return line
}
