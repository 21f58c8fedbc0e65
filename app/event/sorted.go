package event

import (
	"slices"
)

// sortedBy returns the positions of the events in the order of compare, in which those
// of a lower rank come first.
//
// A device's events have come newest first, or oldest first, in as many runs as there
// were lanes. Its runs are found and merged: that takes a fraction of what sorting does
// that knows nothing of them, and no more where there are none.
func sortedBy[T any](events []T, compare func(a, b *T) int, rank func(*T) uint32) []int32 {
	at, ends := byRank(events, rank)
	r := runs{less: func(a, b int32) bool { return compare(&events[a], &events[b]) < 0 }, spare: make([]int32, len(at))}
	from := 0
	for _, to := range ends {
		r.sort(at[from:to], r.spare[from:to])
		from = to
	}
	return at
}

// SortedRuns returns the positions of things in the order of compare, which have come in few runs.
func SortedRuns[T any](all []T, compare func(a, b *T) int) []int32 {
	return sortedBy(all, compare, func(*T) uint32 { return 0 })
}

// byRank returns the positions by rank, those of one rank as they came, and for every
// rank where its positions end.
func byRank[T any](events []T, rank func(*T) uint32) (at []int32, ends []int) {
	for i := range events {
		for n := int(rank(&events[i])); n >= len(ends); {
			ends = append(ends, 0)
		}
		ends[rank(&events[i])]++
	}
	begin := 0
	for i, n := range ends {
		ends[i] = begin
		begin += n
	}
	at = make([]int32, len(events))
	for i := range events {
		n := rank(&events[i])
		at[ends[n]] = int32(i)
		ends[n]++
	}
	return at, ends
}

// runs is a natural merge sort (Knuth, TAOCP 5.2.4, algorithm N) that takes falling runs
// for rising ones.
type runs struct {
	less  func(a, b int32) bool
	spare []int32
	ends  []int
}

// sort sorts at, with spare of the same length to merge into.
func (r *runs) sort(at, spare []int32) {
	r.find(at)
	sorted, other := at, spare
	for len(r.ends) > 1 {
		r.mergePairs(sorted, other)
		sorted, other = other, sorted
	}
	if len(at) > 0 && &sorted[0] != &at[0] {
		copy(at, sorted)
	}
}

// find finds the runs and has all of them rise.
func (r *runs) find(at []int32) {
	r.ends = r.ends[:0]
	for from := 0; from < len(at); {
		to := from + 1
		if to < len(at) && r.less(at[to], at[to-1]) {
			for to++; to < len(at) && r.less(at[to], at[to-1]); to++ {
			}
			slices.Reverse(at[from:to])
		} else {
			for ; to < len(at) && !r.less(at[to], at[to-1]); to++ {
			}
		}
		r.ends = append(r.ends, to)
		from = to
	}
}

// mergePairs merges each run with the next.
func (r *runs) mergePairs(from, to []int32) {
	begin, kept := 0, r.ends[:0]
	for i := 0; i < len(r.ends); i += 2 {
		middle, end := r.ends[i], r.ends[min(i+1, len(r.ends)-1)]
		r.merge(to[begin:end], from[begin:middle], from[middle:end])
		begin, kept = end, append(kept, end)
	}
	r.ends = kept
}

// merge fills to with both, in order.
func (r *runs) merge(to, a, b []int32) {
	for i := range to {
		if len(b) == 0 || len(a) > 0 && !r.less(b[0], a[0]) {
			to[i], a = a[0], a[1:]
		} else {
			to[i], b = b[0], b[1:]
		}
	}
}
