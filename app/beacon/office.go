package beacon

import (
	"math"
	"slices"
)

const (
	day         = 86400.0
	officeHours = 4.0 // the shortest working day
	officeDays  = 3.0 // fewer show no habit
)

// office is the log likelihood for each gap of contacts at random within the shortest
// part of the day that holds them all, at least four hours: people at work. Whether days
// without any were working days is decided for it: five in seven are, or all.
func (s series) office() float64 {
	if len(s.stretches) != 1 {
		return math.Inf(-1)
	}
	points := s.stretches[0]
	span := points[len(points)-1].at - points[0].at
	hours := max(shortestArc(points), officeHours*3600)
	if span < officeDays*day || hours > day*3/4 {
		return math.Inf(-1)
	}
	n := float64(len(points) - 1)
	active := map[int]bool{}
	for _, p := range points {
		active[int(p.at/day)] = true
	}
	days := span / day
	if float64(len(active)) <= days*6/7 {
		days *= 5.0 / 7
	}
	fitted := scaled(1, len(points)-1) - paid(2, len(points)-1)
	return math.Log(n/(days*hours)) - 1 + fitted/n
}

// shortestArc is the shortest part of a day, in seconds, in which all points lie.
func shortestArc(points []point) float64 {
	clock := make([]float64, len(points))
	for i, p := range points {
		clock[i] = math.Mod(p.at, day)
	}
	slices.Sort(clock)
	widest := clock[0] + day - clock[len(clock)-1]
	for i := 1; i < len(clock); i++ {
		widest = max(widest, clock[i]-clock[i-1])
	}
	return day - widest
}
