// Package event holds the facts of endpoint events, whatever sensor wrote them:
// process starts, process ends, connections, name lookups and what is told of scheduled
// tasks, services and WMI subscriptions, of logons over the network, and of
// processes that reach into others. Facts are free of
// pointers; every text is a symbol of the Store's table.
//
// Absent is absent: NoSym, NoTime, the zero ID and process id 0 (the System Idle
// Process, which starts nothing) stand for a field that the event did not have.
package event

// Kind is what an event tells of.
type Kind uint8

// The kinds of events that the hunt uses. Other is everything else; Malformed is an
// event of a kind in use that lacks what its kind needs, or that cannot be read.
const (
	Other Kind = iota
	ProcessStart
	ProcessEnd
	NetworkConnection
	NameLookup
	Malformed
	TaskEvent         // of a scheduled task
	InstallationEvent // of a service, or of a part of a WMI subscription
	LogonEvent        // of an account over the network
	InjectionEvent    // of a process that reaches into another
)

// Ref is what one event says about one process: its own, its parent's or its
// grandparent's. Any field may be absent.
type Ref struct {
	ID      ID     // ProcessGuid, or another sensor's unique id
	Style   Style  // how the source writes ID
	Rival   bool   // of a start's own process: the event is the second way to read one text
	Unique  bool   // ID is a unique id other than a ProcessGuid (Defender's ProcessUniqueId)
	PID     uint32 // process id
	Created Time   // creation time; with PID and device it identifies a process in Defender
	Name    Sym    // file name, as spelled
	Path    Sym    // full path of the image
	Command Sym    // command line
}

// Source is what every event has: where and when it was recorded.
type Source struct {
	Device     Sym    // host, in lower case: the key
	DeviceName Sym    // host as the event spells it
	Time       Time   // record time: when the log took it down, the clock that windows use
	Record     uint64 // number in its log (EventRecordID, ReportId), 0 without one
	Audit      bool   // of Windows' own audit log, which stands in where no sensor is
	Mapper     uint8  // which mapper plugin read it, counted from 1; 0 for the program's own readers
}

// Complete fills what r does not know from what another event says of the same
// process.
func (r *Ref) Complete(other *Ref) {
	if r.ID.IsZero() {
		r.ID, r.Style, r.Unique = other.ID, other.Style, other.Unique
	}
	fill(&r.PID, other.PID)
	fill(&r.Created, other.Created)
	fill(&r.Name, other.Name)
	fill(&r.Path, other.Path)
	fill(&r.Command, other.Command)
}

func fill[T comparable](to *T, from T) {
	var absent T
	if *to == absent {
		*to = from
	}
}
