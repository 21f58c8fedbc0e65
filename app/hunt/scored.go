package hunt

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// ranker makes findings of what was surveyed, scores and orders them.
type ranker struct {
	*rarity.Survey
	options  finding.Options
	spans    spans
	fleet    int // devices
	tasks    int // that they have
	days     int // device-days before the recent span
	alike    map[likeness]int
	out      map[rarity.Text]bool     // destinations inside that are ways out
	numbers  map[string]rarity.Device // by the name that is shown
	judging  sync.Mutex
	judged   map[*beacon.Contacts]beacon.Verdicts
	run      func(index int) *candidate
	periods  periods
	programs map[string]int // by file name: devices whose tasks run it
	styles   styles
	renamed  *rarity.Renamed // what facts were resolved to, such as an address to its name
}

// ranked is a finding and what its score is made of.
type ranked struct {
	*finding.Finding
	evidence score.Evidence
	judged   []score.Part // as if nothing were known by the table of Windows' own tasks
	parts    []score.Part
	score    float64
	own      owned
	beacon   row.Beacon
	beside   []int // runs of other findings that belong to it: see join
	joined   bool  // it is one of several, each of which is kept
}

func newRanker(s *rarity.Survey, spans spans) *ranker {
	r := &ranker{Survey: s, spans: spans, fleet: len(s.Devices), judged: make(map[*beacon.Contacts]beacon.Verdicts)}
	r.options = finding.Options{Recent: spans.recent}
	for i := range s.Devices {
		first := s.Devices[i].First
		if isSilent(s.Devices[i].Watched, spans.now) {
			continue
		}
		if r.options.Watched == event.NoTime || first < r.options.Watched {
			r.options.Watched = first
		}
		if first < spans.recent.From {
			r.days += int((spans.recent.From-first)/event.Day) + 1
		}
	}
	return r
}

// rank makes findings of runs, the highest score first.
func (r *ranker) rank(runs []finding.Run) (all []*ranked) {
	found := finding.Group(r.Survey, runs, r.options)
	r.compare(found)
	r.countTasks()
	all = make([]*ranked, len(found))
	evidence := make([]*score.Evidence, len(found))
	each(len(found), func(i int) {
		all[i] = &ranked{Finding: found[i]}
		r.weigh(all[i])
		evidence[i] = &all[i].evidence
	})
	tails := score.NewTails(evidence)
	each(len(all), func(i int) {
		one := all[i]
		one.judged = score.PartsOf(&one.evidence, tails[one.evidence.Root.Kind])
		one.settle()
	})
	slices.SortFunc(all, compareRanked)
	return all
}

// settle sets what the finding scores: next to nothing where all of it is known.
func (f *ranked) settle() {
	f.parts = f.own.is.Settle(f.judged, f.own.crashed)
	f.score = score.Sum(f.parts)
}

// weigh collects the numbers of a finding. Several findings may be weighed at a time.
func (r *ranker) weigh(f *ranked) {
	e := &f.evidence
	e.Fleet, e.Tasks, e.Task, e.Devices = r.fleet, r.tasks, f.Task.Devices(), f.Task.Devices()
	r.departs(f)
	r.kin(f)
	r.age(f)
	r.remote(f)
	r.habits(f)
	r.chain(f)
	r.tool(f)
	r.rooted(f)
	r.called(f)
	r.judgeOwn(f)
}

// habits lists the habits of a finding's runs in the order of their table.
func (r *ranker) habits(f *ranked) {
	shown := make(map[string]bool)
	for _, fact := range f.Facts {
		// A habit of a common task is none of its departing runs, unless it is new to it.
		if fact.Kind == rarity.Trait && (len(f.Departs) == 0 || !f.Task.Common() || f.IsDeparted(fact)) {
			shown[r.Text(fact.Text)] = true
		}
	}
	for i := range score.Habits {
		if h := &score.Habits[i]; shown[h.Name] {
			f.evidence.Habits = append(f.evidence.Habits, h)
		}
	}
}

// departs collects how the runs of a finding depart from the task's others. Of several
// ways the least expected counts.
func (r *ranker) departs(f *ranked) {
	if len(f.Departs) == 0 {
		return
	}
	e := &f.evidence
	e.Devices = 0
	var how []string
	for _, d := range f.Departs {
		if d.Kind != rarity.Claim { // as many devices may claim so and do nothing of the kind
			e.Devices = max(e.Devices, d.Devices())
		}
		if !d.Leads() {
			continue
		}
		how = append(how, r.Text(d.Text))
		alike := r.alike[r.likeness(d.Fact)]
		bits := min(d.Bits, score.Rare(alike-1, r.fleet-1))
		if cmp.Or(cmp.Compare(bits, e.Departs), cmp.Compare(e.Alike, alike), cmp.Compare(e.Within, d.Within), cmp.Compare(e.Fresh, d.Fresh)) > 0 {
			e.Departs, e.Alike, e.Within, e.Fresh, e.FreshDays = bits, alike, d.Within, d.Fresh, f.Task.DeviceDaysKnown()
		}
	}
	if f.Together > 0 && f.Together < e.Within {
		e.Within = f.Together
		if bits := min(score.Rare(e.Within-1, e.Task-1), score.Rare(e.Alike-1, r.fleet-1)); bits > e.Departs {
			e.Departs, e.Fresh = bits, 0
		}
	}
	slices.Sort(how)
	e.How = strings.Join(how[:min(len(how), mostHow)], ", ")
	if more := len(how) - mostHow; more > 0 {
		e.How += fmt.Sprintf(" and %d more", more)
	}
}

// mostHow is how many departures of one finding are named.
const mostHow = 3

// age finds out whether a finding is new.
func (r *ranker) age(f *ranked) {
	e := &f.evidence
	first := f.Task.First
	switch {
	case len(f.Departs) == 0:
		e.Young, e.Watched = r.isYoung(f.Task), r.days
	default:
		first = event.NoTime
		for _, d := range f.Departs {
			if d.New && d.Leads() {
				e.Young, e.Watched = true, f.Task.DeviceDaysKnown()
				first = max(first, d.First)
			}
		}
	}
	e.Since = row.Clock(first.Epoch())
}

// likeness is what makes departures of unlike tasks one kind of change: the program that
// is started, the destination, the account.
type likeness struct {
	kind rarity.Kind
	text string
}

func (r *ranker) likeness(f rarity.Fact) likeness {
	text := r.Text(f.Text)
	if f.Kind == rarity.Child {
		_, text, _ = strings.Cut(text, ">")
	}
	return likeness{f.Kind, text}
}

// compare counts, over all findings, on how many devices tasks depart in like ways.
func (r *ranker) compare(found []*finding.Finding) {
	r.alike = make(map[likeness]int)
	for _, f := range found {
		for _, d := range f.Departs {
			if d.Leads() {
				r.alike[r.likeness(d.Fact)] += d.Devices()
			}
		}
	}
}

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
	bare := false
	var most telling
	for _, fact := range r.destinations(f) {
		t := r.tells(fact)
		if e.Remote == "" || t.compare(most) < 0 {
			most, e.Remote, e.RemoteDevices = t, t.name, t.devices
		}
		bare = bare || isAddress(t.name) && !t.shared
		r.contacts(f, f.Task.Facts[fact])
	}
	if bare && r.logs(f, noLookups) {
		e.Habits = append(e.Habits, &score.Bare)
	}
	calls := slices.ContainsFunc(f.Facts, isDestination)
	e.Quiet = !calls && !account.Few(r.fleet) && r.logs(f, noConnections)
}

func isDestination(f rarity.Fact) bool { return f.Kind == rarity.Destination }

// destinations are those that say something about a finding: none inside but the ways out,
// and where its runs depart by a destination, only what they depart by.
func (r *ranker) destinations(f *ranked) (some []rarity.Fact) {
	departs := slices.ContainsFunc(f.Departs, func(d finding.Departure) bool { return isDestination(d.Fact) })
	for _, fact := range f.Facts {
		if isDestination(fact) && (!departs || f.IsDeparted(fact)) && (!insideKey(r.Text(fact.Text)) || r.out[fact.Text]) {
			some = append(some, fact)
		}
	}
	return some
}

// telling is how much the name of a destination tells: least an address that several
// share, then what many devices call.
type telling struct {
	shared  bool
	devices int
	name    string
}

func (r *ranker) tells(destination rarity.Fact) telling {
	return telling{r.renamed.Shared(destination.Text), r.Fleet[destination].Devices(), r.Text(destination.Text)}
}

// compare puts what tells more first.
func (t telling) compare(u telling) int {
	if t.shared != u.shared {
		if u.shared {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(t.devices, u.devices), cmp.Compare(t.name, u.name))
}

// contacts takes in how many names were called beneath a destination, and how regularly,
// on each device.
func (r *ranker) contacts(f *ranked, with *rarity.Seen) {
	for i := range with.On {
		on := &with.On[i]
		f.evidence.Names = max(f.evidence.Names, int(on.Names))
		switch {
		case on.Contacts != nil:
			r.cadence(f, r.judge(on.Contacts, f.Task.Template, on.Device))
		case on.Told != nil:
			r.cadence(f, *on.Told)
		}
	}
}

// cadence keeps the most regular contacts. Those that follow the task's own trigger are no
// evidence.
func (r *ranker) cadence(f *ranked, v beacon.Verdicts) {
	if !v.Runs.Known {
		keepRhythm(&f.evidence.Runs, v.Runs)
	}
	keepRhythm(&f.evidence.Inside, v.Inside)
	for _, verdict := range [...]beacon.Verdict{v.Runs, v.Inside} {
		b := row.Beacon{Judged: true, Score: verdict.Score, Period: verdict.Period, Count: verdict.Count}
		if !f.beacon.Judged || cmp.Or(cmp.Compare(b.Score, f.beacon.Score), cmp.Compare(b.Count, f.beacon.Count), cmp.Compare(f.beacon.Period, b.Period)) > 0 {
			f.beacon = b
		}
	}
}

func keepRhythm(to *score.Rhythm, v beacon.Verdict) {
	r := score.Rhythm{Bits: v.Bits, Period: v.Period, Jitter: v.Jitter, Count: v.Count, Sleeps: v.Kind == beacon.Cumulative}
	if cmp.Or(cmp.Compare(r.Bits, to.Bits), cmp.Compare(r.Count, to.Count), cmp.Compare(to.Period, r.Period), cmp.Compare(to.Jitter, r.Jitter)) > 0 {
		*to = r
	}
}

// insideKey reports whether the key of a destination is one inside: those have a port.
func insideKey(key string) bool {
	_, err := netip.ParseAddrPort(key)
	return err == nil
}

// logs reports whether all of a finding's runs are on devices that lack no such kind of
// events.
func (r *ranker) logs(f *ranked, lack string) bool {
	return !slices.ContainsFunc(f.Runs, func(run finding.Run) bool {
		return slices.Contains(r.run(run.Index).lacks(), lack)
	})
}

// isAddress reports whether the key of a destination is an address outside, which nobody
// looked a name up for.
func isAddress(key string) bool {
	_, err := netip.ParseAddr(key)
	return err == nil
}

// ways finds the ways out: what many devices call with many tasks, or what was said.
func (r *ranker) ways(p command.Proxy) {
	r.out = make(map[rarity.Text]bool)
	r.options.Ways = r.out
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
