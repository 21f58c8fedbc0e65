package app

import (
	"github.com/schtaskhunt/schtaskhunt/app/account"
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

	Trees       int // found
	Kept        int // returned
	Nodes       int // processes in kept trees
	Connections int // connections of those, shown
	Hidden      int // connections of those, left out by internal or allow_dest
	Orphans     int // connections of processes without a start event
	Ambiguous   int // ties that several processes fit, none taken
}

func (l *Ledger) count(kind event.Kind) {
	l.Events++
	*l.of(kind)++
}

// of returns the count of a kind of events.
func (l *Ledger) of(kind event.Kind) *int {
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

// recount moves an event to the kind that it turned out to be of.
func (l *Ledger) recount(was, is event.Kind) {
	*l.of(was)--
	*l.of(is)++
}

// add adds another account of other events.
func (l *Ledger) add(m Ledger) { account.Add(l, m) }

// String returns the ledger's line, which every run ends with.
func (l Ledger) String() string { return "schtaskhunt: " + account.Line(l) }
