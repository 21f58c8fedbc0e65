package beacon

import "math"

// What departs from a period in real logs: a share of gaps that have nothing to do with
// it (a machine asleep), and tails of those that have.
const (
	tail      = 0.06
	latency   = 0.3 // seconds by which any contact may be off
	astray    = 0.5 // gaps astray that are expected in any case
	logLength = 10  // log of the range of gaps that are astray
)

// cumulative weighs a period that is counted from each contact to the next. Bits are
// nats still, without the null.
func cumulative(gaps []gap, t trial) Verdict {
	best, sum := Verdict{Kind: Cumulative, Period: t.period}, math.Inf(-1)
	times, lost := counted(gaps, t.period)
	greatest := math.Inf(-1)
	for _, half := range t.halves(len(gaps)) {
		logs := cumulativeLogs(gaps, t.period, half)
		logs += t.cost(half / math.Sqrt(3*times))
		if logs > greatest {
			greatest, best.Jitter = logs, half
		}
		sum = logAdd(sum, logs)
	}
	if mean := refined(gaps, t.period); !t.fixed && math.Abs(mean/t.period-1) < 0.08 {
		best.Period = mean // likelihood has wide jitter lean on its edges
	}
	best.Loss = lost / max(times, 1)
	best.Bits = sum - math.Log(float64(len(t.halves(len(gaps)))))
	return best.plausible()
}

// cost is what a period known to within a deviation, as a share of it, pays for having
// been searched, or for how little it was expected.
func (t trial) cost(deviation float64) float64 {
	if t.fixed {
		return t.prior
	}
	return room(deviation, periodRange) - math.Ln2
}

// mostLost is the share of periods without a contact beyond which nothing is claimed:
// any times fit a fine enough grid that has holes enough.
const mostLost = 0.6

func (v Verdict) plausible() Verdict {
	if v.Loss > mostLost {
		v.Bits = math.Inf(-1)
	}
	return v
}

// room is the log of the share of a range that a fit to within a standard deviation
// leaves: what searching the range costs (Laplace's approximation).
func room(deviation, all float64) float64 {
	return min(0, math.Log(deviation*math.Sqrt(2*math.Pi)/all))
}

// longOff is how many periods without a contact are a machine that was off, no loss.
const longOff = 12

// counted is how many periods the gaps are together, and how many of them had no
// contact.
func counted(gaps []gap, period float64) (times, lost float64) {
	for _, g := range gaps {
		if k := g.times(period); k <= longOff*g.weight {
			times, lost = times+k, lost+k-g.weight
		}
	}
	return times, lost
}

// cumulativeLogs is the log likelihood of gaps of a period with a jitter.
func cumulativeLogs(gaps []gap, period, half float64) float64 {
	reach := half*period + latency
	keep, stray := habits(gaps, period, reach)
	all := product{rest: 1}
	for _, g := range gaps {
		all.times((1-stray)*nearDensity(g, period, reach, keep) + stray/(g.length*logLength))
	}
	return all.log() - paid(2, len(gaps))
}

// nearDensity is the density of a gap that is some number of periods: the nearest, and
// where jitter is wide the two it lies between.
func nearDensity(g gap, period, reach, keep float64) float64 {
	if reach < 0.12*period {
		k := g.times(period)
		return keep * math.Pow(1-keep, k-g.weight) * offDensity(math.Abs(g.length-k*period), reach, k)
	}
	k := max(g.weight, math.Floor(g.length/period))
	below := offDensity(math.Abs(g.length-k*period), reach, k)
	above := (1 - keep) * offDensity(math.Abs(g.length-(k+1)*period), reach, k+1)
	return keep * math.Pow(1-keep, k-g.weight) * (below + above)
}

// habits are the share of contacts that are seen, and the share of gaps astray.
func habits(gaps []gap, period, reach float64) (keep, stray float64) {
	seen, lost, away := 0.5, 0.0, astray
	for _, g := range gaps {
		k := g.times(period)
		if k > longOff*g.weight || math.Abs(g.length-k*period) > 2*reach*math.Sqrt(k) {
			away++
			continue
		}
		seen, lost = seen+1, lost+k-g.weight
	}
	return seen / (seen + lost + 0.05), min(0.5, away/float64(len(gaps)+1))
}

// offDensity is the density of a deviation after k periods: even within reach for one,
// with long tails (Cauchy's); bell-shaped for several.
func offDensity(off, reach, k float64) float64 {
	z := off / reach
	tails := tail / (math.Pi * reach * (1 + z*z))
	if k == 1 {
		if z > 1 {
			return tails
		}
		return (1-tail)/(2*reach) + tails
	}
	z *= z * 3 / k
	if z > 40 {
		return tails
	}
	return (1-tail)*math.Exp(-z/2)*math.Sqrt(3/(2*math.Pi*k))/reach + tails
}

// product is a product of densities that may be too small for a number: the log of what
// was multiplied and the rest.
type product struct{ logs, rest float64 }

func (p *product) times(density float64) {
	p.rest *= density
	if p.rest < 1e-200 || p.rest > 1e200 {
		p.logs, p.rest = p.logs+math.Log(p.rest), 1
	}
}

func (p *product) log() float64 { return p.logs + math.Log(p.rest) }
