// Package hunt is the hunt: from events to rows, in Hunt.Finish. What feeds it (Splunk's
// protocol, files) and what prints its rows is around it.
package hunt

import (
	"cmp"
	"errors"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// Config is what a hunt is made of.
type Config struct {
	// Options are what the user asks for. Options.Now is the instant the spans count back
	// from; without it, that of the newest event is taken. Options that name lookup files
	// are an error until LoadLookups has read these.
	Options command.Options
	// Plugins are those that the options name, nil when they name none. The hunt closes
	// them.
	Plugins *plugins.Opened
	// SpillFolder is for events that exceed max_mem_mb, "" for the system's own folder for
	// temporary files.
	SpillFolder string
	// Again, if set, says that rows can be read again: the hunt then reads them twice,
	// first for their keys only, and then those in full that may have a part in a tree,
	// which few have. It is called once for each goroutine that reads.
	Again func() RowsAgain
	// Stock is what is known to be scheduled on a clean machine, nil for what Windows itself
	// schedules.
	Stock *stock.Table
	// Inventory is what output=tasks lists tasks in, which may have some already; nil for an
	// empty one.
	Inventory *inventory.Inventory
	// Door is where the events come in, for the messages.
	Door account.Door
	// Baseline is what earlier runs and other shares counted, nil for nothing. It is the
	// hunt's then.
	Baseline *census.Census
}

// Hunt is one hunt. Add every event, in any order and over any number of lanes, then call
// Finish once and Close.
type Hunt struct {
	options     command.Options
	plugins     *plugins.Opened
	set         *hold.Set
	lanes       []*Lane
	ledger      account.Ledger
	plans       plans
	hits        hits
	rivals      map[string]rivals // by column
	labels      schema.Labels     // values under wrong ones
	severalWays int               // events whose text can be read so
	times       schema.Times      // what their notations left open
	began       time.Time
	again       func() RowsAgain // nil when no row can be read again
	door        account.Door
	inventory   *inventory.Inventory // nil for any output but tasks
	baseline    *census.Census
	leftOut     int          // events of other shares' devices
	stock       *stock.Table // nil where nothing can be known
	start       tree.Starter // what starts a tree
	inbound     doors        // at which calls come in that end in such trees
	witnesses   []*kin.Witness
	kin         *kin.Kin // nil until Finish
}

// New returns a hunt, and has its enrichers started.
func New(c Config) (*Hunt, error) {
	switch {
	case c.Options.NeedsLookups():
		return nil, errors.New("the lookup files that the allow-lists name have not been read")
	case c.Options.NeedsPlugins() && c.Plugins == nil:
		return nil, errors.New("the plugins that mapper or enrich name have not been opened")
	case len(c.Options.Baseline) > 0 && c.Baseline == nil:
		return nil, errors.New("the censuses that baseline names have not been read")
	case c.Options.Shard.Of > 1 && c.Options.Now == event.NoTime:
		return nil, errors.New("shard needs the same now in all shares: give now=, or the search an end (latest=)")
	}
	c.Plugins.StartEnrichers(c.Options.Enrich)
	start := starter(c.Options.Root)
	h := &Hunt{
		options: c.Options, plugins: c.Plugins, set: hold.NewSet(memoryFor(c.Options, c.SpillFolder)),
		hits: newHits(c.Options), rivals: make(map[string]rivals), began: time.Now(), again: c.Again, door: c.Door, baseline: c.Baseline,
		stock: stockFor(c, start), start: start, inbound: doorsOf(start),
	}
	h.inventory = inventoryFor(c)
	return h, nil
}

// Names is what the records given to lanes must be made over.
func (h *Hunt) Names() *record.Names { return h.plugins.Schemas().Names() }

// Lane returns a new lane. Lanes are made by one goroutine and then fed by as many as
// there are lanes.
func (h *Hunt) Lane() (*Lane, error) {
	l, err := newLane(h.set, h.plugins.Schemas(), h.options, h.firstLook, h.kinWitness())
	if err != nil {
		return nil, err
	}
	if h.door != account.Files { // who names files looks at them itself
		l.seen = &sights{}
	}
	h.lanes = append(h.lanes, l)
	return l, nil
}

// Finish hunts. This is the whole way from events to rows; what happens to the events
// of one device is in examine.
func (h *Hunt) Finish() (account.Result, error) {
	cut, err := h.closeLanes()
	if err != nil {
		return account.Result{}, err
	}
	if h.times.DayIsFirst() {
		h.set.Exchange()
	}
	h.judgeKin()
	spans := h.spans()
	found, err := h.examineAll(spans)
	if err != nil {
		return account.Result{}, err
	}
	columns, rows := h.answer(found, spans)
	return account.Result{
		Columns: columns, Rows: rows, Ledger: h.ledger, Messages: h.messages(spans, cut, found), Unfound: found.unfound,
	}, nil
}

// answer returns the rows that output= asks for, and their columns. Trees are kept and
// judged for all but a census, which is of everything.
func (h *Hunt) answer(found *findings, spans spans) (columns []string, rows []row.Row) {
	if h.options.Output == command.OutputCensus {
		return census.Header.Names, h.censusOf(found, spans)
	}
	trees, kept := h.keep(found, spans)
	h.plugins.Judge(trees)
	if found.inventory != nil {
		return inventory.Header.Names, found.inventoryRows(trees)
	}
	if h.options.Output == command.OutputProposals {
		return proposalHeader.Names, found.proposalRows(spans.now)
	}
	output := outputs[h.options.Output]
	if output == row.Findings {
		return row.HeaderOf(output).Names, row.BuildFindings(kept, trees)
	}
	return row.HeaderOf(output).Names, row.Build(trees, output&^row.Findings)
}

// closeLanes sums up what the lanes counted, and returns how many events were read
// although they end early.
func (h *Hunt) closeLanes() (cut int, err error) {
	for _, l := range h.lanes {
		l.reader.Flush()
		h.plugins.Lost(l.reader.Losses())
		h.ledger.Add(l.ledger)
		cut += l.reader.Cut()
		h.times.Add(l.reader.Times())
		if l.share != nil {
			h.leftOut += l.share.left
		}
		h.severalWays += l.reader.SeveralWays()
		h.labels.Aligned += l.reader.Labels().Aligned
		h.labels.Unfit += l.reader.Labels().Unfit
		for column, r := range l.rivals {
			h.rivals[column] = h.rivals[column].and(r)
		}
		err = cmp.Or(err, l.writer.Err()) // one for all: the file is theirs together
	}
	return cut, err
}

// Close frees what was put aside. It may be called at any time, and again.
func (h *Hunt) Close() error {
	h.plugins.Close()
	return h.set.Close()
}

// starter returns what starts a tree, as root= says.
func starter(root command.Root) tree.Starter {
	if root.Pattern != nil {
		return tree.NewKinds(tree.Kind{Name: regexKind, Start: tree.Matching(root.Pattern)})
	}
	var kinds []tree.Kind
	for _, name := range root.Presets {
		if preset, _ := roots.Find(name); preset != nil {
			kinds = append(kinds, preset.Kind())
		}
	}
	return tree.NewKinds(kinds...)
}

// outputs are the kinds of rows that output= asks for.
var outputs = map[command.Output]row.Kind{
	command.OutputAll:         row.Nodes | row.Connections | row.Causes,
	command.OutputNodes:       row.Nodes,
	command.OutputConnections: row.Connections,
	command.OutputTrees:       row.Trees,
	command.OutputFindings:    row.Findings,
}
