package beacon

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What RITA 5 asks for before it scores (active countermeasures' RITA, default
// configuration of January 2026). Its formulas are written anew here; they are kept
// so that our own verdict can be laid beside a number that hunters know.
const (
	ritaTimes = 4 // contacts
	ritaGaps  = 3 // gaps that are not zero
	ritaSizes = 3 // data sizes
)

// errFew says that RITA would not score the series.
var errFew = errors.New("too few values for a score of RITA")

// RITATime returns RITA's time score of sorted times, 0 to 1: how symmetric and how
// narrow the gaps in whole seconds lie about their median. Gaps of zero are dropped,
// as RITA does; fewer than four times or three gaps are an error.
func RITATime(times []event.Time) (float64, error) {
	if len(times) < ritaTimes {
		return 0, fmt.Errorf("time score of %d contacts: %w, it takes %d", len(times), errFew, ritaTimes)
	}
	gaps := make([]float64, 0, len(times))
	for i := 1; i < len(times); i++ {
		if gap := int64(times[i]/event.Second) - int64(times[i-1]/event.Second); gap > 0 {
			gaps = append(gaps, float64(gap))
		}
	}
	if len(gaps) < ritaGaps {
		return 0, fmt.Errorf("time score of %d gaps above zero: %w, it takes %d", len(gaps), errFew, ritaGaps)
	}
	return ritaSpread(gaps, 1), nil
}

// RITASize returns RITA's data-size score of the bytes of each contact, 0 to 1. Sysmon
// and Defender do not log sizes: there is nothing to give it, and RITAScore weighs the
// rest in thirds.
func RITASize(bytes []int64) (float64, error) {
	if len(bytes) < ritaSizes {
		return 0, fmt.Errorf("size score of %d contacts: %w, it takes %d", len(bytes), errFew, ritaSizes)
	}
	sizes := make([]float64, len(bytes))
	for i, b := range bytes {
		sizes[i] = float64(b)
	}
	return ritaSpread(sizes, 0), nil
}

// ritaSpread is the mean of 1 less Bowley's skew and of how small the median absolute
// deviation is beside the median; whenSmall stands for the latter below a median of 1.
// It sorts values.
func ritaSpread(values []float64, whenSmall float64) float64 {
	slices.Sort(values)
	n := len(values)
	q1, q2, q3 := median(values[:n/2]), median(values), median(values[(n+1)/2:])
	skew := 0.0
	if q3-q1 >= 10 && q2 != q1 && q2 != q3 {
		skew = (q1 + q3 - 2*q2) / (q3 - q1)
	}
	narrow := whenSmall
	if q2 >= 1 {
		narrow = max(0, (q2-deviation(values, q2))/q2)
	}
	return round3((1 - math.Abs(skew) + narrow) / 2)
}

// deviation is the median absolute deviation from a centre.
func deviation(values []float64, centre float64) float64 {
	off := make([]float64, len(values))
	for i, v := range values {
		off[i] = math.Abs(v - centre)
	}
	slices.Sort(off)
	return median(off)
}

// median returns the middle of sorted values, 0 for none.
func median(sorted []float64) float64 {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// RITAScore is RITA's beacon score without data sizes: a third for each of the time,
// histogram and duration scores, for Sysmon and Defender do not log sizes.
func RITAScore(time, histogram, duration float64) float64 {
	return round3((time + histogram + duration) / 3)
}

// RITASized is RITA's beacon score as it defines it, a quarter for each part.
func RITASized(time, size, histogram, duration float64) float64 {
	return round3(0.25*time + 0.25*size + 0.25*histogram + 0.25*duration)
}

// round3 rounds to three decimals, halves away from zero; ceil3 rounds up.
func round3(x float64) float64 { return math.Round(x*1000) / 1000 }
func ceil3(x float64) float64  { return math.Ceil(x*1000) / 1000 }
