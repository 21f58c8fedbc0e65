package task

import (
	"sort"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Edge is how a tree's task is known; its text is the column task_edge.
type Edge uint8

// The ways to know it.
const (
	NoEdge    Edge = iota
	ByPID          // the scheduler's log names the process
	ByAction       // the only task that runs this command
	Ambiguous      // several tasks fit: none is taken
)

// String returns the edge's spelling in rows.
func (e Edge) String() string {
	return [...]string{"", "task_pid", "task_action", "ambiguous"}[e]
}

// Name is the task that a process is a run of.
type Name struct {
	Edge  Edge
	Task  event.Sym // as the log spells it, NoSym without a name
	event int32     // of the store, that names the process; -1 without one
}

// mostAround is how many processes with one process id are looked at around an event. No
// system gives one out so often within seconds.
const mostAround = 64

// named matches the claims with the processes that the scheduler started. A process gets
// the name of the claim that is nearest to it in time, when no other process is nearer to
// that claim. What two tasks, or two processes, have an equal claim on stays without a name.
func (l *Log) named(roster *identity.Roster, actors []int32) map[int32]Name {
	names := make(map[int32]Name)
	if !l.clock.clear {
		return names
	}
	for pid, starts := range startsOf(roster, actors, l.device()) {
		claims := l.claimsOf(pid)
		if len(claims) == 0 {
			continue
		}
		m := matching{Log: l, starts: starts, best: make(map[int32]match)}
		for i := range claims {
			m.give(&claims[i])
		}
		for actor, b := range m.best {
			names[actor] = l.nameOf(b)
		}
	}
	return names
}

// lastBefore returns the latest starts up to a time: only they can end then, for an id is
// not given out while its process is there.
func lastBefore(starts []start, at event.Time) []start {
	to := sort.Search(len(starts), func(i int) bool { return starts[i].recorded > at+reach })
	return starts[max(0, to-mostAround):to]
}

// match is the best claim on a process so far.
type match struct {
	claim     *claim
	away      event.Time
	ambiguous bool
}

// matching is the claims on the processes of one process id.
type matching struct {
	*Log
	starts []start
	best   map[int32]match // by actor
}

// give gives a claim to the process that is nearest to it.
func (m *matching) give(c *claim) {
	at := c.at + m.clock.shift
	possible := around(m.starts, at)
	if c.end {
		possible = lastBefore(m.starts, at)
	} else if len(possible) > mostAround {
		m.Report.Crowded++
		return
	}
	nearest, away, tied := -1, event.Time(0), []int32(nil)
	for i := range possible {
		d, fits := m.distance(c, at, &possible[i])
		switch {
		case !fits || nearest >= 0 && d > away:
		case nearest >= 0 && d == away:
			tied = append(tied, possible[i].actor)
		default:
			nearest, away, tied = i, d, tied[:0]
		}
	}
	if nearest < 0 {
		return
	}
	doubtful := len(tied) > 0 || m.elsewhere(c)
	for _, actor := range append(tied, possible[nearest].actor) {
		m.offer(actor, match{c, away, doubtful})
	}
}

// elsewhere reports whether the claim would have a process too if the clocks were apart as
// others of its log say.
func (m *matching) elsewhere(c *claim) bool {
	if c.end {
		return len(m.clock.others) > 0
	}
	for _, shift := range m.clock.others {
		at := c.at + shift
		for _, s := range around(m.starts, at) {
			if _, fits := m.distance(c, at, &s); fits {
				return true
			}
		}
	}
	return false
}

// offer lets a process take a claim if it is nearer than the one that it has. Of two that
// are as near, of different tasks, it can take neither.
func (m *matching) offer(actor int32, o match) {
	has, some := m.best[actor]
	switch {
	case !some || o.away < has.away:
		m.best[actor] = o
	case o.away == has.away && (o.ambiguous || o.claim.name != has.claim.name):
		has.ambiguous = true
		m.best[actor] = has
	}
}

func (l *Log) nameOf(b match) Name {
	if b.ambiguous {
		return Name{Edge: Ambiguous, event: -1}
	}
	return Name{Edge: ByPID, Task: l.events[b.claim.event].Name, event: b.claim.event}
}
