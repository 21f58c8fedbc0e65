package identity

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// told is what some readers tell of the processes of a device.
type told struct {
	symbols *event.Symbols
	some    bool
	byID    map[event.ID]*account
	byStart map[startKey]*account
	named   map[nameKey]bool // who had a process id, at any time
	got     map[uint32][]got // who got a process id, by it
	calls   map[call]bool
}

// nameKey is a process id and the folded name of a process that had it.
type nameKey struct {
	pid  uint32
	name event.Sym
}

// got is a start of which a GUID is known.
type got struct {
	id event.ID
	at event.Time
}

// account is what is told of one process. Readers may contradict themselves: all that they
// say counts as said.
type account struct {
	self, parent words
	users        []event.Sym // without their domains, which not every sensor tells
	hashes       []event.Sym
	began        []event.Time
	ended        event.Time
	last         event.Time // of its events
}

// words are what is said of a process, by field; texts without letter case and blanks around.
type words struct {
	ids      []event.ID
	pids     []uint32
	created  []event.Time
	names    []event.Sym
	commands []event.Sym
}

func newTold(symbols *event.Symbols) *told {
	return &told{
		symbols: symbols, byID: make(map[event.ID]*account), byStart: make(map[startKey]*account),
		named: make(map[nameKey]bool), got: make(map[uint32][]got), calls: make(map[call]bool),
	}
}

// add takes in the events that a mapper read, or the program itself (0).
func (t *told) add(s *event.Store, mapper uint8) {
	for i := range s.Processes {
		if p := &s.Processes[i]; p.Mapper == mapper {
			a := t.addProcess(p)
			a.last = max(a.last, p.Time)
			also(&a.began, p.Time)
			if isGUID(p.Self.ID) && p.Self.PID != 0 && p.Time != event.NoTime {
				t.got[p.Self.PID] = append(t.got[p.Self.PID], got{p.Self.ID, p.Time})
			}
			t.note(&p.Parent)
			t.note(&p.Grandparent)
		}
	}
	for i := range s.Ends {
		if e := &s.Ends[i]; e.Mapper == mapper {
			a := t.note(&e.Self)
			a.ended, a.last = max(a.ended, e.Time), max(a.last, e.Time)
		}
	}
	for i := range s.Connections {
		if c := &s.Connections[i]; c.Mapper == mapper {
			a := t.addProcess(&event.Process{Self: c.Self, Parent: c.Parent, User: c.User, Hash: c.Hash})
			a.last = max(a.last, c.Time)
			t.note(&c.Parent)
			k := t.call(c)
			t.calls[k] = true
			k.from = 0 // who knows no port of ours may mean this one
			t.calls[k] = true
		}
	}
}

func (t *told) addProcess(p *event.Process) *account {
	a := t.note(&p.Self)
	t.say(&a.parent, &p.Parent)
	also(&a.users, t.user(p.User))
	also(&a.hashes, t.text(p.Hash))
	return a
}

// note adds what an event says of a process, and returns the account of it; one of nobody
// where nothing but a process id is known.
func (t *told) note(ref *event.Ref) *account {
	t.some = true
	if ref.PID != 0 && ref.Name != event.NoSym {
		t.named[nameKey{ref.PID, t.text(ref.Name)}] = true
	}
	a := t.of(ref)
	if a == nil {
		a = &account{}
	}
	t.say(&a.self, ref)
	if !ref.ID.IsZero() {
		t.byID[ref.ID] = a
	}
	if ref.PID != 0 && ref.Created != event.NoTime {
		t.byStart[startKey{pid: ref.PID, created: ref.Created}] = a
	}
	return a
}

func (t *told) say(w *words, ref *event.Ref) {
	also(&w.ids, ref.ID)
	also(&w.pids, ref.PID)
	also(&w.created, ref.Created)
	also(&w.names, t.text(ref.Name))
	also(&w.commands, t.text(ref.Command))
}

// of returns the account of a process, nil where there is none.
func (t *told) of(ref *event.Ref) *account {
	if a := t.byID[ref.ID]; a != nil && !ref.ID.IsZero() {
		return a
	}
	if ref.PID != 0 && ref.Created != event.NoTime && (ref.ID.IsZero() || ref.Unique) {
		return t.byStart[startKey{pid: ref.PID, created: ref.Created}]
	}
	return nil
}

// text folds letter case and the blanks around a text.
func (t *told) text(y event.Sym) event.Sym {
	y = t.symbols.Fold(y)
	if text := t.symbols.Bytes(y); len(bytes.TrimSpace(text)) < len(text) {
		return t.symbols.Intern(bytes.TrimSpace(text))
	}
	return y
}

// user is an account without its domain.
func (t *told) user(y event.Sym) event.Sym {
	y = t.text(y)
	if name := t.symbols.Bytes(y); bytes.IndexByte(name, '\\') >= 0 {
		return t.symbols.Intern(name[bytes.LastIndexByte(name, '\\')+1:])
	}
	return y
}

// mostSaid is how many different things are remembered of one field of a process.
const mostSaid = 16

// also adds a value that is there and was not said yet.
func also[T comparable](all *[]T, value T) {
	var absent T
	if value != absent && len(*all) < mostSaid && !slices.Contains(*all, value) {
		*all = append(*all, value)
	}
}
