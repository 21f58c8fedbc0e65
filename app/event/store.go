package event

import (
	"slices"
	"sync"
)

// Sink is where a reader of events puts facts. Their symbols are of the sink's table,
// and the facts belong to the caller: a sink keeps copies.
type Sink interface {
	Interner() *Symbols
	AddProcess(*Process)
	AddEnd(*End)
	AddConnection(*Connection)
	AddTask(*Task)
	AddInstallation(*Installation)
	AddLogon(*Logon)
	AddInjection(*Injection)
}

// Only is a sink that passes on the facts which Has lets through, and drops the others. A kind
// of event more is a method here, or Only is no Sink any more.
type Only struct {
	To  Sink
	Has func(*Source) bool
}

// Interner implements Sink.
func (o *Only) Interner() *Symbols { return o.To.Interner() }

// AddProcess implements Sink.
func (o *Only) AddProcess(p *Process) {
	if o.Has(&p.Source) {
		o.To.AddProcess(p)
	}
}

// AddEnd implements Sink.
func (o *Only) AddEnd(e *End) {
	if o.Has(&e.Source) {
		o.To.AddEnd(e)
	}
}

// AddConnection implements Sink.
func (o *Only) AddConnection(c *Connection) {
	if o.Has(&c.Source) {
		o.To.AddConnection(c)
	}
}

// AddTask implements Sink.
func (o *Only) AddTask(t *Task) {
	if o.Has(&t.Source) {
		o.To.AddTask(t)
	}
}

// Store collects facts. Add events in any order, then call Settle, or EachDevice, once;
// what comes after reads the slices and depends on nothing but their content.
type Store struct {
	Symbols     *Symbols
	Processes   []Process
	Ends        []End
	Connections []Connection
	Tasks       []Task
	// Installations are those of services and WMI subscriptions.
	Installations []Installation
	Logons        []Logon // over the network
	Injections    []Injection

	mapped bool   // some events are of mappers
	one    *Store // EachDevice's own, kept for its memory
}

// logs are the store's events by kind. A kind more is a line here and in Reset.
func (s *Store) logs() []log {
	return []log{
		&logOf[Connection]{traits: &connectionTraits, events: &s.Connections}, // the most: see sort
		&logOf[Process]{traits: &processTraits, events: &s.Processes},
		&logOf[End]{traits: &endTraits, events: &s.Ends},
		&logOf[Task]{traits: &taskTraits, events: &s.Tasks},
		&logOf[Installation]{traits: &installationTraits, events: &s.Installations},
		&logOf[Logon]{traits: &logonTraits, events: &s.Logons},
		&logOf[Injection]{traits: &injectionTraits, events: &s.Injections},
	}
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{Symbols: NewSymbols()} }

// Interner implements Sink.
func (s *Store) Interner() *Symbols { return s.Symbols }

// Reset empties the store and keeps its memory.
func (s *Store) Reset() {
	s.Symbols.Reset()
	s.mapped = false
	s.Processes, s.Ends, s.Connections, s.Tasks = s.Processes[:0], s.Ends[:0], s.Connections[:0], s.Tasks[:0]
	s.Installations, s.Logons, s.Injections = s.Installations[:0], s.Logons[:0], s.Injections[:0]
}

// AddProcess adds a process start.
func (s *Store) AddProcess(p *Process) {
	s.mapped = s.mapped || p.Mapper != 0
	s.Processes = append(s.Processes, *p)
}

// AddEnd adds a process end.
func (s *Store) AddEnd(e *End) {
	s.mapped = s.mapped || e.Mapper != 0
	s.Ends = append(s.Ends, *e)
}

// AddConnection adds a connection or a name lookup.
func (s *Store) AddConnection(c *Connection) {
	s.mapped = s.mapped || c.Mapper != 0
	s.Connections = append(s.Connections, *c)
}

// AddTask adds what an event tells of a scheduled task.
func (s *Store) AddTask(t *Task) { s.Tasks = append(s.Tasks, *t) }

// AddInstallation adds what an event tells of a service or a WMI subscription.
func (s *Store) AddInstallation(i *Installation) { s.Installations = append(s.Installations, *i) }

// AddLogon adds a logon over the network.
func (s *Store) AddLogon(l *Logon) { s.Logons = append(s.Logons, *l) }

// AddInjection adds what an event tells of a process that reaches into another.
func (s *Store) AddInjection(i *Injection) { s.Injections = append(s.Injections, *i) }

// Settle brings the events into an order that their arrival has no part in, and
// drops those that are there twice: Splunk resends, archives overlap, and the same
// event reaches an index in two renderings. It returns how many it dropped, those of
// tasks, installations, logons and injections left out.
//
// Two events are one when they come from the same device, the same process and the
// same record of its log; without record numbers, when every fact is equal. Of two
// renderings of a record the one that stays learns what only the other knows.
func (s *Store) Settle() (duplicates int) {
	settled := Store{Symbols: s.Symbols, one: s.one}
	duplicates = s.EachDevice(func(one *Store) {
		settled.Processes = append(settled.Processes, one.Processes...)
		settled.Ends = append(settled.Ends, one.Ends...)
		settled.Connections = append(settled.Connections, one.Connections...)
		settled.Tasks = append(settled.Tasks, one.Tasks...)
		settled.Installations = append(settled.Installations, one.Installations...)
		settled.Logons = append(settled.Logons, one.Logons...)
		settled.Injections = append(settled.Injections, one.Injections...)
	})
	*s = settled
	return duplicates
}

// EachDevice settles the events and calls fn with those of one device after the other,
// in the order of their names. fn may change what it is given, and must not keep it.
func (s *Store) EachDevice(fn func(*Store)) (duplicates int) {
	if s.one == nil {
		s.one = &Store{}
	}
	logs := s.logs()
	o := order{symbols: s.Symbols, rank: s.deviceRanks(logs)}
	sortAll(logs, o)
	s.one.Symbols = s.Symbols
	to := s.one.logs()
	for device, some := firstDevice(logs, o); some; device, some = firstDevice(logs, o) {
		for i, l := range logs {
			duplicates += l.take(device, to[i])
		}
		fn(s.one)
	}
	return duplicates
}

// sortAll sorts the logs. Comparing only reads the symbols, so that the longest can be
// sorted beside the others.
func sortAll(logs []log, o order) {
	var side sync.WaitGroup
	side.Go(func() { logs[0].sort(o) })
	for _, l := range logs[1:] {
		l.sort(o)
	}
	side.Wait()
}

// firstDevice returns the device that comes first among what is left.
func firstDevice(logs []log, o order) (first Sym, some bool) {
	for _, l := range logs {
		if device, left := l.next(); left && (!some || o.rank[device] < o.rank[first]) {
			first, some = device, true
		}
	}
	return first, some
}

// deviceRanks numbers the devices in the order of their names, by symbol.
func (s *Store) deviceRanks(logs []log) []uint32 {
	var devices []Sym
	seen := make([]bool, s.Symbols.Len())
	for _, l := range logs {
		l.devices(func(device Sym) {
			if !seen[device] {
				seen[device], devices = true, append(devices, device)
			}
		})
	}
	slices.SortFunc(devices, s.Symbols.Compare)
	ranks := make([]uint32, s.Symbols.Len())
	for i, d := range devices {
		ranks[d] = uint32(i)
	}
	return ranks
}

// AddInstallation implements Sink.
func (o *Only) AddInstallation(i *Installation) {
	if o.Has(&i.Source) {
		o.To.AddInstallation(i)
	}
}

// AddLogon implements Sink.
func (o *Only) AddLogon(l *Logon) {
	if o.Has(&l.Source) {
		o.To.AddLogon(l)
	}
}

// AddInjection implements Sink.
func (o *Only) AddInjection(i *Injection) {
	if o.Has(&i.Source) {
		o.To.AddInjection(i)
	}
}
