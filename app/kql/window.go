package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// window is the query's `where Timestamp > ago(...)`: strictly later, and open to the
// future.
type window struct {
	now, newest, lookback, recent event.Time
	told                          bool // now was known before the first event
}

// newWindow returns the window before now, or, without it, before the newest event. 0 is
// a span without limit.
func newWindow(now, lookback, recent event.Time) window {
	return window{now: now, lookback: lookback, recent: recent, told: now != event.NoTime}
}

// sees notes the time of an event and reports whether it may be within the lookback:
// as long as now is unknown, every event may.
func (w *window) sees(t event.Time) bool {
	w.newest = max(w.newest, t)
	return !w.told || w.inLookback(t)
}

// settle fixes now, once all events have come: others saw those of theirs.
func (w *window) settle(others ...*window) {
	for _, o := range others {
		w.newest = max(w.newest, o.newest)
	}
	if !w.told {
		w.now = w.newest
	}
}

// end returns the instant that the spans count back from.
func (w *window) end() event.Time { return w.now }

// hasAll reports whether every row that is kept is within the lookback.
func (w *window) hasAll() bool { return w.told || w.lookback == 0 }

// inLookback reports whether a time is within the lookback.
func (w *window) inLookback(t event.Time) bool { return w.lookback == 0 || t > w.now-w.lookback }

// isRecent reports whether a root's time is within the span whose trees are shown.
func (w *window) isRecent(t event.Time) bool { return w.recent == 0 || t > w.now-w.recent }
