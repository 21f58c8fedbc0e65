// Package score says in bits how much less expected a finding is than what the fleet's
// tasks do, and why. Each part of a score is a number of bits with the numbers behind it.
package score

import (
	"fmt"
	"math"
)

// Part is one part of a score.
type Part struct {
	Name string
	Bits float64 // a multiple of 0.1
	Why  string  // the numbers behind it
}

// String is the part as the column `why` has it.
func (p Part) String() string { return fmt.Sprintf("%s %+.1f %s", p.Name, p.Bits, p.Why) }

// Alert is from how many bits on a finding is an alert of the app's saved searches:
// docs/scoring.md says what of the sample fleets stands above and below.
const Alert = 19.2

// Sum adds up parts, to the tenth exactly.
func Sum(parts []Part) float64 {
	tenths := 0.0
	for _, p := range parts {
		tenths += math.Round(p.Bits * 10)
	}
	return tenths / 10
}

// Rare is the surprise, in bits, of what k of n others do, by the estimate of Krichevsky
// and Trofimov: (k+½)/(n+1). The one it is asked about is not among them. It is never
// below 0, and at most log2(2n+2).
func Rare(k, n int) float64 {
	return math.Max(0, -math.Log2((float64(max(k, 0))+0.5)/(float64(max(n, 0))+1)))
}
