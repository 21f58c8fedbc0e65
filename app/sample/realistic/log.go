package realistic

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// log puts all that happened into the events that the device's sensor delivers, newest first.
func (m *machine) log() []sample.Event {
	d := m.dice("log")
	for _, p := range m.processes {
		if p.Parent == nil {
			continue
		}
		m.events = append(m.events, sample.Event{Kind: sample.ProcessStart, Process: p, At: p.Start})
		if s := m.sessions[p.Boot-1]; p.End < s.to && !d.chance(0.004) {
			m.events = append(m.events, sample.Event{Kind: sample.ProcessEnd, Process: p, At: p.End})
		}
	}
	kept := m.events[:0]
	for _, e := range m.events {
		if m.record(d, &e) {
			kept = append(kept, e)
		}
	}
	calls := m.dice("log of calls") // they take nothing from the others
	for _, e := range m.calls {
		if m.record(calls, &e) {
			kept = append(kept, e)
		}
	}
	m.events = kept
	slices.SortStableFunc(m.events, func(a, b sample.Event) int { return cmp.Compare(a.Recorded, b.Recorded) })
	return m.newestFirst(d)
}

// record completes an event, and reports whether the log has it.
func (m *machine) record(d dice, e *sample.Event) bool {
	if e.Recorded == 0 {
		e.Recorded = e.At + d.between(3*millisecond, 140*millisecond)
		if d.chance(0.01) {
			e.Recorded += d.between(second, 6*second)
		}
	}
	e.Clock, e.Image = e.At, e.Process.Image
	if e.Kind == sample.Connect || e.Kind == sample.Lookup {
		m.blur(d, e)
	}
	lost := m.sensor.blind(e.At) || d.chance(m.sensor.loss) || !m.sensor.sees(e.Kind)
	if e.At < m.w.from || e.Recorded >= m.w.to || lost {
		return false
	}
	e.Process.Logged = e.Process.Logged || e.Kind == sample.ProcessStart
	return true
}

func (s *sensor) sees(k sample.Kind) bool {
	switch k {
	case sample.Connect:
		return !s.noNetwork
	case sample.Lookup:
		return !s.noDNS
	case sample.ProcessEnd:
		return !s.noEnds
	}
	return true
}

// blur gives a network event the faults that such have in real logs.
func (m *machine) blur(d dice, e *sample.Event) {
	e.Clock += m.Skew
	e.Recorded += d.between(100*millisecond, 1500*millisecond)
	if p := e.Process; p.End-p.Start < 2*second && d.chance(0.04) {
		e.Unknown, e.Image = true, "<unknown process>"
	}
}

func (m *machine) newestFirst(d dice) []sample.Event {
	number := 10_000 + d.Uint64N(4_000_000)
	list := make([]sample.Event, 0, len(m.events)+len(m.events)/200)
	for i := len(m.events) - 1; i >= 0; i-- {
		e := m.events[i]
		e.Record = number + uint64(i)
		list = append(list, e)
		if d.chance(0.002) {
			e.Copy = true
			list = append(list, e)
		}
	}
	return list
}
