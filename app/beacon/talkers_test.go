package beacon

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Talkers make contacts, at seconds from the start of a Monday, sorted.
type talker func(r *rand.Rand, span float64) []float64

// sleeper sleeps after each contact; jitter is the greatest deviation as a share.
func sleeper(period, jitter, loss float64) talker {
	return func(r *rand.Rand, span float64) (times []float64) {
		for t := r.Float64() * period; t < span; t += period * (1 + jitter*(2*r.Float64()-1)) {
			if r.Float64() >= loss {
				times = append(times, t)
			}
		}
		return times
	}
}

// clockwork follows a clock with a random delay of up to twice the jitter.
func clockwork(period, jitter, loss float64) talker {
	return func(r *rand.Rand, span float64) (times []float64) {
		for t := r.Float64() * period; t < span; t += period {
			if r.Float64() >= loss {
				times = append(times, t+2*jitter*period*r.Float64())
			}
		}
		return times
	}
}

// chatter is random, with a mean gap.
func chatter(mean float64) talker {
	return func(r *rand.Rand, span float64) (times []float64) {
		for t := r.ExpFloat64() * mean; t < span; t += r.ExpFloat64() * mean {
			times = append(times, t)
		}
		return times
	}
}

// within keeps what is said in working hours of working days.
func within(t talker, from, to float64) talker {
	return func(r *rand.Rand, span float64) []float64 {
		return slices.DeleteFunc(t(r, span), func(at float64) bool {
			return math.Mod(at, day) < from*3600 || math.Mod(at, day) >= to*3600 || int(at/day)%7 >= 5
		})
	}
}

// bursty says several things, seconds apart, at random times.
func bursty(mean float64) talker {
	return func(r *rand.Rand, span float64) (times []float64) {
		for _, t := range chatter(mean)(r, span) {
			for range 1 + r.IntN(8) {
				times = append(times, t)
				t += r.ExpFloat64() * 8
			}
		}
		slices.Sort(times)
		return times
	}
}

// diurnal talks at a rate that wanders at random and follows the sun.
func diurnal(mean float64) talker {
	return func(r *rand.Rand, span float64) (times []float64) {
		level, t := 0.0, 0.0
		for t < span {
			level = 0.98*level + 0.25*r.NormFloat64()
			rate := math.Exp(level) * (1 + 0.9*math.Sin(2*math.Pi*(t/day-0.3)))
			t += r.ExpFloat64() * mean / max(rate, 0.05)
			times = append(times, t)
		}
		return times
	}
}

// randoms are the talkers that have no period, by name.
func randoms() map[string]talker {
	all := map[string]talker{}
	for name, mean := range map[string]float64{"5min": 300, "20min": 1200, "1h": 3600, "3h": 10800, "8h": 28800, "20h": 72000} {
		all["random "+name] = chatter(mean)
		all["office "+name] = within(chatter(mean/4), 8, 17)
		all["bursty "+name] = bursty(mean)
		all["diurnal "+name] = diurnal(mean)
	}
	return all
}

// contactsAt are contacts at seconds after a Monday.
func contactsAt(times []float64) *Contacts {
	c := &Contacts{}
	for _, t := range times {
		c.Add(Contact{Time: monday + event.Time(t*1e7)})
	}
	return c
}

// monday is 2026-11-02.
const monday = 1_793_577_600 * event.Second

// stamps are seconds after a Monday as times.
func stamps(times []float64) []event.Time {
	all := make([]event.Time, len(times))
	for i, t := range times {
		all[i] = monday + event.Time(t*1e7)
	}
	return all
}
