package task

import (
	"cmp"
	"slices"
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// start is a process that the scheduler may have started.
type start struct {
	actor    int32
	recorded event.Time // by the clock of records
	sensed   event.Time // by the sensor's own, set to that of records; NoTime where it is not known
	ended    event.Time
	parent   uint32
	name     event.Sym // of its image
}

// startsOf returns the processes of a device by process id, each by time.
func startsOf(roster *identity.Roster, actors []int32, device event.Sym) map[uint32][]start {
	starts := make(map[uint32][]start)
	for _, i := range actors {
		a := &roster.Actors[i]
		if a.Self.PID == 0 || a.Time == event.NoTime || a.Device != device {
			continue
		}
		starts[a.Self.PID] = append(starts[a.Self.PID], start{
			actor: i, recorded: a.Time, sensed: sensed(a.Time, a.Self.Created), ended: a.Ended,
			parent: a.Parent.PID, name: cmp.Or(a.Self.Name, roster.Symbols().FileName(a.Self.Path)),
		})
	}
	for _, some := range starts {
		slices.SortStableFunc(some, func(a, b start) int { return cmp.Compare(a.recorded, b.recorded) })
	}
	return starts
}

// zoneStep is by what the clocks of two zones can differ.
const zoneStep = 15 * 60 * event.Second

// latest is by how much a record may be later than what it records: a collector takes
// events over when it gets them.
const latest = 5 * 60 * event.Second

// sensed returns the device's own time of something on the clock of records: without the
// hours between two zones. A distance that no zone and no late record explains is not used.
func sensed(recorded, created event.Time) event.Time {
	if created == event.NoTime {
		return event.NoTime
	}
	late := recorded - created - nearestStep(recorded-created-latest/2)
	if late < -before || late > latest {
		return event.NoTime
	}
	return recorded - late
}

// nearestStep returns the multiple of zoneStep that is nearest to a distance.
func nearestStep(d event.Time) event.Time {
	half := zoneStep / 2
	if d < 0 {
		half = -half
	}
	return (d + half) / zoneStep * zoneStep
}

// distance returns how far a start is from a claim whose time is at on the clock of records;
// false when it is not of that claim.
func (l *Log) distance(c *claim, at event.Time, s *start) (event.Time, bool) {
	if c.writer != 0 && s.parent != 0 && c.writer != s.parent {
		return 0, false
	}
	d, fits := s.away(c, at)
	return d, fits && l.sameProgram(c, s)
}

// away is the distance in time alone, by the clock that has it nearer.
func (s *start) away(c *claim, at event.Time) (d event.Time, fits bool) {
	recorded := s.recorded
	if c.end {
		if recorded = s.ended; recorded == event.NoTime {
			return 0, false
		}
	}
	d = recorded - at
	fits = d >= -before && d <= after
	d = max(d, -d)
	if c.end || s.sensed == event.NoTime {
		return d, fits
	}
	own := s.sensed - at - (c.sensed - c.at)
	own = max(own, -own)
	switch {
	case !fits:
		return own, own <= near
	case own <= near:
		return min(d, own), true
	}
	return d, true
}

// reach is how far from a claim a start may be recorded that either clock has near.
const reach = latest + near

// around returns the starts, ordered by time, that may be of a claim at a time.
func around(starts []start, at event.Time) []start {
	from := sort.Search(len(starts), func(i int) bool { return starts[i].recorded >= at-reach })
	to := from + sort.Search(len(starts[from:]), func(i int) bool { return starts[from+i].recorded > at+reach })
	return starts[from:to]
}

// handlers run COM handlers, whose names are not those of their actions.
var handlers = []string{"taskhostw", "taskhostex", "taskhost", "dllhost"}

// sameProgram reports whether the image is what the claim says was started. An image of
// which no event tells the name may be anything.
func (l *Log) sameProgram(c *claim, s *start) bool {
	if s.name == event.NoSym || c.action == event.NoSym {
		return true
	}
	key := [2]event.Sym{c.action, s.name}
	same, known := l.same[key]
	if !known {
		action, image := l.symbols.String(c.action), l.symbols.String(s.name)
		same = definition.SameProgram(action, image)
		l.same[key] = same
	}
	if same || l.events[c.event].Act == event.TaskProcess {
		return same
	}
	return slices.Contains(handlers, definition.BaseName(l.symbols.String(s.name)))
}
