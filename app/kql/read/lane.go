package read

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Conditions are those of the query that can be looked at when an event comes, and what
// is kept of it.
type Conditions struct {
	// AllowCommand and AllowPath leave out what the scheduler started, by command line
	// and by FolderPath: has_any terms, for the process at the root only.
	AllowCommand, AllowPath []string
	// URLs leaves out connections by RemoteUrl: has_any terms.
	URLs []string
	// Loopbacks leaves out connections by RemoteIP, compared as text.
	Loopbacks []string

	// AllColumns returns all 126 columns of the query's result rather than 27.
	AllColumns bool
	// NullKeysMatch lets a missing id or time equal another missing one where tables
	// are joined. Microsoft documents neither; by the semantics of == they differ.
	NullKeysMatch bool
}

// Lane takes the events that one goroutine reads. Lanes of a query run side by side:
// what they share does not change, but for the list of chunks that texts lie in.
type Lane struct {
	conditions                    *Conditions
	window                        keep.Window
	clock                         clock
	allowCommand, allowPath, urls *terms
	texts                         *keep.Texts
	defender, sysmon              keep.Rows
	full                          *record.Record // columns, and what the event's own text adds
	folded                        []byte
	unreadable                    int
}

// NewLane returns a lane that keeps its texts in t. The conditions must not change.
func NewLane(c *Conditions, w keep.Window, t *keep.Texts) *Lane {
	return &Lane{
		conditions: c, window: w, texts: t, full: record.New(names),
		allowCommand: newTerms(c.AllowCommand), allowPath: newTerms(c.AllowPath), urls: newTerms(c.URLs),
	}
}

// Rows returns what was read of one sensor's events.
func (l *Lane) Rows(sysmon bool) *keep.Rows {
	if sysmon {
		return &l.sysmon
	}
	return &l.defender
}

// Seen returns the window, which knows the newest event.
func (l *Lane) Seen() *keep.Window { return &l.window }

// Unreadable returns how many ids, ports and times were none, and were taken for null.
func (l *Lane) Unreadable() int { return l.unreadable }

var rawSlot, messageSlot, nxlogSlot = names.Slot(rawField), names.Slot(messageField), names.Slot(nxlogField)

// Add reads one event; rec must have been made over names, and is not kept. Columns
// come first; where some that the query needs are missing, the event's own text in
// _raw is read, and the columns are laid under it.
//
// Malformed is an event of one of the tables without a time, which the query drops at
// its first condition, or one whose text is broken; the error says why. Other is
// every event of another table.
func (l *Lane) Add(rec *record.Record) (event.Kind, error) {
	found := recognise(rec)
	raw := rec.Get(rawSlot)
	if raw == nil || found.table == otherTable || l.isWhole(rec, found) {
		return l.take(rec, found, raw != nil)
	}
	return l.addText(raw, rec, found)
}

// AddText is Add for the text of an event that stands alone, as in a file. text is
// not kept.
func (l *Lane) AddText(text []byte) (event.Kind, error) {
	return l.addText(text, nil, recognised{})
}

// isWhole reports whether the record has every column that the query needs, so that
// the event's own text has nothing to add.
func (l *Lane) isWhole(rec *record.Record, found recognised) bool {
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
	if l.conditions.AllColumns && rec.Get(rawSlot) != nil {
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
func (l *Lane) addText(raw []byte, rec *record.Record, found recognised) (event.Kind, error) {
	l.full.Reset()
	err := record.Decode(raw, l.full)
	if rec != nil {
		for _, s := range rec.Filled() {
			if s != rawSlot {
				l.full.Set(s, rec.Get(s))
			}
		}
	}
	told := recognise(l.full)
	if message := l.full.Get(messageSlot); told.shape != nil && message != nil && l.full.Get(told.shape.guid) == nil {
		record.DecodeMessage(message, l.full)
	}
	switch {
	case err == nil && told.table != noTable:
		return l.take(l.full, told, rec != nil && len(rec.Filled()) > 1)
	case errors.Is(err, record.ErrTruncated) && l.isWhole(l.full, told):
		return l.take(l.full, told, rec != nil)
	case found.table != noTable:
		return l.take(rec, found, true) // the text is no help: the columns stand
	case err != nil && (rec == nil || !errors.Is(err, record.ErrUnknownShape)):
		return event.Malformed, err
	}
	return event.Other, nil
}

// take adds an event to its table.
func (l *Lane) take(rec *record.Record, found recognised, fromSplunk bool) (event.Kind, error) {
	c := cells{rec: rec, clock: &l.clock}
	kind, err := event.Other, error(nil)
	switch found.table {
	case deviceProcessEvents:
		c.nullText = fromSplunk || found.transport.prefix != ""
		kind, err = event.ProcessStart, l.addDefenderProcess(&c, &found.transport.process)
	case deviceNetworkEvents:
		c.nullText = fromSplunk || found.transport.prefix != ""
		kind, err = event.NetworkConnection, l.addDefenderConnection(&c, &found.transport.network)
	case sysmonProcessCreate:
		c.escaped = rec.Get(nxlogSlot) != nil
		kind, err = event.ProcessStart, l.addSysmonProcess(&c, found.shape)
	case sysmonNetworkConnect:
		c.escaped = rec.Get(nxlogSlot) != nil
		kind, err = event.NetworkConnection, l.addSysmonConnection(&c, found.shape)
	}
	l.unreadable += c.unreadable
	if err != nil {
		return event.Malformed, err
	}
	return kind, nil
}

// sees notes the time of an event and reports whether the event is kept. An event that
// comes when there is no room for its texts is an error.
func (l *Lane) sees(t event.Time) (bool, error) { return l.window.Sees(t), l.texts.Err }

// text keeps a text that is read only where it comes into a result.
func (l *Lane) text(text []byte) keep.TextRef { return l.texts.Keep(text) }

// name keeps a text that repeats in many events.
func (l *Lane) name(text []byte) keep.TextRef { return l.texts.Intern(text).Ref }

// device keeps the name of the device that an event is of, and counts it.
func (l *Lane) device(of *keep.Rows, text []byte) keep.Name {
	n := l.texts.Intern(text)
	of.Devices.Add(n.Ref)
	return n
}
