package beacon

import "math"

// Kind is how a period is kept.
type Kind uint8

// The kinds of period. Cumulative sleeps after each contact, as implants do: what a
// contact is late by the next one is late by too. Clocked follows a clock, as the
// Task Scheduler does: each contact has a delay of its own.
const (
	Aperiodic Kind = iota
	Cumulative
	Clocked
)

// Limits say what a verdict rests on or what keeps it from being one; they are or-ed.
type Limits uint8

// The limits.
const (
	TooFew     Limits = 1 << iota // fewer than four bursts, or three and a known period: not judged
	Undecided                     // so few that neither regular nor random can be said
	Sampled                       // judged by a sample of the contacts
	Aggregated                    // rows that stand for several contacts hide their times
	Flooded                       // so dense that short periods could not be seen
)

// Verdict is how regular a series of contacts is.
type Verdict struct {
	Score  float64 // 0 to 1: the chance of a period, if one series in 17 has one
	Period float64 // seconds, 0 for none
	Jitter float64 // most deviation from the period, as a share of it
	Loss   float64 // share of the periods without a contact
	Count  int     // bursts of contacts that were judged; of a sample, those in it
	Lasts  float64 // seconds from the first to the last burst of the longest stretch judged
	Bits   float64 // log2 of how much likelier a period is than none, within ±MaxBits
	Kind   Kind
	Known  bool // the period is the one that was asked for
	Limits Limits
}

// MaxBits bounds Verdict.Bits: beyond it more contacts prove no more.
const MaxBits = 60

// Prior is what is known of a period before looking: that of the task's trigger. The
// zero Prior knows nothing.
type Prior struct {
	Period float64 // seconds
	Delay  float64 // seconds of random delay after it, 0 where that is not known
}

// Verdicts are the two answers to how regular the contacts of a task with one
// destination are.
type Verdicts struct {
	Runs   Verdict // of the runs, each counted by its first contact
	Inside Verdict // of the contacts within runs; the prior has no say in it
}

// fewest is how many bursts of contacts are judged at all; one less where a period is
// known, for it need not be found.
const fewest = 4

func (p Prior) fewest() int {
	if p.Period > 0 {
		return fewest - 1
	}
	return fewest
}

// Judge weighs a period against none. It is deterministic, leaves c as it is, and
// takes some milliseconds at most.
func Judge(c *Contacts, prior Prior) Verdicts {
	views := c.sample().views()
	return Verdicts{Runs: judge(views, runBursts, prior), Inside: judge(views, insideBursts, Prior{})}
}

// judge takes the best verdict over what a sample shows and over the lengths of a burst,
// and charges for the choice.
func judge(views []view, bursts func(view) []series, prior Prior) Verdict {
	best, tried, most := Verdict{Bits: math.Inf(-1)}, 0, 0
	for _, v := range views {
		for _, s := range bursts(v) {
			most = max(most, s.events())
			if s.gaps() < prior.fewest()-1 {
				continue
			}
			found := s.weigh(prior)
			if tried++; tried == 1 || found.Bits > best.Bits {
				found.Limits |= v.limits
				best = found
			}
		}
	}
	if tried == 0 {
		return Verdict{Count: most, Limits: TooFew}
	}
	return best.finish(tried)
}

// finish charges for how many things were tried and turns bits into a score. Where no
// period could be claimed at all that is as much against one as can be.
func (v Verdict) finish(tried int) Verdict {
	v.Bits = max(-MaxBits, min(MaxBits, v.Bits-math.Log2(float64(tried))))
	v.Score = round3(1 / (1 + math.Exp2(needed-v.Bits)))
	if v.Count <= undecidable && v.Bits < 2*needed {
		v.Limits |= Undecided
	}
	if v.Bits <= 0 {
		v.Kind, v.Period, v.Jitter, v.Loss, v.Known = Aperiodic, 0, 0, 0, false
	}
	return v
}

// needed are the bits at which a period is as likely as none: one series in 17 has one.
// Up to undecidable bursts, few bits say nothing: jitter or loss hide a period in so few.
const (
	needed      = 4
	undecidable = 8
)
