package schema

import "github.com/schtaskhunt/schtaskhunt/app/record"

// openers tell by the fields that an event has which programs may open for it: a program
// whose every list of conditions wants a field that is not there cannot. Most programs
// want fields of their own, so that few are tried on an event, however many there are.
type openers struct {
	bySlot []programSet
	always programSet // that may open without any field
}

// programSet is a set of programs by their number. Those beyond its size are in every set.
type programSet uint64

const setSize = 64

func (s programSet) has(i int) bool { return i >= setSize || s>>i&1 == 1 }

func (s *programSet) add(i int) {
	if i < setSize {
		*s |= 1 << i
	}
}

// newOpeners takes, of every list of conditions, the one that can hold by the fewest
// fields.
func newOpeners(programs []program, slots int) *openers {
	o := &openers{bySlot: make([]programSet, slots)}
	for i := range programs {
		for _, tests := range programs[i].gate {
			wanted := rarest(tests)
			if wanted == nil {
				o.always.add(i)
				continue
			}
			for _, slot := range wanted.slots {
				o.bySlot[slot].add(i)
			}
		}
	}
	return o
}

// rarest returns the test that can hold by the fewest fields, nil when all hold without any.
func rarest(tests []test) (least *test) {
	for i := range tests {
		if t := &tests[i]; !t.absent && (least == nil || len(t.slots) < len(least.slots)) {
			least = t
		}
	}
	return least
}

// of returns the programs that may open for a record, all of them where o is nil.
func (o *openers) of(rec *record.Record) programSet {
	if o == nil {
		return ^programSet(0)
	}
	may := o.always
	for _, slot := range rec.Filled() {
		may |= o.bySlot[slot]
	}
	return may
}
