package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// window is the query's `where Timestamp > ago(...)`: strictly later, and open to the
// future.
type window struct {
	now, newest, lookback, recent event.Time
	told                          bool // now was known before the first event
}

func newWindow(o *Options) window {
	return window{now: o.Now, lookback: o.Lookback, recent: o.Recent, told: o.Now != event.NoTime}
}

// sees notes the time of an event and reports whether it may be within the lookback:
// as long as now is unknown, every event may.
func (w *window) sees(t event.Time) bool {
	w.newest = max(w.newest, t)
	return !w.told || w.inLookback(t)
}

// settle fixes now, once all events have come.
func (w *window) settle() {
	if !w.told {
		w.now = w.newest
	}
}

// hasAll reports whether every row that is kept is within the lookback.
func (w *window) hasAll() bool { return w.told || w.lookback == 0 }

func (w *window) inLookback(t event.Time) bool { return w.lookback == 0 || t > w.now-w.lookback }

func (w *window) isRecent(t event.Time) bool { return w.recent == 0 || t > w.now-w.recent }
