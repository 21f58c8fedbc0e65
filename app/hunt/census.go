package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// where is which devices ran a command, and which have a chain of names. It is kept when a
// census is written or read: by itself, a hunt only counts them.
type where struct {
	commands map[rarity.Command][]rarity.Device
	paths    map[rarity.Path][]rarity.Device
}

func newWhere() *where {
	return &where{make(map[rarity.Command][]rarity.Device), make(map[rarity.Path][]rarity.Device)}
}

// add notes what a device has. Its numbers come device after device, each as often as it
// likes.
func (w *where) add(p *part, d rarity.Device) {
	for _, i := range p.forest.Order {
		if p.forest.Root[i] == i && p.counts.Known[i] {
			note(w.commands, p.counts.Command[i], d)
		}
		if p.counts.PatternCount[i] > 0 {
			note(w.paths, p.counts.Path[i], d)
		}
	}
}

func note[K comparable](all map[K][]rarity.Device, key K, d rarity.Device) {
	if had := all[key]; len(had) == 0 || had[len(had)-1] != d {
		all[key] = append(had, d)
	}
}

// usesCensus reports whether this hunt writes a census or reads one.
func (h *Hunt) usesCensus() bool {
	return h.baseline != nil || h.options.Output == command.OutputCensus
}

// censusOf returns the rows of output=census: what this hunt counted, together with what
// earlier ones did, without what is too old.
func (h *Hunt) censusOf(f *findings, s spans) []row.Row {
	f.letGoCommon()
	h.ledger.Add(f.ledger)
	c := h.count(f, s)
	if h.baseline != nil {
		c.Unite(h.baseline)
	}
	c.Age(h.limits(s))
	f.counted = c
	return c.Rows()
}

func (h *Hunt) limits(s spans) census.Limits {
	return census.Limits{Now: s.now, Days: h.options.BaselineDays, Lookback: s.lookback.From}
}

// count returns the census of this hunt alone.
func (h *Hunt) count(f *findings, s spans) *census.Census {
	c := census.New(h.options.Counted())
	shown := f.shownTasks()
	h.list(f, s)
	h.note(c, f, s)
	known := periodsOf(f.runs)
	c.Count(f.survey, census.Counted{Now: s.now, Judge: func(task rarity.Text, on *rarity.On) *beacon.Verdicts {
		if !shown[task] && h.options.Shard.Of < 2 { // another share may show it
			return nil
		}
		v := judged(on.Contacts, known[taskOn{task, on.Device}])
		return &v
	}, Shared: h.options.Shard.Of > 1})
	ids := make([]census.ID, len(f.survey.Devices))
	for i := range ids {
		ids[i] = census.IDOf(f.survey.Devices[i].Name)
	}
	f.digests(func(command rarity.Command, key string) {
		if on := f.where.commands[command]; len(on) > 0 {
			c.Command(key, s.now, idsOf(on, ids))
		}
	}, func(path rarity.Path, chain uint64) {
		if on := f.where.paths[path]; len(on) > 0 {
			c.Chain(chain, s.now, idsOf(on, ids))
		}
	})
	return c
}

// shownTasks are the tasks of the runs at hand that no allow-list hides.
func (f *findings) shownTasks() map[rarity.Text]bool {
	shown := make(map[rarity.Text]bool)
	for i := range f.runs {
		if r := &f.runs[i]; r.allowed == nil {
			shown[r.run.Task] = true
		}
	}
	return shown
}

func idsOf(devices []rarity.Device, ids []census.ID) []census.ID {
	all := make([]census.ID, len(devices))
	for i, d := range devices {
		all[i] = ids[d]
	}
	return all
}

// digests calls with every command and every chain that was counted.
func (f *findings) digests(command func(rarity.Command, string), chain func(rarity.Path, uint64)) {
	f.census.EachCommand(func(key string, number rarity.Command) { command(number, key) })
	var chains []uint64
	f.census.EachPath(func(number, above rarity.Path, name string) {
		over := uint64(0)
		if above >= 0 {
			over = chains[above]
		}
		chains = append(chains, census.ChainOf(over, name))
		chain(number, chains[number])
	})
}

// judged is how regular contacts are, as a census tells it.
func judged(c *beacon.Contacts, known beacon.Prior) beacon.Verdicts {
	v := beacon.Judge(c, known)
	return beacon.Verdicts{Runs: census.Rounded(v.Runs), Inside: census.Rounded(v.Inside)}
}

// unite makes the survey know what earlier runs and other shares counted, and takes in the
// runs that these show.
func (h *Hunt) unite(f *findings, s spans) {
	if h.baseline == nil {
		return
	}
	h.baseline.Age(h.limits(s))
	f.elsewhere = h.devicesElsewhere(f)
	noted, devices := h.baseline.Into(f.survey, s.now)
	h.otherShares(f, noted, devices)
	f.letGoCommon()
}

// elsewhere is how many devices have a command or a chain in a census and not here.
type elsewhere struct {
	commands map[rarity.Command]int
	paths    map[rarity.Path]int
}

func (h *Hunt) devicesElsewhere(f *findings) *elsewhere {
	e := &elsewhere{make(map[rarity.Command]int), make(map[rarity.Path]int)}
	ids := make([]census.ID, len(f.survey.Devices))
	for i := range ids {
		ids[i] = census.IDOf(f.survey.Devices[i].Name)
	}
	f.digests(func(command rarity.Command, key string) {
		e.commands[command] = others(h.baseline.CommandDevices(census.CommandOf(key)), f.where.commands[command], ids)
	}, func(path rarity.Path, chain uint64) {
		e.paths[path] = others(h.baseline.ChainDevices(chain), f.where.paths[path], ids)
	})
	return e
}

// others returns how many of some ids are of none of the devices.
func others(all []census.ID, devices []rarity.Device, ids []census.ID) (n int) {
	if len(all) == 0 {
		return 0
	}
	own := make(map[census.ID]bool, len(devices))
	for _, d := range devices {
		own[ids[d]] = true
	}
	for _, id := range all {
		if !own[id] {
			n++
		}
	}
	return n
}

func (f *findings) rootDevices(c rarity.Command) int {
	n := f.census.RootDevices(c)
	if f.elsewhere != nil {
		n += f.elsewhere.commands[c]
	}
	return n
}

func (f *findings) patternDevices(p rarity.Path) int {
	n := f.census.PatternDevices(p)
	if f.elsewhere != nil {
		n += f.elsewhere.paths[p]
	}
	return n
}

// sayCensus tells what was known before, and what was written.
func (h *Hunt) sayCensus(m *account.Messages, f *findings) {
	if b := h.baseline; b != nil && len(b.Empty) > 0 {
		m.Say(account.Warn, "a census is a header alone, and by it nothing was seen before (%s): write it anew with output=census, or leave it out", strings.Join(b.Empty, ", "))
	}
	if b := h.baseline; b != nil && h.options.Output != command.OutputCensus {
		first, last := b.Span()
		m.Say(account.Info, "schtaskhunt baseline: runs=%d devices=%d tasks=%d from=%s to=%s", len(b.Runs), b.Devices(), b.Tasks(), clock(first), clock(last))
	}
	if c := f.counted; c != nil {
		first, last := c.Span()
		m.Say(account.Info, "schtaskhunt census: runs=%d devices=%d tasks=%d from=%s to=%s", len(c.Runs), c.Devices(), c.Tasks(), clock(first), clock(last))
	}
	if f.unnoted > 0 {
		m.Say(account.Warn, "%s not told to the other shares, as what is to be said of them is too long: findings that they are of may come apart", account.Plural(f.unnoted, "run"))
	}
	if f.strange > 0 {
		m.Say(account.Warn, "%s in the baseline of other shares than those of %s, and left out: what is of several shares may come apart; count all shares anew",
			account.Plural(f.strange, "note"), h.options.Shard)
	}
	if s := h.options.Shard; s.Of > 1 {
		m.Say(account.Info, "share %d of %d: %s of other shares' devices left out", s.Index, s.Of, account.Events(h.leftOut))
	}
}

func clock(t event.Time) string {
	if t == event.NoTime {
		return "none"
	}
	return t.Std().Format("2006-01-02T15:04:05Z")
}
