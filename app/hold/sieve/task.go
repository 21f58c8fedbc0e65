package sieve

// SelectTasks looks at the events of the scheduler's log of one device. It says of each whether it has
// to be read in full: those that name a process which counts, as isOfUse says of its process id, and
// those whose number another one has, which may be one event. Of the others the keys are enough:
// that they are there, and who wrote the log when. whole says that all are needed. The result
// belongs to the sieve and is valid until the next selection.
func (s *Sieve) SelectTasks(h Hasher, entries []Entry, whole bool, isOfUse func(pid uint32) bool) (keep []bool) {
	s.keep = resized(s.keep, len(entries))
	clear(s.keep)
	s.records.reset(len(entries))
	for i := range entries {
		e := &entries[i]
		if whole || e.Claims() && isOfUse(e.PID) {
			s.keep[i] = true
		}
		if first := s.records.set(nonzero(mix(e.Self, h.salt)), int32(i)); first != int32(i) {
			s.keep[first], s.keep[i] = true, true
		}
	}
	return s.keep
}
