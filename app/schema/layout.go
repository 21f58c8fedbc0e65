package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// programsFor returns the programs for records of a layout: those that hold there for
// some record, without what never does. Most columns that a schema looks for are in no
// row of a given CSV text, and looking for them in every row is most of the work.
func (r *Reader) programsFor(layout *record.Layout) []program {
	if layout == nil {
		return r.programs
	}
	if r.layout == nil || r.layout != layout && !slices.Equal(r.layout.Slots, layout.Slots) {
		r.possible = reduced(r.programs, layout.Slots)
	}
	r.layout = layout
	return r.possible
}

func reduced(programs []program, there []record.Slot) (out []program) {
	possible := make([]bool, names.Len())
	for _, s := range there {
		possible[s] = true
	}
	for i := range programs {
		p := program{unknown: programs[i].unknown}
		for _, gate := range programs[i].gate {
			if tests, may := reducedTests(gate, possible); may {
				p.gate = append(p.gate, tests)
			}
		}
		for j := range programs[i].tables {
			if t, may := programs[i].tables[j].reduced(possible); may {
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
	out = compiledTable{kind: t.kind, partial: t.partial}
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
		if len(own.from) > 0 {
			out.rules = append(out.rules, own)
		} else if !rule.optional {
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
