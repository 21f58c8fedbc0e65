package event

import "slices"

// log is the events of one kind in a store, as far as putting them in order needs to
// know: it is the same for all kinds. What is a kind's own are its traits.
type log interface {
	len() int
	// devices calls see with the device of every event.
	devices(see func(Sym))
	// sort finds the order of the events, which stay where they are.
	sort(o order)
	// next returns the device of the first event that take has not taken; false without
	// any.
	next() (device Sym, some bool)
	// take puts the sorted events of a device, those that are one as one, into the log
	// of the same kind, and returns how many duplicates there were to count. Those of the
	// audit log are none: most are of no use.
	take(device Sym, into log) (duplicates int)
}

// traits are what the order of a kind's events depends on.
type traits[T any] struct {
	source   func(*T) *Source
	compare  func(o order, a, b *T) int  // by content, identity first
	same     func(o order, a, b *T) bool // they are one event
	complete func(to, from *T)           // to learns what only from knows
	beside   bool                        // they are of no process, and no duplicates to count
}

// logOf is a log over a slice that belongs to a store.
type logOf[T any] struct {
	*traits[T]
	events *[]T
	sorted []int32 // positions: they are smaller to move than the events
	order  order
}

func (l *logOf[T]) len() int { return len(*l.events) }

func (l *logOf[T]) devices(see func(Sym)) {
	for i := range *l.events {
		see(l.source(&(*l.events)[i]).Device)
	}
}

func (l *logOf[T]) sort(o order) {
	l.order = o
	l.sorted = sortedBy(*l.events, func(a, b *T) int { return l.compare(o, a, b) },
		func(e *T) uint32 { return o.rank[l.source(e).Device] })
}

func (l *logOf[T]) next() (device Sym, some bool) {
	if len(l.sorted) == 0 {
		return NoSym, false
	}
	return l.device(0), true
}

func (l *logOf[T]) device(i int) Sym { return l.source(&(*l.events)[l.sorted[i]]).Device }

func (l *logOf[T]) take(device Sym, into log) (duplicates int) {
	n := 0
	for n < len(l.sorted) && l.device(n) == device {
		n++
	}
	to := into.(*logOf[T]).events
	*to, duplicates = l.merged((*to)[:0], l.sorted[:n])
	l.sorted = l.sorted[n:]
	return duplicates
}

// merged appends the events at the positions to dst, those that are one as one.
func (l *logOf[T]) merged(dst []T, at []int32) (all []T, duplicates int) {
	dst = slices.Grow(dst, len(at))
	events := *l.events
	for i, p := range at {
		if i > 0 && l.same(l.order, &dst[len(dst)-1], &events[p]) {
			l.complete(&dst[len(dst)-1], &events[p])
			if !l.beside && !l.source(&events[p]).Audit {
				duplicates++
			}
			continue
		}
		dst = append(dst, events[p])
	}
	return dst, duplicates
}
