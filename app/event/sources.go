package event

import "iter"

// Sources goes over the sources of all events of a store, kind by kind. They are the store's own.
func (s *Store) Sources() iter.Seq[*Source] {
	return func(yield func(*Source) bool) {
		_ = sourcesOf(s.Processes, &processTraits, yield) && sourcesOf(s.Connections, &connectionTraits, yield) && sourcesOf(s.Ends, &endTraits, yield) &&
			sourcesOf(s.Tasks, &taskTraits, yield) && sourcesOf(s.Installations, &installationTraits, yield) &&
			sourcesOf(s.Logons, &logonTraits, yield) && sourcesOf(s.Injections, &injectionTraits, yield)
	}
}

// sourcesOf yields the sources of some events. It reports whether there may be more.
func sourcesOf[T any](events []T, of *traits[T], yield func(*Source) bool) (more bool) {
	for i := range events {
		if !yield(of.source(&events[i])) {
			return false
		}
	}
	return true
}
