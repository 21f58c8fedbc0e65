// Package app is the hunt: from events to rows. Everything that feeds it (Splunk's
// protocol, files) and everything that prints its rows is around it.
package app

import (
	"cmp"
	"errors"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/partition"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// Hunt is one hunt, an Engine.
type Hunt struct {
	options command.Options
	plugins *plugins.Opened
	set     *partition.Set
	lanes   []*lane
	ledger  Ledger
	plans   plans
	hits    hits
	began   time.Time

	again func() RowsAgain // nil when no row can be read again
}

// New returns a hunt with the given options. Options.Now is the instant its spans
// count back from; without it, that of the newest event is taken. Options that name
// lookup files are an error until LoadLookups has read these.
//
// Options that name plugins need them: see StartWith.
func New(o command.Options) (*Hunt, error) { return newHunt(o, nil) }

func newHunt(o command.Options, opened *plugins.Opened) (*Hunt, error) {
	switch {
	case o.NeedsLookups():
		return nil, errors.New("the lookup files that the allow-lists name have not been read")
	case o.NeedsPlugins() && opened == nil:
		return nil, errors.New("the plugins that mapper or enrich name have not been opened")
	}
	opened.StartEnrichers(o.Enrich)
	return &Hunt{options: o, plugins: opened, set: partition.NewSet(memoryFor(o, "")), hits: newHits(o), began: time.Now()}, nil
}

// SpillTo names the folder for events that exceed max_mem_mb, instead of the system's
// own for temporary files. Call it before events come.
func (h *Hunt) SpillTo(folder string) { h.set.SetLimit(memoryFor(h.options, folder)) }

// Names implements Engine.
func (h *Hunt) Names() *record.Names { return h.plugins.Schemas().Names() }

// Lane implements Engine.
func (h *Hunt) Lane() (Lane, error) {
	l, err := newLane(h.set, h.plugins.Schemas(), h.firstLook)
	if err != nil {
		return nil, err
	}
	h.lanes = append(h.lanes, l)
	return l, nil
}

// Finish hunts. This is the whole way from events to rows; what happens to the events
// of one device is in examine.
func (h *Hunt) Finish() (Result, error) {
	cut, err := h.closeLanes()
	if err != nil {
		return Result{}, err
	}
	spans := h.spans()
	found, err := h.examineAll(spans)
	if err != nil {
		return Result{}, err
	}
	trees := h.keep(found)
	h.plugins.Judge(trees)
	output := outputs[h.options.Output]
	return Result{
		Columns: output.Columns(), Rows: row.Build(trees, output), Ledger: h.ledger, Messages: h.messages(spans, cut, found),
	}, nil
}

// closeLanes sums up what the lanes counted, and returns how many events were read
// although they end early.
func (h *Hunt) closeLanes() (cut int, err error) {
	for _, l := range h.lanes {
		l.reader.Flush()
		h.plugins.Lost(l.reader.Lost())
		h.ledger.add(l.ledger)
		cut += l.reader.Cut()
		err = cmp.Or(err, l.writer.Err()) // one for all: the file is theirs together
	}
	return cut, err
}

// Close implements Engine.
func (h *Hunt) Close() error {
	h.plugins.Close()
	return h.set.Close()
}

// starter returns what starts a tree, as root= says.
func starter(root command.Root) tree.Starter {
	if root.Pattern != nil {
		return tree.Matching(root.Pattern)
	}
	return tree.Schedule{}
}

// outputs are the kinds of rows that output= asks for.
var outputs = map[command.Output]row.Output{
	command.OutputAll:         {Nodes: true, Connections: true},
	command.OutputNodes:       {Nodes: true},
	command.OutputConnections: {Connections: true},
	command.OutputTrees:       {Trees: true},
}
