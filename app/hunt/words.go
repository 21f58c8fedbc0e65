package hunt

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
)

// words asks a Starter once for each pair of texts, as long as they come again soon.
type words struct {
	tree.Starter
	alone bool // only the scheduler starts trees
	names *spellings
	pairs *spellings
	pair  []byte
}

func newWords(s tree.Starter) words {
	return words{Starter: s, alone: tree.OnlyScheduled(s), names: new(spellings), pairs: new(spellings)}
}

// said is what tree makes of the words of a process start, and of those of its parent.
type said struct{ self, parent tree.Answer }

// said answers for a process start.
func (w *words) said(k *event.Keys) said {
	return said{w.verdict(k.Name, k.Command), w.verdict(k.ParentName, k.ParentCommand)}
}

// verdict is what tree makes of a process's name and command line.
func (w *words) verdict(name, command []byte) tree.Answer {
	switch {
	case w.alone && (tree.Schedule{}).RulesOut(name):
		return tree.No
	case len(name) == 0 && len(command) == 0:
		return tree.Maybe
	}
	one, known := w.names.of(name)
	if !known {
		one.keep(name, w.Starts(string(name), ""))
	}
	if one.answer == tree.No || len(command) == 0 {
		return one.answer
	}
	w.pair = append(append(append(w.pair[:0], name...), 0), command...)
	if one, known = w.pairs.of(w.pair); !known {
		one.keep(w.pair, w.Starts(string(name), string(command)))
	}
	return one.answer
}

// spellings remembers answers by texts, each in one of the few places that its hash says, until
// other texts come that have the same: this is asked up to three times for a process, and takes a
// third of the time of a map. Several places, because two texts that come by turns would
// else push each other out for ever.
type spellings [1 << 8]struct {
	places [4]spelling
	next   uint8 // the place that goes first
}

type spelling struct {
	text   []byte
	answer tree.Answer
	kept   bool
}

// longSpelling is how long a text is that is not remembered, in bytes.
const longSpelling = 1 << 10

// of returns the place of a text, and whether it is there already.
func (s *spellings) of(text []byte) (at *spelling, known bool) {
	some := &s[kin.Hash(text)%uint64(len(s))]
	for i := range some.places {
		if at = &some.places[i]; at.kept && bytes.Equal(at.text, text) {
			return at, true
		}
	}
	at = &some.places[some.next]
	some.next = (some.next + 1) % uint8(len(some.places))
	return at, false
}

func (s *spelling) keep(text []byte, answer tree.Answer) {
	s.answer, s.kept = answer, len(text) < longSpelling
	if s.kept {
		s.text = append(s.text[:0], text...)
	}
}
