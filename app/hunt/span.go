package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// spans are the time windows of a hunt.
type spans struct {
	now              event.Time
	given            bool // now was given, rather than taken from the newest event
	recent, lookback rarity.Span
}

func (h *Hunt) spans() spans {
	s := spans{now: h.options.Now, given: h.options.Now != event.NoTime}
	if !s.given {
		s.now = h.set.Newest()
	}
	s.recent = rarity.Span{From: h.options.Recent.Before(s.now), To: s.now}
	s.lookback = rarity.Span{From: h.options.Lookback.Before(s.now), To: s.now}
	return s
}
