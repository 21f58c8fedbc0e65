package identity

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// cast builds a roster from process starts on one device.
type cast struct {
	*testing.T
	*event.Store
	device event.Sym
	roster *Roster
}

func newCast(t *testing.T, processes ...event.Process) *cast {
	c := &cast{T: t, Store: event.NewStore()}
	c.device = sym(c.Store, "pc")
	for _, p := range processes {
		p.Device, p.DeviceName = c.device, c.device
		c.Processes = append(c.Processes, p)
	}
	return c
}

func started(time event.Time, ref event.Ref) event.Process {
	return event.Process{Source: event.Source{Time: time}, Self: ref}
}

func (c *cast) ends(time event.Time, ref event.Ref) *cast {
	c.Ends = append(c.Ends, event.End{Source: event.Source{Device: c.device, Time: time}, Self: ref})
	return c
}

// finds checks what Find returns: the start time of the process, NoTime for none.
func (c *cast) finds(ref event.Ref, at event.Time, w Window, start event.Time, edge Edge) {
	c.Helper()
	if c.roster == nil {
		c.Settle()
		c.roster = NewRoster(c.Store)
	}
	found, got := c.roster.Find(c.device, &ref, at, w)
	gotStart := event.NoTime
	if found != None {
		gotStart = c.roster.Actors[found].Time
	}
	if gotStart != start || got != edge {
		c.Errorf("Find(%+v, at %d) found the start at %d by %d, want %d by %d", ref, at, gotStart, got, start, edge)
	}
}

var (
	guidA, guidB = event.ID{Hi: 1, Lo: 0xA}, event.ID{Hi: 1, Lo: 0xB}
	slack        = Window{Before: 2 * event.Second, After: 5 * event.Second, Open: 60 * event.Second}
)

func TestFindByGUID(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}))
	c.finds(event.Ref{ID: guidA, PID: 8}, 100*event.Second, slack, 100*event.Second, ByGUID)
	c.finds(event.Ref{ID: guidA}, event.NoTime, slack, 100*event.Second, ByGUID)
	c.finds(event.Ref{ID: guidA, PID: 8}, event.Second, slack, 100*event.Second, ByGUID)     // another clock
	c.finds(event.Ref{ID: guidA, PID: 9}, 100*event.Second, slack, 100*event.Second, ByGUID) // a collector's mistake
	other := sym(c.Store, "other-pc")
	if found, _ := c.roster.Find(other, &event.Ref{ID: guidA}, 100*event.Second, slack); found != None {
		t.Error("a GUID was found on another device")
	}
}

// A GUID that no process has means a process that was not seen: the process id is
// never asked, however well it would fit.
func TestForeignGUIDWinsOverPID(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}), started(100*event.Second, event.Ref{PID: 9}))
	c.finds(event.Ref{ID: guidB, PID: 8}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidB, PID: 9}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidB, PID: 8, Created: 100 * event.Second}, 100*event.Second, slack, event.NoTime, NoEdge)
}

func TestForeignUniqueIDWinsOverPID(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, Unique: true, PID: 8, Created: 99 * event.Second}))
	c.finds(event.Ref{ID: guidB, Unique: true, PID: 8}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidB, Unique: true, PID: 8, Created: 99 * event.Second}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidA, Unique: true}, event.NoTime, slack, 100*event.Second, ByUID)
	c.finds(event.Ref{PID: 8, Created: 99 * event.Second}, event.NoTime, slack, 100*event.Second, ByPIDTime)
}

// Where start events lack the unique id that connections have, process id and
// creation time stand in; once both were seen together, either finds the process.
func TestUniqueIDComesLate(t *testing.T) {
	ref := event.Ref{ID: guidA, Unique: true, PID: 8, Created: 99 * event.Second}
	c := newCast(t, started(100*event.Second, event.Ref{PID: 8, Created: 99 * event.Second}))
	c.finds(ref, event.NoTime, slack, 100*event.Second, ByPIDTime)
	both := newCast(t, started(100*event.Second, event.Ref{PID: 8, Created: 99 * event.Second}), started(100*event.Second, ref))
	both.finds(event.Ref{ID: guidA, Unique: true}, event.NoTime, slack, 100*event.Second, ByUID)
	both.finds(event.Ref{PID: 8, Created: 99 * event.Second}, event.NoTime, slack, 100*event.Second, ByPIDTime)
	if n := len(both.roster.Actors); n != 1 {
		t.Errorf("%d processes, want 1", n)
	}
}

func TestFindByCreationTime(t *testing.T) {
	const first, second = 99*event.Second + 1234567, 199 * event.Second
	c := newCast(t, started(100*event.Second, event.Ref{PID: 8, Created: first}), started(200*event.Second, event.Ref{PID: 8, Created: second}))
	c.finds(event.Ref{PID: 8, Created: first}, 500*event.Second, slack, 100*event.Second, ByPIDTime)
	c.finds(event.Ref{PID: 8, Created: second}, event.NoTime, slack, 200*event.Second, ByPIDTime)
	c.finds(event.Ref{PID: 8, Created: first + 1}, 100*event.Second, slack, event.NoTime, NoEdge) // to 100 ns
	c.finds(event.Ref{PID: 9, Created: first}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{PID: 8}, event.NoTime, slack, event.NoTime, NoEdge)
}

// A transport that cuts creation times to milliseconds still tells the process, as
// long as one fits.
func TestFindByCutCreationTime(t *testing.T) {
	const full, cutOff = 99*event.Second + 1234567, 99*event.Second + 1230000
	c := newCast(t, started(100*event.Second, event.Ref{PID: 8, Created: full}), started(200*event.Second, event.Ref{PID: 8, Created: 199 * event.Second}))
	c.finds(event.Ref{PID: 8, Created: cutOff}, event.NoTime, slack, 100*event.Second, ByPIDTime)
	c.finds(event.Ref{PID: 8, Created: cutOff + millisecond}, event.NoTime, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{PID: 8, Created: 199*event.Second + 77}, event.NoTime, slack, 200*event.Second, ByPIDTime) // the start's time is cut
	c = newCast(t, started(100*event.Second, event.Ref{PID: 8, Created: full}), started(100*event.Second, event.Ref{PID: 8, Created: full + 1}))
	c.finds(event.Ref{PID: 8, Created: cutOff}, event.NoTime, slack, event.NoTime, Ambiguous)
}

func TestProcessIDZeroIsNobody(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA}), started(100*event.Second, event.Ref{Created: 99 * event.Second}))
	c.finds(event.Ref{}, 100*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{Created: 99 * event.Second}, 100*event.Second, slack, event.NoTime, NoEdge)
}

// The borders of an interval: 2 s before the start, 5 s after the end.
func TestIntervalBorders(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8})).ends(130*event.Second, event.Ref{ID: guidA})
	zero := event.Ref{PID: 8}
	for _, b := range []struct {
		at   event.Time
		fits bool
	}{
		{98*event.Second - 1, false}, {98 * event.Second, true}, {100 * event.Second, true}, {130 * event.Second, true}, {135 * event.Second, true}, {135*event.Second + 1, false},
	} {
		if b.fits {
			c.finds(zero, b.at, slack, 100*event.Second, ByPIDInterval)
		} else {
			c.finds(zero, b.at, slack, event.NoTime, NoEdge)
		}
	}
}

// A process whose end was not seen is bounded where its sensor has ids, else open to
// the next start of its process id.
func TestOpenIntervals(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}), started(100*event.Second, event.Ref{PID: 9}), started(9000*event.Second, event.Ref{PID: 9}))
	c.finds(event.Ref{PID: 8}, 160*event.Second, slack, 100*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 8}, 160*event.Second+1, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{PID: 8}, 10*event.Day, Window{}, 100*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 9}, 9000*event.Second-1, Window{}, 100*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 9}, 9000*event.Second, Window{}, 9000*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 9}, 10*event.Day, slack, 9000*event.Second, ByPIDInterval)
}

// Two processes that fit are no tie: an old one may have written last, or the new one
// first.
func TestSeveralFitIsNoTie(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}), started(131*event.Second, event.Ref{ID: guidB, PID: 8})).ends(130*event.Second, event.Ref{ID: guidA})
	c.finds(event.Ref{PID: 8}, 120*event.Second, slack, 100*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 8}, 129*event.Second, slack, event.NoTime, Ambiguous) // 2 s before the second
	c.finds(event.Ref{PID: 8}, 135*event.Second, slack, event.NoTime, Ambiguous) // 5 s after the first
	c.finds(event.Ref{PID: 8}, 136*event.Second, slack, 131*event.Second, ByPIDInterval)
}

func TestNamesMustAgree(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{PID: 8}))
	c.Processes[0].Self.Name = sym(c.Store, "WmiPrvSE.exe")
	c.finds(event.Ref{PID: 8, Name: sym(c.Store, "wmiprvse.EXE")}, 110*event.Second, slack, 100*event.Second, ByPIDInterval)
	c.finds(event.Ref{PID: 8, Name: sym(c.Store, "cmd.exe")}, 110*event.Second, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{PID: 8}, 110*event.Second, slack, 100*event.Second, ByPIDInterval)
}

// Some Sysmon builds for Linux give one GUID to two processes: they stay two, and
// children choose by the parent's process id.
func TestGUIDCollision(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}), started(101*event.Second, event.Ref{ID: guidA, PID: 9}), started(102*event.Second, event.Ref{ID: guidA, PID: 10})).
		ends(105*event.Second, event.Ref{ID: guidA, PID: 9})
	c.finds(event.Ref{ID: guidA, PID: 8}, event.NoTime, slack, 100*event.Second, ByGUID)
	c.finds(event.Ref{ID: guidA, PID: 9}, event.NoTime, slack, 101*event.Second, ByGUID)
	c.finds(event.Ref{ID: guidA, PID: 10}, event.NoTime, slack, 102*event.Second, ByGUID)
	c.finds(event.Ref{ID: guidA, PID: 11}, event.NoTime, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidA}, event.NoTime, slack, event.NoTime, Ambiguous)
	keys := map[string]bool{}
	for i := range c.roster.Actors {
		a := &c.roster.Actors[i]
		keys[a.Key(c.Symbols)] = true
		if (a.Ended != event.NoTime) != (a.Self.PID == 9) {
			t.Errorf("process %d ended %d", a.Self.PID, a.Ended)
		}
	}
	if len(keys) != 3 {
		t.Errorf("3 processes have the keys %v", keys)
	}
}

// One process with several start events learns from each, and is found by all that
// they tell.
func TestStartEventsComplete(t *testing.T) {
	c := newCast(t, started(event.NoTime, event.Ref{ID: guidA}), started(100*event.Second, event.Ref{ID: guidA, PID: 8}))
	c.finds(event.Ref{PID: 8}, 101*event.Second, slack, 100*event.Second, ByPIDInterval)
	if n := len(c.roster.Actors); n != 1 {
		t.Errorf("%d processes, want 1", n)
	}
}

func TestEnds(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{ID: guidA, PID: 8}), started(200*event.Second, event.Ref{PID: 9}), started(300*event.Second, event.Ref{PID: 9}), started(100*event.Second, event.Ref{PID: 10, Created: 99 * event.Second}))
	c.ends(150*event.Second, event.Ref{ID: guidA}).ends(170*event.Second, event.Ref{ID: guidA}). // twice: the earlier
													ends(120*event.Second, event.Ref{PID: 8}). // an id knows better
													ends(290*event.Second, event.Ref{PID: 9}).ends(299*event.Second, event.Ref{PID: 9}).ends(199*event.Second, event.Ref{PID: 9}).
													ends(event.NoTime, event.Ref{PID: 9}).ends(event.NoTime, event.Ref{ID: guidA}).
													ends(180*event.Second, event.Ref{PID: 10, Created: 98 * event.Second}). // another process
													ends(190*event.Second, event.Ref{ID: guidB, PID: 10})
	c.finds(event.Ref{ID: guidA}, event.NoTime, slack, 100*event.Second, ByGUID)
	want := map[event.Time]event.Time{100 * event.Second: 150 * event.Second, 200 * event.Second: 290 * event.Second, 300 * event.Second: event.NoTime}
	for i := range c.roster.Actors {
		a := &c.roster.Actors[i]
		if a.Self.PID == 10 {
			if a.Ended != event.NoTime {
				t.Errorf("another process's end at %d was taken", a.Ended)
			}
		} else if a.Ended != want[a.Time] {
			t.Errorf("start at %d ended at %d, want %d", a.Time, a.Ended, want[a.Time])
		}
	}
}

// An end by process id whose file name differs is of a process that was not logged.
func TestEndOfAnotherName(t *testing.T) {
	c := newCast(t, started(100*event.Second, event.Ref{PID: 8}))
	c.Processes[0].Self.Name = sym(c.Store, "a.exe")
	c.ends(120*event.Second, event.Ref{PID: 8, Name: sym(c.Store, "b.exe")}).finds(event.Ref{PID: 8}, 1000*event.Second, Window{}, 100*event.Second, ByPIDInterval)
	if got := c.roster.Actors[0].Ended; got != event.NoTime {
		t.Errorf("ended at %d", got)
	}
}

// Only events that tell of a process and of its parent rebuild it: Defender's
// initiating process. A parent's GUID alone does not.
func TestRebuilt(t *testing.T) {
	defender := started(100*event.Second, event.Ref{PID: 8, Created: 99 * event.Second})
	defender.Parent, defender.Grandparent = event.Ref{PID: 7, Created: 50 * event.Second}, event.Ref{PID: 6, Created: 40 * event.Second}
	sysmon := started(100*event.Second, event.Ref{ID: guidA, PID: 18})
	sysmon.Parent = event.Ref{ID: guidB, PID: 17}
	unknown := started(100*event.Second, event.Ref{PID: 28, Created: 99 * event.Second})
	unknown.Parent, unknown.Grandparent = event.Ref{PID: 27}, event.Ref{PID: 26, Created: 40 * event.Second} // no creation time
	c := newCast(t, defender, sysmon, unknown)
	c.Connections = []event.Connection{
		{Source: event.Source{Device: c.device, Time: 120 * event.Second}, Self: event.Ref{PID: 38, Created: 110 * event.Second}, Parent: event.Ref{PID: 37, Created: 90 * event.Second}, Weight: 1},
		{Source: event.Source{Device: c.device, Time: 120 * event.Second}, Self: event.Ref{PID: 48, Created: 110 * event.Second}, Weight: 1},
	}
	c.finds(event.Ref{PID: 7, Created: 50 * event.Second}, event.NoTime, slack, event.NoTime, ByParentFields)
	c.finds(event.Ref{PID: 38, Created: 110 * event.Second}, event.NoTime, slack, event.NoTime, ByParentFields)
	c.finds(event.Ref{PID: 6, Created: 40 * event.Second}, event.NoTime, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{PID: 48, Created: 110 * event.Second}, event.NoTime, slack, event.NoTime, NoEdge)
	c.finds(event.Ref{ID: guidB, PID: 17}, event.NoTime, slack, event.NoTime, NoEdge)
	if n := len(c.roster.Actors); n != 5 {
		t.Errorf("%d processes, want 3 with events and 2 rebuilt", n)
	}
}

func TestDeviceNames(t *testing.T) {
	s := event.NewStore()
	key := sym(s, "0a1b2c")
	for _, name := range []string{"0A1B2C", "", "pc-7.example", "PC-7.example"} {
		s.Ends = append(s.Ends, event.End{Source: event.Source{Device: key, DeviceName: sym(s, name)}})
	}
	r := NewRoster(s)
	if got := s.Symbols.String(r.DeviceName(key)); got != "PC-7.example" || r.Devices() != 1 {
		t.Errorf("the device is shown as %q, of %d", got, r.Devices())
	}
}

// Every process of a user may bear one and the same "id" (an add-on maps the
// account's id there), and one process id may start without end. Neither may cost
// more than its own events; a quadratic roster does not come to an end here.
func TestManyOfOne(t *testing.T) {
	n := rounds.Of(60_000, 6_000)
	s := event.NewStore()
	device := sym(s, "pc")
	for i := range n {
		source := event.Source{Device: device, DeviceName: device, Time: event.Time(i+1) * event.Second / 1000}
		s.Processes = append(s.Processes,
			event.Process{Source: source, Self: event.Ref{ID: guidA, PID: uint32(i + 1)}},
			event.Process{Source: source, Self: event.Ref{PID: 4}},
			event.Process{Source: event.Source{Device: device, Time: event.Second}, Self: event.Ref{ID: event.ID{Hi: 9, Lo: uint64(i + 1)}, PID: 5, Name: device}})
		s.Ends = append(s.Ends, event.End{Source: source, Self: event.Ref{PID: 4}})
	}
	s.Settle()
	r := NewRoster(s)
	if len(r.Actors) != 3*n {
		t.Fatalf("%d processes, want %d", len(r.Actors), 3*n)
	}
	for i := range n {
		if at, edge := r.Find(device, &event.Ref{ID: guidA, PID: uint32(i + 1)}, event.NoTime, slack); at == None || edge != ByGUID {
			t.Fatalf("process %d is not found", i+1)
		}
		r.Find(device, &event.Ref{PID: 4}, event.Time(i)*event.Second/1000, slack)
		r.Find(device, &event.Ref{PID: 5, Name: event.NoSym}, event.Second, slack)
	}
}
