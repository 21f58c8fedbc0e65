package hunt

import "github.com/schtaskhunt/schtaskhunt/app/tree"

// words asks a Starter once for each pair of texts, as long as they are few.
type words struct {
	tree.Starter
	names map[string]tree.Answer
	pairs map[string]tree.Answer
	pair  []byte
}

// mostWords is how many answers are remembered: those of the first texts, which are the
// common ones.
const mostWords = 1 << 12

func newWords(s tree.Starter) words {
	return words{Starter: s, names: make(map[string]tree.Answer), pairs: make(map[string]tree.Answer)}
}

// verdict is what tree makes of a process's name and command line.
func (w *words) verdict(name, command []byte) tree.Answer {
	if len(name) == 0 && len(command) == 0 {
		return tree.Maybe
	}
	v, known := w.names[string(name)]
	if !known {
		v = w.Starts(string(name), "")
		keepAnswer(w.names, name, v)
	}
	if v == tree.No || len(command) == 0 {
		return v
	}
	w.pair = append(append(append(w.pair[:0], name...), 0), command...)
	if v, known = w.pairs[string(w.pair)]; !known {
		v = w.Starts(string(name), string(command))
		keepAnswer(w.pairs, w.pair, v)
	}
	return v
}

func keepAnswer(answers map[string]tree.Answer, text []byte, v tree.Answer) {
	if len(answers) < mostWords {
		answers[string(text)] = v
	}
}
