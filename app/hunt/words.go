package hunt

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
)

// words asks a Starter once for each pair of texts, as long as they come again soon.
type words struct {
	tree.Starter
	names *spellings
	pairs *spellings
	pair  []byte
}

func newWords(s tree.Starter) words {
	return words{Starter: s, names: new(spellings), pairs: new(spellings)}
}

// verdict is what tree makes of a process's name and command line.
func (w *words) verdict(name, command []byte) tree.Answer {
	if len(name) == 0 && len(command) == 0 {
		return tree.Maybe
	}
	one := w.names.at(name)
	if !one.is(name) {
		one.keep(name, w.Starts(string(name), ""))
	}
	if one.answer == tree.No || len(command) == 0 {
		return one.answer
	}
	w.pair = append(append(append(w.pair[:0], name...), 0), command...)
	if one = w.pairs.at(w.pair); !one.is(w.pair) {
		one.keep(w.pair, w.Starts(string(name), string(command)))
	}
	return one.answer
}

// spellings remembers answers by texts, each in the one place that its hash says, until another
// text comes that has the same: this is asked three times for every process, and takes a third
// of the time of a map.
type spellings [1 << 10]spelling

type spelling struct {
	text   []byte
	answer tree.Answer
	kept   bool
}

// longSpelling is how long a text is that is not remembered, in bytes.
const longSpelling = 1 << 10

func (s *spellings) at(text []byte) *spelling { return &s[kin.Hash(text)%uint64(len(s))] }

func (s *spelling) is(text []byte) bool { return s.kept && bytes.Equal(s.text, text) }

func (s *spelling) keep(text []byte, answer tree.Answer) {
	s.answer, s.kept = answer, len(text) < longSpelling
	if s.kept {
		s.text = append(s.text[:0], text...)
	}
}
