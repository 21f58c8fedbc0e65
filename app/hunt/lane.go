package hunt

import (
	"cmp"
	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// Lane reads events into the hunt's partitions. It is for one goroutine; which lane an
// event goes through has no part in the result.
type Lane struct {
	writer   *hold.Writer
	reader   *schema.Reader
	text     *record.Record // for events that are a text only
	textOnly record.Layout  // of these
	ledger   account.Ledger
	share    *share            // nil when all devices are hunted in
	seen     *sights           // nil when nobody asks
	rivals   map[string]rivals // by column
}

// rivals are the values of a column that a file has twice.
type rivals struct {
	rows         int
	taken, other string // of a row
}

func newLane(set *hold.Set, schemas *schema.Set, o command.Options, look func(*hold.Writer, *kinWitness) schema.FirstLook, witness *kinWitness) (*Lane, error) {
	names := schemas.Names()
	l := &Lane{writer: set.Writer(), text: record.New(names), textOnly: record.Layout{Slots: []record.Slot{names.Slot(schema.Raw)}}}
	sink, first := sinkOf(l.writer, witness), look(l.writer, witness)
	if o.Shard.Of > 1 {
		l.share = newShare(o.Shard, sink, l.writer)
		sink, first = l.share, l.share.look(first)
	}
	reader, err := schemas.NewReader(sink, o.Root.Asked()...)
	if err != nil {
		return nil, err
	}
	l.reader = reader
	reader.Order(o.Dates)
	reader.OnLate(l.ledger.Recount)
	reader.LookFirst(first)
	return l, nil
}

// Add reads one event. The error says what is wrong with it, if anything is; the hunt goes
// on in any case.
func (l *Lane) Add(rec *record.Record) (event.Kind, error) {
	if len(rec.Rivals()) > 0 {
		l.noteRivals(rec)
	}
	kind := l.untilUsed(l.reader.Read(rec))
	l.ledger.Count(kind)
	l.seen.look(kind, rec)
	repeated, malformed := l.reader.Repeated()
	for range repeated {
		l.ledger.Count(kind)
	}
	for range malformed {
		l.ledger.Count(event.Malformed)
	}
	l.countAlso()
	return kind, l.reader.Err()
}

func (l *Lane) noteRivals(rec *record.Record) {
	if l.rivals == nil {
		l.rivals = make(map[string]rivals)
	}
	for _, rival := range rec.Rivals() {
		name := rec.Names().Name(rival.Slot)
		l.rivals[name] = l.rivals[name].and(rivals{1, string(rec.Get(rival.Slot)), string(rival.Other)})
	}
}

// and adds up two. Of two examples the one that sorts first is kept.
func (r rivals) and(other rivals) rivals {
	first := r
	if r.rows == 0 || cmp.Or(cmp.Compare(other.taken, r.taken), cmp.Compare(other.other, r.other)) < 0 {
		first = other
	}
	first.rows = r.rows + other.rows
	return first
}

// AddText is Add for the text of an event that stands alone, as in a file: what is no
// event in any shape is Malformed there. text is not kept.
func (l *Lane) AddText(text []byte) (event.Kind, error) {
	l.text.Reset()
	l.text.Set(l.textOnly.Slots[0], text)
	l.text.SetLayout(&l.textOnly)
	kind := l.reader.Read(l.text)
	err := l.reader.Err()
	if kind == event.Other && err != nil {
		kind = event.Malformed
	}
	kind = l.untilUsed(kind)
	l.ledger.Count(kind)
	l.seen.look(kind, l.text)
	l.countAlso()
	return kind, err
}

// untilUsed is the kind that an event counts as. Those of the audit log are of no use until
// it turns out that no sensor tells of their device: see useAudit.
func (l *Lane) untilUsed(kind event.Kind) event.Kind {
	if kind != event.Malformed && l.reader.Audit() {
		return event.Other
	}
	return kind
}

// countAlso counts the further events of a row that a join made.
func (l *Lane) countAlso() {
	for _, kind := range l.reader.Also() {
		l.ledger.Count(kind)
	}
}

// AddMalformed counts an event that could not even be split into fields.
func (l *Lane) AddMalformed() { l.ledger.Count(event.Malformed) }
