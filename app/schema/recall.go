package schema

import (
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
	for i := range s.answers {
		if s.answers[i].holds(rec) {
			return &s.answers[i].found
		}
	}
	r.search.noting = rec.Layout() != nil && len(s.answers) < mostAnswers
	f := r.search.find(s.programs, s.openers, rec)
	if r.search.noting && !slices.ContainsFunc(r.search.notes, question.isLong) {
		s.answers = append(s.answers, answer{sortedQuestions(r.search.notes), found{f.program, f.table, slices.Clone(f.used)}})
	}
	return f
}

func (q question) isLong() bool { return len(q.value) > longAnswer }

// sortedQuestions returns the questions about values first: the others mostly have the
// same answer for all events of a log.
func sortedQuestions(notes []question) []question {
	questions := slices.Clone(notes)
	slices.SortStableFunc(questions, func(a, b question) int { return min(1, len(b.value)) - min(1, len(a.value)) })
	// A question about a value is one about its presence too.
	var out []question
	for _, q := range questions {
		if !slices.ContainsFunc(out, func(o question) bool { return o.slot == q.slot && (o == q || o.present && q.present) }) {
			out = append(out, q)
		}
	}
	return out
}

func (a *answer) holds(rec *record.Record) bool {
	for i := range a.questions {
		if !a.questions[i].holds(rec.Get(a.questions[i].slot)) {
			return false
		}
	}
	return true
}

func (q *question) holds(v []byte) bool {
	if q.value != "" {
		return string(v) == q.value
	}
	return q.present != isAbsent(v)
}
