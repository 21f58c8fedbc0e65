package rarity

import (
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What other runs counted is united with what this one did, so that what both counted
// counts once: of a device that both saw, the earliest and latest times stand, and the
// days of either. Call these after all devices are added, and before Resolve and Learn.

// Device notes a device that this run did not see, and returns its number.
func (s *Survey) Device(w Watch) Device {
	s.Devices = append(s.Devices, w)
	return Device(len(s.Devices) - 1)
}

// Widen says that a device was watched at other times too.
func (s *Survey) Widen(d Device, w Watched) {
	was := &s.Devices[d].Watched
	if was.First == event.NoTime || (w.First != event.NoTime && w.First < was.First) {
		was.First = w.First
	}
	was.Last = max(was.Last, w.Last)
	was.Kinds |= w.Kinds
}

// Intern returns the number of a text.
func (s *Survey) Intern(text string) Text { return s.intern([]byte(text)) }

// Texts returns how many texts there are; they are numbered from 0.
func (s *Survey) Texts() int { return len(s.texts) }

// Of returns what is known of a task, for Unite.
func (s *Survey) Of(template Text) *Seen { return &s.task(template).Seen }

// Fact returns what is known of a fact of a task, and of the fact anywhere, for Unite.
func (s *Survey) Fact(template Text, f Fact) (of, anywhere *Seen) {
	return s.task(template).fact(f), s.fleet(f)
}

// Unite adds what a device has of it, of which some may be known already.
func (s *Seen) Unite(o On) {
	was := s.at(o.Device)
	if was == nil {
		s.add(o)
		return
	}
	names, lookups := max(was.Names, o.Names), max(was.Lookups, o.Lookups)
	s.join(o.Sight)
	was.Sight.join(o.Sight)
	was.Names, was.Lookups, was.Told = names, lookups, Better(was.Told, o.Told)
}

// UniteCalls adds the contacts that another share of the fleet tells of a device, and the
// host names that were called, by their hashes: a device that this run saw itself, and one
// that does not have it, stay as they are. The contacts are the survey's from then on.
func (s *Seen) UniteCalls(d Device, contacts *beacon.Contacts, hashes []uint32) {
	if on := s.at(d); on != nil && on.Contacts == nil {
		on.Contacts, on.hosts = contacts, nil
		if len(hashes) > 0 {
			on.hosts = &hosts{hashes}
		}
	}
}

// UniteMany adds devices of which no more is known than that they have it; more says on
// how many it is at least, where that can only be estimated.
func (s *Seen) UniteMany(devices []Device, sight Sight, more int) {
	s.join(sight)
	s.least = max(s.least, more)
	if s.many == nil {
		s.many = []uint64{}
		for i := range s.On {
			s.mark(s.On[i].Device)
		}
		s.On = nil
	}
	for _, d := range devices {
		s.mark(d)
	}
}

// Better returns the more regular of each of two verdicts, nil where there is none. Which
// of the two comes first has no part in it.
func Better(a, b *beacon.Verdicts) *beacon.Verdicts {
	switch {
	case a == nil:
		return b
	case b == nil || *a == *b:
		return a
	}
	return &beacon.Verdicts{Runs: better(a.Runs, b.Runs), Inside: better(a.Inside, b.Inside)}
}

func better(a, b beacon.Verdict) beacon.Verdict {
	if cmp.Or(cmp.Compare(a.Bits, b.Bits), cmp.Compare(a.Count, b.Count), cmp.Compare(a.Score, b.Score),
		cmp.Compare(b.Period, a.Period), cmp.Compare(b.Jitter, a.Jitter), cmp.Compare(a.Kind, b.Kind), known(b)-known(a)) < 0 {
		return b
	}
	return a
}

// known orders a period that nobody knew before in front of a trigger's, which is no evidence.
func known(v beacon.Verdict) int {
	if v.Known {
		return 1
	}
	return 0
}
