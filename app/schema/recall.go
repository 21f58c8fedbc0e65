package schema

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// family is what is known of the records of a layout.
type family struct {
	programs []program // without what holds for none of them
	texts    texts     // that their columns may hold
	openers  *openers  // nil where the layout has told enough
	answers  []answer
}

// answer is what a search asked of a record, and what it found. The next record that
// says the same to all of that is recognised without a search: in one log, few things
// differ between two events that tell what they are.
type answer struct {
	questions []question
	found     found
}

// question is what a test looks at in one field, and what it saw.
type question struct {
	slot    record.Slot
	present bool
	value   string // "" where all that counts is whether there is one
}

const (
	mostAnswers = 16 // of one layout
	longAnswer  = 64 // values of more bytes are not remembered
)

// find returns what a record is. What is found is to be read only.
func (r *Reader) find(rec *record.Record) *found {
	s := r.layouts.family(rec.Layout())
	if known := s.recall(rec); known != nil {
		return known
	}
	r.search.noting = rec.Layout() != nil && len(s.answers) < mostAnswers
	f := r.search.find(s.programs, s.openers, rec)
	if r.search.noting && len(r.search.notes) > 0 && !slices.ContainsFunc(r.search.notes, question.isLong) {
		s.answers = append(s.answers, answer{sortedQuestions(r.search.notes), found{f.program, f.table, slices.Clone(f.used)}})
	}
	return f
}

func (q question) isLong() bool { return len(q.value) > longAnswer }

// recall returns what was found of a record that said the same, nil for none. The first question
// of most answers is about the same field.
func (s *family) recall(rec *record.Record) *found {
	slot, value := record.NoSlot, []byte(nil)
	for i := range s.answers {
		a := &s.answers[i]
		if first := &a.questions[0]; first.slot != slot {
			slot, value = first.slot, rec.Get(first.slot)
		}
		if a.questions[0].holds(value) && a.holds(rec) {
			return &a.found
		}
	}
	return nil
}

// sortedQuestions returns the questions about values first, and of these the short ones, which
// are ids: the others mostly have the same answer for all events of a log.
func sortedQuestions(notes []question) []question {
	questions := slices.Clone(notes)
	slices.SortStableFunc(questions, func(a, b question) int { return cmp.Compare(a.rank(), b.rank()) })
	// A question about a value is one about its presence too.
	var out []question
	for _, q := range questions {
		if !slices.ContainsFunc(out, func(o question) bool { return o.slot == q.slot && (o == q || o.present && q.present) }) {
			out = append(out, q)
		}
	}
	return out
}

// holds reports whether a record says the same to all but the first question.
func (a *answer) holds(rec *record.Record) bool {
	for i := 1; i < len(a.questions); i++ {
		if !a.questions[i].holds(rec.Get(a.questions[i].slot)) {
			return false
		}
	}
	return true
}

func (q question) rank() int {
	if q.value == "" {
		return longAnswer + 1
	}
	return len(q.value)
}

func (q *question) holds(v []byte) bool {
	if q.value != "" {
		return string(v) == q.value
	}
	return q.present != isAbsent(v)
}
