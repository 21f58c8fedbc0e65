package beacon

import (
	"cmp"
	"math"
	"slices"
)

// The bounds of a sample. A regular series has something of each period claimed in the
// windows of one scale: many periods in a window, and a cell for each contact.
const (
	exactCells  = 512 // so many are all kept
	windowCells = 64  // a window that is fuller doubles the length of its cells
	windows     = 8   // of each scale
)

// scales are the lengths of the windows, as powers of two of a tick: 29 minutes, 3.8
// hours, 31 hours, 10 days. One window of 64 cells tells periods from a 64th to a fifth
// of it, so the scales overlap, from 27 seconds to two days; what is slower than that
// is never too many to keep.
var scales = [...]uint8{14, 17, 20, 23}

// sample is a Contacts unpacked: all cells, or with thin the windows of every scale.
// Each part is a function of the set of contacts and of nothing else.
type sample struct {
	cells       []cell
	thin        *[len(scales)][]window
	seen        *sketch // with thin
	first, last int64   // of all cells; meaningless when empty
}

// window is what is kept of one stretch of time: cells of 2^shift ticks, as short as
// the bound allows.
type window struct {
	number int64 // at >> scale
	shift  uint8
	cells  []cell
}

func (s *sample) empty() bool { return len(s.cells) == 0 && s.thin == nil }

// add adds cells, which it takes over.
func (s *sample) add(cells []cell) {
	if len(cells) == 0 {
		return
	}
	cells = fold(cells, 0)
	s.widen(cells[0].at, cells[len(cells)-1].at)
	if s.thin != nil {
		s.sift(cells)
		return
	}
	s.cells = fold(append(s.cells, cells...), 0)
	if len(s.cells) > exactCells {
		all := s.cells
		s.cells, s.thin, s.seen = nil, new([len(scales)][]window), new(sketch)
		s.sift(all)
	}
}

// widen includes two ticks in the span of s.
func (s *sample) widen(first, last int64) {
	if s.empty() {
		s.first, s.last = first, last
		return
	}
	s.first, s.last = min(s.first, first), max(s.last, last)
}

// sift puts sorted cells into the windows of every scale.
func (s *sample) sift(cells []cell) {
	for _, x := range cells {
		s.seen.add(x.at)
	}
	for i, scale := range scales {
		s.thin[i] = joinWindows(s.thin[i], cut(cells, scale, s.thin[i]), scale)
	}
}

// cut makes windows of sorted cells, without those that the kept ones push out anyway.
func cut(cells []cell, scale uint8, kept []window) []window {
	limit := uint64(math.MaxUint64)
	if len(kept) == windows {
		limit = highest(kept, scale)
	}
	var all []window
	for len(cells) > 0 {
		number, n := cells[0].at>>scale, 1
		for n < len(cells) && cells[n].at>>scale == number {
			n++
		}
		if chance(number, scale) <= limit {
			all = append(all, window{number: number, cells: slices.Clone(cells[:n])})
		}
		cells = cells[n:]
	}
	return all
}

// highest is the greatest chance number among windows.
func highest(all []window, scale uint8) uint64 {
	limit := uint64(0)
	for _, w := range all {
		limit = max(limit, chance(w.number, scale))
	}
	return limit
}

// joinWindows unites two lists of windows, joins those of one number, and keeps the
// ones with the smallest chance numbers, sorted by time. Which these are does not
// depend on what was dropped before: a window dropped once is beaten for ever.
func joinWindows(a, b []window, scale uint8) []window {
	all := append(slices.Clone(a), b...)
	slices.SortStableFunc(all, func(x, y window) int { return cmp.Compare(x.number, y.number) })
	joined := all[:0]
	for _, w := range all {
		if n := len(joined); n > 0 && joined[n-1].number == w.number {
			joined[n-1] = joined[n-1].join(w)
			continue
		}
		joined = append(joined, w.bounded())
	}
	if len(joined) <= windows {
		return joined
	}
	slices.SortFunc(joined, func(x, y window) int {
		return cmp.Compare(chance(x.number, scale), chance(y.number, scale))
	})
	joined = joined[:windows]
	slices.SortFunc(joined, func(x, y window) int { return cmp.Compare(x.number, y.number) })
	return joined
}

func (w window) join(other window) window {
	w.shift = max(w.shift, other.shift)
	w.cells = append(slices.Clone(w.cells), other.cells...)
	return w.bounded()
}

// bounded doubles the length of the cells until they are few enough.
func (w window) bounded() window {
	w.cells = fold(w.cells, w.shift)
	for len(w.cells) > windowCells {
		w.shift++
		w.cells = fold(w.cells, w.shift)
	}
	return w
}

// join adds all of another sample.
func (s *sample) join(other *sample) {
	if other.empty() {
		return
	}
	if other.thin == nil {
		s.add(slices.Clone(other.cells))
		return
	}
	own := s.cells
	s.widen(other.first, other.last)
	if s.thin == nil {
		s.cells, s.thin, s.seen = nil, new([len(scales)][]window), new(sketch)
		s.sift(own)
	}
	s.seen.join(other.seen)
	for i, scale := range scales {
		s.thin[i] = joinWindows(s.thin[i], other.thin[i], scale)
	}
}

// count is the number of contacts, of a sample an estimate: of the cells ever seen, by
// the mean weight of those kept.
func (s *sample) count() int {
	if s.thin == nil {
		return weigh(s.cells)
	}
	cells, weight := 0, 0
	for _, scale := range s.thin {
		for _, w := range scale {
			cells, weight = cells+len(w.cells), weight+weigh(w.cells)
		}
	}
	return int(math.Round(s.seen.estimate() * float64(weight) / float64(max(cells, 1))))
}

func weigh(cells []cell) (sum int) {
	for _, x := range cells {
		sum += int(x.weight)
	}
	return sum
}

// chance is a number that decides which windows of a scale are kept. It is the same
// everywhere, so that samples made apart keep the same windows.
func chance(number int64, scale uint8) uint64 { return scatter(uint64(number)*64 + uint64(scale)) }

// scatter is the finaliser of splitmix64 (Steele, Lea, Flood 2014): each bit of x has
// a say in each of the result's.
func scatter(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
