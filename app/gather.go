package app

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// gathering decides which trees are kept and gathers what their rows say.
type gathering struct {
	*Hunt
	roster  *event.Roster
	forest  *tree.Forest
	ties    *netjoin.Ties
	counts  *rarity.Counts
	dropped dropped

	owned      [][]int32 // by actor: its connections
	shortPaths int       // nodes too deep to show every name above them
}

// keep returns the roots of the trees to show, and counts the others.
func (g *gathering) keep() (kept []int32) {
	g.own()
	unseen := g.unseen()
	for _, root := range g.forest.Roots {
		if unseen[root] {
			g.dropped.rebuilt++
			continue
		}
		g.ledger.Trees++
		switch {
		case !g.counts.Recent[root]:
			g.dropped.notRecent++
			if g.counts.Later[root] {
				g.dropped.later++
			}
		case g.options.MaxDevices > 0 && int(g.counts.RootDevices[root]) > g.options.MaxDevices:
			g.dropped.common++
		case g.allowed(&g.roster.Actors[root].Self):
			g.dropped.allowed++
		default:
			kept = append(kept, root)
		}
	}
	g.ledger.Kept = len(kept)
	return kept
}

// unseen reports for every root whether rebuilt= leaves its tree out, and counts the
// processes of those trees.
func (g *gathering) unseen() []bool {
	connected := g.connected()
	unseen := make([]bool, len(g.roster.Actors))
	for _, i := range g.forest.Order {
		root := g.forest.Root[i]
		if g.roster.Actors[root].Rebuilt && !g.showRebuilt(connected[root]) {
			unseen[root] = true
			g.dropped.rebuiltIn++
		}
	}
	return unseen
}

// showRebuilt decides on a tree whose root has no event of its own. Its place is
// told by others' fields only, so by default it is shown when it called out.
func (g *gathering) showRebuilt(connected bool) bool {
	switch g.options.Rebuilt {
	case command.RebuiltAll:
		return true
	case command.RebuiltNone:
		return false
	}
	return connected
}

// own lists the connections of every actor in a tree.
func (g *gathering) own() {
	g.owned = make([][]int32, len(g.roster.Actors))
	for i, owner := range g.ties.Owner {
		if owner != event.None && g.forest.Depth[owner] > 0 {
			g.owned[owner] = append(g.owned[owner], int32(i))
		}
	}
}

// connected reports for every root whether any process of its tree has a connection.
func (g *gathering) connected() []bool {
	roots := make([]bool, len(g.roster.Actors))
	for _, i := range g.forest.Order {
		if len(g.owned[i]) > 0 {
			roots[g.forest.Root[i]] = true
		}
	}
	return roots
}

// allowed reports whether the root's command line or path is on an allow-list. Only
// the root counts: a tree is a task, and an allowed name further down hides nothing.
func (g *gathering) allowed(root *event.Ref) bool {
	symbols := g.roster.Symbols()
	if entry, match := g.options.AllowCommand.Match(symbols.String(root.Command)); match {
		g.hits.command[entry]++
		return true
	}
	entry, match := g.options.AllowPath.Match(symbols.String(root.Path))
	if match {
		g.hits.path[entry]++
	}
	return match
}

// filter says which connections are shown.
func (g *gathering) filter() netjoin.Filter {
	f := netjoin.Filter{Shown: func(c netjoin.Class) bool {
		switch g.options.Internal {
		case command.InternalInclude:
			return true
		case command.InternalOnly:
			return c.Internal()
		}
		return !c.Internal()
	}}
	if g.options.AllowDest.Len() > 0 {
		f.Allowed = g.allowedDestination
	}
	return f
}

// allowedDestination reports whether a destination is on the allow-list: by its
// name, or by its addresses, all of which must be on it. The entry that decided gets
// the hit; of several addresses, that of the first.
func (g *gathering) allowedDestination(host string, addresses []netip.Addr) bool {
	if entry, match := g.options.AllowDest.MatchHost(host); host != "" && match {
		g.hits.dest[entry]++
		return true
	}
	first := 0
	for i, a := range addresses {
		entry, match := g.options.AllowDest.MatchAddr(a)
		if !match {
			return false
		}
		if i == 0 {
			first = entry
		}
	}
	if len(addresses) == 0 {
		return false
	}
	g.hits.dest[first]++
	return true
}

// trees gathers the kept trees, rarest first; of equally rare ones those that called
// out come first, and then the latest.
func (g *gathering) trees(roots []int32) []row.Tree {
	filter := g.filter()
	trees := make([]row.Tree, len(roots))
	called := make(map[string]bool)
	for i, root := range roots {
		trees[i] = g.tree(root, filter)
		called[trees[i].ID] = slices.ContainsFunc(trees[i].Nodes, func(n row.Node) bool { return len(n.Connections) > 0 })
	}
	slices.SortFunc(trees, func(a, b row.Tree) int {
		if c := cmp.Compare(a.Devices, b.Devices); c != 0 {
			return c
		}
		if x, y := called[a.ID], called[b.ID]; x != y {
			if x {
				return -1
			}
			return 1
		}
		// Spellings of a device differ from event to event, so letter case has no say.
		return cmp.Or(cmp.Compare(b.Nodes[0].Started, a.Nodes[0].Started),
			cmp.Compare(strings.ToLower(a.Device), strings.ToLower(b.Device)), cmp.Compare(a.ID, b.ID))
	})
	return trees
}
