package task

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// clock is by how much the scheduler's log and the records of processes are apart on a
// device. One collector may write local times and another UTC; a forwarded log may come
// days late and be stamped then. With process ids that come again, a match at the wrong
// distance is a wrong name: so the distance has to be clear.
type clock struct {
	shift  event.Time   // to add to a time of the log, 0 where it is not clear
	others []event.Time // further distances at which many events of the log meet a process
	clear  bool
}

// mostVotes is how many events of the log are asked, and mostPairs how many processes each
// is compared with: enough to tell, whatever the log's size.
const (
	mostVotes = 256
	mostPairs = 1 << 12
)

// fewVotes is how many events have to agree on a distance that is not 0.
const fewVotes = 3

// Align implements tree.Log.
func (l *Log) Align(roster *identity.Roster, possible []int32) {
	votes := l.votes(startsOf(roster, possible, l.device()))
	l.clock = judge(votes)
	if l.clock.clear && votes[l.clock.shift] > 0 {
		l.Report.Untold = 0
	}
	switch {
	case !l.clock.clear:
		l.Report.Unclear++
	case l.clock.shift != 0:
		l.Report.Shifted++
	}
}

// votes counts for every distance, in steps between zones, how many events of the log have
// a process there.
func (l *Log) votes(starts map[uint32][]start) map[event.Time]int {
	votes := make(map[event.Time]int)
	asked := l.asked(starts)
	few := min(len(asked), mostVotes)
	for n := range few {
		c := asked[n*len(asked)/few]
		for d := range l.distances(c, starts[l.events[c.event].PID]) {
			votes[d]++
		}
	}
	return votes
}

// asked returns the claims about starts of process ids that some process has, by time.
func (l *Log) asked(starts map[uint32][]start) (asked []*claim) {
	for pid := range l.ofPID {
		if len(starts[pid]) == 0 {
			continue
		}
		claims := l.claimsOf(pid)
		for i := range claims {
			if !claims[i].end {
				asked = append(asked, &claims[i])
			}
		}
	}
	slices.SortFunc(asked, func(a, b *claim) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.event, b.event)) })
	return asked
}

// distances returns at which distances a claim has a process.
func (l *Log) distances(c *claim, starts []start) map[event.Time]bool {
	found := make(map[event.Time]bool)
	step := max(1, len(starts)/mostPairs)
	for i := 0; i < len(starts); i += step {
		s := &starts[i]
		shift := nearestStep(s.recorded - c.at)
		if _, fits := l.distance(c, c.at+shift, s); fits {
			found[shift] = true
		}
	}
	return found
}

// judge finds the distance that most events agree on. None but 0 is taken from few, and
// none when another is nearly as good.
func judge(votes map[event.Time]int) clock {
	best, second := event.Time(0), 0
	for d, n := range votes {
		if n > votes[best] || n == votes[best] && d != best && best != 0 && d == 0 {
			best = d
		}
	}
	for d, n := range votes {
		if d != best {
			second = max(second, n)
		}
	}
	c := clock{shift: best, clear: votes[best] > second || votes[best] == 0}
	if best != 0 {
		c.clear = votes[best] >= fewVotes && votes[best] >= 2*second
	}
	for d, n := range votes {
		if d != best && n >= max(fewVotes, votes[best]/8) {
			c.others = append(c.others, d)
		}
	}
	if !c.clear { // which of several came first means nothing
		c.shift = 0
	}
	slices.Sort(c.others)
	return c
}
