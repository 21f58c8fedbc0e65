package beacon

import "math"

// clocked weighs a period that a clock keeps: every contact has a delay of its own, so
// that a late one makes the next gap short. What is known of the times of aggregated
// rows is too little for that. Bits are nats still, without the null.
func (s series) clocked(gaps []gap, t trial) Verdict {
	best := Verdict{Kind: Clocked, Period: t.period, Bits: math.Inf(-1)}
	for _, g := range gaps {
		if g.weight > 1 {
			return best
		}
	}
	period, offs := s.grid(t)
	if period <= 0 || scattered(offs, period) {
		return best
	}
	best.Period = period
	times, lost := missing(offs)
	greatest, sum := math.Inf(-1), math.Inf(-1)
	for _, half := range t.halves(len(gaps)) {
		logs := clockedLogs(offs, period, half, max(0, lost/max(times, 1)), len(gaps))
		logs += t.cost(half / (math.Sqrt(3) * longest(offs)))
		if logs > greatest {
			greatest, best.Jitter = logs, half
		}
		sum = logAdd(sum, logs)
	}
	best.Loss = lost / max(times, 1)
	best.Bits = sum - math.Log(float64(len(t.halves(len(gaps)))))
	return best.plausible()
}

// missing is how many periods there were, long times off aside, and how many of them had
// no contact.
func missing(stretches [][]tooth) (times, lost float64) {
	for _, points := range stretches {
		for i := 1; i < len(points); i++ {
			if n := points[i].number - points[i-1].number; n >= 1 && n <= longOff {
				times, lost = times+n, lost+n-1
			}
		}
	}
	return times, lost
}

// scattered reports whether contacts lie anywhere between the teeth: evenly spread they
// are off by 0.29 of a period at one standard deviation.
func scattered(stretches [][]tooth, period float64) bool {
	squares, n := 0.0, 0.0
	for _, points := range stretches {
		for _, p := range points {
			squares, n = squares+p.off*p.off, n+1
		}
	}
	return math.Sqrt(squares/n) > 0.26*period
}

// tooth is a contact on the grid: how many periods after the first, and how far off.
type tooth struct{ number, off float64 }

// longest is how precisely the longest stretch tells the period: the root of the sum
// of squares of its numbers about their mean.
func longest(stretches [][]tooth) float64 {
	best := 1.0
	for _, points := range stretches {
		mean, squares := 0.0, 0.0
		for _, p := range points {
			mean += p.number / float64(len(points))
		}
		for _, p := range points {
			squares += (p.number - mean) * (p.number - mean)
		}
		best = max(best, math.Sqrt(squares))
	}
	return best
}

// grid lays a clock's grid over each stretch, all with one period and each with a phase
// of its own, by least squares; two contacts in one period are no grid.
func (s series) grid(t trial) (period float64, all [][]tooth) {
	period = t.period
	numbers := make([][]float64, len(s.stretches))
	for i, points := range s.stretches {
		numbers[i] = make([]float64, len(points))
		for j := 1; j < len(points); j++ {
			numbers[i][j] = numbers[i][j-1] + math.Round((points[j].at-points[j-1].at)/period)
		}
	}
	for range 3 {
		if !t.fixed {
			period = s.fitted(numbers, period)
		}
		for i, points := range s.stretches {
			phase := phaseOf(points, numbers[i], period)
			for j, p := range points {
				numbers[i][j] = math.Round((p.at - phase) / period)
			}
		}
	}
	for i, points := range s.stretches {
		phase := phaseOf(points, numbers[i], period)
		teeth := make([]tooth, len(points))
		for j, p := range points {
			teeth[j] = tooth{numbers[i][j], p.at - phase - numbers[i][j]*period}
		}
		all = append(all, teeth)
	}
	return period, all
}

// fitted is the slope of time over number, within stretches.
func (s series) fitted(numbers [][]float64, period float64) float64 {
	both, squares := 0.0, 0.0
	for i, points := range s.stretches {
		at, number := 0.0, 0.0
		for j, p := range points {
			at, number = at+p.at/float64(len(points)), number+numbers[i][j]/float64(len(points))
		}
		for j, p := range points {
			both += (p.at - at) * (numbers[i][j] - number)
			squares += (numbers[i][j] - number) * (numbers[i][j] - number)
		}
	}
	if squares == 0 || both <= 0 {
		return period
	}
	return both / squares
}

// phaseOf is the mean time of the grid's zero.
func phaseOf(points []point, numbers []float64, period float64) float64 {
	sum := 0.0
	for j, p := range points {
		sum += p.at - numbers[j]*period
	}
	return sum / float64(len(points))
}

// clockedLogs is the log likelihood of contacts on a grid, the first of each stretch
// given: its phase is searched over one period.
func clockedLogs(stretches [][]tooth, period, half, loss float64, gaps int) float64 {
	reach := half*period + latency
	keep, lose := max(1-loss, 0.02), min(max(loss, 1/float64(gaps+2)), 0.98)
	logs, all := 0.0, product{rest: 1}
	for _, points := range stretches {
		logs += math.Log(period) + room(reach/(period*math.Sqrt(3*float64(len(points)))), 1)
		for j, p := range points {
			near := offDensity(math.Abs(p.off), reach, 1)
			if j == 0 {
				logs += math.Log(near)
				continue
			}
			length := (p.number-points[j-1].number)*period + p.off - points[j-1].off
			all.times(near*(1-outage)*skips(p.number-points[j-1].number, keep, lose) + outage/(length*logLength))
		}
	}
	return logs + all.log() - paid(2, gaps)
}

// outage is the share of gaps that are not lost contacts one by one but a machine that
// was off, or nothing to do with the clock.
const outage = 0.02

// skips is the chance that the next contact seen is the nth from the last.
func skips(n, keep, lose float64) float64 {
	if n < 1 {
		return 0
	}
	return (1-outage)*keep*math.Pow(lose, n-1) + outage/(n*logLength)
}
