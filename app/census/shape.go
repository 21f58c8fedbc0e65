package census

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// shape is what some runs did that may be shown, as one share of a fleet tells the others:
// a finding may be of several shares' devices, and all need to know all of its runs. It is
// of use to hunts up to the same instant only, and forgotten by all others.
type shape struct {
	task  string // short form of its template
	facts string // digests, packed
	note  string // what else the hunt wants to know of them
	now   event.Time
}

// Noted are runs of another hunt up to the same instant, in a survey's numbers, and what
// that noted of them.
type Noted struct {
	rarity.Run
	Note string
}

// shapeBytes is how much of a digest stands for a fact in a shape. Only the facts of one
// task are told apart by it.
const shapeBytes = 6

// mostNote is how long a note may be, in bytes.
const mostNote = 1 << 20

func shapeOf(kind rarity.Kind, text string) uint64 {
	sum := sha256.Sum256([]byte(kinds[kind] + "|" + text))
	return binary.BigEndian.Uint64(sum[:]) >> (64 - 8*shapeBytes)
}

// Note notes what runs did that may be shown, before Resolve and Learn: note says what is
// not counted of them, in words of the hunt's own. Notes that are longer than a census
// takes are left out, which it reports.
func (c *Census) Note(s *rarity.Survey, r rarity.Run, note string, now event.Time) bool {
	if len(note) > mostNote {
		return false
	}
	digests := make([]uint64, 0, len(r.Facts))
	for _, f := range r.Facts {
		digests = append(digests, shapeOf(f.Kind, s.Text(f.Text)))
	}
	slices.Sort(digests)
	packed := make([]byte, 0, shapeBytes*len(digests))
	for _, d := range digests {
		packed = append(packed, binary.BigEndian.AppendUint64(nil, d)[8-shapeBytes:]...)
	}
	c.shapes[shape{taskID(s.Text(r.Task)), base64.RawURLEncoding.EncodeToString(packed), note, rarity.Whole(now)}] = struct{}{}
	return true
}

// noted are the runs of other hunts. A fact that nobody knows any more is none.
func (t *teller) noted() (runs []Noted) {
	byTask := make(map[string]rarity.Text, len(t.tasks))
	facts := make(map[string]map[uint64]rarity.Fact)
	for template := range t.tasks {
		byTask[taskID(template)] = t.Intern(template)
	}
	for key := range t.facts {
		if facts[key.task] == nil {
			facts[key.task] = make(map[uint64]rarity.Fact)
		}
		facts[key.task][shapeOf(key.kind, key.text)] = rarity.Fact{Kind: key.kind, Text: t.Intern(key.text)}
	}
	for _, shape := range slices.SortedFunc(maps.Keys(t.shapes), compareShapes) {
		bytes, _ := base64.RawURLEncoding.DecodeString(shape.facts)
		run := rarity.Run{Task: byTask[shape.task]}
		known := facts[t.Text(run.Task)]
		for some := range slices.Chunk(bytes, shapeBytes) {
			if f, is := known[binary.BigEndian.Uint64(append(make([]byte, 8-shapeBytes), some...))]; is {
				run.Facts = append(run.Facts, f)
			}
		}
		slices.SortFunc(run.Facts, rarity.CompareFacts)
		runs = append(runs, Noted{run, shape.note})
	}
	return runs
}

func compareShapes(a, b shape) int {
	for _, c := range [...]int{strings.Compare(a.task, b.task), strings.Compare(a.facts, b.facts), strings.Compare(a.note, b.note)} {
		if c != 0 {
			return c
		}
	}
	return 0
}
