// Package account is what a run has to say for itself: the ledger, in which every event
// is, and the sentences for whoever reads the rows.
package account

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Ledger accounts for every event and for what became of it. Events is always the
// sum of Process, Connection, End, Other and Malformed.
type Ledger struct {
	Events     int
	Process    int
	Connection int // name lookups included
	End        int
	Other      int // of kinds that the hunt does not use
	Malformed  int // lacking what their kind needs
	Duplicate  int // of the above, those that had come before
	Devices    int
	Tasks      int `count:"-"` // of Other, those that tell of scheduled tasks

	Trees       int // found
	Kept        int // returned
	Nodes       int // processes in kept trees
	Connections int // connections of those, shown
	Hidden      int // connections of those, left out by internal or allow_dest
	Orphans     int // connections of processes without a start event
	Ambiguous   int // ties that several processes fit, none taken
}

// Count enters one event of a kind.
func (l *Ledger) Count(kind event.Kind) {
	l.Events++
	*l.kind(kind)++
	if kind == event.TaskEvent {
		l.Tasks++
	}
}

// kind returns the count of a kind of events.
func (l *Ledger) kind(kind event.Kind) *int {
	switch kind {
	case event.ProcessStart:
		return &l.Process
	case event.NetworkConnection, event.NameLookup:
		return &l.Connection
	case event.ProcessEnd:
		return &l.End
	case event.Malformed:
		return &l.Malformed
	}
	return &l.Other
}

// Recount moves an event to the kind that it turned out to be of.
func (l *Ledger) Recount(was, is event.Kind) {
	*l.kind(was)--
	*l.kind(is)++
}

// Add adds another account of other events.
func (l *Ledger) Add(m Ledger) { Add(l, m) }

// String returns the ledger's line, which every run ends with.
func (l Ledger) String() string { return "schtaskhunt: " + Line(l) }
