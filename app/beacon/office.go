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

// office is the log likelihood of contacts at random within the shortest part of the
// day that holds them all, at least four hours: people at work. Whether days without
// any were working days is decided for it: five in seven are, or all.
func office(points []point) float64 {
	span := points[len(points)-1].at - points[0].at
	if span < officeDays*day {
		return math.Inf(-1)
	}
	hours := max(shortestArc(points), officeHours*3600)
	if hours > day*3/4 {
		return math.Inf(-1)
	}
	n := float64(len(points) - 1)
	active := map[int]bool{}
	for _, p := range points {
		active[int(p.at/day)] = true
	}
	days := max(span/day, 1)
	if float64(len(active)) <= days*6/7 {
		days *= 5.0 / 7
	}
	rate := n / (days * hours)
	return n*math.Log(rate) - n - paid(3, len(points))
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
