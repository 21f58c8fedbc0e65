package hunt

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// sayTimes tells what the notations of times left open.
func (h *Hunt) sayTimes(m *account.Messages) {
	t := &h.times
	if len(t.Unread) > 0 {
		fields, n, example := summary(t.Unread)
		m.Say(account.Warn, "%s of %s could not be read, such as %q%s: where an event has no other time it counts in every window, "+
			"and processes that only a creation time tells apart may lack their parent; give times in ISO 8601 or as epoch seconds",
			account.Plural(n, "time"), fields, example, lost(example))
	}
	if len(t.None) > 0 {
		kinds, n, _ := summary(t.None)
		m.Say(account.Warn, "%s (%s) have no time under any name that is known: they count in every window, and no time of them can be shown; "+
			"export them with their time, as Timestamp, TimeCreated or _time", account.Plural(n, "event"), kinds)
	}
	h.sayOrder(m)
	sayZoneless(m, t.Zoneless)
	h.sayApart(m)
	if len(t.Coarse) > 0 {
		fields, n, example := summary(t.Coarse)
		m.Say(account.Warn, "%s of %s lack their seconds, such as %q: what happened within a minute has no order, and no shorter time is known; "+
			"export again without a spreadsheet in between", account.Plural(n, "time"), fields, example)
	}
	if len(t.Local) > 0 {
		fields, n, example := summary(t.Local)
		m.Say(account.Info, "%s of %s are local times without a zone, such as %q, whole quarter-hours from the UtcTime of their events: they were set right by it",
			account.Plural(n, "time"), fields, example)
	}
}

// sayZoneless tells of local times of which nothing tells the zone.
func sayZoneless(m *account.Messages, times map[string]schema.Seen) {
	if len(times) == 0 {
		return
	}
	fields, n, example := summary(times)
	m.Say(account.Warn, "%s of %s are local times, such as %q, and nothing in their events tells the zone: they are shown as if they were UTC, "+
		"and lie hours from the times of other logs; export the events as XML or .evtx, whose times are UTC", account.Plural(n, "time"), fields, example)
}

// sayApart tells of clocks that disagree by whole quarter-hours, the zones sorted.
func (h *Hunt) sayApart(m *account.Messages) {
	if len(h.times.Apart) == 0 {
		return
	}
	zones, n, example := summary(h.times.Apart)
	m.Say(account.Warn, "%s of processes have a record time, such as %s, that lies %s from their UtcTime although it says UTC: "+
		"a collector wrote local time as UTC, or a clock was wrong. Both are shown as they are: recent= and lookback= go by the record time, "+
		"and connections may seem to lie hours from their process", account.Plural(n, "start"), example, zones)
}

// sayOrder tells how dates were read that could be two days.
func (h *Hunt) sayOrder(m *account.Messages) {
	t := &h.times
	if len(t.Unsure) == 0 {
		return
	}
	fields, n, example := summary(t.Unsure)
	asRead, _ := event.ParseTime([]byte(example))
	day, month := event.Exchanged(asRead).Std().Format("2006-01-02"), asRead.Std().Format("2006-01-02")
	switch {
	case t.DayIsFirst():
		_, _, proof := summary(t.DayFirst)
		m.Say(account.Info, "%s of %s could mean two days, such as %q: they are read day first (%s), as %q proves",
			account.Plural(n, "date"), fields, example, day, proof)
	case len(t.MonthFirst) > 0 && len(t.DayFirst) == 0:
	default:
		why := "nothing in the data tells day from month"
		if len(t.MonthFirst) > 0 {
			_, _, one := summary(t.DayFirst)
			_, _, other := summary(t.MonthFirst)
			why = fmt.Sprintf("%q has the day first and %q the month", one, other)
		}
		m.Say(account.Warn, "%s of %s could mean two days, such as %q: %s. They are read month first, as %s; if it was %s, these times are wrong by "+
			"weeks or months, and recent= and lookback= take the wrong events: say %s then, else %s",
			account.Plural(n, "date"), fields, example, why, month, day, h.door.Option("dates", "dmy"), h.door.Option("dates", "mdy"))
	}
}

// minutesOnly is what spreadsheets show of a time with a fraction of a second.
var minutesOnly = regexp.MustCompile(`^\d{1,2}:\d{2}([.,]\d+)?$`)

// lost says what a value has lost that was a time once.
func lost(value string) string {
	if minutesOnly.MatchString(value) {
		return " (as a spreadsheet shows it: date and hour are lost)"
	}
	return ""
}

// summary returns the names of the fields, how often it was seen in all of them, and the
// example that sorts first.
func summary(fields map[string]schema.Seen) (names string, n int, example string) {
	sorted := slices.Sorted(maps.Keys(fields))
	for i, field := range sorted {
		seen := fields[field]
		n += seen.Count
		if i == 0 || seen.Example < example {
			example = seen.Example
		}
	}
	return strings.Join(sorted, ", "), n, example
}
