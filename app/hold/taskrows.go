package hold

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// mostWriters is how many writers of one device's log are told apart: one a boot. A log with
// more is made up, and all rows of its device are read then.
const mostWriters = 1 << 10

// tell notes what a task's event tells of the processes of its device.
func (p *Part) tell(device uint64, t *event.Task) {
	d := &p.devices[p.device(device)]
	if !t.Audit {
		d.writes(t.Writer)
		d.claim(t.PID, t.Writer)
		if t.Act.IsRun() && t.Record != 0 {
			d.apart++
		}
	}
	d.tie(&t.Client)
}

// addTask adds a row of the scheduler's log, and notes what it tells of processes.
func (p *Part) addTask(device uint64, r *RowKeys) {
	at := p.device(device)
	d := &p.devices[at]
	d.tasks++
	if r.Flags&sieve.Read != 0 {
		d.apart--
	}
	writer := uint32(r.Other)
	d.writes(writer)
	d.claim(r.PID, writer)
	r.Row = int32(len(p.Tasks))
	p.Tasks, p.of = append(p.Tasks, *r), append(p.of, at)
}

// writes notes a process that wrote the scheduler's log.
func (d *host) writes(pid uint32) {
	switch {
	case pid == 0 || slices.Contains(d.told.Writers, pid):
	case len(d.told.Writers) < mostWriters:
		d.told.Writers = append(d.told.Writers, pid)
	default:
		d.whole = true
	}
}

// mostClaimed is how many process ids of one device are told apart that its log names: four
// times as many as Windows gives out.
const mostClaimed = 1 << 16

// claim notes the process that a task's event names without saying who wrote it.
func (d *host) claim(pid, writer uint32) {
	if pid == 0 || writer != 0 {
		return
	}
	if d.told.Claimed == nil {
		d.told.Claimed = make(map[uint32]struct{})
	}
	if d.told.Claimed[pid] = struct{}{}; len(d.told.Claimed) > mostClaimed {
		d.whole = true
	}
}

// tie notes a process of which an event tells the process id alone.
func (d *host) tie(client *event.Ref) {
	if tied := d.told.Tied; client.PID != 0 && client.Created == event.NoTime && (len(tied) == 0 || tied[len(tied)-1] != client.PID) {
		d.told.Tied = append(d.told.Tied, client.PID)
	}
}

// TaskRows is what EachTasks tells of one device.
type TaskRows struct {
	Device  uint64        // its hash
	Entries []sieve.Entry // not to be kept; Row is the place in Part.Tasks
	// Whole says that not all is known by these rows: there are events of the device without
	// any, of its log or of processes.
	Whole bool
}

// EachTasks calls fn with the rows of the scheduler's log of one device after the other's.
func (p *Part) EachTasks(fn func(TaskRows)) {
	p.byDevice(p.Tasks, p.of, func(d *host) int { return d.tasks }, func(d *host, entries []sieve.Entry) {
		fn(TaskRows{d.hash, entries, d.whole || d.apart != 0})
	})
}
