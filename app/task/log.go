// Package task says which scheduled task a tree is the run of: by the scheduler's own log,
// which names the process that it made (TaskScheduler/Operational 129, 200, 201), or else by
// the only task whose definition (Security 4698 to 4702) is what the tree's root runs. It
// gives no name rather than one that may be wrong.
//
// Everything is about one device.
package task

import (
	"cmp"
	"slices"
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// The window of a match: that long before and after an event of the log a process may have
// been recorded as started. Sysmon writes late at times, up to 9 seconds in public captures;
// by the sensor's own clock both are within a second.
const (
	before = 2 * event.Second
	after  = 10 * event.Second
	near   = 2 * event.Second
)

// Log is what the logs of one device tell of its tasks. It is for one goroutine.
type Log struct {
	symbols *event.Symbols
	events  []event.Task // the store's
	writers []writer     // by time
	known   map[uint32]bool
	byTime  []int32           // places of the events, those of one time in the store's order
	claims  []claim           // by process id, each by time
	ofPID   map[uint32]claims // where those of a process id are
	clock   clock
	same    map[[2]event.Sym]bool // whether a program is an image, by both names
	Report  Report
}

// Report is what the reader of the names has to be told.
type Report struct {
	Events    int // of tasks, those that are there twice left out
	Claims    int // of these, those that name a process
	Named     int // trees with a name
	ByAction  int `count:"by_action"` // of these, by what they run alone
	Ambiguous int // trees that several tasks fit
	Unclear   int // devices whose logs' clocks are apart in no clear way: no process was named
	Shifted   int // devices whose logs' clocks are apart, and were set right
	Untold    int `count:"-"` // devices whose logs name no process that tells how far the clocks are apart, or several that differ
	Crowded   int // events with too many processes around them: none was named
	TooMany   int `count:"too_many"` // trees that were not named by what they run, because too many tasks are registered
}

// writer is a time in which one process wrote the scheduler's log.
type writer struct {
	pid      uint32
	from, to event.Time
}

// claims is where some stand side by side.
type claims struct{ from, to int32 }

// claim is an event that says which process runs a task.
type claim struct {
	at     event.Time // by the clock of records
	sensed event.Time // by that of the device, set to that of records
	event  int32      // its place in the store
	name   event.Sym
	action event.Sym // "" where it is no program's name
	writer uint32
	end    bool // it is about the end of the process
}

// Brief is an event of the scheduler's log of which no more than its keys is known: one about
// no process of the store, which is in none of the store's logs.
type Brief struct {
	At     event.Time
	Record uint64 // in the log; no other event of a run has the same
	Act    event.Act
	Writer uint32 // process that wrote it, 0 where that is not said
	Claim  bool   // it names a process
}

// isBefore reports whether the event stands before one of the store that is read in full.
func (b *Brief) isBefore(t *event.Task) bool {
	return cmp.Or(cmp.Compare(b.At, t.Time), cmp.Compare(b.Record, t.Record), cmp.Compare(b.Act, t.Act)) < 0
}

// NewLog reads the task events of a settled store of one device, which stay where they are, and
// those of the same device that were not read in full, by time and number.
func NewLog(store *event.Store, others ...Brief) *Log {
	l := &Log{
		symbols: store.Symbols, events: store.Tasks, known: make(map[uint32]bool),
		ofPID: make(map[uint32]claims), same: make(map[[2]event.Sym]bool),
	}
	l.Report.Events = len(store.Tasks) + len(others)
	l.Report.Untold = min(1, l.Report.Events)
	l.order()
	for _, i := range l.byTime {
		t := &l.events[i]
		if t.Audit || t.Time == event.NoTime {
			continue
		}
		for len(others) > 0 && others[0].isBefore(t) {
			l.addBrief(&others[0])
			others = others[1:]
		}
		l.addWriter(t.Writer, t.Time)
		l.addClaim(t, i)
	}
	for i := range others {
		l.addBrief(&others[i])
	}
	l.gather()
	return l
}

// addBrief takes what an event that was not read in full has a say in: who wrote the log when.
func (l *Log) addBrief(b *Brief) {
	l.addWriter(b.Writer, b.At)
	if b.Claim {
		l.Report.Claims++
	}
}

// gather puts the claims of one process id side by side, in the order that they had. Many
// process ids have a claim or two: a list for each would be as many pieces of memory.
func (l *Log) gather() {
	next := int32(0)
	for pid, of := range l.ofPID {
		l.ofPID[pid] = claims{next, next}
		next += of.to
	}
	gathered := make([]claim, len(l.claims))
	for i := range l.claims {
		pid := l.events[l.claims[i].event].PID
		of := l.ofPID[pid]
		gathered[of.to] = l.claims[i]
		of.to++
		l.ofPID[pid] = of
	}
	l.claims = gathered
}

// claimsOf are those on the processes of one process id, by time.
func (l *Log) claimsOf(pid uint32) []claim {
	of := l.ofPID[pid]
	return l.claims[of.from:of.to]
}

// device returns the device of all events, NoSym where there are none. What a mapper tells of it
// may stand in a name space of its own, which the log knows nothing of.
func (l *Log) device() event.Sym {
	if len(l.events) == 0 {
		return event.NoSym
	}
	return l.events[0].Device
}

// order brings the events in the order of their times. Most come so.
func (l *Log) order() {
	l.byTime = make([]int32, len(l.events))
	for i := range l.byTime {
		l.byTime[i] = int32(i)
	}
	earlier := func(a, b int32) int { return cmp.Compare(l.events[a].Time, l.events[b].Time) }
	if !slices.IsSortedFunc(l.byTime, earlier) {
		slices.SortStableFunc(l.byTime, earlier)
	}
}

// longSilence is how long a log may say nothing and still be written by the same process: a
// process id that comes again after that may be another's.
const longSilence = event.Day

func (l *Log) addWriter(pid uint32, at event.Time) {
	if pid == 0 {
		return
	}
	if n := len(l.writers); n > 0 {
		if last := &l.writers[n-1]; last.pid == pid && at-last.to <= longSilence {
			last.to = at
			return
		}
	}
	l.known[pid] = true
	l.writers = append(l.writers, writer{pid, at, at})
}

// addClaim notes an event that names a process. The name of a COM handler is for people:
// 200 and 201 have it in the place of the program.
func (l *Log) addClaim(t *event.Task, place int32) {
	if t.PID == 0 || t.Name == event.NoSym || !t.Act.IsOfProcess() {
		return
	}
	c := claim{at: t.Time, sensed: cmp.Or(sensed(t.Time, t.Stamp), t.Time), event: place, name: l.symbols.Fold(t.Name), action: t.Action, writer: t.Writer, end: t.Act == event.ActionEnded}
	l.claims = append(l.claims, c)
	of := l.ofPID[t.PID]
	l.ofPID[t.PID] = claims{to: of.to + 1} // how many there are: see gather
	l.Report.Claims++
}

// Writer implements tree.Log.
func (l *Log) Writer(pid uint32) bool { return l.known[pid] }

// Claims implements tree.Log.
func (l *Log) Claims(pid uint32) bool {
	return slices.ContainsFunc(l.claimsOf(pid), func(c claim) bool { return c.writer == 0 && !c.end })
}

// Claimed implements tree.Log.
func (l *Log) Claimed(roster *identity.Roster, actors []int32) map[int32]bool {
	report := l.Report // what is looked at here is looked at once more for the names
	claimed := make(map[int32]bool)
	for actor, name := range l.named(roster, actors) {
		if name.Edge == ByPID && l.events[name.event].Writer == 0 {
			claimed[actor] = true
		}
	}
	l.Report = report
	return claimed
}

// Wrote implements tree.Log.
func (l *Log) Wrote(pid uint32, at event.Time) bool {
	if !l.clock.clear {
		return false
	}
	at -= l.clock.shift
	first := sort.Search(len(l.writers), func(i int) bool { return l.writers[i].to+after >= at })
	for _, w := range l.writers[first:] {
		if w.from-before > at {
			break
		}
		if w.pid == pid {
			return true
		}
	}
	return false
}
