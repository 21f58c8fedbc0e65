package identity

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// world makes small random stores: few devices, process ids, times and names, so that
// everything that can collide does.
type world struct {
	*rand.Rand
	*event.Store
}

func newWorld(r *rand.Rand) *world { return &world{r, event.NewStore()} }

// randomStore returns a store of n processes and about as many ends and connections.
func randomStore(r *rand.Rand, n int) *event.Store {
	w := newWorld(r)
	for range n {
		w.Processes = append(w.Processes, w.process())
	}
	for range r.IntN(n + 1) {
		w.Ends = append(w.Ends, event.End{Source: w.source(), Self: w.ref()})
	}
	for range r.IntN(n + 1) {
		w.Connections = append(w.Connections, w.connection())
	}
	w.rephrase()
	return w.Store
}

// rephrase adds events that tell one thing differently from another, as renderings of
// one record do.
func (w *world) rephrase() {
	for range w.IntN(4) {
		p := w.Processes[w.IntN(len(w.Processes))]
		for _, y := range []*event.Sym{&p.User, &p.Hash, &p.Self.Command, &p.Self.Path} {
			if w.IntN(3) == 0 {
				*y = w.one("", "this", "that")
			}
		}
		w.Processes = append(w.Processes, p)
		if len(w.Connections) == 0 {
			continue
		}
		c := w.Connections[w.IntN(len(w.Connections))]
		for _, y := range []*event.Sym{&c.User, &c.Hash, &c.Host, &c.URL, &c.Transport, &c.Action, &c.Answers} {
			if w.IntN(3) == 0 {
				*y = w.one("", "this", "that")
			}
		}
		w.Connections = append(w.Connections, c)
	}
}

func (w *world) one(texts ...string) event.Sym {
	return w.Symbols.Intern([]byte(texts[w.IntN(len(texts))]))
}

func (w *world) time() event.Time {
	if w.IntN(12) == 0 {
		return event.NoTime
	}
	return 1000*event.Second + event.Time(w.IntN(12))*event.Second
}

// created is a creation time, with or without its ticks below the millisecond.
func (w *world) created() event.Time {
	t := w.time()
	if t != event.NoTime && w.IntN(2) == 0 {
		t += 1 + event.Time(w.IntN(2))
	}
	return t
}

func (w *world) source() event.Source {
	name := w.one("alpha", "ALPHA", "beta")
	return event.Source{Device: w.Symbols.Fold(name), DeviceName: name, Time: w.time(), Record: uint64(max(0, w.IntN(9)-3))}
}

// ref returns what an event may say of a process, in the manner of one sensor.
func (w *world) ref() event.Ref {
	ref := event.Ref{PID: uint32(w.IntN(4)), Name: w.one("", "cmd.exe", "CMD.EXE", "sh.exe"), Command: w.one("", "cmd /c x", "sh")}
	switch w.IntN(5) {
	case 0, 1: // ProcessGuid
		ref.ID, ref.Style = event.ID{Hi: 7, Lo: uint64(1 + w.IntN(4))}, event.Style(w.IntN(4))
	case 2: // process id and creation time
		ref.Created = w.created()
	case 3: // unique id beside them
		ref.ID, ref.Unique, ref.Created = event.TextID(w.one("u1", "u2")), true, w.created()
	}
	return ref
}

func (w *world) process() event.Process {
	p := event.Process{Source: w.source(), Self: w.ref(), User: w.one("", "SYSTEM", "bob"), Hash: w.one("", "aa", "bb")}
	if !p.Self.ID.IsZero() && !p.Self.Unique {
		p.Self.Created = w.time() // UtcTime
	}
	if w.IntN(4) > 0 {
		p.Parent = w.ref()
	}
	if w.IntN(6) == 0 { // Sysmon lost the rest
		p.Parent = event.Ref{PID: uint32(1 + w.IntN(3))}
	}
	if w.IntN(4) == 0 {
		p.Grandparent = w.ref()
	}
	return p
}

func (w *world) connection() event.Connection {
	c := event.Connection{Source: w.source(), Stamp: w.time(), Self: w.ref(), User: w.one("", "SYSTEM", "bob"), Weight: 1 + uint32(w.IntN(3)),
		Remote: event.NewAddress(netip.AddrFrom4([4]byte{1, 1, 1, byte(w.IntN(2))})), RemotePort: uint16(w.IntN(2)),
		Host: w.one("", "a.example", "A.example"), Action: w.one("", "ok"), Lookup: w.IntN(3) == 0}
	if w.IntN(3) == 0 {
		c.Parent = w.ref()
	}
	return c
}

// transcription copies events into another store, whose symbols have other numbers.
type transcription struct{ from, to *event.Store }

// transcribe returns a store of the same events in random order, its symbols
// interned in random order.
func transcribe(r *rand.Rand, from *event.Store) *event.Store {
	t := transcription{from, event.NewStore()}
	for _, i := range r.Perm(from.Symbols.Len()) {
		t.sym(event.Sym(i))
	}
	for _, i := range r.Perm(len(from.Processes)) {
		t.to.Processes = append(t.to.Processes, t.process(from.Processes[i]))
	}
	for _, i := range r.Perm(len(from.Ends)) {
		e := from.Ends[i]
		t.to.Ends = append(t.to.Ends, event.End{Source: t.source(e.Source), Self: t.ref(e.Self)})
	}
	for _, i := range r.Perm(len(from.Connections)) {
		t.to.Connections = append(t.to.Connections, t.connection(from.Connections[i]))
	}
	return t.to
}

func (t transcription) sym(y event.Sym) event.Sym {
	return t.to.Symbols.Intern(t.from.Symbols.Bytes(y))
}

func (t transcription) source(s event.Source) event.Source {
	s.Device, s.DeviceName = t.sym(s.Device), t.sym(s.DeviceName)
	return s
}

func (t transcription) ref(r event.Ref) event.Ref {
	if y, isText := r.ID.Text(); isText {
		r.ID = event.TextID(t.sym(y))
	}
	r.Name, r.Path, r.Command = t.sym(r.Name), t.sym(r.Path), t.sym(r.Command)
	return r
}

func (t transcription) process(p event.Process) event.Process {
	p.Source, p.Self, p.Parent, p.Grandparent = t.source(p.Source), t.ref(p.Self), t.ref(p.Parent), t.ref(p.Grandparent)
	p.User, p.Hash = t.sym(p.User), t.sym(p.Hash)
	return p
}

func (t transcription) connection(c event.Connection) event.Connection {
	c.Source, c.Self, c.Parent = t.source(c.Source), t.ref(c.Self), t.ref(c.Parent)
	for _, y := range []*event.Sym{&c.User, &c.Hash, &c.Host, &c.URL, &c.Transport, &c.Action, &c.Answers} {
		*y = t.sym(*y)
	}
	return c
}

// telling writes events out, so that stores with other symbols can be compared.
type telling struct {
	*event.Symbols
	strings.Builder
}

func tellStore(s *event.Store) string {
	t := &telling{Symbols: s.Symbols}
	for i := range s.Processes {
		t.process(&s.Processes[i])
	}
	for i := range s.Ends {
		t.source(&s.Ends[i].Source)
		t.ref(&s.Ends[i].Self)
		t.WriteString("ends\n")
	}
	for i := range s.Connections {
		c := &s.Connections[i]
		t.source(&c.Source)
		t.ref(&c.Self)
		t.ref(&c.Parent)
		fmt.Fprintf(t, "%d %v:%d %v:%d", c.Stamp, c.Remote.Addr(), c.RemotePort, c.Local.Addr(), c.LocalPort)
		t.texts(c.User, c.Hash, c.Host, c.URL, c.Transport, c.Action, c.Answers)
		fmt.Fprintf(t, "%v %v %d\n", c.Direction, c.Lookup, c.Weight)
	}
	return t.String()
}

func tellRoster(r *Roster) string {
	t := &telling{Symbols: r.symbols}
	for i := range r.Actors {
		a := &r.Actors[i]
		fmt.Fprintf(t, "%s ended %d rebuilt %v on %s: ", a.Key(r.symbols), a.Ended, a.Rebuilt, t.Symbols.String(r.DeviceName(a.Device)))
		t.process(&a.Process)
	}
	return t.String()
}

func (t *telling) String() string { return t.Builder.String() }

func (t *telling) texts(symbols ...event.Sym) {
	for _, y := range symbols {
		fmt.Fprintf(t, " %q", t.Bytes(y))
	}
}

func (t *telling) source(s *event.Source) {
	t.texts(s.Device, s.DeviceName)
	fmt.Fprintf(t, " %d #%d", s.Time, s.Record)
}

func (t *telling) ref(r *event.Ref) {
	fmt.Fprintf(t, " [%s %d %v %d %d", r.IDText(t.Symbols), r.Style, r.Unique, r.PID, r.Created)
	t.texts(r.Name, r.Path, r.Command)
	t.WriteString("]")
}

func (t *telling) process(p *event.Process) {
	t.source(&p.Source)
	for _, r := range []*event.Ref{&p.Self, &p.Parent, &p.Grandparent} {
		t.ref(r)
	}
	t.texts(p.User, p.Hash)
	t.WriteString("\n")
}
