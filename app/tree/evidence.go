package tree

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Evidence is how a process is known to have been started by what starts roots.
type Evidence uint8

// The kinds of evidence, as the column root_evidence spells them.
const (
	NoEvidence    Evidence = iota
	ByCommandLine          // the parent's own command line
	ByGUIDSeen             // another event tells the parent's command line, by its id
	ByTaskLog              // the parent writes the scheduler's log
	ByKin                  // what the parent starts, over the fleet only the scheduler starts
	unsure                 // inside only: nothing tells yet
)

// String returns the spelling in rows.
func (e Evidence) String() string {
	return [...]string{"", "command_line", "guid_seen", "task_log", "kin", ""}[e]
}

// Log is what the scheduler's own log tells of the process that writes it: the service
// that starts the tasks. Source: System/Execution of its events, which is the parent's
// process id of every task's process.
type Log interface {
	// Writer reports whether a process with that id wrote it at any time.
	Writer(pid uint32) bool
	// Align is called once, before Wrote, with those actors that the service may have
	// started: by them the clock of the log is compared with that of the processes.
	Align(roster *identity.Roster, possible []int32)
	// Wrote reports whether the process with that id wrote it at that time, which is one of
	// the processes' clock.
	Wrote(pid uint32, at event.Time) bool
	// Claims reports whether an event of the log that does not say who wrote it, as some
	// collectors pass it on, names a process with that id as the start of a task.
	Claims(pid uint32) bool
	// Claimed returns those of the actors that such an event means for sure: these the
	// service started itself. It is called after Align.
	Claimed(roster *identity.Roster, actors []int32) map[int32]bool
}
