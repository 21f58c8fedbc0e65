package beacon

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// periodRange is the log of how many times the longest period thinkable is longer than
// the shortest: a week and a second. A period is searched over it, and pays for that.
var periodRange = math.Log(7 * day)

// halves are the jitters tried: the greatest deviation from a period as a share of it;
// closeHalves are tried on short series, where what lies between would cost too much.
var (
	halves      = [...]float64{0.004, 0.012, 0.03, 0.07, 0.13, 0.2, 0.28, 0.38}
	closeHalves = closer(0.4, 0.004, 1.3)
)

// shortSeries is how many gaps are tried with closeHalves.
const shortSeries = 64

func closer(most, least, ratio float64) (all []float64) {
	for half := most; half > least; half /= ratio {
		all = append(all, half)
	}
	return all
}

// trial is a period to be weighed.
type trial struct {
	period float64
	fixed  bool    // not to be fitted, for it was there before the contacts were seen
	half   float64 // the jitter, where it was there before too; 0 to try all
	prior  float64 // log of its share of what was expected; with fixed
	known  bool    // it is the one asked for
}

// weigh compares the best period with the best model without one.
func (s series) weigh(prior Prior) Verdict {
	best := Verdict{Bits: math.Inf(-1), Count: s.events()}
	lasts := s.lasts()
	s, offices := s.bounded(), s.office()
	gaps := s.flat()
	null := max(s.aperiodic(gaps), offices*float64(len(gaps)))
	for _, t := range s.trials(gaps, prior) {
		for _, found := range []Verdict{cumulative(gaps, t), s.clocked(gaps, t)} {
			found.Bits = (found.Bits - null) / math.Ln2
			if found.Bits > best.Bits {
				found.Count, found.Known = best.Count, t.known || prior.near(found.Period)
				best = found
			}
		}
	}
	best.Bits -= choices
	best.Lasts = lasts
	return best
}

// choices pays for the kinds and for whether the known period is the one, in bits.
const choices = 1

// trials are the periods worth weighing: the known one, the best of those that the gaps
// suggest, and the round ones near them. It gives up the search where a long series is
// plainly random.
func (s series) trials(gaps []gap, prior Prior) []trial {
	least := s.shortest()
	var all []trial
	if prior.Period >= max(least, 1) && prior.Period <= 366*day {
		all = append(all, prior.trial())
	}
	free := 0
	for _, period := range promising(thinned(gaps, sketched), least) {
		near := func(t trial) bool { return !t.fixed && math.Abs(t.period/period-1) < 0.02 }
		if free == 3 || slices.ContainsFunc(all, near) {
			continue
		}
		free++
		all = append(all, trial{period: period})
	}
	return append(all, rounds(all, least)...)
}

// near reports whether a period is the known one, as far as can be told.
func (p Prior) near(period float64) bool { return math.Abs(period-p.Period) < 0.01*p.Period }

// trial is the period that is known: as likely as all others together.
func (p Prior) trial() trial {
	t := trial{period: p.Period, fixed: true, prior: -math.Ln2, known: true}
	if p.Delay > 0 {
		t.half = min(p.Delay/2/p.Period+halves[0], 0.5)
	}
	return t
}

// halves are the jitters to try on so many gaps.
func (t trial) halves(gaps int) []float64 {
	switch {
	case t.half > 0:
		return []float64{t.half}
	case gaps <= shortSeries:
		return closeHalves
	}
	return halves[:]
}

// promising are the periods that the gaps suggest, no shorter than least, the likeliest
// first.
func promising(gaps []gap, least float64) []float64 {
	likely := map[float64]float64{}
	try := func(period float64, halves ...float64) {
		if period < least || period <= 0 {
			return
		}
		for _, half := range halves {
			logs := cumulativeLogs(gaps, period, half)
			if known, done := likely[period]; !done || logs > known {
				likely[period] = logs
			}
		}
	}
	for _, period := range suggested(gaps) {
		try(period, 0.25, 0.38)
		try(refined(gaps, period), 0.01, 0.07, 0.25)
	}
	if len(gaps) >= sketched/2 && !hopeful(likely, exponential(gaps, least/burstShare)) {
		return nil
	}
	periods := slices.Sorted(maps.Keys(likely))
	slices.SortStableFunc(periods, func(a, b float64) int { return cmp.Compare(likely[b], likely[a]) })
	return periods
}

// sketched is how many gaps the search looks at, hopeless by how much the log likelihood
// of every period tried may stay below that of chance.
const (
	sketched = 96
	hopeless = 20
)

// hopeful reports whether any period comes near to chance.
func hopeful(likely map[float64]float64, chance float64) bool {
	for _, logs := range likely {
		if logs > chance-hopeless {
			return true
		}
	}
	return false
}

// round are periods that people choose, in seconds, with the share of all periods that
// each is expected to be: an eighth are daily, an eighth hourly, a quarter the others.
var round = map[float64]float64{
	60: 0.016, 120: 0.016, 300: 0.016, 600: 0.016, 900: 0.016, 1200: 0.016, 1800: 0.016, 3600: 0.125,
	7200: 0.016, 10800: 0.016, 14400: 0.016, 21600: 0.016, 28800: 0.016, 43200: 0.016, day: 0.125, 7 * day: 0.016,
}

// rounds are the round periods near those on trial.
func rounds(trials []trial, least float64) (all []trial) {
	for _, period := range slices.Sorted(maps.Keys(round)) {
		near := func(t trial) bool { return math.Abs(math.Log(t.period/period)) < 0.12 }
		if period >= least && slices.ContainsFunc(trials, near) {
			all = append(all, trial{period: period, fixed: true, prior: math.Log(round[period])})
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
// some of them long, fractions of the median, and a ladder below it, for where jitter
// is wide and contacts are lost no gap says how long a period is.
func suggested(gaps []gap) []float64 {
	sorted := make([]float64, len(gaps))
	for i, g := range gaps {
		sorted[i] = g.length / g.weight
	}
	slices.Sort(sorted)
	at := func(share float64) float64 { return sorted[int(share*float64(len(sorted)-1)+0.5)] }
	middle := at(0.5)
	periods := []float64{at(0), at(0.1), at(0.2), at(0.3), at(0.4), at(0.6), at(0.75), middle / 2, middle / 3}
	for p := middle; p > 0.55*middle; p *= 0.92 {
		periods = append(periods, p)
	}
	return periods
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
