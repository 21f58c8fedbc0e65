package rival

import "math"

// PathRarity is NoDoze's anomaly score (Hassan et al., NDSS 2019, section V): an edge is as
// likely as the share of its source's host-days on which it is seen; a path is as likely as
// all its edges together. A tree is as odd as its least likely path, in bits.
type PathRarity struct {
	Label     func(*Step) string
	Stability bool // times the share of days without a new edge into the source, and out of the target
	ByLength  bool // bits an edge: long paths are not odd for being long
}

// edge is one from a source to a target. What is started and what is called are two
// relations.
type edge struct {
	from, to string
	call     bool
}

// hostDays counts host-days, which come one after the other.
type hostDays struct {
	last  int // number of the host-day counted last
	count int
	first int64 // earliest day
}

func (h *hostDays) see(number int, day int64) {
	if h.count == 0 || day < h.first {
		h.first = day
	}
	if h.count == 0 || h.last != number {
		h.last, h.count = number, h.count+1
	}
}

// frequencies are those of a fleet.
type frequencies struct {
	edges, sources map[edge]*hostDays // a source is an edge without a target
	days           map[int64]bool
	into, out      map[string]map[int64]bool // days with a new edge
}

func see(of map[edge]*hostDays, e edge, number int, day int64) {
	h := of[e]
	if h == nil {
		h = &hostDays{}
		of[e] = h
	}
	h.see(number, day)
}

// Rate implements Way.
func (p PathRarity) Rate(trees []*Tree) []float64 {
	f := p.count(trees)
	rates := make([]float64, len(trees))
	for i, t := range trees {
		rates[i] = p.rate(f, t)
	}
	return rates
}

func (p PathRarity) count(trees []*Tree) *frequencies {
	f := &frequencies{edges: map[edge]*hostDays{}, sources: map[edge]*hostDays{}, days: map[int64]bool{},
		into: map[string]map[int64]bool{}, out: map[string]map[int64]bool{}}
	number, device, day := 0, "", int64(0)
	for _, at := range byHostDay(trees) {
		t := trees[at]
		if t.Device != device || t.Day != day {
			number, device, day = number+1, t.Device, t.Day
		}
		f.days[day] = true
		for i := range t.Steps {
			e := p.edge(t, i)
			see(f.edges, e, number, day)
			see(f.sources, edge{from: e.from, call: e.call}, number, day)
		}
	}
	for e, h := range f.edges {
		note(f.into, e.to, h.first)
		note(f.out, e.from, h.first)
	}
	return f
}

func note(days map[string]map[int64]bool, vertex string, day int64) {
	if days[vertex] == nil {
		days[vertex] = map[int64]bool{}
	}
	days[vertex][day] = true
}

func (p PathRarity) edge(t *Tree, step int) edge {
	s := &t.Steps[step]
	e := edge{to: p.Label(s), call: s.Call}
	if s.Above != Scheduler {
		e.from = p.Label(&t.Steps[s.Above])
	}
	return e
}

// rate is that of the least likely path, from the scheduler to any step.
func (p PathRarity) rate(f *frequencies, t *Tree) (most float64) {
	bits, length := make([]float64, len(t.Steps)), make([]float64, len(t.Steps))
	for i := range t.Steps {
		bits[i], length[i] = f.bits(p.edge(t, i), p.Stability), 1
		if above := t.Steps[i].Above; above != Scheduler {
			bits[i], length[i] = bits[i]+bits[above], 1+length[above]
		}
		if p.ByLength {
			most = max(most, bits[i]/length[i])
		} else {
			most = max(most, bits[i])
		}
	}
	return most
}

// bits is how unlikely an edge is.
func (f *frequencies) bits(e edge, stability bool) float64 {
	share := float64(f.edges[e].count) / float64(f.sources[edge{from: e.from, call: e.call}].count)
	if stability {
		share *= f.stable(f.into[e.from]) * f.stable(f.out[e.to])
	}
	return -math.Log2(share)
}

// stable is the share of days on which nothing was new. None at all would make every path
// impossible; it counts as half a day.
func (f *frequencies) stable(news map[int64]bool) float64 {
	all := float64(len(f.days))
	return max(all-float64(len(news)), 0.5) / all
}
