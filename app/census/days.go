package census

import "math/bits"

// Days is a set of days of UTC, by their numbers (rarity.DayOf), of which none is more than
// mostDays before the last. The zero value is empty.
type Days struct {
	last int32     // the latest, when there is any
	bits [2]uint64 // bit i: the day i before the last
}

// mostDays is how far back a set of days reaches.
const mostDays = 128

// Day returns the set of one day.
func Day(number int) Days { return Days{int32(number), [2]uint64{1, 0}} }

// back returns the set of the days i before a day, for every bit i.
func back(number int, set uint64) (d Days) {
	if set == 0 {
		return d
	}
	first := bits.TrailingZeros64(set)
	return Days{int32(number - first), [2]uint64{set >> first, 0}}
}

// Empty reports whether there is no day.
func (d Days) Empty() bool { return d.bits == [2]uint64{} }

// Count returns how many days there are.
func (d Days) Count() int { return bits.OnesCount64(d.bits[0]) + bits.OnesCount64(d.bits[1]) }

// Has reports whether a day is in the set.
func (d Days) Has(number int) bool {
	i := int(d.last) - number
	return i >= 0 && i < mostDays && d.bits[i/64]>>(i%64)&1 != 0
}

// Union returns the days of either set.
func (d Days) Union(o Days) Days {
	switch {
	case o.Empty():
		return d
	case d.Empty():
		return o
	case o.last > d.last:
		d, o = o, d
	}
	o = o.shifted(int(d.last - o.last))
	return Days{d.last, [2]uint64{d.bits[0] | o.bits[0], d.bits[1] | o.bits[1]}}
}

// shifted are the bits as counted from a later day.
func (d Days) shifted(by int) (s Days) {
	switch {
	case by >= mostDays:
	case by >= 64:
		s.bits[1] = d.bits[0] << (by - 64)
	case by == 0:
		s.bits = d.bits
	default:
		s.bits[0], s.bits[1] = d.bits[0]<<by, d.bits[1]<<by|d.bits[0]>>(64-by)
	}
	return s
}

// From returns the set without the days before one.
func (d Days) From(number int) Days {
	keep := int(d.last) - number + 1
	switch {
	case keep <= 0:
		return Days{}
	case keep < 64:
		d.bits[0], d.bits[1] = d.bits[0]&(1<<keep-1), 0
	case keep < mostDays:
		d.bits[1] &= 1<<(keep-64) - 1
	}
	return d
}

// Back returns the set as bits counted back from a day, bit i for i days before; bit 63
// stands for all before. Later days count as that day.
func (d Days) Back(number int) (set uint64) {
	for i := range mostDays {
		if d.bits[i/64]>>(i%64)&1 != 0 {
			set |= 1 << max(0, min(number-int(d.last)+i, 63))
		}
	}
	return set
}

// append packs the set as the lengths of stretches of days with and without, from the last
// back, and a 0.
func (d Days) append(p *packer) {
	for i, on := 0, true; i < mostDays && !d.Empty(); on = !on {
		n := 0
		for i+n < mostDays && (d.bits[(i+n)/64]>>((i+n)%64)&1 != 0) == on {
			n++
		}
		if i+n == mostDays && !on {
			break
		}
		p.number(uint64(n))
		i += n
	}
	p.number(0)
}

// days unpacks a set whose last day is known.
func (u *unpacker) days(last int32) (d Days) {
	d.last = last
	for i, on := 0, true; ; on = !on {
		n := int(u.number(mostDays))
		if n == 0 || u.failed || i+n > mostDays {
			u.failed = u.failed || i+n > mostDays
			return d
		}
		for ; on && n > 0; n-- {
			d.bits[i/64] |= 1 << (i % 64)
			i++
		}
		i += n
	}
}
