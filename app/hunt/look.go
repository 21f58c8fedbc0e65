package hunt

import (
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/cause"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
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

// firstLook keeps the keys of rows that can be read again, and where they lie. It is
// for one lane.
type firstLook struct {
	writer *hold.Writer
	hasher sieve.Hasher
	words  words
	makers bool // the makers of services or consumers are needed
	lists  bool // tasks are listed, for which all that is told of them counts
	doors  doors
	kin    *kinWitness
	all    *plans
	plans  map[*schema.Plan]uint32 // those of this lane, and their numbers
	row    hold.RowKeys

	wrote [1 << 8]wrote                             // by device, what was told last
	last  [event.InstallationEvent + 1]numberedPlan // by kind, the plan last used: most rows of a kind have the same
}

// numberedPlan is a plan and its number.
type numberedPlan struct {
	*schema.Plan
	number uint32
}

// firstLook returns what looks at a lane's events first, nil for nobody.
func (h *Hunt) firstLook(writer *hold.Writer, witness *kinWitness) schema.FirstLook {
	if h.again == nil {
		return nil
	}
	return &firstLook{
		writer: writer, hasher: h.set.Hasher(), words: newWords(h.start), kin: witness, makers: hasMakers(h.start),
		lists: h.inventory != nil, doors: h.inbound,
		all: &h.plans, plans: make(map[*schema.Plan]uint32),
	}
}

// Look implements schema.FirstLook.
func (l *firstLook) Look(k *event.Keys, p *schema.Plan, rec *record.Record) bool {
	place := rec.Place()
	if !place.Known() {
		return false
	}
	last := &l.last[k.Kind]
	if k.Kind == event.TaskEvent && l.lists || p != last.Plan && !l.use(p, last) {
		return false
	}
	l.row.Plan, l.row.File, l.row.At = last.number, place.File, place.At
	if k.Kind == event.TaskEvent {
		return l.task(k)
	}
	device, isNew := l.writer.Device(k.Device)
	l.row.Entry = entryOf(l.hasher, device.Hash, k)
	if isNew {
		l.row.Flags |= sieve.NewSpelling
	}
	var words said
	if k.Kind == event.ProcessStart {
		words = l.words.said(k)
		l.row.Flags |= flagsOf(k, words)
	}
	// A root is needed for sure, and its text is at hand; so is what may have installed one or called for one. Who
	// takes it in full tells the witness.
	isRoot := l.row.Flags&sieve.ParentScheduler != 0
	needed := isRoot || l.makers && k.Kind == event.ProcessStart && cause.MayInstall(k.Command) || l.isCall(k, p, rec)
	if needed {
		l.row.Flags |= sieve.Read
	} else if k.Kind == event.ProcessStart && l.kin != nil {
		if !l.words.alone { // else what they say is what the witness asks
			words = l.kin.said(k)
		}
		l.kin.look(l.writer.Interner(), device.Hash, k, words)
	}
	l.writer.AddRow(device, &l.row, k.Time)
	return !needed
}

// isCall reports whether an event is another machine's call that may have led to a root.
func (l *firstLook) isCall(k *event.Keys, p *schema.Plan, rec *record.Record) bool {
	if len(l.doors) == 0 || k.Kind != event.NetworkConnection {
		return false
	}
	port, inbound := p.Inbound(rec)
	return inbound && l.doors.any(port)
}

// use takes a plan for the next rows of a kind. It reports false when there are too many.
func (l *firstLook) use(p *schema.Plan, last *numberedPlan) bool {
	number, known := l.plans[p]
	if !known {
		if number, known = l.all.add(p); !known {
			return false
		}
		l.plans[p] = number
	}
	*last = numberedPlan{p, number}
	return true
}

// entryOf returns what the keys alone say.
func entryOf(hasher sieve.Hasher, device uint64, k *event.Keys) sieve.Entry {
	if k.Kind == event.TaskEvent {
		return sieve.EntryOfTask(k)
	}
	e := sieve.Entry{Self: hasher.ID(device, k.ID), PID: k.PID, Flags: sieve.FlagsOf(k.Kind)}
	if k.Kind == event.ProcessStart {
		e.Other, e.ParentPID = hasher.ID(device, k.ParentID), k.ParentPID
	} else {
		e.Other = hasher.Record(e.Self, k)
	}
	return e
}

// flagsOf says what the words of a process start mean.
func flagsOf(k *event.Keys, words said) (f sieve.Flags) {
	if words.self == tree.Yes {
		f |= sieve.Scheduler
	}
	switch words.parent {
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

// plans numbers the plans of all lanes.
type plans struct {
	mu  sync.Mutex
	all []*schema.Plan
}

// mostPlans is how many plans there may be. A stream that makes up new headers without
// end is read in full.
const mostPlans = 1 << 12

// add numbers a plan. It reports false when there are too many.
func (p *plans) add(plan *schema.Plan) (uint32, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) == mostPlans {
		return 0, false
	}
	p.all = append(p.all, plan)
	return uint32(len(p.all) - 1), true
}
