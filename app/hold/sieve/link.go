package sieve

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// link finds the edges, and the roots that trees grow from. It reports false when there
// are too many possible parents to follow.
func (s *Sieve) link() bool {
	byPID := s.unlinkedParents()
	for i := range s.entries {
		e := &s.entries[i]
		if e.Flags.Kind() != event.ProcessStart {
			continue
		}
		n := s.nodeOf[i]
		switch parent := s.byID.get(e.Other); {
		case e.namesParentByPID():
			s.nodes[n].keep = true
			if len(s.edges)+len(byPID[e.ParentPID]) > mostEdges*len(s.entries) {
				return false
			}
			for _, candidate := range byPID[e.ParentPID] {
				s.tie(candidate, n)
			}
		case parent == none:
		case parent == n: // its own parent, which is told
			s.nodes[n].keep = true
		default:
			s.tie(parent, n)
			if s.nodes[parent].entries > 1 {
				s.nodes[n].keep = true
			}
		}
		if s.isReused(e.PID) || s.isReused(e.ParentPID) { // what it says of the holder counts
			s.nodes[n].keep = true
		}
		if s.mayBeRoot(e) {
			s.root(n, s.byID.get(e.Other))
		}
	}
	return true
}

// unlinkedParents lists the processes that may be the parent of one that names it by
// its process id alone.
func (s *Sieve) unlinkedParents() map[uint32][]int32 {
	if !s.unlinked {
		return nil
	}
	byPID := make(map[uint32][]int32)
	for i := range s.entries {
		e := &s.entries[i]
		if e.Flags.Kind() != event.ProcessStart {
			continue
		}
		if s.isReused(e.PID) {
			byPID[e.PID] = append(byPID[e.PID], s.nodeOf[i])
		}
		// Another child may tell by its id whose the process id was.
		if told := s.byID.get(e.Other); s.isReused(e.ParentPID) && told != none && !slices.Contains(byPID[e.ParentPID], told) {
			s.nodes[told].keep = true // its words may be needed
			byPID[e.ParentPID] = append(byPID[e.ParentPID], told)
		}
	}
	return byPID
}

func (s *Sieve) tie(parent, child int32) {
	if parent == child {
		return
	}
	s.edges = append(s.edges, edge{parent, child})
	s.nodes[child].parents++
}

// isInLog reports whether the parent leaves open what it is, and may write the scheduler's
// log, or that may name the process itself.
func (s *Sieve) isInLog(e *Entry) bool {
	if !e.is(ParentUnsure) {
		return false
	}
	_, claimed := s.told.Claimed[e.PID]
	return claimed || e.ParentPID != 0 && slices.Contains(s.told.Writers, e.ParentPID)
}

// isKin reports whether the parent leaves open what it is, and starts trees by kin.
func (s *Sieve) isKin(e *Entry) bool {
	return s.told.Kin != nil && e.is(ParentUnsure) && e.Other != 0 && s.told.Kin(e.Other)
}

// mayBeRoot reports whether the parent may start trees: it says so, or it leaves it
// open and some event says so of the parent's id.
func (s *Sieve) mayBeRoot(e *Entry) bool {
	switch {
	case e.is(ParentScheduler), s.isInLog(e):
		return true
	case !e.is(ParentUnsure):
		return false
	case e.namesParentByPID():
		return true
	}
	return s.schedules.get(e.Other) != none
}

func (s *Sieve) root(n, parent int32) {
	s.nodes[n].tree, s.nodes[n].keep = true, true
	if parent != none {
		s.nodes[parent].keep = true // its words may be needed
	}
}
