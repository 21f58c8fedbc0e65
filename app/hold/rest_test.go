package hold

import (
	"fmt"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func TestARestThatEndsBeforeAFewIsSeen(t *testing.T) {
	for name, c := range map[string]struct {
		days map[string][]int
		rest int // 0 for none
	}{
		"a fleet":                            {fleetOn(12, 100, 101, 102), 0},
		"a clock that is off by less":        {with(fleetOn(12, 100, 101, 102), "late", 101, 102, 103, 104), 102},
		"one event of one that is right":     {with(fleetOn(12, 100, 101, 102), "pc3", 100, 101, 102, 105), 102},
		"two, of which the other is further": {with(with(fleetOn(22, 100, 101, 102), "late", 101, 104), "later", 109), 102},
		"more than a few":                    {with(with(fleetOn(12, 100, 101, 102), "a", 105), "b", 105), 0},
		"one of four":                        {with(fleetOn(3, 100, 101), "late", 100, 101, 102, 103), 101},
		"one of three":                       {with(fleetOn(2, 100, 101), "late", 100, 101, 102, 103), 0},
		"those that end one by one":          {map[string][]int{"a": {100}, "b": {101}, "c": {102}, "d": {103}}, 102},
		"a gap without anybody":              {with(fleetOn(12, 100, 101), "late", 400), 0}, // now is not moved by it
		"nothing":                            {nil, 0},
	} {
		if got, want := clockOf(t, c.days).Rest, event.Time(c.rest)*event.Day; got != want && (c.rest != 0 || got != event.NoTime) {
			t.Errorf("%s: ends on day %d, want %d", name, got/event.Day, c.rest)
		}
	}
}

// A clock that is off by twelve hours hides nothing in a day, and its device alone is no
// reason to look back from elsewhere; one that is off by a day and six hours is.
func TestARestIsKnownToSixHours(t *testing.T) {
	for _, c := range []struct {
		hours int
		seen  bool
	}{{0, false}, {12, false}, {17, false}, {24, true}, {30, true}} {
		set := NewSet(Limit{})
		w, taken := set.Writer(), make(map[uint16]bool)
		for i := range 20 {
			source := sourceOf(w, lonely(set, taken, fmt.Sprint("pc", i)), 100)
			source.Time += 13 * event.Day / 24
			if i == 7 {
				source.Time += event.Time(c.hours) * event.Day / 24
			}
			w.AddEnd(&event.End{Source: source, Self: event.Ref{PID: 1}})
		}
		if rest := set.Clock().Rest; c.seen != (rest == 100*event.Day+event.Day/2) || !c.seen && rest != event.NoTime {
			t.Errorf("%d hours ahead: %d", c.hours, rest)
		}
		set.Close()
	}
}
