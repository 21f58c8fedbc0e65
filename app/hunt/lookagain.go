package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
)

// secondLook reads in full those rows of a part that may have a say in a tree. It is for
// one worker.
type secondLook struct {
	set    *hold.Set
	sieve  sieve.Sieve
	hasher sieve.Hasher
	reader *schema.Reader
	rec    *record.Record
	kin    *kin.Kin
	rows   RowsAgain // nil when there are none to read again
	plans  []*schema.Plan
	logs   logs
	tasks  briefs
	ledger account.Ledger // what follows from the others, and what was thought of these

	starts map[uint64]int32 // of a device, by the hash of the process's id: where they are in the store
}

func (h *Hunt) newSecondLook(sink event.Sink) (*secondLook, error) {
	if h.again == nil {
		return &secondLook{logs: newLogs(h.set), tasks: newBriefs(h.set)}, nil // there are no rows
	}
	schemas := h.plugins.Schemas()
	reader, err := schemas.NewReader(sink, h.options.Root.Asked()...)
	if err != nil {
		return nil, err
	}
	return &secondLook{
		set: h.set, hasher: h.set.Hasher(), reader: reader, rec: record.New(schemas.Names()), rows: h.again(), plans: h.plans.all,
		logs: newLogs(h.set), tasks: newBriefs(h.set), kin: h.kin, starts: make(map[uint64]int32),
	}, nil
}

func (l *secondLook) close() error {
	if l.rows == nil {
		return nil
	}
	return l.rows.Close()
}

// at reads what is needed of a part's rows into its store.
func (l *secondLook) at(part *hold.Part) (err error) {
	l.logs.forget()
	part.EachDevice(func(rows hold.Rows) {
		whole := rows.Whole || l.set.HasSeveralNames(rows.Device)
		if !whole { // else all are read in full
			l.logs.add(rows.Device, rows.Entries)
		}
		rows.Told.Kin = l.kin.Has
		selected := l.sieve.Select(rows.Entries, whole, rows.Told)
		l.ledger.Orphans += selected.Orphans
		brief := 0
		for i, keep := range selected.Keep {
			switch {
			case !keep || rows.Entries[i].Flags&sieve.Read != 0 || err != nil:
			case selected.Brief[i]:
				brief++
			default:
				err = l.read(&part.Rows[rows.Entries[i].Row], rows.Device)
			}
		}
		if brief > 0 && err == nil {
			err = l.ends(part, &rows, selected.Brief)
		}
	})
	if err == nil {
		err = l.logsOfTasks(part)
	}
	return err
}

// ends adds the ends of processes that are known by their keys: what else such a row says, its
// process's start has said. It saves reading every third row again.
func (l *secondLook) ends(part *hold.Part, rows *hold.Rows, brief []bool) (err error) {
	l.enrol(part.Store, rows.Device)
	for i, is := range brief {
		if !is {
			continue
		}
		row := &part.Rows[rows.Entries[i].Row]
		at, known := l.starts[row.Self]
		if !known || row.Time == event.NoTime { // the file, or what was made of a row, is another now
			if err := l.read(row, rows.Device); err != nil {
				return err
			}
			continue
		}
		p := &part.Store.Processes[at]
		part.Store.AddEnd(&event.End{
			Source: event.Source{Device: p.Device, DeviceName: p.DeviceName, Time: row.Time, Record: row.Other}, // which no other end has
			Self:   event.Ref{ID: p.Self.ID, Style: p.Self.Style, PID: row.PID},
		})
	}
	return nil
}

// enrol notes the starts of a device.
func (l *secondLook) enrol(store *event.Store, device uint64) {
	clear(l.starts)
	last, own := event.NoSym, false
	for i := range store.Processes {
		p := &store.Processes[i]
		if p.Device != last {
			last = p.Device
			own = l.hasher.Device(event.HostName(store.Symbols.Bytes(last))) == device
		}
		if own {
			l.starts[l.hasher.ID(device, p.Self.ID)] = int32(i)
		}
	}
}

// read reads a row in full.
func (l *secondLook) read(r *hold.RowKeys, device uint64) error {
	if err := l.rows.Row(record.Place{File: r.File, At: r.At}, l.rec); err != nil {
		return err
	}
	plan := l.plans[r.Plan]
	is, was := l.reader.SecondLook(plan, l.rec), r.Flags.Kind()
	seen := l.reader.Seen(plan)
	if e := entryOf(l.hasher, device, &seen); e.Self != r.Self || e.Other != r.Other || e.PID != r.PID {
		return l.rows.Changed(r.File) // somebody writes to it
	}
	if is != was {
		l.ledger.Recount(was, is)
	}
	return nil
}
