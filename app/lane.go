package app

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/partition"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// lane reads events into the hunt's partitions.
type lane struct {
	writer *partition.Writer
	reader *schema.Reader
	text   *record.Record // for events that are a text only
	ledger Ledger
}

var rawSlot = schema.Names().Slot(schema.Raw)

// rawOnly is the layout of an event that is a text.
var rawOnly = record.Layout{Slots: []record.Slot{rawSlot}}

func newLane(set *partition.Set, schemas *schema.Set, look func(*partition.Writer) schema.FirstLook) (*lane, error) {
	writer := set.Writer()
	reader, err := schemas.NewReader(writer)
	if err != nil {
		return nil, err
	}
	l := &lane{writer: writer, reader: reader, text: record.New(schemas.Names())}
	reader.OnLate(l.ledger.recount)
	reader.LookFirst(look(writer))
	return l, nil
}

// Add implements Lane.
func (l *lane) Add(rec *record.Record) (event.Kind, error) {
	kind := l.reader.Read(rec)
	l.ledger.count(kind)
	repeated, malformed := l.reader.Repeated()
	for range repeated {
		l.ledger.count(kind)
	}
	for range malformed {
		l.ledger.count(event.Malformed)
	}
	return kind, l.reader.Err()
}

// AddText implements Lane.
func (l *lane) AddText(text []byte) (event.Kind, error) {
	l.text.Reset()
	l.text.Set(rawSlot, text)
	l.text.SetLayout(&rawOnly)
	kind := l.reader.Read(l.text)
	err := l.reader.Err()
	if kind == event.Other && err != nil {
		kind = event.Malformed
	}
	l.ledger.count(kind)
	return kind, err
}

// AddMalformed implements Lane.
func (l *lane) AddMalformed() { l.ledger.count(event.Malformed) }
