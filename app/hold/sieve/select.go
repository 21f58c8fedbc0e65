package sieve

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Selection is what the sieve let through.
type Selection struct {
	// Keep says of every entry whether its event has to be read in full. It belongs to
	// the sieve and is valid until the next Select.
	Keep []bool
	// Brief says of kept ends that their time and whose they are is all that is needed: the
	// one start event with that id is kept too. It belongs to the sieve like Keep.
	Brief []bool
	// Orphans is how many of the connections not kept belong to no process that has a
	// start event.
	Orphans int
}

// Told is what other events tell of the processes of a device, by process id alone.
type Told struct {
	// Writers wrote the scheduler's log at some time: their children may be roots.
	Writers []uint32
	// Claimed are those that the scheduler's log names as tasks' in events that do not say
	// who wrote them; nil for none.
	Claimed map[uint32]struct{}
	// Tied are those that some event is about of which nothing more is known.
	Tied []uint32
	// Kin says of the hash of a process's id whether it starts trees by kin; nil for none.
	Kin func(uint64) bool
}

// Sieve is the memory that Select works in. It is for one goroutine.
type Sieve struct {
	entries []Entry
	keep    []bool
	brief   []bool

	nodes     []node
	byID      table   // hash of an id: node
	records   table   // hash of a record: entry
	schedules table   // hashes of ids of processes that may start trees
	nodeOf    []int32 // by entry: the node of the process start
	edges     []edge
	first     []int32 // by node: where its edges begin in to; one more at the end
	to        []int32
	queue     []int32
	reused    map[uint32]struct{} // process ids by which alone some event is tied
	unlinked  bool                // some process start has a parent without an id
	told      Told
}

// node is a process: all start events with its id, or one without an id.
type node struct {
	entries int32
	parents int32 // edges to it that were not followed yet
	keep    bool
	tree    bool // it may be in a tree
}

// edge leads from a parent to its child.
type edge struct{ from, to int32 }

const none int32 = -1

// Select looks at the events of one device. more says that there are others, of which
// not even the keys are known here: then all of these are needed.
func (s *Sieve) Select(entries []Entry, more bool, told Told) Selection {
	s.begin(entries)
	s.told = told
	if more {
		return s.everything()
	}
	s.enrol()
	s.merged()
	if !s.link() || !s.descend() {
		return s.everything()
	}
	s.connections()
	s.ends()
	s.processes()
	return Selection{s.keep, s.brief, s.orphans()}
}

func (s *Sieve) begin(entries []Entry) {
	s.entries, s.unlinked = entries, false
	s.nodes, s.edges = s.nodes[:0], s.edges[:0]
	s.keep = resized(s.keep, len(entries))
	s.brief = resized(s.brief, len(entries))
	s.nodeOf = resized(s.nodeOf, len(entries))
	clear(s.keep)
	clear(s.brief)
	starts := 0
	for i := range entries {
		if entries[i].Flags.Kind() == event.ProcessStart {
			starts++
		}
	}
	s.byID.reset(starts)
	s.records.reset(len(entries) - starts)
	s.schedules.reset(0)
	clear(s.reused)
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

func (s *Sieve) everything() Selection {
	for i := range s.keep {
		s.keep[i] = true
	}
	return Selection{Keep: s.keep, Brief: s.brief}
}

// enrol makes the nodes, and notes who may start trees: processes that say so
// themselves, and those of which a child says so.
func (s *Sieve) enrol() {
	for _, pid := range s.told.Tied {
		s.reuse(pid)
	}
	for i := range s.entries {
		e := &s.entries[i]
		if e.Self == 0 {
			s.reuse(e.PID)
		}
		if e.Flags.Kind() != event.ProcessStart {
			continue
		}
		n := s.enrolled(e)
		s.nodeOf[i] = n
		s.nodes[n].entries++
		// One id with several start events may be one event that was sent twice, two
		// processes, or a contradiction: whoever can tell has to see them all.
		s.nodes[n].keep = s.nodes[n].keep || s.nodes[n].entries > 1 || e.is(NewSpelling|Scheduler|Read)
		if e.is(Scheduler) {
			s.schedules.set(e.Self, 0)
		}
		if e.is(ParentScheduler) || s.isInLog(e) || s.isKin(e) {
			s.schedules.set(e.Other, 0)
		}
		if e.namesParentByPID() {
			s.unlinked = true
			s.reuse(e.ParentPID)
		}
	}
}

// merged takes those processes and parents for such as may start trees of which several
// events tell: together they may say what none says alone.
func (s *Sieve) merged() {
	for i := range s.entries {
		e := &s.entries[i]
		if e.Flags.Kind() != event.ProcessStart || s.nodes[s.nodeOf[i]].entries < 2 {
			continue
		}
		s.schedules.set(e.Self, 0)
		if e.Other != 0 {
			s.schedules.set(e.Other, 0)
		}
	}
}

func (s *Sieve) enrolled(e *Entry) int32 {
	next := int32(len(s.nodes))
	if e.Self != 0 {
		if at := s.byID.set(e.Self, next); at != next {
			return at
		}
	}
	s.nodes = append(s.nodes, node{})
	return next
}

// reuse notes a process id by which alone an event is tied. All that is known of the
// processes that had it has a say then.
func (s *Sieve) reuse(pid uint32) {
	if pid == 0 {
		return
	}
	if s.reused == nil {
		s.reused = make(map[uint32]struct{})
	}
	s.reused[pid] = struct{}{}
}

func (s *Sieve) isReused(pid uint32) bool {
	_, reused := s.reused[pid]
	return reused
}

// mostEdges is how many possible parents there may be for a process, on average. Where
// few have ids and process ids are few, everyone may be everyone's parent.
const mostEdges = 8

// descend carries trees down from parents to children, every process after all of its
// parents. It reports false when that cannot be, because parents form a loop: it has to
// be found, and told.
func (s *Sieve) descend() bool {
	s.sortEdges()
	s.queue = s.queue[:0]
	for n := range s.nodes {
		if s.nodes[n].parents == 0 {
			s.queue = append(s.queue, int32(n))
		}
	}
	for done := 0; done < len(s.queue); done++ {
		n := s.queue[done]
		for _, child := range s.to[s.first[n]:s.first[n+1]] {
			c := &s.nodes[child]
			c.tree = c.tree || s.nodes[n].tree
			if c.parents--; c.parents == 0 {
				s.queue = append(s.queue, child)
			}
		}
	}
	return len(s.queue) == len(s.nodes)
}

// sortEdges lists the children of every node.
func (s *Sieve) sortEdges() {
	s.first = resized(s.first, len(s.nodes)+2)
	s.to = resized(s.to, len(s.edges))
	clear(s.first)
	for _, e := range s.edges {
		s.first[e.from+2]++
	}
	for n := range s.nodes {
		s.first[n+2] += s.first[n+1]
	}
	for _, e := range s.edges {
		s.to[s.first[e.from+1]] = e.to
		s.first[e.from+1]++
	}
}

// connections keeps those of trees, those that a process id alone ties, those that were read
// already, and those that may be there twice. The process of a kept one is kept, so that it is no orphan.
func (s *Sieve) connections() {
	for i := range s.entries {
		e := &s.entries[i]
		if !e.isConnection() {
			continue
		}
		owner := s.byID.get(e.Self)
		if first := s.records.set(e.Other, int32(i)); first != int32(i) {
			s.keepConnection(first, owner)
			s.keepConnection(int32(i), owner)
		} else if e.Self == 0 || e.is(NewSpelling|Read) || owner != none && (s.nodes[owner].tree || s.nodes[owner].entries > 1) {
			s.keepConnection(int32(i), owner)
		}
	}
}

func (s *Sieve) keepConnection(i, owner int32) {
	if s.keep[i] {
		return
	}
	s.keep[i] = true
	if owner != none {
		s.nodes[owner].keep = true
	}
}

// ends keeps those of processes that are kept, and those that a process id alone ties.
func (s *Sieve) ends() {
	for i := range s.entries {
		e := &s.entries[i]
		if e.Flags.Kind() != event.ProcessEnd {
			continue
		}
		if first := s.records.set(e.Other, int32(i)); first != int32(i) {
			s.keep[first], s.keep[i] = true, true
			s.brief[first] = false
			continue
		}
		owner := s.byID.get(e.Self)
		whole := s.keep[i] || e.Self == 0 || e.is(NewSpelling) || s.isReused(e.PID)
		tied := owner != none && (s.nodes[owner].keep || s.nodes[owner].tree)
		s.keep[i], s.brief[i] = whole || tied, !whole && tied && s.nodes[owner].entries == 1
	}
}

func (s *Sieve) processes() {
	for i := range s.entries {
		if s.entries[i].Flags.Kind() == event.ProcessStart {
			n := &s.nodes[s.nodeOf[i]]
			s.keep[i] = n.keep || n.tree
		}
	}
}

// orphans counts those among the connections not kept. None of these is there twice.
func (s *Sieve) orphans() (n int) {
	for i := range s.entries {
		if e := &s.entries[i]; !s.keep[i] && e.isConnection() && s.byID.get(e.Self) == none {
			n++
		}
	}
	return n
}
