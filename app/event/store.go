package event

import (
	"cmp"
	"slices"
)

// Sink is where a reader of events puts facts. Their symbols are of the sink's table,
// and the facts belong to the caller: a sink keeps copies.
type Sink interface {
	Interner() *Symbols
	AddProcess(*Process)
	AddEnd(*End)
	AddConnection(*Connection)
}

// Store collects facts. Add events in any order, then call Settle, or EachDevice, once;
// what comes after reads the slices and depends on nothing but their content.
type Store struct {
	Symbols     *Symbols
	Processes   []Process
	Ends        []End
	Connections []Connection

	one *Store // EachDevice's own, kept for its memory
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{Symbols: NewSymbols()} }

// Interner implements Sink.
func (s *Store) Interner() *Symbols { return s.Symbols }

// Reset empties the store and keeps its memory.
func (s *Store) Reset() {
	s.Symbols.Reset()
	s.Processes, s.Ends, s.Connections = s.Processes[:0], s.Ends[:0], s.Connections[:0]
}

// AddProcess adds a process start.
func (s *Store) AddProcess(p *Process) { s.Processes = append(s.Processes, *p) }

// AddEnd adds a process end.
func (s *Store) AddEnd(e *End) { s.Ends = append(s.Ends, *e) }

// AddConnection adds a connection or a name lookup.
func (s *Store) AddConnection(c *Connection) { s.Connections = append(s.Connections, *c) }

// Settle brings the events into an order that their arrival has no part in, and
// drops those that are there twice: Splunk resends, archives overlap, and the same
// event reaches an index in two renderings. It returns how many it dropped.
//
// Two events are one when they come from the same device, the same process and the
// same record of its log; without record numbers, when every fact is equal. Of two
// renderings of a record the one that stays learns what only the other knows.
func (s *Store) Settle() (duplicates int) {
	before := s.len()
	o := order{symbols: s.Symbols, rank: s.deviceRanks()}
	processes, ends, connections := s.Processes, s.Ends, s.Connections
	sorted := s.sorted(o)
	s.Processes = merged(nil, processes, sorted.processes, o.sameProcess, (*Process).complete)
	s.Ends = merged(nil, ends, sorted.ends, o.sameEnd, (*End).complete)
	s.Connections = merged(nil, connections, sorted.connections, o.sameConnection, (*Connection).complete)
	return before - s.len()
}

// EachDevice settles the events and calls fn with those of one device after the other,
// in the order of their names. fn may change what it is given, and must not keep it.
func (s *Store) EachDevice(fn func(*Store)) (duplicates int) {
	if s.one == nil {
		s.one = &Store{}
	}
	o := order{symbols: s.Symbols, rank: s.deviceRanks()}
	one, left := s.one, s.sorted(o)
	one.Symbols = s.Symbols
	for !left.empty() {
		of := s.firstDevice(o, left)
		processes := cutFront(&left.processes, func(at int32) bool { return s.Processes[at].Device == of })
		ends := cutFront(&left.ends, func(at int32) bool { return s.Ends[at].Device == of })
		connections := cutFront(&left.connections, func(at int32) bool { return s.Connections[at].Device == of })
		one.Processes = merged(one.Processes[:0], s.Processes, processes, o.sameProcess, (*Process).complete)
		one.Ends = merged(one.Ends[:0], s.Ends, ends, o.sameEnd, (*End).complete)
		one.Connections = merged(one.Connections[:0], s.Connections, connections, o.sameConnection, (*Connection).complete)
		duplicates += len(processes) + len(ends) + len(connections) - one.len()
		fn(one)
	}
	return duplicates
}

func (s *Store) len() int { return len(s.Processes) + len(s.Ends) + len(s.Connections) }

// firstDevice returns the device that comes first among what is left.
func (s *Store) firstDevice(o order, left positions) Sym {
	var heads []Sym
	if len(left.processes) > 0 {
		heads = append(heads, s.Processes[left.processes[0]].Device)
	}
	if len(left.ends) > 0 {
		heads = append(heads, s.Ends[left.ends[0]].Device)
	}
	if len(left.connections) > 0 {
		heads = append(heads, s.Connections[left.connections[0]].Device)
	}
	return slices.MinFunc(heads, func(a, b Sym) int { return cmp.Compare(o.rank[a], o.rank[b]) })
}

// cutFront takes the positions off the front for which its holds.
func cutFront(from *[]int32, its func(at int32) bool) (front []int32) {
	n := 0
	for n < len(*from) && its((*from)[n]) {
		n++
	}
	front, *from = (*from)[:n], (*from)[n:]
	return front
}

// merged appends the events at the positions to dst, those that are one as one.
func merged[T any](dst, events []T, at []int32, same func(a, b *T) bool, complete func(to, from *T)) []T {
	dst = slices.Grow(dst, len(at))
	for i, p := range at {
		if i > 0 && same(&dst[len(dst)-1], &events[p]) {
			complete(&dst[len(dst)-1], &events[p])
			continue
		}
		dst = append(dst, events[p])
	}
	return dst
}

// deviceRanks numbers the devices in the order of their names, by symbol.
func (s *Store) deviceRanks() []uint32 {
	var devices []Sym
	seen := make([]bool, s.Symbols.Len())
	see := func(device Sym) {
		if !seen[device] {
			seen[device], devices = true, append(devices, device)
		}
	}
	for i := range s.Processes {
		see(s.Processes[i].Device)
	}
	for i := range s.Ends {
		see(s.Ends[i].Device)
	}
	for i := range s.Connections {
		see(s.Connections[i].Device)
	}
	slices.SortFunc(devices, s.Symbols.Compare)
	ranks := make([]uint32, s.Symbols.Len())
	for i, d := range devices {
		ranks[d] = uint32(i)
	}
	return ranks
}
