package row

import (
	"cmp"
	"strconv"
)

// Verdict is what is known of an indicator. The zero Verdict is "nothing".
type Verdict struct {
	Known         bool
	Score         float64 // 0 to 100
	Label, Source string
}

// Or returns the better of two verdicts: the higher score; of equal ones the source
// that sorts first, and then the label. Which of the two is asked has no part in it.
func (v Verdict) Or(w Verdict) Verdict {
	switch {
	case !w.Known:
		return v
	case !v.Known:
		return w
	}
	if cmp.Or(cmp.Compare(w.Score, v.Score), cmp.Compare(v.Source, w.Source), cmp.Compare(v.Label, w.Label)) > 0 {
		return w
	}
	return v
}

// score is the column intel_score: nothing where nothing is known.
func (v *Verdict) score() string {
	if !v.Known {
		return ""
	}
	return strconv.FormatFloat(v.Score, 'f', -1, 64)
}

// verdict is the best of all that the tree shows.
func (t *Tree) verdict() (best Verdict) {
	for i := range t.Nodes {
		n := &t.Nodes[i]
		best = best.Or(n.Verdict)
		for j := range n.Connections {
			best = best.Or(n.Connections[j].Verdict)
		}
	}
	return best
}
