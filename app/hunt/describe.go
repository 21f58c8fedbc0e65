package hunt

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// unnamed stands in a path for a process whose name no event tells.
const unnamed = "(unknown)"

// longestPath is how many names a path holds whole. Below, the names in between are
// left out, or a chain of 10^5 processes would need 10^5 long paths.
const longestPath = 256

// tree gathers one tree and the number of every node's path, walking down from its root without recursion.
func (g *part) tree(root int32, filter netjoin.Filter) (row.Tree, []rarity.Path) {
	actor := &g.roster.Actors[root]
	t := row.Tree{
		ID:      g.treeID(root),
		Device:  g.text(g.roster.DeviceName(actor.Device)),
		Process: g.text(actor.Self.Command),
		Root:    row.Root{Kind: g.forest.KindOf(root), Label: g.forest.Label[root].String()},
	}
	type pending struct {
		actor      int32
		path, over string // the path above, and the parent's node id
	}
	var paths []rarity.Path
	stack := []pending{{actor: root}}
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		n := g.node(p.actor, p.path, p.over, filter)
		below := n.Path
		if n.Depth > longestPath {
			below = p.path // which has the names that are kept
		}
		for _, child := range slices.Backward(g.orderedChildren(p.actor)) {
			stack = append(stack, pending{child, below, n.ID})
		}
		g.addInjections(&t, len(t.Nodes), p.actor)
		t.Nodes, paths = append(t.Nodes, n), append(paths, g.counts.Path[p.actor])
	}
	return t, paths
}

// treeID returns the id of the tree that grows from an actor.
func (g *part) treeID(root int32) string {
	return stableID("tree", g.roster.Actors[root].Key(g.roster.Symbols()))
}

// orderedChildren returns the children in the same tree by start, those of one instant by
// what identifies them. A child that begins a tree of its own is none of them.
func (g *part) orderedChildren(actor int32) (children []int32) {
	for _, c := range g.forest.Children(actor) {
		if g.forest.Depth[c] > 0 && g.forest.Root[c] == g.forest.Root[actor] {
			children = append(children, c)
		}
	}
	symbols := g.roster.Symbols()
	slices.SortFunc(children, func(a, b int32) int {
		x, y := &g.roster.Actors[a], &g.roster.Actors[b]
		if c := cmp.Compare(started(x), started(y)); c != 0 {
			return c
		}
		return cmp.Compare(x.Key(symbols), y.Key(symbols))
	})
	return children
}

// started is when a process began, by the sensor's clock if it tells.
func started(a *identity.Actor) event.Time { return cmp.Or(a.Self.Created, a.Time) }

func (g *part) node(at int32, above, parentID string, filter netjoin.Filter) row.Node {
	actor := &g.roster.Actors[at]
	parent := g.parentOf(at)
	n := row.Node{
		ID: stableID("node", actor.Key(g.roster.Symbols())), ParentID: parentID,
		Depth: int(g.forest.Depth[at]), Process: g.words(&actor.Self), Parent: g.words(&parent),
		User: g.text(actor.User), Hash: g.text(actor.Hash), Edge: g.forest.Edge[at].String(),
		Started: started(actor), Recorded: actor.Time, Created: actor.Self.Created,
		Count: int(g.counts.PatternCount[at]),
	}
	n.Path = cmp.Or(n.Process.Name, unnamed)
	switch {
	case n.Depth > longestPath+1:
		n.Path = above + " > … > " + n.Path
	case above != "":
		n.Path = above + " > " + n.Path
	}
	merged, hidden := netjoin.Merge(g.store, g.ties, g.owned[at], filter)
	n.Hidden = hidden
	for i := range merged {
		n.Connections = append(n.Connections, g.connection(&merged[i]))
	}
	return n
}

// parentOf is what is told of a process's parent.
func (g *part) parentOf(at int32) event.Ref {
	actor := &g.roster.Actors[at]
	parent := actor.Parent
	if p := g.forest.Parent[at]; p != identity.None {
		parent = g.roster.Actors[p].Self
		parent.Complete(&actor.Parent)
	}
	return parent
}

func (g *part) connection(m *netjoin.Merged) row.Connection {
	c := row.Connection{
		Edge: m.Edge.String(), Port: m.Port, Host: g.text(m.Host), URL: g.text(m.URL), Class: string(m.Class),
		Transport: g.text(m.Transport), Direction: m.Direction.String(), Action: g.text(m.Action), Answers: m.Answers,
		Count: m.Count, First: m.First, Last: m.Last, Stamp: m.Stamp, ClockGap: m.ClockGap,
	}
	if m.Lookup {
		c.Action = "dns"
	}
	if !m.Remote.IsZero() {
		c.IP = m.Remote.Addr().String()
	}
	return c
}

func (g *part) words(ref *event.Ref) row.Process {
	return row.Process{
		Name: g.text(ref.Name), Command: g.text(ref.Command), Path: g.text(ref.Path),
		GUID: ref.IDText(g.roster.Symbols()), PID: ref.PID,
	}
}

// A text of another code page than UTF-8 is counted: what it says is a guess.
func (g *part) text(y event.Sym) string {
	symbols := g.roster.Symbols()
	if symbols.IsForeign(y) {
		g.foreign++
	}
	return symbols.String(y)
}

// stableID returns 16 hex digits that depend on what the thing is, not on when or in
// what company its events came.
func stableID(kind, key string) string {
	sum := sha256.Sum256([]byte(kind + "|" + key))
	return hex.EncodeToString(sum[:8])
}
