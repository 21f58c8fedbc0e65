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
}

// Store collects the facts of a hunt. Add events in any order, then call Settle
// once; what comes after reads the slices and depends on nothing but their content.
type Store struct {
	Symbols     *Symbols
	Processes   []Process
	Ends        []End
	Connections []Connection
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{Symbols: NewSymbols()} }

// Interner implements Sink.
func (s *Store) Interner() *Symbols { return s.Symbols }

// Empty reports whether the store has no event.
func (s *Store) Empty() bool { return len(s.Processes)+len(s.Ends)+len(s.Connections) == 0 }

// Reset empties the store and keeps its memory.
func (s *Store) Reset() {
	s.Symbols.Reset()
	s.Processes, s.Ends, s.Connections = s.Processes[:0], s.Ends[:0], s.Connections[:0]
}

// AddProcess adds a process start.
func (s *Store) AddProcess(p *Process) { s.Processes = add(s.Processes, p) }

// AddEnd adds a process end.
func (s *Store) AddEnd(e *End) { s.Ends = add(s.Ends, e) }

// AddConnection adds a connection or a name lookup.
func (s *Store) AddConnection(c *Connection) { s.Connections = add(s.Connections, c) }

// add doubles the room when it is used up. append grows a long slice by a quarter,
// which moves millions of events several times over.
func add[T any](events []T, event *T) []T {
	if len(events) == cap(events) {
		events = slices.Grow(events, max(len(events), 1024))
	}
	return append(events, *event)
}

// Settle brings the events into an order that their arrival has no part in, and
// drops those that are there twice: Splunk resends, archives overlap, and the same
// event reaches an index in two renderings. It returns how many it dropped.
//
// Two events are one when they come from the same device, the same process and the
// same record of its log; without record numbers, when every fact is equal. Of two
// renderings of a record the one that stays learns what only the other knows.
func (s *Store) Settle() (duplicates int) {
	before := len(s.Processes) + len(s.Ends) + len(s.Connections)
	o := order{symbols: s.Symbols, rank: s.deviceRanks()}
	// Comparing only reads the symbols, so two kinds can be sorted side by side.
	var side sync.WaitGroup
	side.Go(func() {
		s.Connections = settle(s.Connections, o.connections, o.sameConnection, (*Connection).complete)
	})
	s.Processes = settle(s.Processes, o.processes, o.sameProcess, (*Process).complete)
	s.Ends = settle(s.Ends, o.ends, o.sameEnd, (*End).complete)
	side.Wait()
	return before - len(s.Processes) - len(s.Ends) - len(s.Connections)
}

// settle sorts the events by their positions, which are smaller to move than the
// events, and copies one of each over.
func settle[T any](events []T, compare func(a, b *T) int, same func(a, b *T) bool, complete func(to, from *T)) []T {
	positions := make([]int32, len(events))
	for i := range positions {
		positions[i] = int32(i)
	}
	slices.SortFunc(positions, func(a, b int32) int { return compare(&events[a], &events[b]) })
	settled := make([]T, 0, len(events))
	for i, p := range positions {
		if i > 0 && same(&settled[len(settled)-1], &events[p]) {
			complete(&settled[len(settled)-1], &events[p])
			continue
		}
		settled = append(settled, events[p])
	}
	return settled
}

// deviceRanks numbers the devices in the order of their names, by symbol.
func (s *Store) deviceRanks() []uint32 {
	seen := make(map[Sym]struct{})
	for i := range s.Processes {
		seen[s.Processes[i].Device] = struct{}{}
	}
	for i := range s.Ends {
		seen[s.Ends[i].Device] = struct{}{}
	}
	for i := range s.Connections {
		seen[s.Connections[i].Device] = struct{}{}
	}
	devices := make([]Sym, 0, len(seen))
	for d := range seen {
		devices = append(devices, d)
	}
	slices.SortFunc(devices, s.Symbols.Compare)
	ranks := make([]uint32, s.Symbols.Len())
	for i, d := range devices {
		ranks[d] = uint32(i)
	}
	return ranks
}
