package census

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// Counted is what a run has besides its survey.
type Counted struct {
	Now event.Time // the end of what was looked at
	// Judge says how regular a device's contacts with a destination are, for tasks of which
	// that may have to be known. It returns nil for others.
	Judge func(task rarity.Text, on *rarity.On) *beacon.Verdicts
	// Shared says that others count the rest of the fleet, and hunt up to the same instant.
	Shared bool
}

// Count adds what a survey counted, before Resolve and Learn.
func (c *Census) Count(s *rarity.Survey, o Counted) {
	ids := make([]ID, len(s.Devices))
	for i := range s.Devices {
		w := s.Devices[i]
		ids[i] = IDOf(w.Name)
		days := between(w.First, w.Last)
		if days.Empty() { // it logged, and nothing that a tree is made of
			days = Day(rarity.DayOf(o.Now))
		}
		c.watched(ids[i], &watch{Watched: w.Watched, days: days})
	}
	n := counter{Census: c, ids: ids, now: o.Now, shared: o.Shared}
	for template, task := range s.Tasks() {
		text := s.Text(template)
		unite(c.tasks, text, n.thing(&task.Seen, nil))
		judge := func(on *rarity.On) *beacon.Verdicts { return o.Judge(template, on) }
		for f, seen := range task.Facts {
			unite(c.facts, factKey{text, f.Kind, s.Text(f.Text)}, n.thing(seen, judge))
			n.callers(text, f, s.Text(f.Text), seen)
		}
	}
	for f, seen := range s.Fleet {
		if s.IsProgram(f) {
			unite(c.tasks, rarity.AnyTask, n.thing(seen, nil))
			unite(c.facts, factKey{rarity.AnyTask, f.Kind, s.Text(f.Text)}, n.thing(seen, nil))
		}
	}
	s.EachNamed(func(address, destination string) { c.answered(answer{address, destination}, rarity.Whole(o.Now)) })
}

// between are the days from one instant to another.
func between(first, last event.Time) (d Days) {
	if first == event.NoTime {
		return d
	}
	for day := max(rarity.DayOf(first), rarity.DayOf(last)-mostDays+1); day <= rarity.DayOf(last); day++ {
		d = d.Union(Day(day))
	}
	return d
}

// counter turns what a survey has into what a census has.
type counter struct {
	*Census
	ids    []ID // by the survey's numbers
	now    event.Time
	shared bool
}

func (n *counter) thing(seen *rarity.Seen, judge func(*rarity.On) *beacon.Verdicts) *thing {
	today := rarity.DayOf(n.now)
	t := &thing{first: seen.First, last: seen.Last, days: back(today, seen.Days)}
	if seen.Common() {
		t.many = []ID{}
		for _, d := range seen.Which() {
			t.many = append(t.many, n.ids[d])
		}
		t.many = uniteIDs(t.many, nil)
		t.settle()
		return t
	}
	for i := range seen.On {
		on := &seen.On[i]
		p := part{id: n.ids[on.Device], first: on.First, last: on.Last, days: back(today, on.Days), names: on.Names}
		if judge != nil && on.Contacts != nil {
			p.told = judge(on)
		}
		t.on = append(t.on, p)
	}
	t.on = uniteParts(t.on, nil)
	return t
}

// Command notes on which devices a root command ran, by the key that a rarity.Census gives
// it, on the day that now ends.
func (c *Census) Command(key string, now event.Time, devices []ID) {
	uniteRan(c.commands, map[uint64]*ran{CommandOf(key): on(devices, now)})
}

// Chain is Command for a chain of names.
func (c *Census) Chain(digest uint64, now event.Time, devices []ID) {
	uniteRan(c.chains, map[uint64]*ran{digest: on(devices, now)})
}

func on(devices []ID, now event.Time) *ran {
	r := &ran{}
	for _, id := range uniteIDs(devices, nil) {
		r.on = append(r.on, lastDay{id, int32(rarity.DayOf(now))})
	}
	return r
}

// CommandOf is the digest of a root command's key.
func CommandOf(key string) uint64 {
	sum := sha256.Sum256([]byte("command|" + key))
	return binary.BigEndian.Uint64(sum[:])
}

// ChainOf is the digest of a chain of names: that of the chain above, 0 for none, and the
// last name.
func ChainOf(above uint64, name string) uint64 {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint64([]byte("chain|"), above), name...))
	return binary.BigEndian.Uint64(sum[:])
}

// CommandDevices returns which devices ran a root command.
func (c *Census) CommandDevices(digest uint64) []ID { return c.commands[digest].ids() }

// ChainDevices returns which devices had a chain of names.
func (c *Census) ChainDevices(digest uint64) []ID { return c.chains[digest].ids() }

func (r *ran) ids() (ids []ID) {
	if r == nil {
		return nil
	}
	for _, d := range r.on {
		ids = append(ids, d.id)
	}
	return ids
}

// Limits say how long things stay in a census.
type Limits struct {
	Now      event.Time
	Days     int        // of what was not seen for so many days
	Lookback event.Time // from when on commands, chains and names of addresses count; NoTime: all
}

// Age forgets what is older than the limits allow.
func (c *Census) Age(l Limits) {
	since := l.Now - event.Time(l.Days)*event.Day
	maps.DeleteFunc(c.facts, func(_ factKey, t *thing) bool { return !t.age(since) })
	maps.DeleteFunc(c.tasks, func(_ string, t *thing) bool { return !t.age(since) })
	for id, w := range c.devices {
		if w.days = w.days.From(rarity.DayOf(since)); w.days.Empty() {
			delete(c.devices, id)
		}
	}
	from := rarity.DayOf(l.Lookback + 1)
	ageRan(c.commands, from)
	ageRan(c.chains, from)
	maps.DeleteFunc(c.addresses, func(_ answer, last event.Time) bool { return last <= l.Lookback })
	maps.DeleteFunc(c.shapes, func(s shape, _ struct{}) bool { return s.now != rarity.Whole(l.Now) })
	c.keepKnown()
	c.forgetCalls(l.Now)
}

// keepKnown leaves out what refers to tasks or devices that are forgotten.
func (c *Census) keepKnown() {
	gone := func(id ID) bool { return c.devices[id] == nil }
	maps.DeleteFunc(c.facts, func(_ factKey, t *thing) bool { return !t.without(gone) })
	maps.DeleteFunc(c.tasks, func(_ string, t *thing) bool { return !t.without(gone) })
	maps.DeleteFunc(c.facts, func(key factKey, _ *thing) bool { return c.tasks[key.task] == nil })
	tasks := make(map[string]bool, len(c.tasks))
	for template := range c.tasks {
		tasks[taskID(template)] = true
	}
	maps.DeleteFunc(c.shapes, func(s shape, _ struct{}) bool { return !tasks[s.task] })
	for _, all := range []map[uint64]*ran{c.commands, c.chains} {
		for key, r := range all {
			if r.on = slices.DeleteFunc(r.on, func(d lastDay) bool { return gone(d.id) }); len(r.on) == 0 {
				delete(all, key)
			}
		}
	}
}

// without leaves out devices that are forgotten. It reports whether any is left.
func (t *thing) without(gone func(ID) bool) bool {
	t.on = slices.DeleteFunc(t.on, func(p part) bool { return gone(p.id) })
	t.many = slices.DeleteFunc(t.many, gone)
	t.begin()
	return t.devices() > 0
}
