package tree

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// logOf is a scheduler's log that one process wrote until a time.
type logOf struct {
	pid     uint32
	to      event.Time
	aligned []int32
}

func (l *logOf) Writer(pid uint32) bool                     { return pid == l.pid }
func (l *logOf) Align(_ *identity.Roster, possible []int32) { l.aligned = possible }
func (l *logOf) Wrote(pid uint32, at event.Time) bool       { return pid == l.pid && at <= l.to }
func (l *logOf) Claims(pid uint32) bool                     { return pid >= 8 }

// Claimed has the log name the process 8 for sure, and 9 among others.
func (l *logOf) Claimed(roster *identity.Roster, actors []int32) map[int32]bool {
	claimed := map[int32]bool{}
	for _, i := range actors {
		claimed[i] = roster.Actors[i].Self.PID == 8
	}
	return claimed
}

// How a root is known: what its parent says of itself goes first, then what others say of
// the parent's id, then the log; what the log proves once holds for all of the parent.
func TestEvidence(t *testing.T) {
	const schedule = `svchost.exe -k netsvcs -p -s Schedule`
	s := event.NewStore()
	sym := func(text string) event.Sym { return s.Symbols.Intern([]byte(text)) }
	want := map[uint32]Evidence{}
	start := func(pid uint32, parent event.Ref, at event.Time, evidence Evidence) {
		parent.Name = sym("svchost.exe")
		s.AddProcess(&event.Process{Source: event.Source{Device: sym("pc"), DeviceName: sym("pc"), Time: at},
			Self: event.Ref{ID: event.ID{Hi: 1, Lo: uint64(pid)}, PID: pid, Name: sym("a.exe")}, Parent: parent})
		want[pid] = evidence
	}
	id := func(n uint64) event.ID { return event.ID{Hi: 2, Lo: n} }
	start(1, event.Ref{ID: id(1), PID: 700, Command: sym(schedule)}, 10, ByCommandLine)
	start(2, event.Ref{ID: id(1), PID: 700}, 10, ByGUIDSeen)
	start(3, event.Ref{ID: id(2), PID: 800}, 10, ByTaskLog)
	start(4, event.Ref{ID: id(2), PID: 800}, 99, ByTaskLog)  // the log has ended: its id tells
	start(5, event.Ref{ID: id(3), PID: 800}, 99, NoEvidence) // another with the same process id
	start(6, event.Ref{ID: id(4), PID: 900}, 10, NoEvidence) // writes no log
	start(7, event.Ref{ID: id(5), PID: 800, Command: sym("svchost.exe -k netsvcs -s BITS")}, 10, NoEvidence)
	start(8, event.Ref{ID: id(6), PID: 950}, 10, ByTaskLog)
	start(9, event.Ref{ID: id(7), PID: 960}, 10, NoEvidence)
	start(10, event.Ref{ID: id(6), PID: 950}, 99, ByTaskLog) // the parent of 8
	s.Settle()
	log := &logOf{pid: 800, to: 50}
	roster := identity.NewRoster(s)
	forest := Build(roster, Options{Start: Schedule{}, MaxDepth: 9, Log: log})
	for i := range roster.Actors {
		if pid := roster.Actors[i].Self.PID; forest.Evidence[i] != want[pid] {
			t.Errorf("process %d: evidence %q, want %q", pid, forest.Evidence[i], want[pid])
		}
	}
	if len(log.aligned) != 8 {
		t.Errorf("the log was aligned with %d processes, want those 8 that may be its", len(log.aligned))
	}
	if roots := len(Build(roster, Options{Start: Schedule{}, MaxDepth: 9}).Roots); roots != 2 {
		t.Errorf("%d roots without the log, want 2", roots)
	}
}
