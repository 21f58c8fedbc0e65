package beacon

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Contact is one contact, or a row that stands for several.
type Contact struct {
	Time event.Time
	// Run is a number of the process instance that made it, 0 where it is not known. It
	// has to be the same for the same instance in whatever is merged.
	Run int32
	// Weight is how many contacts an aggregated row stands for, which came since the row
	// before it; 0 and 1 are a contact as it is.
	Weight int32
}

// tick is the precision of a Contacts, about a tenth of a second: finer than any period
// claimed, and a power of two, so that windows nest.
const tick = 1 << 20

// Contacts is a set of contacts in bounded space: all of them while they are few, then
// a sample that keeps their periods. Whatever is added or merged, in whatever order and
// however often, gives the same bytes: contacts of one tenth of a second are one, that
// of the smallest run, with the greatest weight. The zero value is empty and ready; it
// is not safe for concurrent use.
type Contacts struct {
	packed  []byte // a sample, packed; nil when empty
	pending []cell // added since
}

// pending is settled when it holds this many: often where all is kept and packing is
// cheap, seldom where a sample has to be unpacked.
const (
	fewPending  = 64
	manyPending = 4096
)

// Add adds a contact. One without a time says nothing about regularity: it is not
// added, and Add returns false for the caller to count.
func (c *Contacts) Add(contact Contact) bool {
	if contact.Time == event.NoTime {
		return false
	}
	c.pending = append(c.pending, cell{at: int64(contact.Time) >> 20, run: contact.Run, weight: max(1, contact.Weight)})
	limit := fewPending
	if len(c.packed) > 0 && c.packed[0] == packedThin {
		limit = manyPending
	}
	if len(c.pending) >= limit {
		c.Settle()
	}
	return true
}

// Merge adds all of another's contacts; the other stays as it is.
func (c *Contacts) Merge(other *Contacts) {
	s := c.sample()
	s.join(other.sample())
	c.set(s)
}

// Settle packs what was added, so that c takes the least space. It changes nothing
// else.
func (c *Contacts) Settle() {
	if len(c.pending) > 0 {
		c.set(c.sample())
	}
}

func (c *Contacts) set(s *sample) {
	c.packed, c.pending = slices.Clip(s.appendTo(nil)), nil
}

// AppendBinary appends the contacts as bytes that ParseContacts reads. Equal sets have
// equal bytes. The error is always nil.
func (c *Contacts) AppendBinary(dst []byte) ([]byte, error) {
	return c.sample().appendTo(dst), nil
}

// ParseContacts reads what AppendBinary wrote; it keeps nothing of b.
func ParseContacts(b []byte) (Contacts, error) {
	s, err := parseSample(b)
	if err != nil {
		return Contacts{}, err
	}
	var c Contacts
	c.set(s)
	return c, nil
}

// Count returns how many contacts there are, aggregated rows weighted, and whether
// that is exact; of a sample it is an estimate, within some 15 %.
func (c *Contacts) Count() (n int, exact bool) {
	s := c.sample()
	return s.count(), s.thin == nil
}

// Span returns the times of the first and the last contact to a tenth of a second,
// NoTime for none. They are exact in a sample too.
func (c *Contacts) Span() (first, last event.Time) {
	s := c.sample()
	if s.empty() {
		return event.NoTime, event.NoTime
	}
	return event.Time(s.first) * tick, event.Time(s.last) * tick
}

// Times returns the times of all contacts to a tenth of a second, sorted, for the scores
// of RITA; false where only a sample of them is left.
func (c *Contacts) Times() ([]event.Time, bool) {
	s := c.sample()
	times := make([]event.Time, len(s.cells))
	for i, x := range s.cells {
		times[i] = event.Time(x.at) * tick
	}
	return times, s.thin == nil
}

// sample returns all of c, unpacked.
func (c *Contacts) sample() *sample {
	s := &sample{}
	if len(c.packed) > 0 {
		var err error
		if s, err = parseSample(c.packed); err != nil {
			panic("beacon: own bytes cannot be read: " + err.Error())
		}
	}
	s.add(slices.Clone(c.pending))
	return s
}

// cell is all contacts of a stretch of time: the first one's tick and run, the greatest
// weight. Each part is a smallest or greatest, which is what makes union idempotent.
type cell struct {
	at     int64 // ticks since 1970
	run    int32
	weight int32
}

// fold joins sorted or unsorted cells of the same 2^shift ticks, in place.
func fold(cells []cell, shift uint8) []cell {
	slices.SortFunc(cells, cell.compare)
	kept := cells[:0]
	for _, x := range cells {
		if n := len(kept); n > 0 && kept[n-1].at>>shift == x.at>>shift {
			kept[n-1].weight = max(kept[n-1].weight, x.weight)
			continue
		}
		kept = append(kept, x)
	}
	return kept
}

// compare orders cells by time, then run, then weight.
func (c cell) compare(other cell) int {
	if c.at != other.at {
		return cmp.Compare(c.at, other.at)
	}
	return cmp.Or(cmp.Compare(c.run, other.run), cmp.Compare(c.weight, other.weight))
}
