// Package sieve finds, among the events of a device of which only the keys are known,
// those that may have a part in a tree. The others are never read in full.
//
// It may let through too much, never too little: what it keeps back changes no row and
// no count but those that it returns itself. The rules of identity are those of
// identity.Roster, event.Store and tree, taken generously where these are subtle.
package sieve

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Entry is what the sieve knows of an event. Hashes are of 64 bits with a secret seed:
// two that agree by chance let too much through. 0 stands for none.
type Entry struct {
	Self uint64 // hash of the process's id
	// Other is the hash of the parent's id in a process start, and of all that tells
	// two records of a log apart in any other event.
	Other     uint64
	PID       uint32 // process id, 0 for none
	ParentPID uint32
	Flags     Flags
	Row       int32 // the caller's own
}

// EntryOfTask returns what the sieve knows of an event of the scheduler's log: its number in the
// log is in Self, and the process that wrote it in Other.
func EntryOfTask(k *event.Keys) Entry {
	return Entry{Self: k.Record, Other: uint64(k.Writer), PID: k.PID, Flags: FlagsOfTask(k.Act)}
}

// Writer is the process that wrote an event of the scheduler's log, 0 where that is not said.
func (e *Entry) Writer() uint32 { return uint32(e.Other) }

// Claims reports whether an event of the scheduler's log names the process of an act.
func (e *Entry) Claims() bool { return e.PID != 0 && e.Flags.Act().IsOfProcess() }

// Flags say more of an event. The lowest bits are its kind.
type Flags uint8

// What there is to say.
const (
	kindBits Flags = 7

	// NewSpelling marks the first event with a spelling of its host's name.
	NewSpelling Flags = 1 << (iota + 2)
	// Scheduler marks a process start that says of itself for certain that the process
	// starts trees.
	Scheduler
	// ParentScheduler marks a process start that says of its parent for certain that it
	// starts trees.
	ParentScheduler
	// ParentUnsure marks a process start that leaves open whether its parent starts trees.
	ParentUnsure
	// Read marks an event that was read in full already. It is kept in any case.
	Read
)

// FlagsOf returns the flags of an event of which its kind is all there is to say.
func FlagsOf(kind event.Kind) Flags { return Flags(kind) }

// actShift is where the flags of a task's event have what happened to the task, in the place of
// what they say of processes.
const actShift = 3

// FlagsOfTask returns the flags of an event of the scheduler's log.
func FlagsOfTask(act event.Act) Flags {
	return FlagsOf(event.TaskEvent) | Flags(act)<<actShift&^Read
}

// Act returns what happened to the task that an event is of.
func (f Flags) Act() event.Act { return event.Act(f &^ Read >> actShift) }

// Kind returns the event's kind.
func (f Flags) Kind() event.Kind { return event.Kind(f & kindBits) }

func (e *Entry) is(f Flags) bool { return e.Flags&f != 0 }

func (e *Entry) isConnection() bool {
	kind := e.Flags.Kind()
	return kind == event.NetworkConnection || kind == event.NameLookup
}

// namesParentByPID reports whether a process id is all that ties a process to its
// parent.
func (e *Entry) namesParentByPID() bool { return e.Other == 0 && e.ParentPID != 0 }
