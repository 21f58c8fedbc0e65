package hunt

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// ranker makes findings of what was surveyed, scores and orders them.
type ranker struct {
	*rarity.Survey
	options finding.Options
	spans   spans
	fleet   int                  // devices
	days    int                  // device-days before the recent span
	out     map[rarity.Text]bool // destinations inside that are ways out
	judged  map[*beacon.Contacts]beacon.Verdicts
}

// ranked is a finding and what its score is made of.
type ranked struct {
	*finding.Finding
	evidence score.Evidence
	parts    []score.Part
	score    float64
	beacon   row.Beacon
}

func newRanker(s *rarity.Survey, spans spans) *ranker {
	r := &ranker{Survey: s, spans: spans, fleet: len(s.Devices), judged: make(map[*beacon.Contacts]beacon.Verdicts)}
	r.options = finding.Options{Recent: spans.recent}
	for i := range s.Devices {
		if first := s.Devices[i].First; first != event.NoTime && (r.options.Watched == event.NoTime || first < r.options.Watched) {
			r.options.Watched = first
		}
		if first := s.Devices[i].First; first != event.NoTime && first < spans.recent.From {
			r.days += int((spans.recent.From-first)/event.Day) + 1
		}
	}
	return r
}

// learn joins the templates that turn out to be one.
func (r *ranker) learn() map[rarity.Text]rarity.Text {
	var seen []template.Seen
	for text, task := range r.Tasks() {
		seen = append(seen, template.Seen{Template: r.Text(text), Devices: task.Which()})
	}
	final := template.Learn(seen)
	return r.Learn(func(t string) string { return cmp.Or(final[t], t) })
}

func (r *ranker) rank(runs []finding.Run) (all []*ranked) {
	for _, f := range finding.Group(r.Survey, runs, r.options) {
		one := &ranked{Finding: f}
		r.weigh(one)
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func (r *ranker) weigh(f *ranked) {
	e := &f.evidence
	e.Fleet, e.Task, e.Devices = r.fleet, f.Task.Devices(), f.Task.Devices()
	e.Aged = r.options.IsNew(math.MaxInt64, r.options.Watched)
	first := f.Task.First
	if len(f.Departs) > 0 {
		r.departs(f)
		first = event.NoTime
		for _, d := range f.Departs {
			if d.New {
				first = max(first, d.First)
				e.Young = true
				e.Watched = r.watched(f.Task)
			}
		}
	} else if r.isYoung(f.Task) {
		e.Young, e.Watched = true, r.days
	}
	e.Since = row.Clock(first.Epoch())
	r.remote(f)
	for _, fact := range f.Facts {
		if fact.Kind != rarity.Trait || (len(f.Departs) > 0 && !r.isDeparted(f, fact) && f.Task.Devices() > rarity.MostKnown) {
			continue
		}
		for i := range score.Habits {
			if score.Habits[i].Name == r.Text(fact.Text) {
				e.Habit = append(e.Habit, &score.Habits[i])
			}
		}
	}
	f.parts = e.Parts(score.Standard)
	f.score = score.Sum(f.parts)
}

func (r *ranker) isDeparted(f *ranked, fact rarity.Fact) bool {
	return slices.ContainsFunc(f.Departs, func(d finding.Departure) bool { return d.Fact == fact })
}

func (r *ranker) departs(f *ranked) {
	e := &f.evidence
	e.Departs, e.Devices = true, 0
	var how []string
	for _, d := range f.Departs {
		e.Devices = max(e.Devices, d.Devices())
		e.Depart = max(e.Depart, d.Bits)
		how = append(how, r.Text(d.Text))
	}
	e.How = strings.Join(how[:min(len(how), 4)], ", ")
}

func (r *ranker) watched(t *rarity.Task) (days int) { return t.DeviceDaysKnown() }

// isYoung reports whether a task is new in the fleet, on a device that was watched before.
func (r *ranker) isYoung(t *rarity.Task) bool {
	if !r.options.IsNew(t.First, r.options.Watched) {
		return false
	}
	if t.Common() {
		return true
	}
	for i := range t.On {
		if r.options.IsNew(t.First, r.Devices[t.On[i].Device].First) {
			return true
		}
	}
	return false
}

// remote finds the destination that tells most, and how regular its contacts are.
func (r *ranker) remote(f *ranked) {
	e := &f.evidence
	anyDeparts := slices.ContainsFunc(f.Departs, func(d finding.Departure) bool { return d.Kind == rarity.Destination })
	for _, fact := range f.Facts {
		if fact.Kind != rarity.Destination || (anyDeparts && !r.isDeparted(f, fact)) || (insideKey(r.Text(fact.Text)) && !r.out[fact.Text]) {
			continue
		}
		everywhere := r.Fleet[fact]
		if n := everywhere.Devices(); e.Remote == "" || n < e.RemoteDevices {
			e.Remote, e.RemoteDevices = r.Text(fact.Text), n
		}
		seen := f.Task.Facts[fact]
		for i := range seen.On {
			on := &seen.On[i]
			e.Names = max(e.Names, int(on.Names))
			if on.Contacts == nil {
				continue
			}
			v := r.judge(on.Contacts)
			r.cadence(f, v)
		}
	}
}

func (r *ranker) cadence(f *ranked, v beacon.Verdicts) {
	e := &f.evidence
	for inside, verdict := range map[bool]beacon.Verdict{false: v.Runs, true: v.Inside} {
		if bits := min(verdict.Bits, 6); bits > e.Cadence {
			e.Cadence, e.Inside, e.Rhythm = bits, inside, ""
			f.beacon = row.Beacon{Judged: true, Score: verdict.Score, Period: verdict.Period, Count: verdict.Count}
		}
	}
}

func (r *ranker) judge(c *beacon.Contacts) beacon.Verdicts {
	v, known := r.judged[c]
	if !known {
		v = beacon.Judge(c, beacon.Prior{})
		r.judged[c] = v
	}
	return v
}

// insideKey reports whether the key of a destination is one inside: those have a port.
func insideKey(key string) bool {
	_, err := netip.ParseAddrPort(key)
	return err == nil
}

// ways finds the ways out: what many devices call with many tasks, or what was said.
func (r *ranker) ways(p command.Proxy) {
	r.out = make(map[rarity.Text]bool)
	ways := destination.NewWays()
	inside := make(map[netip.AddrPort]rarity.Text)
	for template, task := range r.Tasks() {
		for fact, seen := range task.Facts {
			if fact.Kind != rarity.Destination {
				continue
			}
			at, err := netip.ParseAddrPort(r.Text(fact.Text))
			if err != nil {
				continue
			}
			inside[at] = fact.Text
			if p.Has(at.Addr(), at.Port()) {
				r.out[fact.Text] = true
			}
			for _, device := range seen.Which() {
				ways.Add(at, device, uint64(template))
			}
		}
	}
	if p.Auto {
		for _, w := range ways.Out(r.fleet) {
			r.out[inside[w.At]] = true
		}
	}
}
