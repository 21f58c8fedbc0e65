package sample

import "math/rand/v2"

// dice is the source of randomness of one device or of the planting. Each has
// its own, so that what one device does never shifts what another one does.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, stream))}
}

// chance reports true in a share p of the throws.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a length of time of at least lo and less than hi; lo when there is no room.
func (d dice) between(lo, hi Time) Time {
	if hi <= lo {
		return lo
	}
	return lo + Time(d.Int64N(int64(hi-lo)))
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// text returns n characters out of alphabet.
func (d dice) text(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	hexDigits    = "0123456789abcdef"
	base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)
