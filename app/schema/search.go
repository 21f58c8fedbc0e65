package schema

import "github.com/schtaskhunt/schtaskhunt/app/record"

// found is what a record was recognised as.
type found struct {
	program *program
	table   *compiledTable // nil where there is none
	used    []record.Slot  // the fields that decided it
}

// search tries one program after the other on a record.
type search struct {
	found found
	rec   *record.Record

	noting bool // what it asks
	notes  []question
}

// find returns what was found, which is valid until the next search. may tells which of
// the programs may open, nil when all may.
func (s *search) find(programs []program, may *openers, rec *record.Record) *found {
	s.rec, s.notes = rec, s.notes[:0]
	candidates := may.of(rec)
	for i := range programs {
		p := &programs[i]
		if !candidates.has(i) || !s.opens(p) {
			continue
		}
		gate := len(s.found.used)
		for j := range p.tables {
			if s.allHold(p.tables[j].when, gate) {
				s.found.program, s.found.table = p, &p.tables[j]
				return &s.found
			}
		}
	}
	s.found = found{used: s.found.used[:0]}
	return &s.found
}

// opens reports whether one of the gate's lists of conditions holds.
func (s *search) opens(p *program) bool {
	for i := range p.gate {
		if s.allHold(p.gate[i], 0) {
			return true
		}
	}
	return false
}

// allHold reports whether all tests hold, and adds the slots that decided it to the
// first so many that were used.
func (s *search) allHold(tests []test, used int) bool {
	s.found.used = s.found.used[:used]
	for i := range tests {
		v, slot := tests[i].value(s.rec)
		if s.noting {
			s.note(&tests[i], v, slot)
		}
		if !tests[i].holds(v, tests[i].values) {
			return false
		}
		if slot != record.NoSlot {
			s.found.used = append(s.found.used, slot)
		}
	}
	return true
}

// note takes down what a test looked at: its fields up to the one that has a value.
func (s *search) note(t *test, v []byte, at record.Slot) {
	for _, slot := range t.slots {
		q := question{slot: slot, present: slot == at}
		if q.present && len(t.values) > 0 {
			q.value = string(v)
		}
		s.notes = append(s.notes, q)
		if q.present {
			return
		}
	}
}
