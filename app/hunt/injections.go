package hunt

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/cause"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// mostInjections is how many injections are shown of one tree, the first that were seen.
const mostInjections = 16

// injections are those into processes of trees, and into what started their roots, by the process.
type injections map[int32][]*cause.Injection

// findInjections finds what reached into processes of trees, where more than tasks are hunted. One that would close a
// loop with parents, causes and other injections is left out, and counted.
func (g *part) findInjections() {
	if len(g.store.Injections) == 0 {
		return
	}
	starts := g.starters()
	g.injected = make(injections)
	all := cause.Injections(g.store, g.roster, func(actor int32) int32 { return g.forest.Parent[actor] })
	for i := range all {
		one := &all[i]
		if g.forest.Depth[one.Into] == 0 && !starts[one.Into] {
			continue
		}
		if one.By != identity.None && g.isAbove(one.Into, one.By) {
			g.causes.cycles++
			continue
		}
		g.injected[one.Into] = append(g.injected[one.Into], one)
	}
}

// starters are the parents of roots.
func (g *part) starters() map[int32]bool {
	starts := make(map[int32]bool)
	for _, root := range g.forest.Roots {
		if parent := g.forest.Parent[root]; parent != identity.None {
			starts[parent] = true
		}
	}
	return starts
}

// isAbove reports whether a process is among what made another start or reached into it, over any number of steps.
func (g *part) isAbove(above, actor int32) bool {
	seen := map[int32]bool{actor: true}
	for queue := []int32{actor}; len(queue) > 0; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if at == above {
			return true
		}
		next := []int32{g.above(&step{at, 1}), g.above(&step{at, 2})}
		for _, one := range g.injected[at] {
			next = append(next, one.By)
		}
		for _, n := range next {
			if n != identity.None && !seen[n] {
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
	return false
}

// addInjections adds to a tree the injections into the process that is its node at a place.
func (g *part) addInjections(t *row.Tree, node int, actor int32) {
	for _, one := range g.injected[actor] {
		g.addInjection(t, node, one, "")
	}
	if node > 0 {
		return
	}
	root := &g.roster.Actors[actor]
	parent := g.forest.Parent[actor]
	if parent == identity.None {
		return
	}
	for _, one := range g.injected[parent] {
		if one.At != event.NoTime && root.Time != event.NoTime && one.At <= root.Time {
			g.addInjection(t, node, one, " in what started it: "+g.text(g.roster.Actors[parent].Self.Name))
		}
	}
}

// addInjection adds one, as long as there is room. where says into what, if not into the node itself.
func (g *part) addInjection(t *row.Tree, node int, one *cause.Injection, where string) {
	g.causes.injected++
	if len(t.Injected) == mostInjections {
		g.causes.unshown++
		return
	}
	c := row.Cause{What: row.CauseInjection, Name: g.injectionName(one) + where, At: one.At, By: g.text(one.User), Certainty: one.Certainty().String(), Maker: g.words(&one.Source)}
	g.maker(&c, one.By)
	for _, told := range one.Told {
		c.Events = append(c.Events, toldText(told))
	}
	if more := one.Events - len(one.Told); more > 0 {
		c.Events = append(c.Events, fmt.Sprintf("and %d more", more))
	}
	t.Injected = append(t.Injected, row.Injected{Node: node, Cause: c})
}

// injectionName says what was done.
func (g *part) injectionName(one *cause.Injection) string {
	switch {
	case !one.Thread:
		return fmt.Sprintf("opened with rights 0x%x", one.Rights)
	case one.Where != event.NoSym:
		return "remote thread at " + g.text(one.Where)
	}
	return "remote thread"
}
