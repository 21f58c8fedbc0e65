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
	// Tasks are those of the scheduler's log.
	Tasks []RowKeys

	of      []int32 // by place in Tasks: its device
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

	tasks int // rows of the scheduler's log
	apart int // events of it that have no row, less those that were read in full and have one
}

func newPart(symbols *event.Symbols) *Part {
	return &Part{Store: &event.Store{Symbols: symbols}, index: make(map[uint64]int32)}
}

func (p *Part) reset() {
	p.Store.Reset()
	p.Rows, p.hosts, p.devices, p.last = p.Rows[:0], p.hosts[:0], p.devices[:0], 0
	p.Tasks, p.of = p.Tasks[:0], p.of[:0]
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

// Rows is what EachDevice tells of one device.
type Rows struct {
	Device  uint64        // its hash
	Entries []sieve.Entry // not to be kept; Row is the place in Part.Rows
	Whole   bool          // it has other events of processes too
	Told    sieve.Told
}

// EachDevice calls fn with the rows of one device after the other's.
func (p *Part) EachDevice(fn func(Rows)) {
	p.byDevice(p.Rows, p.hosts, func(d *host) int { return d.rows }, func(d *host, entries []sieve.Entry) {
		fn(Rows{d.hash, entries, d.whole, d.told})
	})
}

// byDevice calls fn with the entries of rows, those of one device side by side and in their order.
// of are the rows' devices, and count tells how many a device has.
func (p *Part) byDevice(rows []RowKeys, of []int32, count func(*host) int, fn func(*host, []sieve.Entry)) {
	p.entries = slices.Grow(p.entries[:0], len(rows))[:len(rows)]
	next := 0
	for i := range p.devices {
		p.devices[i].next = next
		next += count(&p.devices[i])
	}
	for i := range rows {
		d := &p.devices[of[i]]
		p.entries[d.next] = rows[i].Entry
		d.next++
	}
	for i := range p.devices {
		if d := &p.devices[i]; count(d) > 0 {
			fn(d, p.entries[d.next-count(d):d.next])
		}
	}
}
