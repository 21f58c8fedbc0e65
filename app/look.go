package app

import (
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/partition"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/sieve"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// RowsAgain reads rows again that were read before. It is for one goroutine.
type RowsAgain interface {
	// Row reads the row at a place into rec, which it resets.
	Row(at record.Place, rec *record.Record) error
	// Changed returns the error which says that a file is not what it was.
	Changed(file int32) error
	Close() error
}

// ReadAgain has the hunt read rows that can be read again twice: first for their keys
// only, and then those in full that may have a part in a tree, which few have. What is
// kept of the others is small. Call it before the lanes are made; again is called once
// for each goroutine that reads.
func (h *Hunt) ReadAgain(again func() RowsAgain) { h.again = again }

// firstLook keeps the keys of rows that can be read again, and where they lie. It is
// for one lane.
type firstLook struct {
	writer *partition.Writer
	hasher sieve.Hasher
	words  words
	plans  *plans
	plan   *schema.Plan // the last one, and its number
	number uint32
	row    partition.Row
}

// firstLook returns what looks at a lane's events first, nil for nobody.
func (h *Hunt) firstLook(writer *partition.Writer) schema.FirstLook {
	if h.again == nil {
		return nil
	}
	return &firstLook{writer: writer, hasher: h.set.Hasher(), words: newWords(starter(h.options.Root)), plans: &h.plans}
}

// Look implements schema.FirstLook.
func (l *firstLook) Look(k *event.Keys, p *schema.Plan, rec *record.Record) bool {
	place := rec.Place()
	if !place.Known() {
		return false
	}
	if p != l.plan {
		number, ok := l.plans.number(p)
		if !ok {
			return false
		}
		l.plan, l.number = p, number
	}
	device, isNew := l.writer.Device(k.Device)
	l.row.Plan, l.row.File, l.row.At = l.number, place.File, place.At
	l.row.Entry = entryOf(l.hasher, device, k)
	l.row.Flags |= l.flags(k, isNew)
	// A root is needed for sure, and its text is at hand.
	isRoot := l.row.Flags&sieve.ParentScheduler != 0
	if isRoot {
		l.row.Flags |= sieve.Read
	}
	l.writer.AddRow(&l.row, k.Time)
	return !isRoot
}

// entryOf returns what the keys alone say.
func entryOf(hasher sieve.Hasher, device uint64, k *event.Keys) sieve.Entry {
	e := sieve.Entry{Self: hasher.ID(device, k.ID), PID: k.PID, Flags: sieve.FlagsOf(k.Kind)}
	if k.Kind == event.ProcessStart {
		e.Other, e.ParentPID = hasher.ID(device, k.ParentID), k.ParentPID
	} else {
		e.Other = hasher.Record(e.Self, k)
	}
	return e
}

// flags says what the words of a process mean.
func (l *firstLook) flags(k *event.Keys, newSpelling bool) (f sieve.Flags) {
	if newSpelling {
		f |= sieve.NewSpelling
	}
	if k.Kind != event.ProcessStart {
		return f
	}
	if l.words.verdict(k.Name, k.Command) == tree.Yes {
		f |= sieve.Scheduler
	}
	switch l.words.verdict(k.ParentName, k.ParentCommand) {
	case tree.Yes:
		f |= sieve.ParentScheduler
	case tree.Maybe:
		f |= sieve.ParentUnsure
	case tree.No:
		if len(k.ParentCommand) == 0 { // the parent's own words count then
			f |= sieve.ParentUnsure
		}
	}
	return f
}

// words asks a Starter once for each pair of texts, as long as they are few.
type words struct {
	tree.Starter
	names map[string]tree.Verdict
	pairs map[string]tree.Verdict
	pair  []byte
}

// mostWords is how many answers are remembered: those of the first texts, which are the
// common ones.
const mostWords = 1 << 12

func newWords(s tree.Starter) words {
	return words{Starter: s, names: make(map[string]tree.Verdict), pairs: make(map[string]tree.Verdict)}
}

// verdict is what tree makes of a process's name and command line.
func (w *words) verdict(name, command []byte) tree.Verdict {
	if len(name) == 0 && len(command) == 0 {
		return tree.Maybe
	}
	v, known := w.names[string(name)]
	if !known {
		v = w.Starts(string(name), "")
		keepVerdict(w.names, name, v)
	}
	if v == tree.No || len(command) == 0 {
		return v
	}
	w.pair = append(append(append(w.pair[:0], name...), 0), command...)
	if v, known = w.pairs[string(w.pair)]; !known {
		v = w.Starts(string(name), string(command))
		keepVerdict(w.pairs, w.pair, v)
	}
	return v
}

func keepVerdict(of map[string]tree.Verdict, text []byte, v tree.Verdict) {
	if len(of) < mostWords {
		of[string(text)] = v
	}
}

// plans numbers the plans of all lanes.
type plans struct {
	mu  sync.Mutex
	all []*schema.Plan
}

// mostPlans is how many plans there may be. A stream that makes up new headers without
// end is read in full.
const mostPlans = 1 << 12

func (p *plans) number(plan *schema.Plan) (uint32, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.all) - 1; i >= 0; i-- {
		if p.all[i] == plan {
			return uint32(i), true
		}
	}
	if len(p.all) == mostPlans {
		return 0, false
	}
	p.all = append(p.all, plan)
	return uint32(len(p.all) - 1), true
}

// secondLook reads in full those rows of a part that may have a say in a tree. It is for
// one worker.
type secondLook struct {
	sieve  sieve.Sieve
	hasher sieve.Hasher
	reader *schema.Reader
	rec    *record.Record
	rows   RowsAgain // nil when there are none to read again
	plans  []*schema.Plan
	ledger Ledger // what follows from the others, and what was thought of these
}

func (h *Hunt) newSecondLook(sink event.Sink) (*secondLook, error) {
	schemas := h.plugins.Schemas()
	reader, err := schemas.NewReader(sink)
	l := &secondLook{hasher: h.set.Hasher(), reader: reader, rec: record.New(schemas.Names()), plans: h.plans.all}
	if h.again != nil {
		l.rows = h.again()
	}
	return l, err
}

func (l *secondLook) close() error {
	if l.rows == nil {
		return nil
	}
	return l.rows.Close()
}

// at reads what is needed of a part's rows into its store.
func (l *secondLook) at(part *partition.Part) (err error) {
	part.EachDevice(func(device uint64, entries []sieve.Entry, whole bool) {
		selected := l.sieve.Select(entries, whole)
		l.ledger.Orphans += selected.Orphans
		for i, keep := range selected.Keep {
			if keep && entries[i].Flags&sieve.Read == 0 && err == nil {
				err = l.read(&part.Rows[entries[i].Row], device)
			}
		}
	})
	return err
}

// read reads a row in full.
func (l *secondLook) read(r *partition.Row, device uint64) error {
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
		l.ledger.recount(was, is)
	}
	return nil
}
