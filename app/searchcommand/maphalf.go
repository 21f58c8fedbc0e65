package searchcommand

import (
	"fmt"
	"io"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// mapHalf is the streaming half: it passes on the events that the hunt uses, each
// with the fields that made it one, and drops the rest. Of the connections of a chunk
// that differ in their times only, one row stands for all. What it passes on, it would
// pass on again unchanged.
type mapHalf struct {
	names      *record.Names
	chunkIndex record.Slot // splunkd's own row number, which goes back as it came
	repeats    record.Slot
	store      *event.Store // for the reader's symbols only
	reader     *schema.Reader
	rows       *record.Rows
	rec        *record.Record
	ledger     account.Ledger
	passed     []passed
	texts      []byte                   // the values of passed
	alike      map[event.Connection]int // place in passed of the row that stands for such
	merged     int                      // events that another's row stands for
	handed     int                      // rows passed on
	shard      command.Shard
	others     int // events of other shares' devices
}

// passed is one event to pass on: its fields and where their values end in texts.
type passed struct {
	slots   []record.Slot
	ends    []int
	repeats []byte // the column schema.Repeats
}

func newMapHalf(schemas *schema.Set, o command.Options) (half, error) {
	store := event.NewStore()
	reader, err := schemas.NewReader(store, o.Root.Asked()...)
	if err != nil {
		return nil, err
	}
	names := schemas.Names()
	return &mapHalf{names: names, chunkIndex: names.Slot(schema.ChunkIndex), repeats: names.Slot(schema.Repeats), store: store, reader: reader, rows: record.NewRows(), rec: record.New(names),
		alike: make(map[event.Connection]int), shard: o.Shard}, nil
}

func (m *mapHalf) take(body io.Reader) error {
	m.passed, m.texts = m.passed[:0], m.texts[:0]
	m.store.Reset() // nothing is kept from chunk to chunk
	clear(m.alike)
	return eachPiece(body, func(piece *record.Piece) error {
		m.piece(piece)
		piece.Free()
		return nil
	})
}

func (m *mapHalf) piece(piece *record.Piece) {
	m.rows.Open(piece)
	for m.rows.Next(m.rec) {
		kind, full := m.reader.Recognise(m.rec)
		m.ledger.Count(kind)
		switch {
		case kind == event.Other || kind == event.Malformed:
		case full.Ways() <= 1 && m.isElsewhere():
			m.others++
		case !m.merge(kind):
			m.pass(full)
		}
	}
	if m.rows.Err() != nil {
		m.ledger.Count(event.Malformed)
	}
}

func (m *mapHalf) close() error { return nil }

// isElsewhere reports whether the event at hand is of a device of another share, for sure.
func (m *mapHalf) isElsewhere() bool {
	if m.shard.Of <= 1 {
		return false
	}
	device := m.reader.Device()
	return device != nil && !m.shard.Has(device)
}

// merge lets the row of an equal connection stand for this one too, if one is passed
// on already. A row that stands for others itself is left as it is.
func (m *mapHalf) merge(kind event.Kind) bool {
	if kind != event.NetworkConnection && kind != event.NameLookup || m.reader.Aside() || m.reader.Doubtful() || m.rec.Get(m.repeats) != nil {
		return false
	}
	c := m.reader.Connection(kind)
	rest, repeat := schema.RepeatOf(&c)
	at, known := m.alike[rest]
	if !known {
		m.alike[rest] = len(m.passed)
		return false
	}
	m.passed[at].repeats = repeat.Append(m.passed[at].repeats)
	m.merged++
	return true
}

// pass keeps the fields that mattered.
func (m *mapHalf) pass(rec *record.Record) {
	m.handed++
	slots := slices.Clone(m.reader.Used())
	if m.rec.Get(m.repeats) != nil {
		slots = append(slots, m.repeats)
		rec.Set(m.repeats, m.rec.Get(m.repeats))
	}
	if rec.Get(m.chunkIndex) != nil {
		slots = append(slots, m.chunkIndex)
	}
	slices.Sort(slots)
	p := passed{slots: slices.Compact(slots)}
	for _, s := range p.slots {
		m.texts = append(m.texts, rec.Get(s)...)
		p.ends = append(p.ends, len(m.texts))
	}
	m.passed = append(m.passed, p)
}

func (m *mapHalf) reply(finished bool) (reply chunked.Reply, err error) {
	if finished {
		reply.Messages = m.messages()
	}
	if len(m.passed) == 0 {
		return reply, nil
	}
	reply.Body, err = m.body()
	return reply, err
}

// body writes the rows under a header of all fields that any of them has.
func (m *mapHalf) body() ([]byte, error) {
	columns := m.columns()
	names := make([]string, len(columns))
	for i, s := range columns {
		names[i] = m.names.Name(s)
	}
	encoder := chunked.NewEncoder(names)
	start := 0
	for _, p := range m.passed {
		next := 0
		for _, column := range columns {
			var value []byte
			switch {
			case next < len(p.slots) && p.slots[next] == column:
				value, start = m.texts[start:p.ends[next]], p.ends[next]
				next++
			case column == m.repeats:
				value = p.repeats
			}
			encoder.CellBytes(value)
		}
		if err := encoder.EndRow(); err != nil {
			return nil, fmt.Errorf("writing rows for the reduce half: %w", err)
		}
	}
	return encoder.Bytes(), nil
}

// columns returns the fields of all rows, in the order of their slots.
func (m *mapHalf) columns() (columns []record.Slot) {
	seen := make([]bool, m.names.Len())
	for _, p := range m.passed {
		for _, s := range p.slots {
			seen[s] = true
		}
		seen[m.repeats] = seen[m.repeats] || len(p.repeats) > 0
	}
	for s, there := range seen {
		if there {
			columns = append(columns, record.Slot(s))
		}
	}
	return columns
}

// messages is the map half's own account: the reduce half never sees what is
// dropped here.
func (m *mapHalf) messages() []chunked.Message {
	l := &m.ledger
	messages := []chunked.Message{{Level: chunked.LevelInfo, Text: fmt.Sprintf(
		"schtaskhunt map: events=%d process=%d connection=%d end=%d other=%d malformed=%d passed=%d merged=%d",
		l.Events, l.Process, l.Connection, l.End, l.Other, l.Malformed, m.handed, m.merged)}}
	if m.others > 0 {
		messages = append(messages, chunked.Message{Level: chunked.LevelInfo, Text: fmt.Sprintf(
			"schtaskhunt map: share %d of %d: %s of other shares' devices left out", m.shard.Index, m.shard.Of, account.Events(m.others))})
	}
	if l.Malformed > 0 {
		messages = append(messages, chunked.Message{Level: chunked.LevelWarn, Text: account.Malformed(l.Malformed)})
	}
	if cut := m.reader.Cut(); cut > 0 {
		messages = append(messages, chunked.Message{Level: chunked.LevelWarn, Text: account.Search.Cut(cut)})
	}
	return messages
}
