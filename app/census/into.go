package census

import (
	"maps"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// Into unites a census with a survey: from then on the survey knows what both counted, as
// if one run had seen all, but for the times of single contacts, which only shares of a
// fleet tell each other. It returns the runs that other hunts up to now noted, and the
// numbers of all devices. now is the end of what the survey looked at.
func (c *Census) Into(s *rarity.Survey, now event.Time) ([]Noted, map[ID]rarity.Device) {
	t := teller{Census: c, Survey: s, today: rarity.DayOf(now), devices: make(map[ID]rarity.Device)}
	for i := range s.Devices {
		id := IDOf(s.Devices[i].Name)
		t.devices[id], t.ids = rarity.Device(i), append(t.ids, id)
	}
	for _, id := range slices.Sorted(maps.Keys(c.devices)) {
		if d, known := t.devices[id]; known {
			s.Widen(d, c.devices[id].Watched)
			continue
		}
		t.devices[id], t.ids = s.Device(rarity.Watch{Watched: c.devices[id].Watched}), append(t.ids, id)
	}
	for template, thing := range c.tasks {
		t.tell(s.Of(s.Intern(template)), thing)
	}
	for key, thing := range c.facts {
		of, anywhere := s.Fact(s.Intern(key.task), rarity.Fact{Kind: key.kind, Text: s.Intern(key.text)})
		t.tell(of, thing)
		t.tell(anywhere, anyTask(thing))
	}
	t.tellCalls()
	for one := range c.addresses {
		s.Named(one.address, one.name)
	}
	return t.noted(), t.devices
}

// anyTask is a thing as it counts over all tasks: without what is of one task only.
func anyTask(t *thing) *thing {
	all := *t
	all.on = slices.Clone(t.on)
	for i := range all.on {
		all.on[i].names, all.on[i].told = 0, nil
	}
	return &all
}

// teller tells a survey.
type teller struct {
	*Census
	*rarity.Survey
	today   int
	devices map[ID]rarity.Device
	ids     []ID // by the survey's numbers
}

func (t *teller) tell(seen *rarity.Seen, o *thing) {
	sight := rarity.Sight{First: o.first, Last: o.last, Days: o.days.Back(t.today)}
	switch {
	case o.sketch != nil:
		all := slices.Clone(o.sketch)
		for _, d := range seen.Which() {
			all.Add(t.ids[d])
		}
		seen.UniteMany(nil, sight, all.Estimate())
	case o.many != nil:
		seen.UniteMany(t.numbers(o.many), sight, 0)
	}
	for i := range o.on {
		p := &o.on[i]
		seen.Unite(rarity.On{
			Device: t.devices[p.id], Names: p.names, Told: p.told,
			Sight: rarity.Sight{First: p.first, Last: p.last, Days: p.days.Back(t.today)},
		})
	}
}

func (t *teller) numbers(ids []ID) []rarity.Device {
	numbers := make([]rarity.Device, len(ids))
	for i, id := range ids {
		numbers[i] = t.devices[id]
	}
	return numbers
}
