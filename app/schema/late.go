package schema

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// RowsReader reads events that rules cannot express. It gets their fields by name and
// returns one row for each, in order: the canonical fields, each in the notation that
// the transform of its own name takes; nil where there is no event after all. It keeps
// neither slice. The error means that none of the rows could be read.
type RowsReader func(rows []map[string]string) ([]map[string]string, error)

// lateRows is how many rows go to a RowsReader at a time: enough to forget what a call
// to another process costs.
const lateRows = 4096

// late is what became of events that a mapper plugin reads.
type late struct {
	recount func(was, is event.Kind)
	losses  []Loss
}

// Loss is what one mapper cost.
type Loss struct {
	Mapper    string
	Lost      int   // events that it was to read and did not
	Malformed int   // events that it read and that say too little
	Err       error // the first reason of the lost ones
}

// of returns the loss of a mapper.
func (l *late) of(mapper string) *Loss {
	for i := range l.losses {
		if l.losses[i].Mapper == mapper {
			return &l.losses[i]
		}
	}
	l.losses = append(l.losses, Loss{Mapper: mapper})
	return &l.losses[len(l.losses)-1]
}

func (l *late) malformed(mapper string) { l.of(mapper).Malformed++ }

// batch gathers the rows of one table. Each reader has its own.
type batch struct {
	mapper string
	number uint8 // of the mapper
	kind   event.Kind
	by     RowsReader
	rows   []map[string]string
}

// setAsideFor has what the program sets aside go to its mapper.
func (p *program) setAsideFor() {
	for i := range p.tables {
		if b := p.tables[i].aside; b != nil {
			b.mapper, b.number = p.mapper, p.number
		}
	}
}

// OnLate sets what is called for an event that a mapper plugin read, after Read has
// returned, when it turns out to be of another kind than Read said.
func (r *Reader) OnLate(recount func(was, is event.Kind)) { r.late.recount = recount }

// Flush has the events read that wait to be. Call it after the last one.
func (r *Reader) Flush() {
	for i := range r.layouts.any.programs {
		for j := range r.layouts.any.programs[i].tables {
			if b := r.layouts.any.programs[i].tables[j].aside; b != nil {
				r.readLate(b)
			}
		}
	}
}

// Losses returns what each mapper cost so far.
func (r *Reader) Losses() []Loss { return r.late.losses }

// setAside notes an event that a mapper plugin reads, and the fields that it is made of.
// It takes every event for whole: Read is too early to know.
func (r *Reader) setAside(t *compiledTable, rec *record.Record) event.Kind {
	r.draft, r.partial, r.aside = draft{}, t.partial, t.aside
	for i := range t.rules {
		stated := false
		for j, s := range t.rules[i].from {
			if v := rec.Get(s); v != nil {
				r.used = append(r.used, s)
				stated = stated || j < t.rules[i].own
			}
		}
		r.partial = r.partial || !stated && !t.rules[i].optional
	}
	return t.kind
}

// queue keeps the event that was set aside until there are enough.
func (r *Reader) queue(rec *record.Record) {
	row := make(map[string]string, len(r.used))
	for _, s := range r.used {
		row[r.full.Names().Name(s)] = string(rec.Get(s))
	}
	b := r.aside
	if b.rows = append(b.rows, row); len(b.rows) >= lateRows {
		r.readLate(b)
	}
}

func (r *Reader) readLate(b *batch) {
	if len(b.rows) == 0 {
		return
	}
	rows, err := b.by(b.rows)
	if err == nil && len(rows) != len(b.rows) {
		err = fmt.Errorf("%d rows came back for %d", len(rows), len(b.rows))
	}
	for i := range b.rows {
		is, wrong := event.Malformed, err
		if wrong == nil {
			is, wrong = r.addLate(b, rows[i])
		}
		r.late.note(b, is, wrong)
	}
	b.rows = slices.Delete(b.rows, 0, len(b.rows))
}

// note books an event that was read late; err says why it could not be.
func (l *late) note(b *batch, is event.Kind, err error) {
	switch {
	case err != nil:
		loss := l.of(b.mapper)
		loss.Lost++
		loss.Err = cmp.Or(loss.Err, err)
	case is == event.Malformed:
		l.malformed(b.mapper)
	}
	if is != b.kind && l.recount != nil {
		l.recount(b.kind, is)
	}
}

// addLate adds the event of an answer. The error is about a field that there is not,
// which is a mistake in whoever answered.
func (r *Reader) addLate(b *batch, row map[string]string) (event.Kind, error) {
	if row == nil {
		return event.Other, nil
	}
	r.draft = draft{symbols: r.sink.Interner()}
	r.draft.source.Mapper = b.number
	known := 0
	for _, field := range canonical {
		value, there := row[field]
		if !there {
			continue
		}
		known++
		if v := []byte(value); !isAbsent(v) {
			setters[field][field](&r.draft, v)
		}
	}
	if known < len(row) {
		for field := range row {
			if _, there := setters[field]; !there {
				return event.Malformed, fmt.Errorf("there is no canonical field %q", field)
			}
		}
	}
	kind := r.draft.finish(b.kind)
	if inUse(kind) {
		r.add(kind)
	}
	return kind, nil
}

// canonical is the order in which fields of an answer are set.
var canonical = sortedKeys(setters)
