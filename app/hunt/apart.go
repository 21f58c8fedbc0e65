package hunt

import (
	"maps"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// apart is what became of what one mapper tells of devices of which others tell too.
type apart struct {
	Against int // events that contradict the others
	On      int // devices on which some do
	device  string

	Strange  int // devices on which it contradicts nobody, and tells of no process of theirs
	stranger string
	Joined   int // devices on which it agrees with the others
}

// setApart keeps what mappers tell of the device away from what others tell of it, unless they
// agree.
func (g *part) setApart() {
	names := g.plugins.Schemas().Mappers()
	if len(names) == 0 {
		return
	}
	g.apart = identity.SetApart(g.store, names)
	for _, one := range g.apart {
		g.ledger.Duplicate += one.Doubles
	}
}

// sharing are the names of the mappers that do not stand apart on the device.
func (g *part) sharing() (names []string) {
	for i, name := range g.plugins.Schemas().Mappers() {
		if !slices.ContainsFunc(g.apart, func(a identity.Apart) bool { return int(a.Mapper) == i+1 && a.Device != event.NoSym }) {
			names = append(names, name)
		}
	}
	return names
}

// isApart reports whether a device is a mapper's name space.
func (g *part) isApart(device event.Sym) bool {
	return slices.ContainsFunc(g.apart, func(a identity.Apart) bool { return a.Device == device && device != event.NoSym })
}

// addApart notes what came of mappers in a part. Of several devices the one that sorts first
// is named.
func (f *findings) addApart(p *part) {
	for _, one := range p.apart {
		sum, name := f.apart[one.Mapper], p.roster.Symbols().String(p.roster.DeviceName(one.Device))
		switch {
		case one.Against > 0:
			sum.device = firstOf(sum.On, sum.device, name)
			sum.Against += one.Against
			sum.On++
		case one.Device != event.NoSym:
			sum.stranger = firstOf(sum.Strange, sum.stranger, name)
			sum.Strange++
		default:
			sum.Joined++
		}
		f.apart[one.Mapper] = sum
	}
}

// firstOf is the name that sorts first, of n before, of which the first is have, and another.
func firstOf(n int, have, name string) string {
	if n == 0 {
		return name
	}
	return min(have, name)
}

// sayMappers tells which mappers contradict what others tell of the same processes, and which
// tell of the same devices and of none of the same processes. The latter is what two sensors
// give that ran one after the other; where a mapper agrees with the others nowhere at all, it
// more likely takes the wrong fields.
func (h *Hunt) sayMappers(m *account.Messages, all map[uint8]apart) {
	names := h.plugins.Schemas().Mappers()
	for _, mapper := range slices.Sorted(maps.Keys(all)) {
		a := all[mapper]
		if a.On > 0 {
			m.Say(account.Warn, "mapper=%s contradicts what other events tell of the same processes, in %s on %s (%s): what it reads there stands apart, "+
				"so that a device may have two processes of one id; leave it out, or correct its mapping", names[mapper-1], account.Events(a.Against), account.Plural(a.On, "device"), a.device)
		}
		if a.Strange > 0 {
			level, way := account.Info, "on "+account.Plural(a.Joined+a.On, "other device")+" they have"
			if a.Joined+a.On == 0 {
				level, way = account.Warn, "are the fields right that it takes for process ids, GUIDs, names and times?"
			}
			m.Say(level, "mapper=%s and other events have no process in common on %s of which both tell (%s): what it reads there stands apart, "+
				"and one process may be shown as two; %s", names[mapper-1], account.Plural(a.Strange, "device"), a.stranger, way)
		}
	}
}
