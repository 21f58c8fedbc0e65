package indicator

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// note is what a list says of an entry.
type note struct {
	score         float64
	label, source string
}

// maxText is the longest label or source that a host accepts, in bytes.
const maxText = 256

// noteTable keeps each distinct note once while lists are read. Ids are given in the
// order of coming.
type noteTable struct {
	ids   map[note]uint32
	notes []note
	last  note // most rows of a list repeat the note of the row before
	id    uint32
}

func (t *noteTable) intern(n note) uint32 {
	if len(t.notes) > 0 && n == t.last {
		return t.id
	}
	id, known := t.ids[n]
	if !known {
		if t.ids == nil {
			t.ids = make(map[note]uint32)
		}
		n.label, n.source = strings.Clone(n.label), strings.Clone(n.source)
		id = uint32(len(t.notes))
		t.notes = append(t.notes, n)
		t.ids[n] = id
	}
	t.last, t.id = n, id
	return id
}

// notes are the notes of a Set, the best first: by score downwards, then by source,
// then by label. Their texts stand in one string.
type notes struct {
	scores  []float64
	places  []uint32 // equal for notes of the same score and source
	labels  []span
	sources []span
	text    string
}

type span struct {
	at uint32
	n  uint16
}

// settle orders the notes, and returns the new id of each old one.
func (t *noteTable) settle() (notes, []uint32) {
	order := make([]uint32, len(t.notes))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return compareNotes(&t.notes[a], &t.notes[b]) })
	var n notes
	var text strings.Builder
	known := map[string]span{}
	put := func(s string) span {
		at, there := known[s]
		if !there {
			at = span{uint32(text.Len()), uint16(len(s))}
			text.WriteString(s)
			known[s] = at
		}
		return at
	}
	ids := make([]uint32, len(order))
	for id, old := range order {
		ids[old] = uint32(id)
		place := uint32(id)
		if id > 0 && samePlace(&t.notes[old], &t.notes[order[id-1]]) {
			place = n.places[id-1]
		}
		n.scores, n.places = append(n.scores, t.notes[old].score), append(n.places, place)
		n.labels, n.sources = append(n.labels, put(t.notes[old].label)), append(n.sources, put(t.notes[old].source))
	}
	n.text = text.String()
	return n, ids
}

func compareNotes(a, b *note) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.source, b.source), cmp.Compare(a.label, b.label))
}

func samePlace(a, b *note) bool { return a.score == b.score && a.source == b.source }

// better reports whether the note a is better than b by its score and source. On a
// tie the more specific entry should stand.
func (n *notes) better(a, b uint32) bool { return n.places[a] < n.places[b] }

func (n *notes) verdict(id uint32) plugin.Verdict {
	return plugin.Verdict{Score: n.scores[id], Label: n.at(n.labels[id]), Source: n.at(n.sources[id])}
}

func (n *notes) at(s span) string { return n.text[s.at : s.at+uint32(s.n)] }

func (n *notes) bytes() int { return len(n.text) + len(n.scores)*(8+4+8+8) }

// clean makes a text of a list fit for a verdict: valid UTF-8 without control
// characters, and not too long.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text))
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
