package beacon

import (
	"cmp"
	"math"
	"slices"
)

// seconds are how long a tick is.
const tickSeconds = float64(tick) / 1e7

// view is one way to see contacts: stretches of time of which all is known, to a grain.
type view struct {
	stretches [][]point
	limits    Limits
}

// point is a contact at seconds since the first of all.
type point struct {
	at     float64
	run    int32
	weight float64
	grain  float64 // seconds within which it is the first contact
	length float64 // seconds to the last contact of its burst
}

// views are all contacts as one stretch, or one view for each scale of a sample.
func (s *sample) views() []view {
	if s.thin == nil {
		return []view{{stretches: [][]point{s.points(s.cells, 0)}, limits: weighted(s.cells)}}
	}
	views := make([]view, 0, len(scales))
	for _, kept := range s.thin {
		v := view{limits: Sampled}
		for _, w := range kept {
			v.stretches = append(v.stretches, s.points(w.cells, w.shift))
			v.limits |= weighted(w.cells)
			if w.shift > 0 {
				v.limits |= Flooded
			}
		}
		views = append(views, v)
	}
	return views
}

func weighted(cells []cell) (limits Limits) {
	for _, x := range cells {
		if x.weight > 1 {
			limits = Aggregated
		}
	}
	return limits
}

func (s *sample) points(cells []cell, shift uint8) []point {
	points := make([]point, len(cells))
	for i, x := range cells {
		points[i] = point{at: float64(x.at-s.first) * tickSeconds, run: x.run, weight: float64(x.weight), grain: math.Exp2(float64(shift)) * tickSeconds}
	}
	return points
}

// series is what is weighed: bursts in stretches that belong together.
type series struct {
	stretches [][]point
	quiet     float64 // seconds without a contact between two bursts, at least
}

func (s series) gaps() (n int) {
	for _, points := range s.stretches {
		n += max(0, len(points)-1)
	}
	return n
}

func (s series) events() (n int) {
	for _, points := range s.stretches {
		n += len(points)
	}
	return n
}

// shortest is the shortest period that may be claimed: longer than the quiet that ends
// a burst, and than the bursts, by far. Else a day at work would be a burst, and daily.
func (s series) shortest() float64 {
	sum := 0.0
	for _, points := range s.stretches {
		for _, p := range points {
			sum += p.length
		}
	}
	return burstShare * max(s.quiet, sum/float64(max(s.events(), 1)))
}

// bounded are a few blocks of a long series, evenly spread: enough to prove what can be
// proved, whatever the length. Shorter ones stay whole.
func (s series) bounded() series {
	if s.events() <= blocks*blockPoints {
		return s
	}
	parts := series{quiet: s.quiet}
	for _, points := range s.stretches {
		take := max(fewest, blocks*blockPoints*len(points)/s.events())
		cuts := (take + blockPoints - 1) / blockPoints
		for i := range cuts {
			from := i * len(points) / cuts
			parts.stretches = append(parts.stretches, points[from:min(len(points), from+take/cuts)])
		}
	}
	return parts
}

const (
	blocks      = 4
	blockPoints = 64
)

// lasts is how long the longest stretch is, in seconds.
func (s series) lasts() (longest float64) {
	for _, points := range s.stretches {
		longest = max(longest, points[len(points)-1].at-points[0].at)
	}
	return longest
}

// Lengths of quiet that end a burst, in seconds. A period claimed is at least burstShare
// times as long.
var (
	runQuiet    = []float64{1, 30, 300}
	insideQuiet = []float64{1, 10, 60}
)

const burstShare = 5

// runBursts are the first contacts of each run, those close together taken as one.
func runBursts(v view) []series {
	firsts := make([][]point, len(v.stretches))
	for i, points := range v.stretches {
		seen := map[int32]bool{}
		for _, p := range points {
			if p.run == 0 || !seen[p.run] {
				firsts[i] = append(firsts[i], p)
				seen[p.run] = true
			}
		}
	}
	return collapsed(firsts, runQuiet, 1)
}

// insideBursts are the contacts of each run on its own, as far as it has enough.
func insideBursts(v view) []series {
	var runs [][]point
	for _, points := range v.stretches {
		byRun := slices.Clone(points)
		slices.SortStableFunc(byRun, func(a, b point) int { return cmp.Compare(a.run, b.run) })
		for len(byRun) > 0 {
			n := 1
			for n < len(byRun) && byRun[n].run == byRun[0].run {
				n++
			}
			if byRun[0].run != 0 && n >= fewest {
				runs = append(runs, byRun[:n])
			}
			byRun = byRun[n:]
		}
	}
	return collapsed(runs, insideQuiet, fewest)
}

// collapsed are the series for each length of quiet that makes a difference. Stretches
// with fewer bursts than least are left out. What is the first of many within a grain is
// followed as closely as that, so less than two grains are no quiet in any of them.
func collapsed(stretches [][]point, quiets []float64, least int) []series {
	all, grain := make([]series, 0, len(quiets)), coarsest(stretches)
	for _, quiet := range quiets {
		s := series{quiet: max(quiet, grain)}
		for _, points := range stretches {
			if bursts := collapse(points, s.quiet); len(bursts) >= least {
				s.stretches = append(s.stretches, bursts)
			}
		}
		if n := len(all); n == 0 || all[n-1].events() != s.events() {
			all = append(all, s)
		}
	}
	return all
}

// coarsest is two of the longest grains, 0 where nothing was joined.
func coarsest(stretches [][]point) (grain float64) {
	for _, points := range stretches {
		for _, p := range points {
			if p.grain > tickSeconds {
				grain = max(grain, 2*p.grain)
			}
		}
	}
	return grain
}

// collapse joins points that follow each other without quiet to the first of them.
func collapse(points []point, quiet float64) []point {
	bursts, last := make([]point, 0, len(points)), math.Inf(-1)
	for _, p := range points {
		if n := len(bursts); n > 0 && p.at-last < quiet {
			bursts[n-1].weight = max(bursts[n-1].weight, p.weight)
			bursts[n-1].length = p.at - bursts[n-1].at
		} else {
			bursts = append(bursts, p)
		}
		last = p.at
	}
	return bursts
}
