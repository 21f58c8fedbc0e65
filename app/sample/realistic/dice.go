package realistic

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// Time counts ticks of 100 ns, as the model of package sample does.
type Time = sample.Time

const (
	millisecond Time = 10_000
	second           = 1000 * millisecond
	minute           = 60 * second
	hour             = 60 * minute
	day              = 24 * hour
)

// dice is a source of randomness for one purpose.
type dice struct{ *rand.Rand }

// diceFor returns the dice of the thing that the names name: the same for the same
// seed, and independent of all others.
func diceFor(seed uint64, names ...string) dice {
	h := fnv.New64a()
	for _, n := range names {
		h.Write([]byte(n))
		h.Write([]byte{0})
	}
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a length of time in [lo, hi), lo where there is no room.
func (d dice) between(lo, hi Time) Time {
	if hi <= lo {
		return lo
	}
	return lo + Time(d.Int64N(int64(hi-lo)))
}

// within returns a whole number in [lo, hi].
func (d dice) within(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// wait is a time between chance events of the given mean distance.
func (d dice) wait(mean Time) Time { return Time(float64(mean) * d.ExpFloat64()) }

// rank returns a number below n, small ones far more often, as fame has it.
func (d dice) rank(n int) int {
	return min(n-1, int(math.Pow(float64(n)+1, d.Float64()))-1)
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted returns an index of weights, each as often as its weight says.
func (d dice) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.IntN(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func (d dice) text(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	digits     = "0123456789"
	hexDigits  = digits + "abcdef"
	lower      = "abcdefghijklmnopqrstuvwxyz"
	mixedCase  = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits
	base32     = lower + "234567"
	upperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits
)

func (d dice) guid() string {
	return d.text(8, hexDigits) + "-" + d.text(4, hexDigits) + "-4" + d.text(3, hexDigits) + "-a" + d.text(3, hexDigits) + "-" + d.text(12, hexDigits)
}
