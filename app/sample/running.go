package sample

import "slices"

// addRunning adds the events that a sensor writes when it begins to watch processes
// that run already, here at the beginning of the window. They make the Task Scheduler
// known, whose own start is mostly older than any window.
//
// They are added to a history that is finished, so that one without them is the same
// in all else.
func (h *History) addRunning(from Time) {
	first := from + 5*millisecond
	record := uint64(9_000) // below all others
	for _, p := range h.Processes {
		if p.Start >= from || p.End <= first {
			continue
		}
		h.Events = append(h.Events, Event{Kind: Running, Process: p, At: first, Clock: first, Recorded: first, Record: record, Image: p.Image})
		first += millisecond / 10
		record--
	}
	slices.SortStableFunc(h.Events, func(a, b Event) int { return int(b.Recorded - a.Recorded) })
}
