package finding

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

func TestIsNew(t *testing.T) {
	recent := rarity.Span{From: 100 * event.Day, To: 101 * event.Day}
	for _, c := range []struct {
		name                string
		log, first, watched event.Time
		want                bool
	}{
		{"it began in the recent day, and the task was watched for weeks", 80 * event.Day, 100*event.Day + 1, 80 * event.Day, true},
		{"it was there before", 80 * event.Day, 99 * event.Day, 80 * event.Day, false},
		{"the task began with it", 80 * event.Day, 100*event.Day + 1, 100*event.Day + 1, false},
		{"the log began with it", 100 * event.Day, 100*event.Day + 1, 100 * event.Day, false},
		{"half a day was watched", 80 * event.Day, 100*event.Day + 1, 100*event.Day - event.Day/2, true},
		{"less was", 80 * event.Day, 100*event.Day + 1, 100*event.Day - event.Day/3, false},
		{"nobody knows when the task was watched", 80 * event.Day, 100*event.Day + 1, event.NoTime, false},
	} {
		o := Options{Recent: recent, Watched: c.log}
		if got := o.IsNew(c.first, c.watched); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	if (Options{Recent: rarity.Span{To: recent.To}, Watched: event.Day}).IsNew(recent.To, event.Day) {
		t.Error("something is new although no time is before the recent one")
	}
}

// Facts that depart in one run are one finding, whichever run joins them.
func TestSets(t *testing.T) {
	fact := func(n int) rarity.Fact { return rarity.Fact{Kind: rarity.Destination, Text: rarity.Text(n)} }
	departs := map[rarity.Fact]Departure{}
	for n := range 6 {
		departs[fact(n)] = Departure{Fact: fact(n)}
	}
	hash := rarity.Fact{Kind: rarity.Hash, Text: 9}
	departs[hash] = Departure{Fact: hash}
	for _, runs := range [][][]rarity.Fact{
		{{fact(0), fact(1)}, {fact(2), fact(3)}, {fact(1), fact(2)}, {fact(4), hash}, {fact(5), hash}, {fact(7)}},
		{{fact(7)}, {fact(5), hash}, {fact(1), fact(2)}, {fact(4), hash}, {fact(2), fact(3)}, {fact(0), fact(1)}},
	} {
		s := newSets()
		for _, facts := range runs {
			s.join(facts, departs)
		}
		lead := func(n int) rarity.Fact {
			l, _ := s.lead([]rarity.Fact{fact(n)}, departs)
			return l
		}
		if lead(0) != lead(1) || lead(0) != lead(2) || lead(0) != lead(3) {
			t.Error("what one run joins is apart")
		}
		if lead(4) == lead(5) || lead(4) == lead(0) {
			t.Error("a digest joined what nothing else does")
		}
		if _, some := s.lead([]rarity.Fact{fact(7), hash}, departs); some {
			t.Error("a digest alone leads a finding")
		}
	}
}
