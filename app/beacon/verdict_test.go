package beacon

import (
	"bytes"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	testrounds "github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

const hour = 3600.0

// share is how many of a hundred series of a talker are given a score of a half or more
// with a period within 7 %.
func share(t talker, seed uint64, span, period float64, prior Prior) (found int) {
	r := rand.New(rand.NewPCG(seed, 11))
	for range 100 {
		v := Judge(contactsAt(t(r, span)), prior).Runs
		if v.Score >= 0.5 && math.Abs(v.Period/period-1) < 0.07 {
			found++
		}
	}
	return found
}

func TestRegularTalkersAreFound(t *testing.T) {
	type regular struct {
		name   string
		talker talker
		days   float64
		period float64
		least  int
	}
	for _, c := range testrounds.Some([]regular{
		{"seven days at 24 h ± 2 %", clockwork(day, 0.02, 0), 7, day, 97},
		{"seven days of sleeping 24 h ± 2 %", sleeper(day, 0.02, 0), 7, day, 80},
		{"hourly, a third lost", clockwork(hour, 0.05, 0.33), 7, hour, 99},
		{"hourly ± 37 %", sleeper(hour, 0.37, 0), 7, hour, 99},
		{"five minutes, 37 % and a tenth lost", sleeper(300, 0.37, 0.1), 7, 300, 95},
		{"four hours ± 20 %, a tenth lost", sleeper(4*hour, 0.2, 0.1), 7, 4 * hour, 95},
		{"two weeks at 24 h ± 10 %", sleeper(day, 0.1, 0), 14, day, 95},
		{"97 minutes, nothing round", sleeper(97*60, 0.1, 0.2), 7, 97 * 60, 99},
	}, 2) {
		if got := share(c.talker, 21, c.days*day, c.period, Prior{}); got < c.least {
			t.Errorf("%s: %d of 100 found, want %d", c.name, got, c.least)
		}
	}
}

func TestRandomTalkersAreRejected(t *testing.T) {
	each := testrounds.Of(40, 5)
	all, total := randoms(), 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		r := rand.New(rand.NewPCG(22, 12))
		wrong := 0
		for range each {
			if v := Judge(contactsAt(all[name](r, 7*day)), Prior{}).Runs; v.Score >= 0.5 {
				wrong++
			}
		}
		if total += wrong; wrong > 1 {
			t.Errorf("%s: %d of %d are called regular", name, wrong, each)
		}
	}
	if total > each*len(all)/100 {
		t.Errorf("%d of %d are called regular", total, each*len(all))
	}
}

// A period that the task's trigger gives makes three or four contacts certain, but only
// if they keep it.
func TestKnownPeriod(t *testing.T) {
	four, prior := clockwork(5*hour, 0.01, 0), Prior{Period: 5 * hour, Delay: 0.02 * 5 * hour}
	if with, without := share(four, 23, 19*hour, 5*hour, prior), share(four, 23, 19*hour, 5*hour, Prior{}); with < 95 || without > with {
		t.Errorf("four contacts: %d of 100 with the period known, %d without", with, without)
	}
	v := Judge(contactsAt([]float64{0, 5 * hour, 10 * hour}), Prior{Period: 5 * hour}).Runs
	if !v.Known || v.Count != 3 || v.Limits&TooFew != 0 {
		t.Errorf("three contacts at a known period: %+v", v)
	}
	if got := share(chatter(5*hour), 24, 3*day, 5*hour, prior); got > 2 {
		t.Errorf("random contacts at a known period: %d of 100 called regular", got)
	}
	for _, odd := range []float64{math.NaN(), math.Inf(1), -5, 1e-300, 1e300} {
		if v := Judge(contactsAt([]float64{0, 600, 1200, 1800, 2400}), Prior{Period: odd}).Runs; v.Known || math.Abs(v.Period-600) > 1 {
			t.Errorf("a period of %v known: %+v", odd, v)
		}
	}
}

// An implant that a boot task starts sleeps within its run; the runs are daily.
func TestInsideARun(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 13))
	c := &Contacts{}
	for run := range 7 {
		began := float64(run)*day + r.Float64()*600
		for _, at := range sleeper(90, 0.3, 0)(r, 3*hour) {
			c.Add(Contact{Time: monday + event.Time((began+at)*1e7), Run: int32(run + 1)})
		}
	}
	v := Judge(c, Prior{})
	if math.Abs(v.Inside.Period/90-1) > 0.05 || v.Inside.Score < 0.9 || v.Inside.Limits&Sampled == 0 || v.Inside.Lasts < 600 {
		t.Errorf("inside: %+v", v.Inside)
	}
	c = &Contacts{}
	for run := range 7 {
		for i := range 6 {
			at := float64(run)*day + r.Float64()*600 + r.ExpFloat64()*200*float64(i)
			c.Add(Contact{Time: monday + event.Time(at*1e7), Run: int32(run + 1)})
		}
	}
	if v := Judge(c, Prior{}); math.Abs(v.Runs.Period/day-1) > 0.02 || v.Runs.Score < 0.5 || v.Inside.Score > 0.2 {
		t.Errorf("runs that are daily and random inside: %+v", v)
	}
}

// Seconds of talk at each contact change nothing: with runs known, and without.
func TestBurstsAreCollapsed(t *testing.T) {
	r := rand.New(rand.NewPCG(26, 14))
	plain, runs, bursts := &Contacts{}, &Contacts{}, &Contacts{}
	for i, at := range clockwork(hour, 0.03, 0.1)(r, 3*day) {
		plain.Add(Contact{Time: monday + event.Time(at*1e7)})
		for range 6 {
			runs.Add(Contact{Time: monday + event.Time(at*1e7), Run: int32(i + 1)})
			bursts.Add(Contact{Time: monday + event.Time(at*1e7)})
			at += r.Float64() * 9
		}
	}
	want := Judge(plain, Prior{}).Runs
	for name, c := range map[string]*Contacts{"runs": runs, "bursts": bursts} {
		got := Judge(c, Prior{}).Runs
		if math.Abs(got.Period/want.Period-1) > 0.01 || got.Count != want.Count || got.Score < 0.99 {
			t.Errorf("%s: %+v, without bursts %+v", name, got, want)
		}
	}
}

// A row that stands for several contacts is as many periods; at random it is nothing.
func TestAggregatedRows(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 15))
	even, random := &Contacts{}, &Contacts{}
	at, atRandom := 0.0, 0.0
	for range 30 {
		n := 1 + r.IntN(9)
		for range n {
			at, atRandom = at+600*(0.9+0.2*r.Float64()), atRandom+600*r.ExpFloat64()
		}
		even.Add(Contact{monday + event.Time(at*1e7), 0, int32(n)})
		random.Add(Contact{monday + event.Time(atRandom*1e7), 0, int32(n)})
	}
	if v := Judge(even, Prior{}).Runs; math.Abs(v.Period/600-1) > 0.03 || v.Score < 0.9 || v.Limits&Aggregated == 0 {
		t.Errorf("regular: %+v", v)
	}
	if v := Judge(random, Prior{}).Runs; v.Score > 0.1 {
		t.Errorf("random: %+v", v)
	}
}

func TestKinds(t *testing.T) {
	r := rand.New(rand.NewPCG(28, 16))
	if v := Judge(contactsAt(sleeper(hour, 0.2, 0)(r, 5*day)), Prior{}).Runs; v.Kind != Cumulative {
		t.Errorf("a sleeper: %+v", v)
	}
	if v := Judge(contactsAt(clockwork(hour, 0.1, 0)(r, 5*day)), Prior{}).Runs; v.Kind != Clocked {
		t.Errorf("a clock: %+v", v)
	}
}

func TestLimits(t *testing.T) {
	if v := Judge(&Contacts{}, Prior{}); v.Runs.Limits != TooFew || v.Inside.Limits != TooFew || v.Runs.Score != 0 {
		t.Errorf("nothing: %+v", v)
	}
	if v := Judge(contactsAt([]float64{0, 600, 1200}), Prior{}).Runs; v.Limits&TooFew == 0 || v.Count != 3 || v.Bits != 0 {
		t.Errorf("three: %+v", v)
	}
	if v := Judge(contactsAt([]float64{0, 3000, 7500, 10000, 14200, 17000}), Prior{}).Runs; v.Limits&Undecided == 0 {
		t.Errorf("six with wide jitter: %+v", v)
	}
}

// What is kept of a long series has its period within 2 %, and its verdict.
func TestASampleJudgesAsTheWhole(t *testing.T) {
	for _, c := range []struct{ period, jitter, loss, days float64 }{
		{60, 0.1, 0.1, 14}, {45, 0.3, 0, 3}, {300, 0.2, 0.3, 14}, {600, 0.02, 0, 30}, {1200, 0.3, 0.1, 30}, {7200, 0.1, 0.2, 90},
	} {
		for name, make := range map[string]func(p, j, l float64) talker{"sleeper": sleeper, "clockwork": clockwork} {
			r := rand.New(rand.NewPCG(29, 17)) // of each its own: a map has no order
			times := make(c.period, c.jitter/2, c.loss)(r, c.days*day)
			whole := Verdict{Bits: math.Inf(-1)}
			for _, s := range runBursts(view{stretches: [][]point{pointsAt(times)}}) {
				if s.gaps() < fewest {
					continue
				}
				if found := s.weigh(Prior{}); found.Bits > whole.Bits {
					whole = found
				}
			}
			got := Judge(contactsAt(times), Prior{}).Runs
			if got.Limits&Sampled == 0 || math.Abs(got.Period/whole.Period-1) > 0.02 || min(got.Bits, whole.Bits) < 40 {
				t.Errorf("%s %+v: %+v, the whole %+v", name, c, got, whole)
			}
		}
	}
}

func pointsAt(times []float64) []point {
	points := make([]point, len(times))
	for i, t := range times {
		points[i] = point{at: t, weight: 1, grain: tickSeconds}
	}
	return points
}

// More regular is not worse, the same contacts give the same verdict in any order, and
// judging changes nothing.
func TestJudgeProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(30, 18))
	last := math.Inf(-1)
	for _, jitter := range []float64{0.37, 0.25, 0.12, 0.05, 0.02, 0} {
		sum := 0.0
		for range 20 {
			sum += Judge(contactsAt(sleeper(6*hour, jitter, 0)(r, 5*day)), Prior{}).Runs.Bits
		}
		if sum < last {
			t.Errorf("jitter %v: %v bits, less than with more jitter", jitter, sum/20)
		}
		last = sum
	}
	for name, all := range worlds(r) {
		c, before := gather(all), packed(t, gather(all))
		want := Judge(c, Prior{Period: 600})
		if !bytes.Equal(packed(t, c), before) {
			t.Errorf("%s: judging changed the contacts", name)
		}
		slices.Reverse(all)
		if got := Judge(gather(all), Prior{Period: 600}); got != want {
			t.Errorf("%s: another order, %+v instead of %+v", name, got, want)
		}
		for _, v := range []Verdict{want.Runs, want.Inside} {
			if !(v.Score >= 0 && v.Score <= 1 && v.Bits >= -MaxBits && v.Bits <= MaxBits && v.Period >= 0) {
				t.Errorf("%s: %+v", name, v)
			}
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	r := rand.New(rand.NewPCG(31, 19))
	for name, times := range map[string][]float64{
		"7": clockwork(day, 0.02, 0)(r, 7*day), "168": sleeper(hour, 0.2, 0.1)(r, 7*day), "random500": chatter(1200)(r, 6.5*day), "sampled20000": sleeper(60, 0.2, 0.1)(r, 14*day),
	} {
		c := contactsAt(times)
		c.Settle()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Judge(c, Prior{})
			}
		})
	}
}
