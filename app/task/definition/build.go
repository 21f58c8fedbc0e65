package definition

import (
	"bytes"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// builder puts values where they belong, by the path of names that leads to them. Where a
// value is given twice the first counts, but for weekdays, which are elements themselves.
type builder struct {
	task  *Task
	path  []string // below the root, in lower case
	value []byte   // text of the element at hand
	seen  bool     // there was a <Task>
	full  bool     // the list at hand is, so that what follows belongs to none of it
}

// enter goes down to an element. Names are taken in any letter case: JSON renderings differ.
func (b *builder) enter(name []byte) error {
	if len(b.path) >= mostDepth {
		return errTooDeep
	}
	b.path, b.value = append(b.path, strings.ToLower(string(name))), b.value[:0]
	if len(b.path) == 1 {
		b.seen = b.seen || b.path[0] == "task"
		return nil
	}
	if len(b.path) == 3 {
		b.begin(b.path[1], b.path[2])
	}
	return nil
}

// begin begins a trigger or an action.
func (b *builder) begin(list, name string) {
	t := b.task
	b.full = list == "triggers" && len(t.Triggers) == mostTriggers || list == "actions" && len(t.Actions) == mostActions
	switch {
	case b.full:
		t.Cut = true
	case list == "triggers":
		t.Triggers = append(t.Triggers, Trigger{Kind: triggerKind(name)})
	case list == "actions":
		t.Actions = append(t.Actions, Action{Kind: name})
	}
}

// triggerKind is the name of a trigger without the word for what it is. Source: MS-TSCH,
// 2.5.3; state is Windows' own and not documented.
func triggerKind(name string) string {
	name = strings.TrimSuffix(name, "trigger")
	switch name {
	case "sessionstatechange":
		return "session"
	case "wnfstatechange":
		return "state"
	}
	return name
}

// leave takes the value of the element at hand and goes up.
func (b *builder) leave() {
	if len(b.path) == 0 {
		return
	}
	if b.path[0] == "task" {
		b.set(string(bytes.TrimSpace(b.value)))
	}
	b.path, b.value = b.path[:len(b.path)-1], b.value[:0]
}

// text takes text with XML's own escapes.
func (b *builder) text(v []byte) {
	if len(b.path) < 3 || len(v) == 0 {
		return
	}
	b.literal(record.Unescape(nil, v))
}

// literal takes text as it is.
func (b *builder) literal(v []byte) {
	if room := mostText - len(b.value); len(v) > room {
		v, b.task.Cut = v[:room], true
	}
	b.value = append(b.value, v...)
}

// set gives a value to what the path names.
func (b *builder) set(v string) {
	if len(b.path) < 3 {
		return
	}
	t, name := b.task, b.path[len(b.path)-1]
	switch b.path[1] {
	case "registrationinfo":
		setFirst(v, map[string]*string{"uri": &t.URI, "author": &t.Author, "date": &t.Date, "description": &t.Description}[name])
	case "principals":
		b.principal(name, v)
	case "settings":
		if len(b.path) == 3 {
			t.Hidden = t.Hidden || name == "hidden" && isTrue(v)
			t.Disabled = t.Disabled || name == "enabled" && isFalse(v)
		}
	case "actions":
		if n := len(t.Actions); n > 0 && len(b.path) == 4 && !b.full {
			a := &t.Actions[n-1]
			setFirst(v, map[string]*string{"command": &a.Command, "arguments": &a.Arguments, "workingdirectory": &a.Folder, "classid": &a.Class, "data": &a.Data}[name])
		}
	case "triggers":
		if n := len(t.Triggers); n > 0 && !b.full {
			t.Triggers[n-1].set(b.path[3:], v)
		}
	}
}

func setFirst(v string, to *string) {
	if to != nil && *to == "" {
		*to = v
	}
}

func (b *builder) principal(name, v string) {
	switch name {
	case "userid", "groupid":
		setFirst(v, &b.task.User)
	case "runlevel":
		b.task.Highest = b.task.Highest || strings.EqualFold(v, "HighestAvailable")
	}
}

// set gives a value to what the path below a trigger names.
func (g *Trigger) set(path []string, v string) {
	if len(path) == 0 {
		return
	}
	switch strings.Join(path, "/") {
	case "startboundary":
		setFirst(v, &g.Start)
	case "enabled":
		g.Disabled = isFalse(v)
	case "repetition/interval":
		g.Period, _ = ParseDuration(v)
	case "randomdelay":
		g.Jitter, _ = ParseDuration(v)
	case "delay":
		g.Delay, _ = ParseDuration(v)
	case "schedulebyday/daysinterval":
		g.days = count(v)
	case "schedulebyweek/weeksinterval":
		g.weeks = count(v)
	default:
		if len(path) == 3 && path[0] == "schedulebyweek" && path[1] == "daysofweek" {
			g.weekdays++
		}
	}
}

// finish works out the period of calendars, which say it in days or weeks. A repetition
// within the day counts before them; several days of a week are not regular.
func (b *builder) finish() {
	const day = 24 * time.Hour
	for i := range b.task.Triggers {
		switch g := &b.task.Triggers[i]; {
		case g.Period > 0:
		case g.days > 0:
			g.Period = time.Duration(g.days) * day
		case g.weekdays == 1:
			g.Period = time.Duration(max(1, g.weeks)) * 7 * day
		case g.weekdays == 7:
			g.Period = day
		}
	}
}

// count reads a number of days or weeks, of which there are at most 365.
func count(v string) (n int) {
	for _, c := range []byte(v) {
		if c < '0' || c > '9' || n > 365 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func isTrue(v string) bool  { return strings.EqualFold(v, "true") || v == "1" }
func isFalse(v string) bool { return strings.EqualFold(v, "false") || v == "0" }
