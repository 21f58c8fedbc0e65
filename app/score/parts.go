package score

import (
	"fmt"
	"math"
)

// Weights say how much a part counts. There are few, and docs/scoring.md says why each.
type Weights struct {
	Shape   float64 // of rarity: where every fourth device has a rare task, one more is half expected
	Departs float64 // of departure: no tail explains it
	Second  float64 // of the smaller of task and destination: a rare program nearly implies a rare destination
	New     float64 // of newness
	NewMost float64 // bits of newness that count at most
	Rhythm  float64 // of regularity
	Names   float64 // of many names beneath one domain
	Habit   float64 // of habits

	Chain float64 // of script hosts that start one another
	Drift float64 // of a schedule that no trigger keeps
}

// Standard are the weights in use.
var Standard = Weights{Shape: 0.5, Departs: 1, Second: 0.25, New: 1, NewMost: 12, Rhythm: 1, Names: 1, Habit: 1,
	Chain: 1, Drift: 1}

// newShape is from how many bits of rarity on newness counts in full: an eighth of the
// fleet. What more devices took is a roll-out, by and by.
const newShape = 3

// fewestNames is from how many names beneath one domain on they are evidence.
const fewestNames = 3

// Parts are the parts of a finding's score, which add up to it. They never rise when more
// devices do the same.
func (w Weights) Parts(e *Evidence, t *Tail) []Part {
	var p parts
	task, departs := e.shape()
	remote := e.remote()
	shape, second := w.Shape, w.Shape*w.Second
	if remote > task+departs {
		shape, second = second, shape
	}
	p.add("rare", task*shape, "task on %d of %d devices%s", e.Task, e.Fleet, e.kin())
	k := atLeast(t.departs, departs)
	how := fmt.Sprintf("%s: %d of %d devices with the task have something as odd%s, in the fleet %d; %d findings of %d tasks depart as far",
		e.How, e.Within, e.Task, e.days(), e.Alike, k, e.Tasks)
	counts := p.add("departs", min(departs, e.seldom(k))*w.Departs, "%s", how)
	p.add("destination", remote*second, "tasks of %d of %d devices go to %s", max(e.RemoteDevices, e.Devices), e.Fleet, e.Remote)
	if e.Young {
		fresh := min(Rare(0, e.Watched), w.NewMost) * min(1, (task+departs)/newShape)
		p.add("new", fresh*w.New, "since %s, %d device-days were watched without", e.Since, e.Watched)
	}
	scale := math.Sqrt(e.share())
	for _, r := range [...]struct {
		name  string
		of    Rhythm
		known []float64
	}{{"cadence", e.Runs, t.runs}, {"inside", e.Inside, t.inside}} {
		if bits := r.of.bits(); bits >= 1 {
			k := atLeast(r.known, bits)
			p.add(r.name, min(bits, t.surprise(k))*scale*w.Rhythm, "every %s ± %.0f %%, %d contacts, %.1f bits; %d of %d rare findings are as regular",
				Span(r.of.Period), 100*r.of.Jitter, r.of.Count, bits, k, t.Findings)
		}
	}
	if e.Names >= fewestNames {
		k := atLeast(t.names, float64(e.Names))
		p.add("names", t.surprise(k)*scale*w.Names, "%d names beneath %s; %d of %d rare findings have as many", e.Names, e.Remote, k, t.Findings)
	}
	p.chain(e, t, scale*w.Chain)
	p.drift(e, t, scale*w.Drift)
	p.shown(e, t, scale*w.Habit)
	if departs > 0 && !counts && len(p) > 0 { // it says how odd the rest is
		p[0].Why += "; departs by " + how
	}
	if e.Quiet {
		return p.quiet()
	}
	return p
}

// Alone is what a task on so many of a fleet's devices scores for being that rare alone, in
// tenths as parts have it: what is compared with it is a sum of these.
func Alone(devices, fleet int) float64 {
	return tenths(Standard.Shape * Rare(devices-1, fleet-1))
}

func tenths(bits float64) float64 { return math.Round(bits*10) / 10 }

type parts []Part

// add adds a part in tenths of a bit, unless it is nothing, which it reports.
func (p *parts) add(name string, bits float64, why string, args ...any) bool {
	if bits = tenths(bits); bits <= 0 {
		return false
	}
	*p = append(*p, Part{name, bits, fmt.Sprintf(why, args...)})
	return true
}

// Span is a length of time in seconds, for people.
func Span(seconds float64) string {
	switch {
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%.0f min", seconds/60)
	case seconds < 172800:
		return fmt.Sprintf("%.1f h", seconds/3600)
	}
	return fmt.Sprintf("%.1f d", seconds/86400)
}
