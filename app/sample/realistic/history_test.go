package realistic

import (
	"strconv"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// No two processes that run at a time have one PID, and no GUID is given twice.
func TestIdsAreOfOneProcess(t *testing.T) {
	histories(t, small(), func(_ *machine, h *sample.History) {
		guids := map[string]bool{}
		until := map[uint32]*sample.Process{}
		for _, p := range h.Processes {
			if guids[p.GUID()] {
				t.Errorf("%s: GUID %s twice", h.Device.Name, p.GUID())
			}
			guids[p.GUID()] = true
			if q := until[p.PID]; q != nil && q.Boot == p.Boot && q.End > p.Start {
				t.Errorf("%s: PID %d is of %s and of %s", h.Device.Name, p.PID, q.Command, p.Command)
			}
			until[p.PID] = p
		}
	})
}

// A child starts while its parent runs; what a process does lies in its life.
func TestWhatHappensIsPossible(t *testing.T) {
	histories(t, small(), func(m *machine, h *sample.History) {
		for _, p := range h.Processes {
			if p.Parent != nil && (p.Start < p.Parent.Start || p.Start >= p.Parent.End) {
				t.Errorf("%s: %s started at %v outside of its parent's life %v to %v", h.Device.Name, p.Command, p.Start, p.Parent.Start, p.Parent.End)
			}
			if p.Start > p.End {
				t.Errorf("%s: %s ended before it started", h.Device.Name, p.Command)
			}
			if p.Start < m.born {
				t.Errorf("%s: %s ran before the device was there", h.Device.Name, p.Command)
			}
		}
		for i := range h.Events {
			e := &h.Events[i]
			if p := e.Process; e.Kind != sample.LoggedEntry && (e.At < p.Start || e.At > p.End+second) {
				t.Errorf("%s: event %d of %s at %v, outside of %v to %v", h.Device.Name, e.Kind, p.Command, e.At, p.Start, p.End)
			}
			if i > 0 && e.Recorded > h.Events[i-1].Recorded {
				t.Errorf("%s: events are not newest first", h.Device.Name)
			}
		}
	})
}

// 129 names the process that the scheduler's service started right after it, 200 and 201
// the same; only the devices that collect these logs have any.
func TestTaskLogAgreesWithProcesses(t *testing.T) {
	with, found := 0, 0
	histories(t, small(), func(m *machine, h *sample.History) {
		starts := map[uint32][]*sample.Process{}
		for _, p := range h.Processes {
			if p.Depth == 1 {
				starts[p.PID] = append(starts[p.PID], p)
			}
		}
		entries := 0
		for i := range h.Events {
			e := &h.Events[i]
			if e.Kind != sample.LoggedEntry {
				continue
			}
			entries++
			if e.Entry.ID != 129 {
				continue
			}
			found++
			pid, _ := strconv.ParseUint(e.Entry.Data[2].Value, 10, 32)
			if !startedAfter(starts[uint32(pid)], e) {
				t.Errorf("%s: no task's process %d right after 129 of %s", h.Device.Name, pid, e.Entry.Data[0].Value)
			}
		}
		if (entries > 0) != m.sensor.tasks {
			t.Errorf("%s: %d entries, collected %t", h.Device.Name, entries, m.sensor.tasks)
		}
		if entries > 0 {
			with++
		}
	})
	if with < 10 || with > 30 || found < 1000 {
		t.Errorf("%d of 40 devices have %d events 129", with, found)
	}
}

func startedAfter(list []*sample.Process, e *sample.Event) bool {
	for _, p := range list {
		if d := p.Start - e.At; d >= 0 && d < second && p.Parent.PID == e.Entry.Writer {
			return true
		}
	}
	return false
}

// A device that logs no connections has none, one without DNS no lookup.
func TestSensorsLackWhatTheyLack(t *testing.T) {
	cfg := small()
	cfg.Devices, cfg.Days = 90, 1
	lacking := 0
	histories(t, cfg, func(m *machine, h *sample.History) {
		count := map[sample.Kind]int{}
		for i := range h.Events {
			count[h.Events[i].Kind]++
		}
		if m.sensor.noNetwork && count[sample.Connect] > 0 || m.sensor.noDNS && count[sample.Lookup] > 0 || m.sensor.noEnds && count[sample.ProcessEnd] > 0 {
			t.Errorf("%s lacks %+v and has %v", h.Device.Name, m.sensor, count)
		}
		if m.sensor.noNetwork || m.sensor.noDNS || m.sensor.noEnds {
			lacking++
		}
	})
	if lacking == 0 {
		t.Error("every sensor is complete")
	}
}

// Behind a proxy nothing shows where a call goes.
func TestProxiesHideTheOutside(t *testing.T) {
	seen := 0
	histories(t, small(), func(m *machine, h *sample.History) {
		if m.proxy == nil {
			return
		}
		for i := range h.Events {
			e := &h.Events[i]
			if e.Kind == sample.Connect && !e.Remote.Peer.Addr().IsPrivate() {
				t.Errorf("%s: %s reaches %v past the proxy", h.Device.Name, e.Process.Command, e.Remote.Peer)
			}
			if e.Kind == sample.Connect && e.Remote.Peer == *m.proxy {
				seen++
			}
		}
	})
	if seen == 0 {
		t.Error("no device uses a proxy")
	}
}
