package sample

import (
	"cmp"
	"slices"
	"strings"
)

// logProcess adds the events of a process' start and end, as far as the sensor
// sees them. Planted processes never lose their start: the key must be findable.
func (s *simulation) logProcess(p *Process) {
	dropped := p.Plant == "" && p.Boot == 1 && s.d.chance(0.012)
	p.ParentHidden = p.Depth == 0 && s.d.chance(0.004)
	if p.Start >= s.from && !dropped && p.Parent != nil {
		p.Logged = s.add(Event{Kind: ProcessStart, Process: p, At: p.Start})
	}
	// A machine that goes down takes the last ends with it.
	if p.End >= s.from && p.End < min(s.to, s.down) && !s.d.chance(s.cfg.MissingEnds) {
		p.EndLogged = s.add(Event{Kind: ProcessEnd, Process: p, At: p.End})
	}
}

// add completes an event and puts it into the device's log, and reports whether
// it falls into the window.
func (s *simulation) add(e Event) bool {
	if e.At < s.from || e.At >= s.to {
		return false
	}
	e.Clock = e.At
	e.Image = e.Process.Image
	e.Recorded = e.At + s.recordDelay()
	if e.Kind == Connect || e.Kind == Lookup {
		s.blur(&e)
	}
	if e.Recorded >= s.to {
		return false
	}
	s.events = append(s.events, e)
	return true
}

// recordDelay is mostly some ten milliseconds, now and then seconds.
func (s *simulation) recordDelay() Time {
	if s.d.chance(0.01) {
		return s.d.between(second, 7*second)
	}
	return s.d.between(4*millisecond, 150*millisecond)
}

// shortLife is below what the sensor needs to look a process up.
const shortLife = 3 * second

// blur gives a network event the faults that they have in real logs: a clock of
// its own, another spelling of the path, or no process at all because that was
// gone by the time the sensor looked.
func (s *simulation) blur(e *Event) {
	p := e.Process
	e.Clock += s.dev.Skew
	e.Recorded += s.d.between(100*millisecond, 1500*millisecond)
	switch {
	case p.End-p.Start < shortLife && s.d.chance(0.15):
		e.Unknown = true
		e.Image = "<unknown process>"
		e.Recorded = max(e.Recorded, p.End+s.d.between(100*millisecond, 2*second))
	case s.d.chance(0.06):
		e.Image = strings.ToLower(e.Image)
	case s.d.chance(0.02):
		e.Image = strings.Replace(e.Image, `C:\Windows\System32\`, `C:\WINDOWS\system32\`, 1)
	}
}

// log puts the events in order, numbers them as the device did, and returns them
// newest first with the second deliveries.
func (s *simulation) log() []Event {
	slices.SortStableFunc(s.events, func(a, b Event) int { return cmp.Compare(a.Recorded, b.Recorded) })
	number := 10_000 + s.d.Uint64N(4_000_000)
	for i := range s.events {
		s.events[i].Record = number + uint64(i)
	}
	newestFirst := make([]Event, 0, len(s.events)+len(s.events)/100)
	for _, e := range slices.Backward(s.events) {
		newestFirst = append(newestFirst, e)
		if s.d.chance(0.005) {
			e.Copy = true
			newestFirst = append(newestFirst, e)
		}
	}
	return newestFirst
}
