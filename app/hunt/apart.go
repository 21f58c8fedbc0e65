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

// addApart notes the contradictions of a part. Of several devices the one that sorts first is
// named.
func (f *findings) addApart(p *part) {
	for _, one := range p.apart {
		if one.Against == 0 {
			continue
		}
		sum, name := f.apart[one.Mapper], p.roster.Symbols().String(p.roster.DeviceName(one.Device))
		if sum.On == 0 || name < sum.device {
			sum.device = name
		}
		sum.Against += one.Against
		sum.On++
		f.apart[one.Mapper] = sum
	}
}

// sayMappers tells which mappers contradict what others tell of the same processes.
func (h *Hunt) sayMappers(m *account.Messages, all map[uint8]apart) {
	names := h.plugins.Schemas().Mappers()
	for _, mapper := range slices.Sorted(maps.Keys(all)) {
		a := all[mapper]
		m.Say(account.Warn, "mapper=%s contradicts what other events tell of the same processes, in %s on %s (%s): what it reads there stands apart, "+
			"so that a device may have two processes of one id; leave it out, or correct its mapping", names[mapper-1], account.Events(a.Against), account.Plural(a.On, "device"), a.device)
	}
}
