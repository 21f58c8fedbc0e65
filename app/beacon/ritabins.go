package beacon

import (
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// ritaBins is how many bins RITA cuts the watched time into.
const ritaBins = 24

// RITA's settings of the histogram and duration scores: how many bins have to hold
// something, and how many in a row are as good as all day.
const (
	ritaModalBars   = 11
	ritaModalShare  = 0.05
	ritaLastingBars = 6
	ritaIdealRun    = 12
)

// Bins counts contacts in 24 equal bins of the watched time, whose ends belong to it;
// what lies outside is not counted. The times need no order.
func Bins(times []event.Time, from, to event.Time) []int {
	bins := make([]int, ritaBins)
	width := float64(to-from) / ritaBins
	for _, t := range times {
		if t < from || t > to || width <= 0 {
			continue
		}
		bins[min(int(float64(t-from)/width), ritaBins-1)]++
	}
	return bins
}

// RITAHistogram returns RITA's histogram score of counts by bin: how even they are, or
// how well two heights describe them.
func RITAHistogram(bins []int) float64 { return ritaHistogram(bins, ritaModalBars) }

func ritaHistogram(bins []int, modalBars int) float64 {
	return max(ritaEven(bins), ritaModes(bins, modalBars))
}

// ritaEven is 1 less the coefficient of variation over all bins, the empty ones too.
func ritaEven(bins []int) float64 {
	sum, squares := 0.0, 0.0
	for _, n := range bins {
		sum += float64(n)
		squares += float64(n) * float64(n)
	}
	if sum == 0 {
		return 0
	}
	n := float64(len(bins))
	mean := sum / n
	variation := math.Sqrt(max(0, squares/n-mean*mean)) / mean
	if variation > 1 {
		return 0
	}
	return round3(1 - variation)
}

// ritaModes is the share of the bars that stand in the two most common heights, which
// are rounded down to twentieths of the highest.
func ritaModes(bins []int, modalBars int) float64 {
	bars, highest := 0, 0
	for _, n := range bins {
		bars, highest = bars+min(n, 1), max(highest, n)
	}
	if bars < modalBars {
		return 0
	}
	step := int(math.Ceil(float64(highest) * ritaModalShare))
	like := map[int]int{}
	for _, n := range bins {
		if n > 0 {
			like[n/step]++
		}
	}
	first, second := 0, 0
	for _, n := range like {
		first, second = max(first, n), max(second, min(first, n))
	}
	return round3(min(1, float64(first+second)/float64(max(bars-1, 1))))
}

// RITADuration returns RITA's duration score: how much of the watched time lies between
// the first and the last contact, or how many bins in a row hold contacts. Fewer than
// six bins with contacts score 0.
func RITADuration(bins []int, first, last, from, to event.Time) float64 {
	bars := 0
	for _, n := range bins {
		bars += min(n, 1)
	}
	return ritaDuration(bars, longestRun(bins), float64(last-first), float64(to-from))
}

func ritaDuration(bars, run int, active, watched float64) float64 {
	if bars < ritaLastingBars || watched <= 0 {
		return 0
	}
	coverage := min(1, ceil3(active/watched))
	consistency := min(1, ceil3(float64(run)/ritaIdealRun))
	return max(coverage, consistency)
}

// longestRun is the longest row of bins that hold something; it may go on from the
// last bin to the first.
func longestRun(bins []int) int {
	longest, run := 0, 0
	for i := range 2 * len(bins) {
		if bins[i%len(bins)] == 0 {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return min(longest, len(bins))
}

// RITABucket returns RITA's threat score of a value by the four steps of its
// configuration: 0 below base, from 0.2 to 0.8 between, 0.8 from high on.
func RITABucket(value, base, low, medium, high float64) float64 {
	steps := [...]float64{base, low, medium, high}
	if value < base {
		return 0
	}
	for i := 1; i < len(steps); i++ {
		if value < steps[i] {
			return 0.2*float64(i) + 0.2*(value-steps[i-1])/(steps[i]-steps[i-1])
		}
	}
	return 0.8
}
