package rarity

import (
	"cmp"
	"strings"
)

// stands says that an address was the answer to a lookup of a destination; the empty text
// for one of which no more is known than that it is another.
type stands struct{ address, name Text }

// Named says that an address stands for a destination; "" for others whose names nobody
// knows any more.
func (s *Survey) Named(address, destination string) {
	s.named[stands{s.Intern(address), s.Intern(destination)}] = struct{}{}
}

// EachNamed calls see with every address and each destination that it stands for, in no
// order.
func (s *Survey) EachNamed(see func(address, destination string)) {
	for one := range s.named {
		see(s.texts[one.address], s.texts[one.name])
	}
}

// names are the destinations of each address. What is itself an address with a name is none.
func (s *Survey) names() map[Text][]Text {
	is := make(map[Text]bool, len(s.named))
	for one := range s.named {
		is[one.address] = true
	}
	all := make(map[Text][]Text, len(is))
	for one := range s.named {
		if !is[one.name] {
			all[one.address] = append(all[one.address], one.name)
		}
	}
	return all
}

// Renamed says what facts are called once all devices are known.
type Renamed struct {
	everywhere map[Fact]Fact
	several    map[Text][]Text // the names of addresses that have more than one
	within     map[ofTask]Fact
}

type ofTask struct {
	template Text
	fact     Fact
}

// Of returns what a fact of the task with a template is called.
func (r *Renamed) Of(template Text, f Fact) Fact {
	if to, renamed := r.everywhere[f]; renamed {
		return to
	}
	if to, renamed := r.within[ofTask{template, f}]; renamed {
		return to
	}
	return f
}

// Shared reports whether an address stands for several destinations, as those of a content
// network do. A contact with one that came without a name, in a task that knows none of
// them, may be with any.
func (r *Renamed) Shared(address Text) bool { return r.several[address] != nil }

// Resolve gives the addresses to which devices went without looking a name up the name
// that others looked up, where all mean the same. Call it once, after all devices and before
// Learn; ResolveWithin does the rest behind it.
func (s *Survey) Resolve() *Renamed {
	r := &Renamed{everywhere: make(map[Fact]Fact), several: make(map[Text][]Text), within: make(map[ofTask]Fact)}
	for address, names := range s.names() {
		if len(names) == 1 && s.texts[names[0]] != "" {
			r.everywhere[Fact{Destination, address}] = Fact{Destination, names[0]}
			continue
		}
		r.several[address] = names
	}
	rename(s.Fleet, r.everywhere)
	for _, task := range s.tasks {
		rename(task.Facts, r.everywhere)
	}
	return r
}

// ResolveWithin gives addresses that stand for several destinations, in the tasks that go to
// one of these anyway and did so no later, the name of that one: without a lookup that tells
// which one was meant, what a task is known to do is likelier than that it has changed. In
// all other tasks they stay addresses. Call it once, after Learn.
func (s *Survey) ResolveWithin(r *Renamed) {
	for template, task := range s.tasks {
		now := make(map[Fact]Fact)
		for f := range task.Facts {
			if f.Kind != Destination || r.several[f.Text] == nil {
				continue
			}
			if to, known := s.knownAs(task, f, r.several[f.Text]); known {
				now[f], r.within[ofTask{template, f}] = to, to
			}
		}
		for from, to := range now {
			s.Fleet[to].addSights(task.Facts[from])
		}
		rename(task.Facts, now)
	}
}

// knownAs returns which of an address's names a task knows: that on most of its devices.
func (s *Survey) knownAs(task *Task, address Fact, names []Text) (best Fact, known bool) {
	for _, name := range names {
		f := Fact{Destination, name}
		seen := task.Facts[f]
		if seen == nil || seen.First > task.Facts[address].First {
			continue
		}
		if !known || cmp.Or(cmp.Compare(seen.Devices(), task.Facts[best].Devices()), strings.Compare(s.texts[best.Text], s.texts[name])) > 0 {
			best, known = f, true
		}
	}
	return best, known
}

// addSights adds where and when another was seen, and leaves that as it is.
func (s *Seen) addSights(o *Seen) {
	if o.Common() {
		all := &Seen{}
		all.UniteMany(nil, o.Sight, o.least)
		for _, d := range o.Which() {
			all.mark(Device(d))
		}
		s.merge(all)
		return
	}
	for i := range o.On {
		s.add(On{Device: o.On[i].Device, Sight: o.On[i].Sight})
	}
}

func rename(facts map[Fact]*Seen, now map[Fact]Fact) {
	for from, seen := range facts {
		to, renamed := now[from]
		if !renamed {
			continue
		}
		delete(facts, from)
		if facts[to] == nil {
			facts[to] = seen
			continue
		}
		facts[to].merge(seen)
	}
}
