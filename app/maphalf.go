package app

import (
	"fmt"
	"io"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// mapHalf is the streaming half: it passes on the events that the hunt uses, each
// with the fields that made it one, and drops the rest. What it passes on, it would
// pass on again unchanged.
type mapHalf struct {
	store  *event.Store // for the reader's symbols only
	reader *schema.Reader
	rows   *record.Rows
	rec    *record.Record
	ledger Ledger
	passed []passed
	texts  []byte // the values of passed
}

// passed is one event to pass on: its fields and where their values end in texts.
type passed struct {
	slots []record.Slot
	ends  []int
}

// chunkIndex is splunkd's own row number, which goes back as it came.
var chunkIndex = schema.Names().Slot(schema.ChunkIndex)

func newMapHalf() (half, error) {
	store := event.NewStore()
	reader, err := schema.NewReader(store)
	if err != nil {
		return nil, err
	}
	return &mapHalf{store: store, reader: reader, rows: record.NewRows(), rec: record.New(schema.Names())}, nil
}

func (m *mapHalf) take(body io.Reader) error {
	m.passed, m.texts = m.passed[:0], m.texts[:0]
	m.store.Reset() // nothing is kept from chunk to chunk
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
		m.ledger.count(kind)
		if kind != event.Other && kind != event.Malformed {
			m.pass(full)
		}
	}
	if m.rows.Err() != nil {
		m.ledger.count(event.Malformed)
	}
}

func (m *mapHalf) close() error { return nil }

// pass keeps the fields that mattered.
func (m *mapHalf) pass(rec *record.Record) {
	slots := slices.Clone(m.reader.Used())
	if rec.Get(chunkIndex) != nil {
		slots = append(slots, chunkIndex)
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
		names[i] = schema.Names().Name(s)
	}
	encoder := chunked.NewEncoder(names)
	start := 0
	for _, p := range m.passed {
		next := 0
		for _, column := range columns {
			var value []byte
			if next < len(p.slots) && p.slots[next] == column {
				value, start = m.texts[start:p.ends[next]], p.ends[next]
				next++
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
	seen := make([]bool, schema.Names().Len())
	for _, p := range m.passed {
		for _, s := range p.slots {
			seen[s] = true
		}
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
		"schtaskhunt map: events=%d process=%d connection=%d end=%d other=%d malformed=%d passed=%d",
		l.Events, l.Process, l.Connection, l.End, l.Other, l.Malformed, l.Process+l.Connection+l.End)}}
	if l.Malformed > 0 {
		messages = append(messages, chunked.Message{Level: chunked.LevelWarn, Text: malformedText(l.Malformed)})
	}
	if cut := m.reader.Cut(); cut > 0 {
		messages = append(messages, chunked.Message{Level: chunked.LevelWarn, Text: cutText(cut)})
	}
	return messages
}
