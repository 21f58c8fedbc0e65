package beacon

import (
	"math"
	"slices"
)

// periodRange is the log of how many times the longest period thinkable is longer than
// the shortest: a week and a second. A period is searched over it, and pays for that.
var periodRange = math.Log(7 * day)

// halves are the jitters tried: the greatest deviation from a period as a share of it.
var halves = [...]float64{0.003, 0.01, 0.025, 0.05, 0.09, 0.14, 0.2, 0.28, 0.38}

// trial is a period with how its gaps follow from it.
type trial struct {
	period float64
	known  bool
}

// weigh compares the best period with the best model without one.
func (s series) weigh(prior Prior) Verdict {
	gaps := s.flat()
	null := s.aperiodic(gaps)
	best := Verdict{Bits: math.Inf(-1), Count: s.events()}
	for _, t := range s.trials(gaps, prior) {
		for _, found := range []Verdict{cumulative(gaps, t), s.clocked(gaps, t)} {
			found.Bits = (found.Bits - null) / math.Ln2
			if found.Bits > best.Bits {
				found.Count, found.Known = best.Count, t.known
				best = found
			}
		}
	}
	best.Bits -= choices
	return best
}

// choices pays for the kinds and for whether the known period is the one, in bits.
const choices = 1

// trials are the periods worth weighing, the known one and the best of those that the
// gaps suggest.
func (s series) trials(gaps []gap, prior Prior) []trial {
	least := burstShare * s.quiet
	var all []trial
	if prior.Period >= least && prior.Period > 0 {
		all = append(all, trial{prior.Period, true})
	}
	few := thinned(gaps, 128)
	type scored struct{ period, logs float64 }
	var found []scored
	for _, p := range suggested(few) {
		if p = refined(few, p); p < least {
			continue
		}
		logs := math.Inf(-1)
		for _, half := range [...]float64{0.01, 0.07, 0.25} {
			logs = max(logs, cumulativeLogs(few, p, half))
		}
		found = append(found, scored{p, logs})
	}
	slices.SortFunc(found, func(a, b scored) int {
		if a.logs != b.logs {
			return int(math.Copysign(1, b.logs-a.logs))
		}
		return int(math.Copysign(1, b.period-a.period))
	})
	for i, f := range found {
		if len(all) < 4 && (i == 0 || math.Abs(f.period/found[i-1].period-1) > 1e-3) {
			all = append(all, trial{refined(gaps, f.period), false})
		}
	}
	return all
}

// thinned returns every so manieth gap, at most n.
func thinned(gaps []gap, n int) []gap {
	step := (len(gaps) + n - 1) / n
	if step <= 1 {
		return gaps
	}
	few := make([]gap, 0, n)
	for i := 0; i < len(gaps); i += step {
		few = append(few, gaps[i])
	}
	return few
}

// suggested are periods to begin with: quantiles of the gaps, for lost contacts make
// some of them long, and fractions of the median.
func suggested(gaps []gap) []float64 {
	sorted := make([]float64, len(gaps))
	for i, g := range gaps {
		sorted[i] = g.length / g.weight
	}
	slices.Sort(sorted)
	at := func(share float64) float64 { return sorted[int(share*float64(len(sorted)-1)+0.5)] }
	middle := at(0.5)
	return []float64{at(0), at(0.1), at(0.2), at(0.3), at(0.4), middle, at(0.6), at(0.75), middle / 2, middle / 3}
}

// times is how many periods a gap is nearest to, at least what it stands for.
func (g gap) times(period float64) float64 {
	return max(g.weight, math.Round(g.length/period))
}

// refined moves a period to the mean of the gaps that are about a multiple of it.
func refined(gaps []gap, period float64) float64 {
	for _, reach := range [...]float64{0.45, 0.4, 0.4, 0.4} {
		length, times := 0.0, 0.0
		for _, g := range gaps {
			k := g.times(period)
			if k <= 6*g.weight && math.Abs(g.length-k*period) <= reach*period {
				length, times = length+g.length, times+k
			}
		}
		if times == 0 {
			return period
		}
		period = length / times
	}
	return period
}
