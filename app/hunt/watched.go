package hunt

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// silence is what parts times at which a device was watched: a clock that was wrong for a moment,
// and a device that came back after so long, say nothing of the time between.
const silence = hold.LongGap * event.Day

// isSilent reports whether a device was not seen for so long that nothing is known of it now.
func isSilent(w rarity.Watched, now event.Time) bool {
	return w.First == event.NoTime || now-w.Last > silence
}

// watched is when trees were seen on the device, up to now and without a long silence.
func (g *part) watched(now event.Time) (w rarity.Watched) {
	w.Kinds = uint8(g.logged)
	first, last := g.stretch(now)
	w.First, w.Last = rarity.Whole(first), rarity.Whole(last)
	if isSilent(w, now) {
		w.First, w.Last = event.NoTime, event.NoTime
	}
	return w
}

// stretch returns the first and the last time at which trees were seen, with no silence between
// them.
func (g *part) stretch(now event.Time) (first, last event.Time) {
	for _, i := range g.forest.Order {
		at := g.roster.Actors[i].Time
		if at != event.NoTime && (first == event.NoTime || at < first) {
			first = at
		}
		last = max(last, at)
	}
	if last-first <= silence {
		return first, last
	}
	var times []event.Time // of a device whose clock was wrong, or that was away
	for _, i := range g.forest.Order {
		if at := g.roster.Actors[i].Time; at != event.NoTime {
			times = append(times, at)
		}
	}
	slices.Sort(times)
	return stretchAround(times, now)
}

// stretchAround returns the ends of the stretch of sorted times that an instant is in or just
// behind, or, if that ended long before, of the one that follows it.
func stretchAround(times []event.Time, now event.Time) (first, last event.Time) {
	from, _ := slices.BinarySearch(times, now+1)
	if from == len(times) || from > 0 && now-times[from-1] <= silence {
		from--
	}
	to := from
	for from > 0 && times[from]-times[from-1] <= silence {
		from--
	}
	for to+1 < len(times) && times[to+1]-times[to] <= silence {
		to++
	}
	return times[from], times[to]
}
