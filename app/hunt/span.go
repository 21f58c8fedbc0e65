package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// spans are the time windows of a hunt.
type spans struct {
	now              event.Time
	given            bool       // now was given, rather than taken from the events
	ahead            event.Time // of the newest event, where clocks run ahead of now; NoTime
	alone            event.Time // up to when a few devices go on after now: their clocks may run ahead, or they alone were on; NoTime
	behind           event.Time // of the newest event of clocks that run behind all others; NoTime
	recent, lookback rarity.Span
}

// spans counts back from now=, else from the newest event that is not of a clock that
// runs ahead of all others, or of a few devices that alone were on.
func (h *Hunt) spans() spans {
	s := spans{now: h.options.Now, given: h.options.Now != event.NoTime}
	clock := h.set.Clock()
	s.behind = clock.Behind
	if !s.given {
		if s.now = clock.Now; clock.Newest > clock.Now {
			s.ahead = clock.Newest
		}
		if clock.Rest != event.NoTime {
			s.now, s.alone = clock.Rest, clock.Now
		}
	}
	s.recent, s.lookback = s.span(h.options.Recent), s.span(h.options.Lookback)
	return s
}

// span is what lies up to now, and after it where nobody knows whether a clock is wrong;
// all is all, whatever the clocks say.
func (s *spans) span(of command.Span) rarity.Span {
	to := max(s.now, s.alone)
	if of == command.All {
		to = max(to, s.ahead)
	}
	return rarity.Span{From: of.Before(s.now), To: to}
}
