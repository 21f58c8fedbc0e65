package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/cause"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// What starts a process runs before it, so that parents and causes together close no loop,
// unless clocks are wrong or events forged. Parents alone were cut when the trees were grown.

// step is one process on the way up, and which of its two ways was taken last.
type step struct {
	actor int32
	taken int // 0 none, 1 its parent, 2 the maker of its cause
}

const unseen, onPath, done = 0, 1, 2

// cutLoops takes the maker away from causes that close a loop: of each loop, from the cause
// of the process that comes first in the roster. It looks at each process once and does not
// recurse.
func (g *part) cutLoops() {
	state := make([]uint8, len(g.roster.Actors))
	var path []step
	for _, root := range g.forest.Roots {
		if state[root] != unseen {
			continue
		}
		state[root], path = onPath, append(path[:0], step{actor: root})
		for len(path) > 0 {
			top := &path[len(path)-1]
			if top.taken == 2 {
				state[top.actor], path = done, path[:len(path)-1]
				continue
			}
			top.taken++
			at := g.above(top)
			switch {
			case at == identity.None || state[at] == done:
			case state[at] == onPath:
				g.cutLoop(path, at)
			default:
				state[at], path = onPath, append(path, step{actor: at})
			}
		}
	}
}

// above is where the way that was taken leads.
func (g *part) above(s *step) int32 {
	if s.taken == 1 {
		return g.forest.Parent[s.actor]
	}
	if c, some := g.causes.of[s.actor]; some {
		return c.Maker
	}
	if maker, some := g.causes.registered[s.actor]; some {
		return maker
	}
	return identity.None
}

// cutLoop cuts the loop that the end of a path closes with an actor on it. What is left of the
// cause, the events without a maker, stays known.
func (g *part) cutLoop(path []step, back int32) {
	first := identity.None
	for i := len(path) - 1; i >= 0; i-- {
		if s := &path[i]; s.taken == 2 && g.above(s) != identity.None && (first == identity.None || s.actor < first) {
			first = s.actor
		}
		if path[i].actor == back {
			break
		}
	}
	if first == identity.None {
		return
	}
	g.causes.cycles++
	if c, some := g.causes.of[first]; some {
		c.Maker, c.Certainty = identity.None, cause.Possible
		g.causes.of[first] = c
		return
	}
	delete(g.causes.registered, first)
	g.causes.cut[first] = true
}
