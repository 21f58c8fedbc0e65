package hunt

import (
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
	"github.com/schtaskhunt/schtaskhunt/app/task"
)

// task takes the keys of an event of the scheduler's log, as Look does. The first with a spelling
// of its device's name is read in full, so that the name is known.
func (l *firstLook) task(k *event.Keys) bool {
	device, isNew := l.writer.DeviceOfLog(k.Device)
	l.row.Entry = sieve.EntryOfTask(k)
	switch {
	case isNew:
		l.row.Flags |= sieve.Read
	case l.kin != nil && k.Writer != 0: // of one read in full, who takes it tells
		l.tellWriter(device.Hash, k.Writer)
	}
	l.writer.AddRow(device, &l.row, k.Time)
	return !isNew
}

// wrote is a process that wrote the log of a device.
type wrote struct {
	device uint64
	pid    uint32
}

// tellWriter tells who wrote a device's log, unless that was told last of it: as a rule it is one
// process a boot.
func (l *firstLook) tellWriter(device uint64, pid uint32) {
	if last := &l.wrote[device%uint64(len(l.wrote))]; *last != (wrote{device, pid}) {
		*last = wrote{device, pid}
		l.kin.Writer(device, pid)
	}
}

// briefs are the events of the scheduler's log of a partition of which the keys are enough, by
// device.
type briefs struct {
	hasher sieve.Hasher
	all    []task.Brief
	come   []task.Brief        // those of a device as they came
	of     map[uint64]stretch  // where in all those of a device are
	pids   map[uint32]struct{} // of all processes that events in full are about, or tell of
	own    map[uint64]struct{} // devices of events in full that no mapper read
}

// stretch is what stands side by side.
type stretch struct{ from, to int }

func newBriefs(set *hold.Set) briefs {
	return briefs{hasher: set.Hasher(), of: make(map[uint64]stretch), pids: make(map[uint32]struct{}), own: make(map[uint64]struct{})}
}

// logsOfTasks reads in full those rows of the scheduler's log that have a say in a name, when
// all processes that count are in the part's store.
func (l *secondLook) logsOfTasks(part *hold.Part) (err error) {
	l.tasks.forget()
	if len(part.Tasks) == 0 {
		return nil
	}
	l.tasks.note(part.Store)
	part.EachTasks(func(rows hold.TaskRows) {
		_, known := l.tasks.own[rows.Device]
		whole := rows.Whole || !known || l.set.HasSeveralNames(rows.Device)
		keep := l.sieve.SelectTasks(l.hasher, rows.Entries, whole, l.tasks.has)
		from := len(l.tasks.all)
		for i, is := range keep {
			switch e := &rows.Entries[i]; {
			case e.Flags&sieve.Read != 0 || err != nil:
			case is:
				err = l.read(&part.Tasks[e.Row], rows.Device)
			default:
				l.tasks.add(e, part.Tasks[e.Row].Time)
			}
		}
		l.tasks.done(rows.Device, from)
	})
	return err
}

func (b *briefs) forget() {
	b.all = b.all[:0]
	clear(b.of)
}

// note notes what a store has in full.
func (b *briefs) note(store *event.Store) {
	clear(b.pids)
	clear(b.own)
	for i := range store.Processes {
		p := &store.Processes[i]
		b.noteRefs(&p.Self, &p.Parent, &p.Grandparent)
	}
	for i := range store.Ends {
		b.noteRefs(&store.Ends[i].Self)
	}
	for i := range store.Connections {
		c := &store.Connections[i]
		b.noteRefs(&c.Self, &c.Parent)
	}
	last := event.NoSym
	for s := range store.Sources() {
		if s.Mapper == 0 && s.Device != last {
			last = s.Device
			b.own[b.hash(store, last)] = struct{}{}
		}
	}
}

func (b *briefs) noteRefs(refs ...*event.Ref) {
	for _, ref := range refs {
		if ref.PID != 0 {
			b.pids[ref.PID] = struct{}{}
		}
	}
}

func (b *briefs) hash(store *event.Store, device event.Sym) uint64 {
	return b.hasher.Device(event.HostName(store.Symbols.Bytes(device)))
}

// has reports whether events in full tell of some process with an id.
func (b *briefs) has(pid uint32) bool {
	_, has := b.pids[pid]
	return has
}

func (b *briefs) add(e *sieve.Entry, at event.Time) {
	b.all = append(b.all, task.Brief{At: at, Record: e.Self, Act: e.Flags.Act(), Writer: e.Writer(), Claim: e.Claims()})
}

// done ends those of a device, which begin at from, and brings them in order. Most come so.
func (b *briefs) done(device uint64, from int) {
	b.of[device] = stretch{from, len(b.all)}
	own := b.some(device)
	b.come = append(b.come[:0], own...)
	for i, at := range event.SortedRuns(b.come, earlier) {
		own[i] = b.come[at]
	}
}

// earlier puts the first by time first, and of those of one time the first by number.
func earlier(x, y *task.Brief) int {
	if x.At != y.At {
		return cmp.Compare(x.At, y.At)
	}
	return cmp.Compare(x.Record, y.Record)
}

// device returns those of the device of a settled store. What mappers tell of may have a device of
// its own, whose name is like it.
func (b *briefs) device(store *event.Store) []task.Brief {
	if len(b.of) == 0 {
		return nil
	}
	for s := range store.Sources() {
		if s.Mapper == 0 {
			return b.some(b.hash(store, s.Device))
		}
	}
	return nil
}

func (b *briefs) some(device uint64) []task.Brief {
	at := b.of[device]
	return b.all[at.from:at.to]
}
