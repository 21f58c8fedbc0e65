package hunt

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// candidate is a tree that is kept unless its root command turns out to be common.
type candidate struct {
	tree    row.Tree
	paths   []rarity.Path // by node
	allowed *int          // the counter of the allow-list entry that hides the tree
	hidden  []*int        // those of the entries that hide connections, one for each row
}

// findings is what the partitions told so far. It is safe for concurrent use.
type findings struct {
	options *command.Options
	census  *rarity.Census

	mu             sync.Mutex
	candidates     map[rarity.Command][]candidate
	ledger         account.Ledger
	dropped        dropped
	ahead          []string // devices whose clocks run ahead
	shape          tree.Report
	contradictions int
	tasks          task.Report
	names          []event.Names // of devices under several
	shortPaths     int           // nodes too deep to show every name above them
}

func newFindings(h *Hunt) *findings {
	return &findings{options: &h.options, census: rarity.NewCensus(), candidates: make(map[rarity.Command][]candidate)}
}

// isCommon reports whether so many devices ran a command already that its trees are
// not kept.
func (f *findings) isCommon(c rarity.Command) bool {
	return f.options.MaxDevices > 0 && f.census.RootDevices(c) > f.options.MaxDevices
}

func (f *findings) addDuplicates(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ledger.Duplicate += n
}

func (f *findings) addNames(some []event.Names) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.names = append(f.names, some...)
}

// addLedger adds what was found out beside any part.
func (f *findings) addLedger(l account.Ledger) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ledger.Add(l)
}

// add takes what a part found. Candidates that have become common are let go of at
// once, so that only rare ones are in memory.
func (f *findings) add(p *part, candidates map[rarity.Command][]candidate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ledger.Add(p.ledger)
	f.dropped.add(p.dropped)
	if p.ahead != "" {
		f.ahead = append(f.ahead, p.ahead)
	}
	f.shape.Add(p.forest.Report)
	account.Add(&f.tasks, p.named)
	f.contradictions += p.roster.Contradictions
	for c, some := range candidates {
		f.candidates[c] = append(f.candidates[c], some...)
		f.letGo(c)
	}
}

// letGo drops the candidates of a command that is common.
func (f *findings) letGo(c rarity.Command) {
	if f.isCommon(c) {
		f.dropped.Common += len(f.candidates[c])
		delete(f.candidates, c)
	}
}

// keep returns the trees to show, rarest first; of equally rare ones those that called
// out come first, and then the latest. It books them, and what the allow-lists hid.
func (h *Hunt) keep(f *findings) (trees []row.Tree) {
	for c := range f.candidates {
		f.letGo(c)
	}
	for c, some := range f.candidates {
		for i := range some {
			if some[i].allowed != nil {
				*some[i].allowed++
				f.dropped.Allowed++
				continue
			}
			trees = append(trees, f.finish(&some[i], f.census.RootDevices(c)))
		}
	}
	f.ledger.Kept = len(trees)
	h.ledger.Add(f.ledger)
	sortTrees(trees)
	return trees
}

// finish fills in what only all partitions together tell.
func (f *findings) finish(c *candidate, devices int) row.Tree {
	c.tree.Devices = devices
	for i := range c.tree.Nodes {
		n := &c.tree.Nodes[i]
		n.Devices = f.census.PatternDevices(c.paths[i])
		f.book(n)
	}
	for _, counter := range c.hidden {
		*counter++
	}
	return c.tree
}

// book enters a node into the ledger.
func (f *findings) book(n *row.Node) {
	f.ledger.Nodes++
	f.ledger.Connections += n.Total()
	f.ledger.Hidden += n.Hidden
	if n.Depth > longestPath+1 {
		f.shortPaths++
	}
}

func sortTrees(trees []row.Tree) {
	called := make(map[string]bool, len(trees))
	for i := range trees {
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
}
