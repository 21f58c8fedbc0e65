package kql

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Query is one run of the query. Add every event, in any order, then call Finish
// once. It is not safe for concurrent use.
type Query struct {
	options                       Options
	window                        window
	allowCommand, allowPath, urls *terms
	symbols                       *event.Symbols
	texts                         *texts
	defender, sysmon              tables
	full                          *record.Record // columns, and what the event's own text adds
	folded                        []byte
	unreadable                    int
}

// tables are the two tables of one sensor.
type tables struct {
	processes   pages[process]
	details     pages[processDetail] // of processes, with AllColumns
	connections pages[connection]
	cells       pages[connectionCells] // of connections, with AllColumns
	sysmon      bool
	symbols     *event.Symbols
	texts       *texts // command lines
}

// New returns a query that has seen nothing. Start from Default for its own constants.
func New(o Options) *Query {
	if o.MaxPaths <= 0 {
		o.MaxPaths = DefaultMaxPaths
	}
	symbols, texts := event.NewSymbols(), newTexts()
	return &Query{
		options: o, window: window{now: o.Now, lookback: o.Lookback, recent: o.Recent},
		allowCommand: newTerms(o.AllowCommand), allowPath: newTerms(o.AllowPath), urls: newTerms(o.URLs),
		symbols: symbols, texts: texts,
		defender: tables{symbols: symbols, texts: texts}, sysmon: tables{symbols: symbols, texts: texts, sysmon: true},
		full: record.New(names),
	}
}

var rawSlot, messageSlot, nxlogSlot = names.Slot(rawField), names.Slot(messageField), names.Slot(nxlogField)

// Add reads one event; rec must have been made over Names, and is not kept. Columns
// come first; where some that the query needs are missing, the event's own text in
// _raw is read, and the columns are laid under it.
//
// Malformed is an event of one of the tables without a time, which the query drops at
// its first condition, or one whose text is broken; the error says why. Other is
// every event of another table.
func (q *Query) Add(rec *record.Record) (event.Kind, error) {
	found := recognise(rec)
	raw := rec.Get(rawSlot)
	if raw == nil || found.table == otherTable || q.isWhole(rec, found) {
		return q.take(rec, found, raw != nil)
	}
	return q.addText(raw, rec, found)
}

// AddText is Add for the text of an event that stands alone, as in a file. text is
// not kept.
func (q *Query) AddText(text []byte) (event.Kind, error) {
	return q.addText(text, nil, recognised{})
}

// isWhole reports whether the record has every column that the query needs, so that
// the event's own text has nothing to add.
func (q *Query) isWhole(rec *record.Record, found recognised) bool {
	var needed []record.Slot
	switch found.table {
	case deviceProcessEvents:
		needed = found.transport.process.needed
	case deviceNetworkEvents:
		needed = found.transport.network.needed
	case sysmonProcessCreate:
		needed = found.shape.processNeeded
	case sysmonNetworkConnect:
		needed = found.shape.networkNeeded
	default:
		return false
	}
	if q.options.AllColumns && rec.Get(rawSlot) != nil {
		return false // most columns are optional: one that is missing may be in the text
	}
	for _, s := range needed {
		if rec.Get(s) == nil {
			return false
		}
	}
	return true
}

// addText reads an event's own text and lays its columns, if any, under it.
func (q *Query) addText(raw []byte, rec *record.Record, found recognised) (event.Kind, error) {
	q.full.Reset()
	err := record.Decode(raw, q.full)
	if rec != nil {
		for _, s := range rec.Filled() {
			if s != rawSlot {
				q.full.Set(s, rec.Get(s))
			}
		}
	}
	told := recognise(q.full)
	if message := q.full.Get(messageSlot); told.shape != nil && message != nil && q.full.Get(told.shape.guid) == nil {
		record.DecodeMessage(message, q.full)
	}
	switch {
	case err == nil && told.table != noTable:
		return q.take(q.full, told, rec != nil && len(rec.Filled()) > 1)
	case errors.Is(err, record.ErrTruncated) && q.isWhole(q.full, told):
		return q.take(q.full, told, rec != nil)
	case found.table != noTable:
		return q.take(rec, found, true) // the text is no help: the columns stand
	case err != nil && (rec == nil || !errors.Is(err, record.ErrUnknownShape)):
		return event.Malformed, err
	}
	return event.Other, nil
}

// take adds an event to its table.
func (q *Query) take(rec *record.Record, found recognised, fromSplunk bool) (event.Kind, error) {
	c := cells{rec: rec}
	kind, err := event.Other, error(nil)
	switch found.table {
	case deviceProcessEvents:
		c.nullText = fromSplunk || found.transport.prefix != ""
		kind, err = event.ProcessStart, q.addDefenderProcess(&c, &found.transport.process)
	case deviceNetworkEvents:
		c.nullText = fromSplunk || found.transport.prefix != ""
		kind, err = event.NetworkConnection, q.addDefenderConnection(&c, &found.transport.network)
	case sysmonProcessCreate:
		c.escaped = rec.Get(nxlogSlot) != nil
		kind, err = event.ProcessStart, q.addSysmonProcess(&c, found.shape)
	case sysmonNetworkConnect:
		c.escaped = rec.Get(nxlogSlot) != nil
		kind, err = event.NetworkConnection, q.addSysmonConnection(&c, found.shape)
	}
	q.unreadable += c.unreadable
	if err != nil {
		return event.Malformed, err
	}
	return kind, nil
}

func (q *Query) intern(text []byte) event.Sym { return q.symbols.Intern(text) }
