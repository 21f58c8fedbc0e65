package schema

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Seen is how often something was seen in a field, and one of its values: that which sorts
// first, so that no order of arrival has a part in it.
type Seen struct {
	Count   int
	Example string
}

func (s *Seen) note(value string, n int) {
	if s.Count == 0 || value < s.Example {
		s.Example = value
	}
	s.Count += n
}

// Times is what the notations of times left open, by field. The zero value is nothing.
type Times struct {
	Unread     map[string]Seen // that are there and are no times
	Unsure     map[string]Seen // whose day and month could be either
	DayFirst   map[string]Seen // whose day stands first for sure
	MonthFirst map[string]Seen // whose month does
	Coarse     map[string]Seen // that lack the seconds
	Local      map[string]Seen // local times, set right by whole quarter-hours after UtcTime

	// Zoneless has local times of events in which nothing tells the zone: they are taken for
	// UTC. AuditZoneless has those of Windows' audit log, which may be of no use, and TaskZoneless
	// those of events of tasks, which a device's processes may set right.
	Zoneless, AuditZoneless, TaskZoneless map[string]Seen

	// Apart has starts of processes whose record time says its zone, and yet lies whole
	// quarter-hours from UtcTime, by how far, as +05:30. They are left as they are: nobody
	// knows which of the two clocks is wrong.
	Apart map[string]Seen

	// None has events without any time, by their kind: starts of processes that have no
	// creation time either, connections and name lookups.
	None map[string]Seen
}

// Add adds what another reader saw.
func (t *Times) Add(other *Times) {
	for _, pair := range [...]struct{ to, from *map[string]Seen }{
		{&t.Unread, &other.Unread}, {&t.Unsure, &other.Unsure}, {&t.DayFirst, &other.DayFirst},
		{&t.MonthFirst, &other.MonthFirst}, {&t.Coarse, &other.Coarse}, {&t.Local, &other.Local},
		{&t.Apart, &other.Apart}, {&t.None, &other.None}, {&t.Zoneless, &other.Zoneless},
		{&t.AuditZoneless, &other.AuditZoneless}, {&t.TaskZoneless, &other.TaskZoneless},
	} {
		for field, seen := range *pair.from {
			note(pair.to, field, seen.Example, seen.Count)
		}
	}
}

func note(to *map[string]Seen, field, value string, n int) {
	if *to == nil {
		*to = make(map[string]Seen)
	}
	seen := (*to)[field]
	seen.note(value, n)
	(*to)[field] = seen
}

// DayIsFirst reports whether some date has its day first for sure, and none its month: then
// those that could be either have it first as well.
func (t *Times) DayIsFirst() bool { return len(t.DayFirst) > 0 && len(t.MonthFirst) == 0 }

// noteTimeless counts an event without a time, unless one is there that cannot be read, which
// is told by its value.
func (r *Reader) noteTimeless(kind event.Kind) {
	for _, k := range kindWords {
		if k.kind == kind && isOfProcess(kind) {
			note(&r.times.None, k.word, "", 1)
		}
	}
}

// isTimeless reports whether the event last recognised has no time. A process has the time of
// its creation, which tells nothing of when it opened a connection.
func (r *Reader) isTimeless(kind event.Kind) bool {
	times := [...]event.Time{r.draft.source.Time, r.draft.stamp, r.draft.self.Created}
	switch {
	case len(r.remarks) > 0 || r.aside != nil:
		return false
	case r.plan != nil:
		times = [...]event.Time{r.looking.Time, r.looking.Stamp, r.looking.created}
	}
	if kind != event.ProcessStart {
		times[2] = event.NoTime
	}
	return times == [...]event.Time{event.NoTime, event.NoTime, event.NoTime}
}

// remark is what there is to say of one time of an event, until it is clear that the event
// is read so.
type remark struct {
	slot  record.Slot
	value string
	doubt event.Doubt
	bad   bool // it is no time
	local bool // it was local time
	alone bool // it is, and nothing tells the zone
	audit bool // of an event of the audit log
	task  bool // of an event of tasks
}

// Order sets how dates are read whose day and month nothing tells apart. Without it they
// are read month first, and the sink is told of it.
func (r *Reader) Order(o event.DateOrder) { r.order = o }

// Times returns what the events that were read left open. It is the reader's own.
func (r *Reader) Times() *Times { return &r.times }

// Doubtful reports whether some time of the event last recognised is to be read by whoever
// sees all events: because it may mean two days, or none.
func (r *Reader) Doubtful() bool { return len(r.remarks) > 0 }

// readTime reads the value of a field that holds a time, as of says.
func (d *draft) readTime(of event.Unsure, to *event.Time, v []byte) bool {
	t, doubt, ok := d.order.Read(v)
	if !ok {
		t, doubt, ok = d.order.Read(bytes.Trim(once(v), `'"`)) // Splunk takes an attribute's quotes for a part of it
	}
	if !ok {
		d.badTime = true
		return false
	}
	*to = t
	if d.doubt = doubt; doubt&event.DayOrMonth != 0 {
		d.unsure |= of
	}
	if of == event.UnsureTime {
		d.zoneless = doubt&event.NoZone != 0
	}
	return true
}

// isTimeField has the canonical fields that hold times.
var isTimeField = map[string]bool{
	"time": true, "stamp": true, "process_created": true, "parent_created": true, "grandparent_created": true,
}

// telling are the doubts that are remarked upon.
const telling = event.DayOrMonth | event.IsDayFirst | event.IsMonthFirst | event.NoSeconds

// remarkOn notes what a field's time left open, once an event.
func (r *Reader) remarkOn(s record.Slot, v []byte) {
	d := &r.draft
	doubt, bad := d.doubt&telling, d.badTime
	d.doubt, d.badTime = 0, false
	if s == r.classic {
		doubt = 0 // Splunk's own, always month first
	}
	if (doubt == 0 && !bad) || slices.ContainsFunc(r.remarks, func(m remark) bool { return m.slot == s }) {
		return
	}
	if bad {
		r.used = append(r.used, s) // whoever reads the event next is to see it too
	}
	r.remarks = append(r.remarks, remark{slot: s, value: string(v), doubt: doubt, bad: bad})
}

// settleTimes counts what the last event's times left open.
func (r *Reader) settleTimes() {
	for _, m := range r.remarks {
		field, t := r.full.Names().Name(m.slot), &r.times
		for _, c := range [...]struct {
			holds bool
			to    *map[string]Seen
		}{
			{m.bad, &t.Unread}, {m.local, &t.Local}, {m.alone && !m.audit && !m.task, &t.Zoneless}, {m.alone && m.audit, &t.AuditZoneless}, {m.alone && m.task, &t.TaskZoneless},
			{m.doubt&event.DayOrMonth != 0, &t.Unsure}, {m.doubt&event.IsDayFirst != 0, &t.DayFirst},
			{m.doubt&event.IsMonthFirst != 0, &t.MonthFirst}, {m.doubt&event.NoSeconds != 0, &t.Coarse},
		} {
			if c.holds {
				note(c.to, field, m.value, 1)
			}
		}
	}
	r.remarks = r.remarks[:0]
}

// Local times differ from UTC by whole quarter-hours, by at most 14 hours. Records are
// written within two minutes of what they tell of.
const (
	quarterHour = 900 * event.Second
	mostZone    = 14 * 3600 * event.Second
	mostDelay   = 120 * event.Second
)

// toUTC sets a record time right that was written without a zone, where Sysmon's UtcTime
// lies whole quarter-hours from it.
func (r *Reader) toUTC(t *compiledTable, at record.Slot, rec *record.Record) {
	d := &r.draft
	if !d.zoneless || d.source.Time == event.NoTime || slices.Contains(t.utc, at) {
		return
	}
	for _, s := range t.utc {
		utc, _, ok := d.order.Read(rec.Get(s))
		if !ok {
			continue
		}
		r.settleOrder(at, utc)
		if zone := zoneOf(d.source.Time - utc); zone != 0 {
			r.remarks = append(r.remarks, remark{slot: at, value: string(rec.Get(at)), local: true})
			d.source.Time -= zone
		}
		return
	}
	if isTask := t.kind == event.TaskEvent; slices.Contains(r.local[:], at) && (isTask || isOfProcess(t.kind)) {
		r.remarks = append(r.remarks, remark{slot: at, value: string(rec.Get(at)), alone: true, audit: d.source.Audit, task: isTask})
	}
}

// settleOrder finds out which of two days a record time means, where only one of them is as
// near to UtcTime as a zone allows. What an event proves counts for those that prove nothing.
func (r *Reader) settleOrder(at record.Slot, utc event.Time) {
	d := &r.draft
	if d.unsure&event.UnsureTime == 0 {
		return
	}
	is, exchanged := event.IsMonthFirst, event.Exchanged(d.source.Time)
	switch {
	case isNear(d.source.Time, utc):
	case isNear(exchanged, utc):
		is, d.source.Time = event.IsDayFirst, exchanged
	default:
		return
	}
	d.unsure &^= event.UnsureTime
	for i := range r.remarks {
		if m := &r.remarks[i]; m.slot == at {
			m.doubt = m.doubt&^event.DayOrMonth | is
		}
	}
}

func isNear(local, utc event.Time) bool {
	apart := local - utc
	return apart >= -mostZone-mostDelay && apart <= mostZone+mostDelay
}

// isOfProcess holds for the kinds of events whose times are shown.
func isOfProcess(k event.Kind) bool {
	return k == event.ProcessStart || k == event.NetworkConnection || k == event.NameLookup
}

// Sysmon writes the start of a process within seconds of it.
const mostStartDelay = 5 * event.Second

// noteApart counts the start of a process of Sysmon's whose two times lie whole
// quarter-hours apart: local time that says it is UTC, most likely. It is not counted for
// connections and lookups, whose UtcTime has a clock of its own.
func (r *Reader) noteApart(recorded, created event.Time) {
	apart := recorded - created
	if apart > -mostDelay && apart < mostDelay || recorded == event.NoTime || created == event.NoTime {
		return
	}
	zone := zoneOf(apart)
	if late := apart - zone; zone == 0 || late < -event.Second/10 || late > mostStartDelay {
		return
	}
	sign, minutes := '+', zone/(60*event.Second)
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	note(&r.times.Apart, fmt.Sprintf("%c%02d:%02d", sign, minutes/60, minutes%60), recorded.Std().Format("2006-01-02 15:04:05Z"), 1)
}

// zoneOf returns the quarter-hours that two clocks are apart, 0 where they are not so.
func zoneOf(apart event.Time) event.Time {
	zone := (apart + quarterHour/2)
	zone -= ((zone % quarterHour) + quarterHour) % quarterHour
	if delay := apart - zone; delay < -mostDelay || delay > mostDelay || zone < -mostZone || zone > mostZone {
		return 0
	}
	return zone
}
