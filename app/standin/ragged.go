package standin

import "math/rand/v2"

// ragged cuts a search's events as public reports tell of splunkd: into chunks of any size,
// most of them small (issues 541 and 687 of the Splunk SDK for Python), with empty ones among
// them, of a header row or of nothing at all, one of which may be the last (issue 376).
type ragged struct {
	dice  *rand.Rand
	ended bool // the last chunk has been cut
}

func newRagged(seed uint64) *ragged { return &ragged{dice: rand.New(rand.NewPCG(seed, 541))} }

// next says how many rows the next chunk has at most, of those that are left and of as many
// as a chunk may have, and whether it has not even a header.
func (r *ragged) next(left, full int) (most int, bare bool) {
	switch {
	case left == 0:
		r.ended = true
		return 0, r.dice.IntN(2) == 0
	case r.dice.IntN(5) == 0:
		return 0, r.dice.IntN(2) == 0
	case r.dice.IntN(2) == 0:
		return 1 + r.dice.IntN(full), false
	}
	return 1 + r.dice.IntN(min(full, 10)), false
}
