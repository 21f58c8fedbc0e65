package census

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// thing is when and where a task, or a fact of one, was seen. What is on few devices knows
// more of each; what is on more than rarity.MostKnown knows which they are; what is on more
// than MostExact, about how many. Which of these it is depends on the devices alone.
type thing struct {
	first, last event.Time
	days        Days
	on          []part // by device, in the order of ids
	many        []ID   // in order
	sketch      Sketch
}

// part is what one device has of a thing.
type part struct {
	id          ID
	first, last event.Time
	days        Days
	names       int32
	told        *beacon.Verdicts
}

// devices returns on how many devices it was seen.
func (t *thing) devices() int {
	if t.sketch != nil {
		return t.sketch.Estimate()
	}
	return max(len(t.on), len(t.many))
}

// deviceDays is on how many days of how many devices it was seen: of what is on many, as if
// on every day of it everywhere.
func (t *thing) deviceDays() (n int) {
	if t.on == nil {
		return t.devices() * t.days.Count()
	}
	for i := range t.on {
		n += t.on[i].days.Count()
	}
	return n
}

func (t *thing) ids() []ID {
	if t.on == nil {
		return t.many
	}
	ids := make([]ID, len(t.on))
	for i := range t.on {
		ids[i] = t.on[i].id
	}
	return ids
}

// unite adds what another of the same thing knows.
func (t *thing) unite(o *thing) {
	t.first, t.last, t.days = earlier(t.first, o.first), max(t.last, o.last), t.days.Union(o.days)
	switch {
	case t.sketch != nil || o.sketch != nil:
		all := NewSketch(t.ids()...)
		for _, s := range []Sketch{NewSketch(o.ids()...), t.sketch, o.sketch} {
			if s != nil {
				all.Unite(s)
			}
		}
		t.on, t.many, t.sketch = nil, nil, all
	case t.many != nil || o.many != nil:
		t.on, t.many = nil, uniteIDs(t.ids(), o.ids())
	default:
		t.on = uniteParts(t.on, o.on)
	}
	t.settle()
}

// settle forgets what is not kept of so many devices.
func (t *thing) settle() {
	if len(t.on) > rarity.MostKnown {
		t.on, t.many = nil, t.ids()
	}
	if len(t.many) > MostExact {
		t.many, t.sketch = nil, NewSketch(t.many...)
	}
}

func uniteParts(a, b []part) []part {
	all := append(slices.Clone(a), b...)
	slices.SortStableFunc(all, func(x, y part) int { return cmp.Compare(x.id, y.id) })
	kept := all[:0]
	for _, p := range all {
		if n := len(kept); n > 0 && kept[n-1].id == p.id {
			kept[n-1].unite(p)
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func (p *part) unite(o part) {
	p.first, p.last, p.days = earlier(p.first, o.first), max(p.last, o.last), p.days.Union(o.days)
	p.names, p.told = max(p.names, o.names), rarity.Better(p.told, o.told)
}

// age leaves out what was not seen since an instant. It reports whether anything is left.
// Of what is on many devices nobody knows which of them still have it: it stays or goes as
// a whole.
func (t *thing) age(since event.Time) bool {
	if t.last < since {
		return false
	}
	t.on = slices.DeleteFunc(t.on, func(p part) bool { return p.last < since })
	t.days = t.days.From(rarity.DayOf(since))
	for i := range t.on {
		t.on[i].days = t.on[i].days.From(rarity.DayOf(since))
	}
	t.begin()
	return t.devices() > 0
}

// begin makes the first time that of the devices that are left, where each has its own.
func (t *thing) begin() {
	if len(t.on) == 0 {
		return
	}
	t.first = event.NoTime
	for i := range t.on {
		t.first = earlier(t.first, t.on[i].first)
	}
}

// ran is which devices ran a command, or had a chain of names, and the last day of each.
// Commands and chains count for as long as lookback= says, and then are forgotten.
type ran struct{ on []lastDay } // in the order of ids

type lastDay struct {
	id  ID
	day int32
}

func (r *ran) unite(o *ran) {
	all := append(slices.Clone(r.on), o.on...)
	slices.SortFunc(all, func(x, y lastDay) int { return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(y.day, x.day)) })
	r.on = slices.CompactFunc(all, func(x, y lastDay) bool { return x.id == y.id })
}

func uniteRan(all, more map[uint64]*ran) {
	for key, r := range more {
		if was := all[key]; was != nil {
			was.unite(r)
			continue
		}
		all[key] = r
	}
}

// ageRan forgets what was last seen before a day.
func ageRan(all map[uint64]*ran, since int) {
	for key, r := range all {
		r.on = slices.DeleteFunc(r.on, func(d lastDay) bool { return int(d.day) < since })
		if len(r.on) == 0 {
			delete(all, key)
		}
	}
}
