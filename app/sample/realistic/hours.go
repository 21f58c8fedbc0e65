package realistic

import (
	"slices"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// interval is a span of time, its end not in it.
type interval struct{ from, to Time }

// session is the time from one start of Windows to the next.
type session struct {
	interval
	number   int
	schedule *sample.Process // the service host of the Task Scheduler
	services map[string]*sample.Process
}

// live decides when the device is awake and when it starts anew.
func (m *machine) live(d dice) {
	first := max(m.born, m.w.from-day) / day * day
	for t := first; t < m.w.to; t += day {
		m.awake = append(m.awake, m.hours(d, t)...)
	}
	m.awake = clip(m.awake, max(m.born, m.w.from-day), m.w.to)
	m.begin(d)
}

// hours are those of one day at which the device is awake.
func (m *machine) hours(d dice, midnight Time) []interval {
	if m.class == server || m.class == tower {
		return []interval{{midnight, midnight + day}}
	}
	weekday := midnight.UTC().Weekday()
	if (weekday == time.Saturday || weekday == time.Sunday) && !d.chance(0.15) || d.chance(0.05) {
		return nil
	}
	from, to := midnight+d.between(6*hour+30*minute, 9*hour), midnight+d.between(16*hour, 20*hour)
	if m.class == desktop {
		return []interval{{from, to}}
	}
	var list []interval
	for range d.IntN(3) {
		pause := d.between(from, to)
		list = append(list, interval{from, pause})
		from = min(to, pause+d.between(10*minute, 90*minute))
	}
	return append(list, interval{from, to})
}

// clip keeps what lies in [from, to) and joins what touches.
func clip(list []interval, from, to Time) []interval {
	var kept []interval
	for _, i := range list {
		i.from, i.to = max(i.from, from), min(i.to, to)
		if i.from >= i.to {
			continue
		}
		if n := len(kept); n > 0 && i.from <= kept[n-1].to {
			kept[n-1].to = max(kept[n-1].to, i.to)
			continue
		}
		kept = append(kept, i)
	}
	return kept
}

// begin cuts the device's time into sessions. A desktop starts anew each day, the
// others every week or two, most of them for the month's patches.
func (m *machine) begin(d dice) {
	var starts []Time
	switch m.class {
	case desktop:
		for _, i := range m.awake {
			starts = append(starts, i.from)
		}
	default:
		starts = append(starts, max(m.born, m.w.from-d.between(2*day, 12*day)))
		patched := m.w.patch + m.dice("patch").between(0, 4*day)
		for _, t := range []Time{patched, m.w.from + d.between(0, 14*day)} {
			if t = m.wake(t); t > 0 && t < m.w.to {
				starts = append(starts, t)
			}
		}
	}
	slices.Sort(starts)
	for i, t := range starts {
		end := forever
		if i+1 < len(starts) {
			end = starts[i+1] - d.between(20*second, 3*minute)
		}
		if m.class == desktop {
			end = min(end, m.sleepAfter(t))
		}
		if end-t > minute {
			m.sessions = append(m.sessions, &session{interval: interval{t, end}, number: len(m.sessions) + 1})
		}
	}
}

// wake returns t, or where the device sleeps then when it next wakes; 0 for never.
func (m *machine) wake(t Time) Time {
	for _, i := range m.awake {
		if t < i.to {
			return max(t, i.from)
		}
	}
	return 0
}

// isAwake reports whether the device is awake at a time.
func (m *machine) isAwake(t Time) bool { return m.wake(t) == t }

// sleepAfter is the end of the waking time that t lies in.
func (m *machine) sleepAfter(t Time) Time {
	for _, i := range m.awake {
		if t < i.to {
			return i.to
		}
	}
	return t
}

// session returns the one that t lies in, nil where the device is off.
func (m *machine) session(t Time) *session {
	for _, s := range m.sessions {
		if t >= s.from && t < s.to {
			return s
		}
	}
	return nil
}
