package census

import (
	"math"
	"math/bits"
)

// Sketch estimates how many devices were added to it, in 4 kB: HyperLogLog with 2^12
// registers (Flajolet et al., AofA 2007), with its own correction of few and no other. Its
// standard error is 1.04/√4096 = 1.6 %; five in a hundred thousand estimates are off by more
// than SketchError. Union and repetition are exact: the sketch of a union is the greatest
// of each register.
type Sketch []uint8

// SketchError is how much an estimate is off at most, as a share, but for a rare chance.
const SketchError = 0.066

// MostExact is how many devices of one thing are kept one by one; beyond, a Sketch is.
const MostExact = 1 << 14

const (
	sketchBits = 12
	registers  = 1 << sketchBits
)

// NewSketch returns a sketch of some devices.
func NewSketch(devices ...ID) Sketch {
	s := make(Sketch, registers)
	for _, d := range devices {
		s.Add(d)
	}
	return s
}

// Add adds a device. Ids are digests, so that their bits are as good as random.
func (s Sketch) Add(d ID) {
	at := uint64(d) >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(uint64(d)<<sketchBits|1<<(sketchBits-1)) + 1)
	s[at] = max(s[at], rank)
}

// Unite adds the devices of another sketch.
func (s Sketch) Unite(o Sketch) {
	for i := range s {
		s[i] = max(s[i], o[i])
	}
}

// Estimate returns about how many different devices were added.
func (s Sketch) Estimate() int {
	sum, empty := 0.0, 0
	for _, r := range s {
		sum += math.Exp2(-float64(r))
		if r == 0 {
			empty++
		}
	}
	const m = float64(registers)
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && empty > 0 {
		estimate = m * math.Log(m/float64(empty))
	}
	return int(math.Round(estimate))
}
