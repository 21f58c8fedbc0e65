package keep

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Window is the query's `where Timestamp > ago(...)`: strictly later, and open to the
// future.
type Window struct {
	now, newest, lookback, recent event.Time
	told                          bool // now was known before the first event
}

// NewWindow returns the window before now, or, without it, before the newest event. 0 is
// a span without limit.
func NewWindow(now, lookback, recent event.Time) Window {
	return Window{now: now, lookback: lookback, recent: recent, told: now != event.NoTime}
}

// Sees notes the time of an event and reports whether it may be within the lookback:
// as long as now is unknown, every event may.
func (w *Window) Sees(t event.Time) bool {
	w.newest = max(w.newest, t)
	return !w.told || w.InLookback(t)
}

// Settle fixes now, once all events have come: others saw those of theirs.
func (w *Window) Settle(others ...*Window) {
	for _, o := range others {
		w.newest = max(w.newest, o.newest)
	}
	if !w.told {
		w.now = w.newest
	}
}

// End returns the instant that the spans count back from.
func (w *Window) End() event.Time { return w.now }

// HasAll reports whether every row that is kept is within the lookback.
func (w *Window) HasAll() bool { return w.told || w.lookback == 0 }

// InLookback reports whether a time is within the lookback.
func (w *Window) InLookback(t event.Time) bool { return w.lookback == 0 || t > w.now-w.lookback }

// IsRecent reports whether a root's time is within the span whose trees are shown.
func (w *Window) IsRecent(t event.Time) bool { return w.recent == 0 || t > w.now-w.recent }
