package hold

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// Part is the events of one partition.
type Part struct {
	// Store has the events that were read in full.
	Store *event.Store
	// Rows are the others, in no order that means anything.
	Rows []RowKeys

	hosts   []int32 // by row: its device
	devices []host
	index   map[uint64]int32 // of devices, by hash
	last    int32            // the device last asked for
	entries []sieve.Entry    // of rows, by device
}

// host is what a part knows of a device.
type host struct {
	hash  uint64
	rows  int
	next  int  // place in entries
	whole bool // it has events that were read in full
	told  sieve.Told
}

func newPart(symbols *event.Symbols) *Part {
	return &Part{Store: &event.Store{Symbols: symbols}, index: make(map[uint64]int32)}
}

func (p *Part) reset() {
	p.Store.Reset()
	p.Rows, p.hosts, p.devices, p.last = p.Rows[:0], p.hosts[:0], p.devices[:0], 0
	clear(p.index)
}

// device returns the place of a host in devices.
func (p *Part) device(hash uint64) int32 {
	if int(p.last) < len(p.devices) && p.devices[p.last].hash == hash {
		return p.last
	}
	at, known := p.index[hash]
	if !known {
		at = int32(len(p.devices))
		p.index[hash] = at
		p.devices = append(p.devices, host{hash: hash})
	}
	p.last = at
	return at
}

func (p *Part) add(device uint64, r *RowKeys) {
	at := p.device(device)
	p.devices[at].rows++
	r.Row = int32(len(p.Rows))
	p.Rows, p.hosts = append(p.Rows, *r), append(p.hosts, at)
}

// mostWriters is how many writers of one device's log are told apart: one a boot. A log with
// more is made up, and all rows of its device are read then.
const mostWriters = 1 << 10

// tell notes what a task's event tells of the processes of its device.
func (p *Part) tell(device uint64, t *event.Task) {
	d := &p.devices[p.device(device)]
	if t.Writer != 0 && !t.Audit && !slices.Contains(d.told.Writers, t.Writer) {
		if len(d.told.Writers) < mostWriters {
			d.told.Writers = append(d.told.Writers, t.Writer)
		} else {
			d.whole = true
		}
	}
	d.claim(t)
	d.tie(&t.Client)
}

// mostClaimed is how many process ids of one device are told apart that its log names: four
// times as many as Windows gives out.
const mostClaimed = 1 << 16

// claim notes the process that a task's event names without saying who wrote it.
func (d *host) claim(t *event.Task) {
	if t.PID == 0 || t.Writer != 0 || t.Audit {
		return
	}
	if d.told.Claimed == nil {
		d.told.Claimed = make(map[uint32]struct{})
	}
	if d.told.Claimed[t.PID] = struct{}{}; len(d.told.Claimed) > mostClaimed {
		d.whole = true
	}
}

// tie notes a process of which an event tells the process id alone.
func (d *host) tie(client *event.Ref) {
	if tied := d.told.Tied; client.PID != 0 && client.Created == event.NoTime && (len(tied) == 0 || tied[len(tied)-1] != client.PID) {
		d.told.Tied = append(d.told.Tied, client.PID)
	}
}

// Rows is what EachDevice tells of one device.
type Rows struct {
	Device  uint64        // its hash
	Entries []sieve.Entry // not to be kept; Row is the place in Part.Rows
	Whole   bool          // it has other events of processes too
	Told    sieve.Told
}

// EachDevice calls fn with the rows of one device after the other's.
func (p *Part) EachDevice(fn func(Rows)) {
	p.entries = slices.Grow(p.entries[:0], len(p.Rows))[:len(p.Rows)]
	next := 0
	for i := range p.devices {
		p.devices[i].next = next
		next += p.devices[i].rows
	}
	for i := range p.Rows {
		d := &p.devices[p.hosts[i]]
		p.entries[d.next] = p.Rows[i].Entry
		d.next++
	}
	for _, d := range p.devices {
		if d.rows > 0 {
			fn(Rows{d.hash, p.entries[d.next-d.rows : d.next], d.whole, d.told})
		}
	}
}
