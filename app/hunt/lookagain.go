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
	ledger account.Ledger // what follows from the others, and what was thought of these
}

func (h *Hunt) newSecondLook(sink event.Sink) (*secondLook, error) {
	if h.again == nil {
		return &secondLook{logs: newLogs(h.set)}, nil // there are no rows
	}
	schemas := h.plugins.Schemas()
	reader, err := schemas.NewReader(sink, h.options.Root.Asked()...)
	if err != nil {
		return nil, err
	}
	return &secondLook{
		set: h.set, hasher: h.set.Hasher(), reader: reader, rec: record.New(schemas.Names()), rows: h.again(), plans: h.plans.all,
		logs: newLogs(h.set), kin: h.kin,
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
		for i, keep := range selected.Keep {
			if keep && rows.Entries[i].Flags&sieve.Read == 0 && err == nil {
				err = l.read(&part.Rows[rows.Entries[i].Row], rows.Device)
			}
		}
	})
	return err
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
