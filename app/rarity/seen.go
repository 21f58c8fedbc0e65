package rarity

import (
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// MostKnown is on how many devices something may be seen whose devices are remembered one
// by one. What is on more is known by how many they are, and which: that it is common.
const MostKnown = 64

// Device is the number of a device in a Survey. Numbers are given as devices come, so they
// mean nothing but which is which.
type Device int32

// Sight is when something was seen: on one device, or anywhere.
type Sight struct {
	First, Last event.Time // NoTime when no event has a time
	Days        uint64     // bit i: on the day i days before that of now; bit 63 is all before
	Runs        int32
}

// see adds an event of one more moment.
func (s *Sight) see(t event.Time, now event.Time) {
	if t == event.NoTime {
		return
	}
	t = Whole(t)
	s.Days |= dayBit(t, now)
	s.Last = max(s.Last, t)
	if s.First == event.NoTime || t < s.First {
		s.First = t
	}
}

// Whole is an instant to the second, later rather than earlier: what one run saw is then
// the same when another reads of it.
func Whole(t event.Time) event.Time {
	if rest := t % event.Second; rest > 0 {
		t += event.Second - rest
	}
	return t
}

// DayOf numbers the days of UTC; midnight ends one. Days are the calendar's, so that what
// is counted at different hours can be put together.
func DayOf(t event.Time) int { return int((t - 1) / event.Day) }

// dayBit is the day of an instant, counted back from that of now.
func dayBit(t, now event.Time) uint64 {
	if t > now {
		return 1
	}
	return 1 << min(DayOf(now)-DayOf(t), 63)
}

// join adds what another says of the same thing.
func (s *Sight) join(o Sight) {
	s.Days |= o.Days
	s.Last = max(s.Last, o.Last)
	s.Runs += o.Runs
	if s.First == event.NoTime || (o.First != event.NoTime && o.First < s.First) {
		s.First = o.First
	}
}

// DeviceDays is on how many days it was seen.
func (s *Sight) DeviceDays() int { return bits.OnesCount64(s.Days) }

// On is what one device has of something.
type On struct {
	Device Device
	Sight
	Names    int32            // of a destination: host names beneath it, at least
	hosts    *hosts           // of a destination: which, as far as this run saw them; nil for none
	Lookups  int32            // of a destination: lookups without a connection
	Contacts *beacon.Contacts // of a destination: when; nil when there are none
	Told     *beacon.Verdicts // of a destination: how regular, as others say; Contacts know better
}

// Hosts are the hashes of the host names that this run saw beneath a destination, at most
// MostHosts, in order. They are not to be changed.
func (o *On) Hosts() []uint32 {
	if o.hosts == nil {
		return nil
	}
	return o.hosts.all
}

// Seen is when and where something was seen in the fleet.
type Seen struct {
	Sight
	On []On // by device, in no order; nil when they are more than MostKnown

	many  []uint64 // bit set of devices, when they are more than MostKnown
	count int
	least int // how many devices it is on at least, as others estimate
}

// Devices returns on how many devices it was seen.
func (s *Seen) Devices() int { return max(s.count, len(s.On), s.least) }

// Common reports whether it is on so many devices that these are not remembered.
func (s *Seen) Common() bool { return s.many != nil }

// Has reports whether a device has it.
func (s *Seen) Has(d Device) bool {
	if s.many != nil {
		at := int(d / 64)
		return at < len(s.many) && s.many[at]>>(d%64)&1 != 0
	}
	return s.at(d) != nil
}

// At returns what a device has of it; nil for nothing, and for what is common.
func (s *Seen) At(d Device) *On { return s.at(d) }

func (s *Seen) at(d Device) *On {
	for i := range s.On {
		if s.On[i].Device == d {
			return &s.On[i]
		}
	}
	return nil
}

// add adds what a device has of it, once or in pieces.
func (s *Seen) add(o On) {
	s.join(o.Sight)
	if s.many != nil {
		s.mark(o.Device)
		return
	}
	if was := s.at(o.Device); was != nil {
		was.join(o)
		return
	}
	if len(s.On) < MostKnown {
		s.On = append(s.On, o)
		return
	}
	s.many, s.count = []uint64{}, 0
	for i := range s.On {
		s.mark(s.On[i].Device)
	}
	s.mark(o.Device)
	s.On = nil
}

func (o *On) join(p On) {
	o.Sight.join(p.Sight)
	o.hosts = o.hosts.with(p.hosts)
	o.Names = max(o.Names, p.Names, int32(o.hosts.len()))
	o.Lookups += p.Lookups
	o.Told = Better(o.Told, p.Told)
	switch {
	case o.Contacts == nil:
		o.Contacts = p.Contacts
	case p.Contacts != nil:
		o.Contacts.Merge(p.Contacts)
	}
}

func (s *Seen) mark(d Device) {
	at := int(d / 64)
	for len(s.many) <= at {
		s.many = append(s.many, 0)
	}
	if bit := uint64(1) << (d % 64); s.many[at]&bit == 0 {
		s.many[at] |= bit
		s.count++
	}
}

// merge adds what another of the same thing has, which is void then.
func (s *Seen) merge(o *Seen) {
	if o.many == nil {
		for _, on := range o.On {
			s.add(on)
		}
		return
	}
	s.join(o.Sight)
	for i := range s.On {
		o.mark(s.On[i].Device)
	}
	for at, word := range s.many {
		for ; word != 0; word &= word - 1 {
			o.mark(Device(at*64 + bits.TrailingZeros64(word)))
		}
	}
	s.many, s.count, s.On, s.least = o.many, o.count, nil, max(s.least, o.least)
}

// DeviceDaysKnown is on how many days of how many devices it was seen: of what is common,
// as if on every day of it everywhere.
func (s *Seen) DeviceDaysKnown() (n int) {
	if s.Common() {
		return s.Devices() * s.DeviceDays()
	}
	for i := range s.On {
		n += s.On[i].DeviceDays()
	}
	return n
}

// Which are the devices that have it, in no order.
func (s *Seen) Which() (devices []int32) {
	for i := range s.On {
		devices = append(devices, int32(s.On[i].Device))
	}
	for at, word := range s.many {
		for ; word != 0; word &= word - 1 {
			devices = append(devices, int32(at*64+bits.TrailingZeros64(word)))
		}
	}
	return devices
}
