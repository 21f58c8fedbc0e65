package rarity

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// slowSeen remembers everything.
type slowSeen map[Device]Sight

func (s slowSeen) add(o On) {
	was := s[o.Device]
	was.join(o.Sight)
	s[o.Device] = was
}

func check(t *testing.T, got *Seen, want slowSeen) {
	t.Helper()
	if got.Devices() != len(want) || got.Common() != (len(want) > MostKnown) {
		t.Fatalf("%d devices, common %t; want %d", got.Devices(), got.Common(), len(want))
	}
	var whole Sight
	days := 0
	for d, sight := range want {
		whole.join(sight)
		days += bits.OnesCount64(sight.Days)
		if !got.Has(d) || got.Has(d+1_000_000) {
			t.Fatalf("device %d is not where it belongs", d)
		}
		if on := got.At(d); !got.Common() && (on == nil || on.Sight != sight) {
			t.Fatalf("device %d has %+v, want %+v", d, on, sight)
		}
	}
	if got.Sight != whole {
		t.Fatalf("seen %+v, want %+v", got.Sight, whole)
	}
	if !got.Common() && got.DeviceDaysKnown() != days {
		t.Fatalf("%d device-days, want %d", got.DeviceDaysKnown(), days)
	}
	which := got.Which()
	slices.Sort(which)
	if len(which) != len(want) || len(slices.Compact(which)) != len(want) {
		t.Fatalf("%d devices are listed, want %d", len(which), len(want))
	}
}

// Sights come in any order and pieces, and are put together from parts of a fleet.
func TestSeenAgainstTheSlowOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	now := 100 * event.Day
	for range 300 {
		var parts [3]Seen
		want := slowSeen{}
		for range rng.IntN(300) {
			o := On{Device: Device(rng.IntN(1 + rng.IntN(200)))}
			at := now - event.Time(rng.Int64N(int64(20*event.Day)))
			o.see(at, now)
			o.Runs = int32(rng.IntN(3))
			parts[rng.IntN(3)].add(o)
			want.add(o)
		}
		for _, i := range rng.Perm(2) {
			parts[2].merge(&parts[i])
		}
		check(t, &parts[2], want)
	}
}

func TestDayBit(t *testing.T) {
	now := 1000 * event.Day
	for _, c := range []struct {
		at   event.Time
		want int
	}{{now, 0}, {now + event.Day, 0}, {now - event.Day + 1, 0}, {now - event.Day, 1}, {now - 63*event.Day, 63}, {now - 900*event.Day, 63}} {
		if got := bits.TrailingZeros64(dayBit(c.at, now)); got != c.want {
			t.Errorf("%d days back is bit %d, want %d", (now-c.at)/event.Day, got, c.want)
		}
	}
}

// Contacts of the same thing are put together, and let go of when it is common.
func TestContactsGoWithTheirDevice(t *testing.T) {
	var s Seen
	for d := range MostKnown {
		s.add(On{Device: Device(d), Contacts: contacts(event.Second)})
	}
	s.add(On{Device: 3, Contacts: contacts(99 * event.Second)})
	if n, _ := s.At(3).Contacts.Count(); n != 2 {
		t.Errorf("%d contacts, want 2", n)
	}
	s.add(On{Device: 1000, Contacts: contacts(event.Second)})
	if !s.Common() || s.On != nil || s.At(3) != nil {
		t.Errorf("%d devices are still known one by one", len(s.On))
	}
}

// What others say of a device's contacts is put together in any order: the more regular counts.
func TestToldInAnyOrder(t *testing.T) {
	verdict := func(bits float64) *beacon.Verdicts {
		return &beacon.Verdicts{Runs: beacon.Verdict{Bits: bits, Count: 9}}
	}
	for _, order := range [][]float64{{3, 7, 5}, {7, 5, 3}, {5, 3, 7}} {
		var s Seen
		for _, bits := range order {
			s.add(On{Device: 4, Told: verdict(bits)})
		}
		s.add(On{Device: 4})
		if got := s.At(4).Told; got == nil || got.Runs.Bits != 7 {
			t.Errorf("told in the order %v: %+v", order, got)
		}
	}
}

func contacts(at event.Time) *beacon.Contacts {
	c := &beacon.Contacts{}
	c.Add(beacon.Contact{Time: 1000*event.Day + at, Run: 1})
	return c
}
