package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// layouts remembers what of the programs can hold for the records of a layout. Most
// fields that a schema looks for are in no row of a given CSV text and in no event of a
// given form, and looking for them in every event is most of the work.
type layouts struct {
	known   map[*record.Layout]*family
	last    *record.Layout
	lastOne *family
	any     family // of records in which any slot may have a value
	unions  map[[2]*record.Layout]*record.Layout
	slots   int // of the set
	texts   texts
	odd     []record.Slot // of which one with a value has an event read in full: see Reader.look
}

// mostLayouts is how many layouts are remembered: a stream may make up new ones
// without end.
const mostLayouts = 256

// family returns what is known of the records of a layout.
func (l *layouts) family(layout *record.Layout) *family {
	switch layout {
	case nil:
		return &l.any
	case l.last:
		return l.lastOne
	}
	known := l.known[layout]
	if known == nil {
		if l.known == nil || len(l.known) >= mostLayouts {
			l.known = make(map[*record.Layout]*family)
		}
		known = &family{programs: reduced(l.any.programs, l.slots, layout.Slots, l.odd)}
		known.texts = slices.DeleteFunc(slices.Clone(l.texts), func(s record.Slot) bool { return !slices.Contains(layout.Slots, s) })
		l.known[layout] = known
	}
	l.last, l.lastOne = layout, known
	return known
}

// union returns the layout of records that have the fields of both, nil when any field
// may be in them.
func (l *layouts) union(a, b *record.Layout) *record.Layout {
	if a == nil || b == nil {
		return nil
	}
	pair := [2]*record.Layout{a, b}
	both, known := l.unions[pair]
	if !known {
		if l.unions == nil || len(l.unions) >= mostLayouts {
			l.unions = make(map[[2]*record.Layout]*record.Layout)
		}
		both = &record.Layout{Slots: slices.Concat(a.Slots, b.Slots)}
		l.unions[pair] = both
	}
	return both
}

func reduced(programs []program, slots int, there, odd []record.Slot) (out []program) {
	possible := make([]bool, slots)
	for _, s := range there {
		possible[s] = true
	}
	mayBeOdd := slices.ContainsFunc(odd, func(s record.Slot) bool { return possible[s] })
	for i := range programs {
		p := program{unknown: programs[i].unknown, mapper: programs[i].mapper, number: programs[i].number, doubled: programs[i].doubled}
		for _, gate := range programs[i].gate {
			if tests, may := reducedTests(gate, possible); may {
				p.gate = append(p.gate, tests)
			}
		}
		for j := range programs[i].tables {
			if t, may := programs[i].tables[j].reduced(possible); may {
				if !p.doubled && p.mapper == "" { // what mappers read is told apart, which keys are not
					t.plan = planOf(p.unknown, t, mayBeOdd)
				}
				p.tables = append(p.tables, t)
			}
		}
		// A shape that is recognised is not tried by later programs, even without a table.
		if len(p.gate) > 0 {
			out = append(out, p)
		}
	}
	return out
}

func (t *compiledTable) reduced(possible []bool) (out compiledTable, may bool) {
	out = compiledTable{kind: t.kind, aside: t.aside, partial: t.partial, utc: t.utc}
	if out.when, may = reducedTests(t.when, possible); !may {
		return out, false
	}
	for _, rule := range t.rules {
		own := rule
		own.from, own.own = nil, 0
		for i, s := range rule.from {
			if !possible[s] {
				continue
			}
			own.from = append(own.from, s)
			if i < rule.own {
				own.own++
			}
		}
		switch {
		case len(own.from) > 0:
			out.rules = append(out.rules, own)
		case rule.optional:
		case own.needless != nil: // whether the lack matters, each event tells
			out.rules = append(out.rules, own)
		default:
			out.partial = true
		}
	}
	return out, true
}

// reducedTests leaves out the tests that always hold. It reports false when one never
// does.
func reducedTests(tests []test, possible []bool) (out []test, may bool) {
	for _, t := range tests {
		own := t
		own.slots = slices.DeleteFunc(slices.Clone(t.slots), func(s record.Slot) bool { return !possible[s] })
		switch {
		case len(own.slots) > 0:
			out = append(out, own)
		case !t.absent:
			return nil, false
		}
	}
	return out, true
}
