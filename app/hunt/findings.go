package hunt

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/cause"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// candidate is a tree that is kept unless its root command turns out to be common.
type candidate struct {
	command rarity.Command
	run     finding.Run // with rarity=template
	own     own         // likewise
	tree    row.Tree
	root    int32
	paths   []rarity.Path // by node
	allowed *int          // the counter of the allow-list entry that hides the tree
	listed  *int          // the counter of the entry of allow= that covers it
	facts   []rarity.Fact // what its run does under the names it was seen with, where entries are proposed
	hidden  []*int        // those of the entries that hide connections, one for each row
	creator int32         // root of the tree that registered its task, identity.None for none
	beside  bool          // it is there as another's creator only
	leftOut dropped       // as what such a one was counted
	origin  *origin       // the call of another machine that its root's start was close to, nil for none
	foreign *foreign      // of runs that another share shows, what it tells of them; else nil
	devices []triggered   // of such runs, the devices whose triggers are known
}

// findings is what the partitions told so far. It is safe for concurrent use.
type findings struct {
	options *command.Options
	census  *rarity.Census
	survey  *rarity.Survey              // with rarity=template
	final   map[rarity.Text]rarity.Text // templates that turned out to be one, once all is surveyed
	where   *where                      // when a census is written or read

	elsewhere *elsewhere           // what the baseline counted on other devices
	counted   *census.Census       // what was written
	inventory *inventory.Inventory // with output=tasks

	mu             sync.Mutex
	candidates     map[rarity.Command][]candidate
	runs           []candidate // with rarity=template
	unnoted        int         // runs that the other shares are not told of, as that would be too long
	strange        int         // notes of shares of another split
	cut, cutTrees  int         // findings left out by min_score and top, and their trees
	proposals      []*proposal
	unfound        []string // findings that propose= names and that are not there
	sweepAt        int      // how many runs there are when they are looked through next
	ledger         account.Ledger
	dropped        dropped
	ahead, behind  []string // devices whose clocks run ahead of all others, or behind them
	alone          []string // devices that go on when all others have ended
	quiet          int      // devices none of whose trees are recent
	shape          tree.Report
	contradictions int
	unproven       audit
	apart          map[uint8]apart // by mapper
	foreign        int             // texts to show that are not UTF-8
	tasks          task.Report
	causes         cause.Report
	names          []event.Names // of devices under several
	shortPaths     int           // nodes too deep to show every name above them
}

func newFindings(h *Hunt) *findings {
	f := &findings{options: &h.options, census: rarity.NewCensus(), candidates: make(map[rarity.Command][]candidate), apart: make(map[uint8]apart), inventory: h.inventory}
	if h.options.Rarity == command.RarityTemplate {
		f.survey = rarity.NewSurvey()
	}
	if h.usesCensus() {
		f.where = newWhere()
	}
	return f
}

// take adds what was found out about a part.
func (f *findings) take(p *part, trees rarity.Trees, s spans) {
	if f.survey == nil {
		f.add(p, p.candidates(func(root int32) bool { return f.isCommon(p.counts.Command[root]) }))
		return
	}
	namer := p.namer()
	visit := p.visitor.Visit(&trees, namer, s.lookback, p.unseenRoots())
	visit.Name = p.deviceName()
	visit.Watched = p.watched(s.now)
	device := f.survey.Add(visit, p.roster.Symbols())
	runs := make(map[int32]rarity.Run)
	candidates := p.candidates(func(root int32) bool {
		runs[root] = visit.Run(root)
		return f.survey.IsCommon(runs[root], f.options.MaxDevices)
	})
	for i := range candidates {
		c := &candidates[i]
		run, known := runs[c.root]
		if !known { // nobody asked how common it is
			run = visit.Run(c.root)
		}
		c.run = finding.Run{Run: run, Device: device}
		c.own = namer.stock.of(c.root)
	}
	f.add(p, candidates)
	if f.inventory != nil {
		f.list(p, namer)
	}
	if f.where != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.where.add(p, device)
	}
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
func (f *findings) add(p *part, candidates []candidate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ledger.Add(p.ledger)
	f.dropped.add(p.dropped)
	if n := p.dropped.NotRecent; n > 0 && n == p.ledger.Trees && p.behind == "" {
		f.quiet++
	}
	if p.ahead != "" {
		f.ahead = append(f.ahead, p.ahead)
	}
	if p.alone != "" {
		f.alone = append(f.alone, p.alone)
	}
	if p.behind != "" {
		f.behind = append(f.behind, p.behind)
	}
	f.shape.Add(p.forest.Report)
	account.Add(&f.tasks, p.named)
	account.Add(&f.causes, p.causes.report())
	f.contradictions += p.roster.Contradictions
	f.foreign += p.foreign
	account.Add(&f.unproven, p.unproven)
	f.addApart(p)
	if f.survey != nil {
		f.runs = append(f.runs, candidates...)
		f.sweep()
		return
	}
	for _, c := range candidates {
		f.candidates[c.command] = append(f.candidates[c.command], c)
		f.letGo(c.command)
	}
}

// sweep drops the runs of which everything has become common since they were found, now
// and then.
func (f *findings) sweep() {
	if len(f.runs) >= max(f.sweepAt, 1024) {
		f.letGoCommon()
		f.sweepAt = 2 * len(f.runs)
	}
}

// letGo drops the candidates of a command that is common.
func (f *findings) letGo(c rarity.Command) {
	if f.isCommon(c) {
		f.dropped.Common += len(f.candidates[c])
		delete(f.candidates, c)
	}
}

// keep returns the trees to show, and the findings that they are of with rarity=template.
func (h *Hunt) keep(f *findings, s spans) ([]row.Tree, []*row.Finding) {
	if f.survey != nil {
		return h.keepScored(f, s)
	}
	return h.keepRare(f), nil
}

// keepRare returns the trees of rare commands, rarest first; of equally rare ones those that called
// out come first, and then the latest. It books them, and what the allow-lists hid.
func (h *Hunt) keepRare(f *findings) (trees []row.Tree) {
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
			trees = append(trees, f.finish(&some[i], f.rootDevices(c)))
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
		n.Devices = f.patternDevices(c.paths[i])
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
