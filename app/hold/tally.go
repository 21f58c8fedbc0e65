package hold

import (
	"maps"
	"math/bits"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// tally counts the events of each day of their record times, and notes in which partitions
// they are: as good as their devices, of which a partition has few.
type tally struct {
	days    map[int32]*dayOf
	quarter int64
	of      *dayOf      // of the quarter, nil at first
	in      *partitions // of the quarter
}

type dayOf struct {
	events   int
	newest   event.Time
	quarters [quarters]partitions
}

// quarters are parts of a day: a clock that is off by less than one of them hides nothing.
const (
	quarters = 4
	quarter  = event.Day / quarters
)

// partitions are those of the whole day.
func (d *dayOf) partitions() (all partitions) {
	for i := range d.quarters {
		all.add(&d.quarters[i])
	}
	return all
}

// partitions is a set of partitions.
type partitions [Count / 64]uint64

func (p *partitions) add(other *partitions) {
	for i := range p {
		p[i] |= other[i]
	}
}

func (p *partitions) size() (n int) {
	for _, word := range p {
		n += bits.OnesCount64(word)
	}
	return n
}

func (p *partitions) meets(other *partitions) bool {
	for i := range p {
		if p[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (t *tally) add(at event.Time, partition uint16) {
	if at == event.NoTime {
		return
	}
	if q := int64(at / quarter); q != t.quarter || t.of == nil {
		t.quarter, t.of = q, t.at(int32(q/quarters))
		t.in = &t.of.quarters[max(0, q%quarters)]
	}
	t.of.events++
	t.of.newest = max(t.of.newest, at)
	t.in[partition/64%(Count/64)] |= 1 << (partition % 64)
}

// mostDays is how many days are counted one by one. A stream may make up times without
// end; what comes beyond is counted by spans of coarse days.
const (
	mostDays = 1 << 14
	coarse   = 1 << 10
)

func (t *tally) at(day int32) *dayOf {
	if t.days == nil {
		t.days = make(map[int32]*dayOf)
	}
	if t.days[day] == nil && len(t.days) >= mostDays {
		day -= day % coarse
	}
	if t.days[day] == nil {
		t.days[day] = new(dayOf)
	}
	return t.days[day]
}

// merge adds the days of another tally; exchanged says that in these day and month are to
// be exchanged.
func (t *tally) merge(other *tally, exchanged bool) {
	for day, from := range other.days {
		newest := from.newest
		if exchanged {
			newest = event.Exchanged(newest)
			day = int32(newest / event.Day)
		}
		to := t.at(day)
		to.events += from.events
		to.newest = max(to.newest, newest)
		for i := range to.quarters {
			to.quarters[i].add(&from.quarters[i])
		}
	}
}

// Clock is what the record times of all events say.
type Clock struct {
	// Newest is the time of the newest event, event.NoTime when none has one.
	Newest event.Time
	// Now is Newest, unless some devices' clocks run ahead of all others': then it is the
	// time of the newest event of the others.
	Now event.Time
	// Behind is the time of the newest event of devices whose clocks run behind all others',
	// event.NoTime when there are none such.
	Behind event.Time
	// Rest is when the events of all but a few devices end, six hours later at most, if these
	// few have some of a day later and more, up to Now; event.NoTime otherwise. The few may
	// have a clock that runs ahead, or be the only ones that were on.
	Rest event.Time
}

// A clock runs ahead when a few devices are alone in the newest days: behind a gap of
// days without any event, and with more devices before it. Over a long gap any majority
// counts; over a short one, such as a weekend, the others must be three times as many, and
// none of the few may be among them. A clock runs behind when a few devices are alone in
// the oldest days, before a long gap; that none of them comes later is for whoever looks at
// one device, as several share a partition.
const majority = 3

// LongGap is how many days without any event tell that a clock is wrong, or that nobody looked.
const LongGap = 30

// Clock returns what the record times say. The writers must be done.
func (s *Set) Clock() Clock {
	var all tally
	for _, w := range s.writers {
		all.merge(&w.sure, false)
		all.merge(&w.unsure, s.exchange)
	}
	if len(all.days) == 0 {
		for _, w := range s.writers {
			all.merge(&w.audit, false)
		}
	}
	return all.clock().with(s.mapped())
}

// mapped is what the events say that mappers read.
func (s *Set) mapped() Clock {
	var all tally
	for _, w := range s.writers {
		all.merge(&w.mapped, false)
		all.merge(&w.strange, s.exchange)
	}
	return all.clock()
}

// mostAhead is how far what mappers tell may be newer than all that other readers gave, and
// still be what the hunt looks back from.
const mostAhead = event.Day

// with returns the clock of events together with that of what mappers tell: these cannot have
// what others tell grow old.
func (c Clock) with(mapped Clock) Clock {
	switch {
	case c.Newest == event.NoTime:
		return mapped
	case mapped.Now <= c.Now+mostAhead:
		c.Now = max(c.Now, mapped.Now)
	}
	c.Newest = max(c.Newest, mapped.Newest)
	return c
}

// clock returns what the times of a tally say.
func (t *tally) clock() Clock {
	days := slices.Sorted(maps.Keys(t.days))
	if len(days) == 0 {
		return Clock{}
	}
	newest := t.days[days[len(days)-1]].newest
	clock := Clock{Newest: newest, Now: newest}
	before := make([]span, len(days)+1) // by day: all that came before
	for i, day := range days {
		before[i+1] = sum(before[i], t.days[day])
	}
	var ahead span
	upTo := len(days) // of which none runs ahead of all others
	for i := len(days) - 1; i > 0; i-- {
		ahead = sum(ahead, t.days[days[i]])
		if gap := days[i] - days[i-1] - 1; gap > 0 && runsAhead(&ahead, &before[i], int(gap)) {
			clock.Now, upTo = before[i].newest, i
		}
		if gap := days[i] - days[i-1] - 1; clock.Behind == event.NoTime && runsBehind(&before[i], &ahead, int(gap)) {
			clock.Behind = before[i].newest
		}
	}
	clock.Rest = t.rest(days[:upTo], before[upTo].partitions.size())
	return clock
}

// span is what several days have.
type span struct {
	events     int
	newest     event.Time
	partitions partitions
}

func sum(a span, b *dayOf) span {
	a.events += b.events
	a.newest = max(a.newest, b.newest)
	all := b.partitions()
	a.partitions.add(&all)
	return a
}

// runsAhead judges what lies that many days ahead of all others.
func runsAhead(ahead, others *span, gap int) bool {
	few, many := ahead.partitions.size(), others.partitions.size()
	apart := !ahead.partitions.meets(&others.partitions)
	switch {
	case gap < LongGap:
		return apart && many >= majority*few
	case !apart:
		return many >= majority*few
	}
	return many > few || many == few && others.events > ahead.events
}

// runsBehind judges what lies that many days before all others.
func runsBehind(behind, others *span, gap int) bool {
	return gap >= LongGap && others.partitions.size() > behind.partitions.size()
}
