package hunt

import (
	"net/netip"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// part is the events of one device, and what is known of them.
type part struct {
	*Hunt
	store    *event.Store
	logs     *logs
	briefs   *briefs
	logged   logged
	roster   *identity.Roster
	visitor  *rarity.Visitor
	texts    *texts
	forest   *tree.Forest
	tasks    *task.Tasks // nil where other trees are asked for
	causes   causes
	injected injections
	calls    netjoin.Calls // to the doors
	logons   netjoin.Logons
	named    task.Report
	ties     *netjoin.Ties
	counts   *rarity.Counts
	ledger   account.Ledger
	dropped  dropped
	ahead    string // the device's name, if some event lies after now and its clock runs ahead
	alone    string // the same, if it goes on when all others have ended
	behind   string // the device's name, if its clock runs behind all others
	unproven audit
	apart    []identity.Apart // what mappers tell, where others tell of the device too
	foreign  int              // texts to show that are not UTF-8

	owned  [][]int32 // by actor: its connections
	hidden []*int    // counters of the allow-list entries that hid connections of the tree at hand
}

// texts are what texts say that were read for devices before. They are for one worker.
type texts struct {
	definitions task.Definitions
	habits      habits
	claimed     claimed
}

// candidates gathers the trees to show unless they turn out to be common, and counts the
// others. isCommon says which are already.
func (g *part) candidates(isCommon func(root int32) bool) (candidates []candidate) {
	unseen, filter := g.unseen(), g.filter()
	for _, root := range g.forest.Roots {
		if unseen[root] {
			g.dropped.Rebuilt++
			continue
		}
		g.ledger.Trees++
		if reason := g.leftOut(root, isCommon); reason != (dropped{}) {
			g.dropped.add(reason)
			continue
		}
		candidates = append(candidates, g.candidate(root, filter))
	}
	if g.options.Rarity != command.RarityTemplate {
		return candidates // no findings to show two halves in
	}
	return g.withCreators(candidates, func(root int32) (candidate, bool) {
		if unseen[root] {
			return candidate{}, false
		}
		c := g.candidate(root, filter)
		c.beside, c.leftOut = true, g.leftOut(root, isCommon)
		return c, c.allowed == nil
	})
}

// leftOut says as what a tree is left out; as nothing if it is to be kept.
func (g *part) leftOut(root int32, isCommon func(root int32) bool) dropped {
	switch {
	case g.counts.Recent[root]:
		if isCommon(root) {
			return dropped{Common: 1}
		}
		return dropped{}
	case g.counts.Later[root]:
		return dropped{NotRecent: 1, Later: 1}
	case g.behind != "":
		return dropped{NotRecent: 1, Behind: 1}
	}
	return dropped{NotRecent: 1}
}

func (g *part) candidate(root int32, filter netjoin.Filter) (c candidate) {
	c.root, c.creator = root, identity.None
	c.command = g.counts.Command[root]
	if c.allowed = g.allowed(&g.roster.Actors[root].Self); c.allowed == nil {
		g.hidden = nil
		c.tree, c.paths = g.tree(root, filter)
		c.tree.Task, c.creator = g.task(root)
		c.tree.Cause = g.cause(root)
		c.tree.Coverage = g.coverage(root)
		c.origin = g.origin(root)
		c.hidden = g.hidden
	}
	return c
}

// unseen reports for every root whether rebuilt= leaves its tree out, and counts the
// processes of those trees.
func (g *part) unseen() []bool {
	connected := g.connected()
	unseen := make([]bool, len(g.roster.Actors))
	for _, i := range g.forest.Order {
		root := g.forest.Root[i]
		if g.roster.Actors[root].Rebuilt && !g.showRebuilt(connected[root]) {
			unseen[root] = true
			g.dropped.RebuiltIn++
		}
	}
	return unseen
}

// showRebuilt decides on a tree whose root has no event of its own. Its place is
// told by others' fields only, so by default it is shown when it called out.
func (g *part) showRebuilt(connected bool) bool {
	switch g.options.Rebuilt {
	case command.RebuiltAll:
		return true
	case command.RebuiltNone:
		return false
	}
	return connected
}

// own lists the connections of every actor in a tree.
func (g *part) own() {
	g.owned = make([][]int32, len(g.roster.Actors))
	for i, owner := range g.ties.Owner {
		if owner != identity.None && g.forest.Depth[owner] > 0 {
			g.owned[owner] = append(g.owned[owner], int32(i))
		}
	}
}

// connected reports for every root whether any process of its tree has a connection.
func (g *part) connected() []bool {
	roots := make([]bool, len(g.roster.Actors))
	for _, i := range g.forest.Order {
		if len(g.owned[i]) > 0 {
			roots[g.forest.Root[i]] = true
		}
	}
	return roots
}

// allowed returns the counter of the allow-list entry that hides a tree, nil when none
// does. Only the root counts: a tree is a task, and an allowed name further down hides
// nothing.
func (g *part) allowed(root *event.Ref) *int {
	symbols := g.roster.Symbols()
	if entry, match := g.options.AllowCommand.Match(symbols.String(root.Command)); match {
		return &g.hits.command[entry]
	}
	if entry, match := g.options.AllowPath.Match(symbols.String(root.Path)); match {
		return &g.hits.path[entry]
	}
	return nil
}

// filter says which connections are shown.
func (g *part) filter() netjoin.Filter {
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
func (g *part) allowedDestination(host string, addresses []netip.Addr) bool {
	if entry, match := g.options.AllowDest.MatchHost(host); host != "" && match {
		g.hidden = append(g.hidden, &g.hits.dest[entry])
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
	g.hidden = append(g.hidden, &g.hits.dest[first])
	return true
}
