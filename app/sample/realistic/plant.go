package realistic

import (
	"fmt"
	"slices"
)

// plant is one planted channel.
type plant struct {
	id     string // channel-01-deep
	kind   string
	period Time // between two runs, or between contacts of one that stays; 0: none
	jitter float64
	where  *place
	note   string
}

// story is a kind of channel: how it is made, on how many devices, which these must be.
type story struct {
	kind    string
	under   string // preset of root= that it is a root of; the Task Scheduler where empty
	devices int
	fits    func(*machine) bool // beside a complete sensor; nil: any
	needs   trait               // that fits looks for
	make    func(*world, dice, *plant) kind
	alter   func(*world, dice, *plant) (of string, change func(*edition)) // instead of make: a common kind is altered
}

// addPlants adds one channel of each story.
func (w *world) addPlants() {
	for i, st := range w.stories() {
		d := diceFor(w.cfg.Seed, "plant", st.kind)
		p := &plant{id: fmt.Sprintf("channel-%02d-%s", i+1, st.kind), kind: st.kind}
		w.plants = append(w.plants, p)
		if st.alter != nil {
			w.alter(st, d, p)
			continue
		}
		k := st.make(w, d, p)
		k.id, k.group, k.under, k.where = p.id, "planted", st.under, rootTail[st.under].where
		k.from = w.begins(d)
		if k.from > 0 && st.devices > 1 {
			k.spread = min(w.to-k.from, Time(w.cfg.Fresh*float64(day))) / 2
		}
		k.editions[0].plant = p
		k.devices = w.suitedTo(st, d, &k)
		w.add(k)
	}
}

// stories are the channels that the fleet has. Those that it need not have come last, so
// that they take nothing from the others.
func (w *world) stories() []story {
	switch {
	case w.cfg.Roots:
		return rootStories
	case w.cfg.Hijacks:
		return slices.Concat(stories, hijacks)
	}
	return stories
}

// begins is when a channel begins: long ago, or within the last days.
func (w *world) begins(d dice) Time {
	if w.cfg.Fresh == 0 {
		return 0
	}
	span := Time(w.cfg.Fresh * float64(day))
	return w.to - span + d.between(span/50, span*6/10)
}

// suited picks n devices whose sensors are complete and that fit.
func (w *world) suited(d dice, n int, fits func(*machine) bool) []int {
	var list []int
	for _, i := range d.Perm(w.cfg.Devices) {
		if len(list) == n {
			break
		}
		if m := newMachine(w, i); m.usable() && fits(m) {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return list
}

// suitedTo picks the devices of a story. In a small fleet that has none with the trait
// it needs, one gets it.
func (w *world) suitedTo(st story, d dice, k *kind) []int {
	fits := func(m *machine) bool {
		return (st.fits == nil && m.plain() || st.fits != nil && st.fits(m)) && (k.where == "" || k.where == m.class.base()) && m.runsSoon(k, k.from)
	}
	list := w.suited(d, st.devices, fits)
	if len(list) == 0 && st.needs != "" {
		for _, i := range w.suited(d, 1, func(m *machine) bool { return m.plain() && m.runsSoon(k, k.from) }) {
			w.forced[i] = st.needs
			list = []int{i}
		}
	}
	return list
}

// plain devices neither go through a proxy nor hide what a parent was called with.
func (m *machine) plain() bool { return m.proxy == nil && !m.sensor.hidesParents }

// usable reports whether what happens on the device can be found: it is there from the
// beginning, its sensor logs what it should, and it is awake when a channel may begin.
func (m *machine) usable() bool {
	s := m.sensor
	s.hidesParents = false
	late := m.w.to - Time(max(m.w.cfg.Fresh, 1)*float64(day))*4/10
	return m.born < m.w.from && s.complete() && m.wake(late) > 0 && m.wake(late) < m.w.to-2*hour
}

// alter makes a common kind on one device do what it did not.
func (w *world) alter(st story, d dice, p *plant) {
	of, change := st.alter(w, d, p)
	i := slices.IndexFunc(w.kinds, func(k *kind) bool { return k.id == of })
	k, begin := w.kinds[i], w.begins(d)
	on := w.suited(d, st.devices, func(m *machine) bool {
		return m.plain() && k.has(m) && m.class != server && (st.fits == nil || st.fits(m)) && m.runsSoon(k, begin)
	})
	k.alter(begin, on, func(e *edition) {
		e.plant, e.retasked = p, false
		change(e)
	})
	p.note = of
}

// runsSoon reports whether the device runs the task some time after it is altered.
func (m *machine) runsSoon(k *kind, from Time) bool {
	from = max(from, m.w.from)
	for _, at := range m.starts(k) {
		if at > from && at < from+(m.w.to-from)*9/10 {
			return true
		}
	}
	return false
}

// alter adds to each edition of the kind one that is changed, on some devices only
// and from some time on.
func (k *kind) alter(from Time, on []int, change func(*edition)) {
	for _, e := range slices.Clone(k.editions) {
		e.root, e.on, e.after = e.root.deep(), on, from
		change(&e)
		k.editions = append(k.editions, e)
	}
}

// planted is what the makers of channels set beside the task: where it calls, how often.
func (p *plant) calls(where *place, period Time, jitter float64) call {
	p.where, p.period, p.jitter = where, period, jitter
	return call{to: where}
}
