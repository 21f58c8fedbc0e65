package hunt

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// sights are what events of no use look like: those that a lane met first.
type sights struct {
	looked int
	what   map[schema.Sight]int
}

// How many events a lane looks at for a message, and how many kinds the message names.
const (
	mostLooked = 100
	mostSights = 3
)

// look describes an event if it is of no use. Nobody asks a nil one.
func (s *sights) look(kind event.Kind, rec *record.Record) {
	if s == nil || kind != event.Other && kind != event.Malformed || s.looked == mostLooked {
		return
	}
	if s.looked++; s.what == nil {
		s.what = make(map[schema.Sight]int)
	}
	s.what[schema.SightOfRecord(rec)]++
}

// sights says what the events of no use were, for a message; "" when nobody looked.
func (h *Hunt) sights() string {
	all := make(map[schema.Sight]int)
	for _, l := range h.lanes {
		if l.seen != nil {
			for sight, n := range l.seen.what {
				all[sight] += n
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	kinds := slices.SortedFunc(maps.Keys(all), func(a, b schema.Sight) int {
		return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a.What, b.What))
	})
	var what []string
	for _, k := range kinds[:min(len(kinds), mostSights)] {
		what = append(what, k.What)
	}
	return " (they are " + strings.Join(what, "; ") + ")"
}
