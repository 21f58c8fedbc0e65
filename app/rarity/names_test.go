package rarity

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// went is that a task went somewhere from a device.
type went struct {
	task, to string
	device   Device
	day      int
}

// wentWhere are devices and the first day, by task and destination.
type wentWhere map[string]map[string]map[Device]int

func (w wentWhere) add(task, to string, d Device, day int) {
	if w[task] == nil {
		w[task] = map[string]map[Device]int{}
	}
	if w[task][to] == nil {
		w[task][to] = map[Device]int{}
	}
	if was, there := w[task][to][d]; !there || day < was {
		w[task][to][d] = day
	}
}

func firstDay(on map[Device]int) int { return slices.Min(slices.Collect(maps.Values(on))) }

// calledSlowly says what a task's destination is called, by going over all that is known.
func calledSlowly(w wentWhere, names map[string][]string, task, to string) string {
	switch all := names[to]; {
	case len(all) == 0:
		return to
	case len(all) == 1 && all[0] != "":
		return all[0]
	}
	known := slices.DeleteFunc(slices.Clone(names[to]), func(name string) bool {
		return w[task][name] == nil || firstDay(w[task][name]) > firstDay(w[task][to])
	})
	if len(known) == 0 {
		return to
	}
	return slices.MinFunc(known, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(w[task][b]), len(w[task][a])), cmp.Compare(a, b))
	})
}

// renamedSlowly is everything by what it is called.
func renamedSlowly(w wentWhere, called func(task, to string) string) wentWhere {
	now := wentWhere{}
	for task, all := range w {
		for to, on := range all {
			for d, day := range on {
				now.add(task, called(task, to), d, day)
			}
		}
	}
	return now
}

const nowDay = 100

func (s *Survey) wentOne(one went) {
	f := Fact{Destination, s.Intern(one.to)}
	o := On{Device: one.device}
	o.see(event.Time(one.day)*event.Day, nowDay*event.Day)
	s.task(s.Intern(one.task)).add(o)
	s.task(s.Intern(one.task)).fact(f).add(o)
	s.fleet(f).add(o)
}

// Addresses of one name and of several, of names that nobody knows any more, on few devices
// and on many: what they are called does not depend on the order in which anything came.
func TestAddressesAreCalledByWhatIsKnown(t *testing.T) {
	within, oneName := 0, 0
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 3))
		names := map[string][]string{}
		for i := range rng.IntN(6) {
			all := map[string]bool{}
			for range 1 + rng.IntN(3) {
				all[[]string{"a.com", "b.com", "c.com", ""}[rng.IntN(4)]] = true
			}
			names[fmt.Sprintf("192.0.2.%d", i)] = slices.Sorted(maps.Keys(all))
		}
		var list []went
		devices := []int{4, 200}[rng.IntN(2)]
		for range rng.IntN(60 + 2*devices) {
			to := []string{"a.com", "b.com", "c.com", "192.0.2.0", "192.0.2.1", "192.0.2.2", "192.0.2.9"}[rng.IntN(7)]
			list = append(list, went{fmt.Sprint("task ", rng.IntN(3)), to, Device(rng.IntN(devices)), nowDay - rng.IntN(5)})
		}
		s, all := NewSurvey(), wentWhere{}
		for _, one := range list {
			s.wentOne(one)
			all.add(one.task, one.to, one.device, one.day)
		}
		for address, names := range names {
			for _, name := range names {
				s.Named(address, name)
			}
		}
		r := s.Resolve()
		s.Learn(func(text string) string { return text })
		s.ResolveWithin(r)
		// What has one name is called by it before the others are asked.
		first := renamedSlowly(all, func(_, to string) string {
			if n := names[to]; len(n) == 1 && n[0] != "" {
				return n[0]
			}
			return to
		})
		want := renamedSlowly(first, func(task, to string) string { return calledSlowly(first, names, task, to) })
		got := wentWhere{}
		for template, task := range s.Tasks() {
			for f, seen := range task.Facts {
				for _, d := range seen.Which() {
					got.add(s.Text(template), s.Text(f.Text), Device(d), 0)
					if !s.Fleet[f].Has(Device(d)) {
						t.Fatalf("seed %d: the fleet does not know that %s went to %s from %d", seed, s.Text(template), s.Text(f.Text), d)
					}
				}
				if first := int(seen.First / event.Day); first != firstDay(want[s.Text(template)][s.Text(f.Text)]) {
					t.Fatalf("seed %d: %s went to %s on day %d first", seed, s.Text(template), s.Text(f.Text), first)
				}
			}
		}
		if days := renamedSlowly(want, func(_, to string) string { return to }); !sameDevices(got, days) {
			t.Fatalf("seed %d: names %v\n%v\ngives %v\nwant %v", seed, names, all, got, want)
		}
		for _, one := range list {
			from := Fact{Destination, s.Intern(one.to)}
			to := s.Text(r.Of(s.Intern(one.task), from).Text)
			if wantTo := calledSlowly(first, names, one.task, one.to); to != wantTo {
				t.Fatalf("seed %d: %s of %s is called %s, want %s", seed, one.to, one.task, to, wantTo)
			}
			switch {
			case to != one.to && len(names[one.to]) > 1:
				within++
			case to != one.to:
				oneName++
			}
		}
	}
	if within < 100 || oneName < 100 {
		t.Errorf("%d addresses are called by a name that their task knows, %d by their only name", within, oneName)
	}
}

// sameDevices reports whether the same tasks went to the same destinations from the same
// devices.
func sameDevices(a, b wentWhere) bool {
	which := func(w wentWhere) map[string][]Device {
		all := map[string][]Device{}
		for task, some := range w {
			for to, on := range some {
				all[task+"|"+to] = slices.Sorted(maps.Keys(on))
			}
		}
		return all
	}
	return reflect.DeepEqual(which(a), which(b))
}

// An address is no name of another, whoever looks such a thing up.
func TestAddressesAreNoNames(t *testing.T) {
	s := NewSurvey()
	s.wentOne(went{"task", "192.0.2.1", 1, nowDay})
	s.Named("192.0.2.1", "192.0.2.2")
	s.Named("192.0.2.2", "192.0.2.1")
	s.Named("192.0.2.3", "192.0.2.3")
	r := s.Resolve()
	for _, address := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		if f := (Fact{Destination, s.Intern(address)}); r.Of(s.Intern("task"), f) != f {
			t.Errorf("%s is called %s", address, s.Text(r.Of(s.Intern("task"), f).Text))
		}
	}
}
