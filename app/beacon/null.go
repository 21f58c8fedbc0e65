package beacon

import "math"

// gap is a time between two bursts, in seconds, and how many contacts it stands for.
type gap struct{ length, weight float64 }

// flat returns all gaps of a series.
func (s series) flat() []gap {
	all := make([]gap, 0, s.gaps())
	for _, points := range s.stretches {
		for i := 1; i < len(points); i++ {
			all = append(all, gap{points[i].at - points[i-1].at, points[i].weight})
		}
	}
	return all
}

// spreadLeast is the least coefficient of variation of gaps that are called random.
// What is narrower is regular, whatever the shape.
const spreadLeast = 0.5

// aperiodic is the log likelihood of the best model without a period: gaps that are
// exponential after a dead time, lognormal, or of two rates, as in bursts. Each pays for
// what is fitted, its scale as much as a period of that precision does.
func (s series) aperiodic(gaps []gap) float64 {
	return max(exponential(gaps, s.quiet), lognormal(gaps, s.quiet), twoRates(gaps, s.quiet))
}

// scaled is what a scale costs that n gaps of a spread tell.
func scaled(spread float64, n int) float64 { return room(spread/math.Sqrt(float64(n)), periodRange) }

// paid is what a fitted parameter costs: Schwarz's criterion.
func paid(parameters float64, n int) float64 { return parameters / 2 * math.Log(float64(n)) }

// exponential: nothing for a while, then chance. A gap that stands for several contacts
// is a sum of as many.
func exponential(gaps []gap, quiet float64) float64 {
	sum, weight, least := 0.0, 0.0, math.Inf(1)
	for _, g := range gaps {
		sum, weight, least = sum+g.length, weight+g.weight, min(least, g.length/g.weight)
	}
	dead := max(min(quiet, least), min(least, (1-spreadLeast)*sum/weight))
	total, logs := 0.0, 0.0
	for _, g := range gaps {
		total += max(g.length-dead, tickSeconds)
	}
	mean := total / weight
	for _, g := range gaps {
		logs += gammaLog(max(g.length-dead, tickSeconds), g.weight, mean)
	}
	return logs + scaled(1, len(gaps)) - paid(1, len(gaps))
}

// gammaLog is the log density of a sum of exponential times.
func gammaLog(x, shape, mean float64) float64 {
	if shape == 1 {
		return -math.Log(mean) - x/mean
	}
	norm, _ := math.Lgamma(shape)
	return (shape-1)*math.Log(x) - x/mean - shape*math.Log(mean) - norm
}

// lognormal: gaps of all sizes, no smaller than the quiet between bursts.
func lognormal(gaps []gap, quiet float64) float64 {
	sum, squares, weight, n := 0.0, 0.0, 0.0, float64(len(gaps))
	for _, g := range gaps {
		x := math.Log(g.length / g.weight)
		sum, weight = sum+g.weight*x, weight+g.weight
	}
	mean := sum / weight
	for _, g := range gaps {
		x := math.Log(g.length/g.weight) - mean
		squares += g.weight * x * x
	}
	width := max(math.Sqrt(squares/n), math.Sqrt(math.Log1p(spreadLeast*spreadLeast)))
	seen := math.Log(max(1e-3, normalBelow((mean-math.Log(quiet))/width)))
	logs := 0.0
	for _, g := range gaps {
		x := math.Log(g.length/g.weight) - mean
		logs += -x*x*g.weight/(2*width*width) - math.Log(width*math.Sqrt(2*math.Pi/g.weight)*g.length) - seen
	}
	return logs + scaled(width, len(gaps)) - paid(1, len(gaps))
}

func normalBelow(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// twoRates: short gaps within bursts, long ones between, each by chance; the better of
// two fits, from short gaps that are a little and very much shorter than the mean.
func twoRates(gaps []gap, quiet float64) float64 {
	sum, weight := 0.0, 0.0
	for _, g := range gaps {
		sum, weight = sum+g.length, weight+g.weight
	}
	mean := sum / weight
	near := rates{mean / 4, mean * 2, 0.5}
	far := rates{mean / 200, mean * 1.2, 0.2}
	logs := max(near.fit(gaps, quiet), far.fit(gaps, quiet))
	return logs + scaled(1, len(gaps)) - paid(2, len(gaps))
}

// rates are the mean short and long gap, and the share of the short ones.
type rates struct{ short, long, share float64 }

// fit improves r by expectation and maximisation and returns its log likelihood.
func (r rates) fit(gaps []gap, quiet float64) (logs float64) {
	for range 10 {
		var parts, lengths, weights [2]float64
		logs = 0
		for _, g := range gaps {
			x := max(g.length-quiet, tickSeconds)
			a := math.Log(r.share) + gammaLog(x, g.weight, r.short)
			b := math.Log(1-r.share) + gammaLog(x, g.weight, r.long)
			both := logAdd(a, b)
			logs += both
			p := math.Exp(a - both)
			parts[0], lengths[0], weights[0] = parts[0]+p, lengths[0]+p*x, weights[0]+p*g.weight
			parts[1], lengths[1], weights[1] = parts[1]+1-p, lengths[1]+(1-p)*x, weights[1]+(1-p)*g.weight
		}
		r.short = (lengths[0] + tickSeconds) / (weights[0] + tickSeconds)
		r.long = (lengths[1] + tickSeconds) / (weights[1] + tickSeconds)
		r.share = (parts[0] + 0.5) / (parts[0] + parts[1] + 1)
	}
	return logs
}

// logAdd is the log of the sum of two numbers given by their logs.
func logAdd(a, b float64) float64 {
	a, b = max(a, b), min(a, b)
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
