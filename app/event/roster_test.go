package event

import "testing"

// cast builds a roster from process starts on one device.
type cast struct {
	*testing.T
	*Store
	device Sym
	roster *Roster
}

func newCast(t *testing.T, processes ...Process) *cast {
	c := &cast{T: t, Store: NewStore()}
	c.device = sym(c.Store, "pc")
	for _, p := range processes {
		p.Device, p.DeviceName = c.device, c.device
		c.Processes = append(c.Processes, p)
	}
	return c
}

func started(time Time, ref Ref) Process { return Process{Source: Source{Time: time}, Self: ref} }

func (c *cast) ends(time Time, ref Ref) *cast {
	c.Ends = append(c.Ends, End{Source{Device: c.device, Time: time}, ref})
	return c
}

// finds checks what Find returns: the start time of the process, NoTime for none.
func (c *cast) finds(ref Ref, at Time, w Window, start Time, edge Edge) {
	c.Helper()
	if c.roster == nil {
		c.Settle()
		c.roster = NewRoster(c.Store)
	}
	found, got := c.roster.Find(c.device, &ref, at, w)
	gotStart := NoTime
	if found != None {
		gotStart = c.roster.Actors[found].Time
	}
	if gotStart != start || got != edge {
		c.Errorf("Find(%+v, at %d) found the start at %d by %d, want %d by %d", ref, at, gotStart, got, start, edge)
	}
}

var (
	guidA, guidB = ID{1, 0xA}, ID{1, 0xB}
	slack        = Window{Before: 2 * Second, After: 5 * Second, Open: 60 * Second}
)

func TestFindByGUID(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}))
	c.finds(Ref{ID: guidA, PID: 8}, 100*Second, slack, 100*Second, ByGUID)
	c.finds(Ref{ID: guidA}, NoTime, slack, 100*Second, ByGUID)
	c.finds(Ref{ID: guidA, PID: 8}, Second, slack, 100*Second, ByGUID)     // another clock
	c.finds(Ref{ID: guidA, PID: 9}, 100*Second, slack, 100*Second, ByGUID) // a collector's mistake
	other := sym(c.Store, "other-pc")
	if found, _ := c.roster.Find(other, &Ref{ID: guidA}, 100*Second, slack); found != None {
		t.Error("a GUID was found on another device")
	}
}

// A GUID that no process has means a process that was not seen: the process id is
// never asked, however well it would fit.
func TestForeignGUIDWinsOverPID(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}), started(100*Second, Ref{PID: 9}))
	c.finds(Ref{ID: guidB, PID: 8}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidB, PID: 9}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidB, PID: 8, Created: 100 * Second}, 100*Second, slack, NoTime, NoEdge)
}

func TestForeignUniqueIDWinsOverPID(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, Unique: true, PID: 8, Created: 99 * Second}))
	c.finds(Ref{ID: guidB, Unique: true, PID: 8}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidB, Unique: true, PID: 8, Created: 99 * Second}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidA, Unique: true}, NoTime, slack, 100*Second, ByUID)
	c.finds(Ref{PID: 8, Created: 99 * Second}, NoTime, slack, 100*Second, ByPIDTime)
}

// Where start events lack the unique id that connections have, process id and
// creation time stand in; once both were seen together, either finds the process.
func TestUniqueIDComesLate(t *testing.T) {
	ref := Ref{ID: guidA, Unique: true, PID: 8, Created: 99 * Second}
	c := newCast(t, started(100*Second, Ref{PID: 8, Created: 99 * Second}))
	c.finds(ref, NoTime, slack, 100*Second, ByPIDTime)
	both := newCast(t, started(100*Second, Ref{PID: 8, Created: 99 * Second}), started(100*Second, ref))
	both.finds(Ref{ID: guidA, Unique: true}, NoTime, slack, 100*Second, ByUID)
	both.finds(Ref{PID: 8, Created: 99 * Second}, NoTime, slack, 100*Second, ByPIDTime)
	if n := len(both.roster.Actors); n != 1 {
		t.Errorf("%d processes, want 1", n)
	}
}

func TestFindByCreationTime(t *testing.T) {
	const first, second = 99*Second + 1234567, 199 * Second
	c := newCast(t, started(100*Second, Ref{PID: 8, Created: first}), started(200*Second, Ref{PID: 8, Created: second}))
	c.finds(Ref{PID: 8, Created: first}, 500*Second, slack, 100*Second, ByPIDTime)
	c.finds(Ref{PID: 8, Created: second}, NoTime, slack, 200*Second, ByPIDTime)
	c.finds(Ref{PID: 8, Created: first + 1}, 100*Second, slack, NoTime, NoEdge) // to 100 ns
	c.finds(Ref{PID: 9, Created: first}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{PID: 8}, NoTime, slack, NoTime, NoEdge)
}

// A transport that cuts creation times to milliseconds still tells the process, as
// long as one fits.
func TestFindByCutCreationTime(t *testing.T) {
	const full, cutOff = 99*Second + 1234567, 99*Second + 1230000
	c := newCast(t, started(100*Second, Ref{PID: 8, Created: full}), started(200*Second, Ref{PID: 8, Created: 199 * Second}))
	c.finds(Ref{PID: 8, Created: cutOff}, NoTime, slack, 100*Second, ByPIDTime)
	c.finds(Ref{PID: 8, Created: cutOff + millisecond}, NoTime, slack, NoTime, NoEdge)
	c.finds(Ref{PID: 8, Created: 199*Second + 77}, NoTime, slack, 200*Second, ByPIDTime) // the start's time is cut
	c = newCast(t, started(100*Second, Ref{PID: 8, Created: full}), started(100*Second, Ref{PID: 8, Created: full + 1}))
	c.finds(Ref{PID: 8, Created: cutOff}, NoTime, slack, NoTime, Ambiguous)
}

func TestProcessIDZeroIsNobody(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA}), started(100*Second, Ref{Created: 99 * Second}))
	c.finds(Ref{}, 100*Second, slack, NoTime, NoEdge)
	c.finds(Ref{Created: 99 * Second}, 100*Second, slack, NoTime, NoEdge)
}

// The borders of an interval: 2 s before the start, 5 s after the end.
func TestIntervalBorders(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8})).ends(130*Second, Ref{ID: guidA})
	zero := Ref{PID: 8}
	for _, b := range []struct {
		at   Time
		fits bool
	}{
		{98*Second - 1, false}, {98 * Second, true}, {100 * Second, true}, {130 * Second, true}, {135 * Second, true}, {135*Second + 1, false},
	} {
		if b.fits {
			c.finds(zero, b.at, slack, 100*Second, ByPIDInterval)
		} else {
			c.finds(zero, b.at, slack, NoTime, NoEdge)
		}
	}
}

// A process whose end was not seen is bounded where its sensor has ids, else open to
// the next start of its process id.
func TestOpenIntervals(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}), started(100*Second, Ref{PID: 9}), started(9000*Second, Ref{PID: 9}))
	c.finds(Ref{PID: 8}, 160*Second, slack, 100*Second, ByPIDInterval)
	c.finds(Ref{PID: 8}, 160*Second+1, slack, NoTime, NoEdge)
	c.finds(Ref{PID: 8}, 10*Day, Window{}, 100*Second, ByPIDInterval)
	c.finds(Ref{PID: 9}, 9000*Second-1, Window{}, 100*Second, ByPIDInterval)
	c.finds(Ref{PID: 9}, 9000*Second, Window{}, 9000*Second, ByPIDInterval)
	c.finds(Ref{PID: 9}, 10*Day, slack, 9000*Second, ByPIDInterval)
}

// Two processes that fit are no tie: an old one may have written last, or the new one
// first.
func TestSeveralFitIsNoTie(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}), started(131*Second, Ref{ID: guidB, PID: 8})).ends(130*Second, Ref{ID: guidA})
	c.finds(Ref{PID: 8}, 120*Second, slack, 100*Second, ByPIDInterval)
	c.finds(Ref{PID: 8}, 129*Second, slack, NoTime, Ambiguous) // 2 s before the second
	c.finds(Ref{PID: 8}, 135*Second, slack, NoTime, Ambiguous) // 5 s after the first
	c.finds(Ref{PID: 8}, 136*Second, slack, 131*Second, ByPIDInterval)
}

func TestNamesMustAgree(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{PID: 8}))
	c.Processes[0].Self.Name = sym(c.Store, "WmiPrvSE.exe")
	c.finds(Ref{PID: 8, Name: sym(c.Store, "wmiprvse.EXE")}, 110*Second, slack, 100*Second, ByPIDInterval)
	c.finds(Ref{PID: 8, Name: sym(c.Store, "cmd.exe")}, 110*Second, slack, NoTime, NoEdge)
	c.finds(Ref{PID: 8}, 110*Second, slack, 100*Second, ByPIDInterval)
}

// Some Sysmon builds for Linux give one GUID to two processes: they stay two, and
// children choose by the parent's process id.
func TestGUIDCollision(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}), started(101*Second, Ref{ID: guidA, PID: 9}), started(102*Second, Ref{ID: guidA, PID: 10})).
		ends(105*Second, Ref{ID: guidA, PID: 9})
	c.finds(Ref{ID: guidA, PID: 8}, NoTime, slack, 100*Second, ByGUID)
	c.finds(Ref{ID: guidA, PID: 9}, NoTime, slack, 101*Second, ByGUID)
	c.finds(Ref{ID: guidA, PID: 10}, NoTime, slack, 102*Second, ByGUID)
	c.finds(Ref{ID: guidA, PID: 11}, NoTime, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidA}, NoTime, slack, NoTime, Ambiguous)
	keys := map[string]bool{}
	for i := range c.roster.Actors {
		a := &c.roster.Actors[i]
		keys[a.Key(c.Symbols)] = true
		if (a.Ended != NoTime) != (a.Self.PID == 9) {
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
	c := newCast(t, started(NoTime, Ref{ID: guidA}), started(100*Second, Ref{ID: guidA, PID: 8}))
	c.finds(Ref{PID: 8}, 101*Second, slack, 100*Second, ByPIDInterval)
	if n := len(c.roster.Actors); n != 1 {
		t.Errorf("%d processes, want 1", n)
	}
}

func TestEnds(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{ID: guidA, PID: 8}), started(200*Second, Ref{PID: 9}), started(300*Second, Ref{PID: 9}), started(100*Second, Ref{PID: 10, Created: 99 * Second}))
	c.ends(150*Second, Ref{ID: guidA}).ends(170*Second, Ref{ID: guidA}). // twice: the earlier
										ends(120*Second, Ref{PID: 8}). // an id knows better
										ends(290*Second, Ref{PID: 9}).ends(299*Second, Ref{PID: 9}).ends(199*Second, Ref{PID: 9}).
										ends(NoTime, Ref{PID: 9}).ends(NoTime, Ref{ID: guidA}).
										ends(180*Second, Ref{PID: 10, Created: 98 * Second}). // another process
										ends(190*Second, Ref{ID: guidB, PID: 10})
	c.finds(Ref{ID: guidA}, NoTime, slack, 100*Second, ByGUID)
	want := map[Time]Time{100 * Second: 150 * Second, 200 * Second: 290 * Second, 300 * Second: NoTime}
	for i := range c.roster.Actors {
		a := &c.roster.Actors[i]
		if a.Self.PID == 10 {
			if a.Ended != NoTime {
				t.Errorf("another process's end at %d was taken", a.Ended)
			}
		} else if a.Ended != want[a.Time] {
			t.Errorf("start at %d ended at %d, want %d", a.Time, a.Ended, want[a.Time])
		}
	}
}

// An end by process id whose file name differs is of a process that was not logged.
func TestEndOfAnotherName(t *testing.T) {
	c := newCast(t, started(100*Second, Ref{PID: 8}))
	c.Processes[0].Self.Name = sym(c.Store, "a.exe")
	c.ends(120*Second, Ref{PID: 8, Name: sym(c.Store, "b.exe")}).finds(Ref{PID: 8}, 1000*Second, Window{}, 100*Second, ByPIDInterval)
	if got := c.roster.Actors[0].Ended; got != NoTime {
		t.Errorf("ended at %d", got)
	}
}

// Only events that tell of a process and of its parent rebuild it: Defender's
// initiating process. A parent's GUID alone does not.
func TestRebuilt(t *testing.T) {
	defender := started(100*Second, Ref{PID: 8, Created: 99 * Second})
	defender.Parent, defender.Grandparent = Ref{PID: 7, Created: 50 * Second}, Ref{PID: 6, Created: 40 * Second}
	sysmon := started(100*Second, Ref{ID: guidA, PID: 18})
	sysmon.Parent = Ref{ID: guidB, PID: 17}
	unknown := started(100*Second, Ref{PID: 28, Created: 99 * Second})
	unknown.Parent, unknown.Grandparent = Ref{PID: 27}, Ref{PID: 26, Created: 40 * Second} // no creation time
	c := newCast(t, defender, sysmon, unknown)
	c.Connections = []Connection{
		{Source: Source{Device: c.device, Time: 120 * Second}, Self: Ref{PID: 38, Created: 110 * Second}, Parent: Ref{PID: 37, Created: 90 * Second}, Weight: 1},
		{Source: Source{Device: c.device, Time: 120 * Second}, Self: Ref{PID: 48, Created: 110 * Second}, Weight: 1},
	}
	c.finds(Ref{PID: 7, Created: 50 * Second}, NoTime, slack, NoTime, ByParentFields)
	c.finds(Ref{PID: 38, Created: 110 * Second}, NoTime, slack, NoTime, ByParentFields)
	c.finds(Ref{PID: 6, Created: 40 * Second}, NoTime, slack, NoTime, NoEdge)
	c.finds(Ref{PID: 48, Created: 110 * Second}, NoTime, slack, NoTime, NoEdge)
	c.finds(Ref{ID: guidB, PID: 17}, NoTime, slack, NoTime, NoEdge)
	if n := len(c.roster.Actors); n != 5 {
		t.Errorf("%d processes, want 3 with events and 2 rebuilt", n)
	}
}

func TestDeviceNames(t *testing.T) {
	s := NewStore()
	key := sym(s, "0a1b2c")
	for _, name := range []string{"0A1B2C", "", "pc-7.example", "PC-7.example"} {
		s.Ends = append(s.Ends, End{Source: Source{Device: key, DeviceName: sym(s, name)}})
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
	const n = 60_000
	s := NewStore()
	device := sym(s, "pc")
	for i := range n {
		source := Source{Device: device, DeviceName: device, Time: Time(i+1) * Second / 1000}
		s.Processes = append(s.Processes,
			Process{Source: source, Self: Ref{ID: guidA, PID: uint32(i + 1)}},
			Process{Source: source, Self: Ref{PID: 4}},
			Process{Source: Source{Device: device, Time: Second}, Self: Ref{ID: ID{9, uint64(i + 1)}, PID: 5, Name: device}})
		s.Ends = append(s.Ends, End{source, Ref{PID: 4}})
	}
	s.Settle()
	r := NewRoster(s)
	if len(r.Actors) != 3*n {
		t.Fatalf("%d processes, want %d", len(r.Actors), 3*n)
	}
	for i := range n {
		if at, edge := r.Find(device, &Ref{ID: guidA, PID: uint32(i + 1)}, NoTime, slack); at == None || edge != ByGUID {
			t.Fatalf("process %d is not found", i+1)
		}
		r.Find(device, &Ref{PID: 4}, Time(i)*Second/1000, slack)
		r.Find(device, &Ref{PID: 5, Name: NoSym}, Second, slack)
	}
}
