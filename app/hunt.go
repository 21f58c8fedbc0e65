// Package app is the hunt: from events to rows. Everything that feeds it (Splunk's
// protocol, files) and everything that prints its rows is around it.
package app

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// Hunt is one hunt. Add every event, in any order, then call Finish once. It is not
// safe for concurrent use.
type Hunt struct {
	options command.Options
	store   *event.Store
	reader  *schema.Reader
	ledger  Ledger
	text    *record.Record // for events that are a text only
	hits    hits
}

var rawSlot = schema.Names().Slot(schema.Raw)

// New returns a hunt with the given options. Options.Now is the instant its spans
// count back from; without it, that of the newest event is taken. Options that name
// lookup files are an error until LoadLookups has read these.
func New(o command.Options) (*Hunt, error) {
	if o.NeedsLookups() {
		return nil, errors.New("the lookup files that the allow-lists name have not been read")
	}
	store := event.NewStore()
	reader, err := schema.NewReader(store)
	if err != nil {
		return nil, err
	}
	return &Hunt{options: o, store: store, reader: reader, text: record.New(schema.Names()), hits: newHits(o)}, nil
}

// Names implements Engine.
func (h *Hunt) Names() *record.Names { return schema.Names() }

// Add reads one event. The error says what is wrong with the event's text, if
// anything is; the hunt goes on in any case.
func (h *Hunt) Add(rec *record.Record) (event.Kind, error) {
	kind := h.reader.Read(rec)
	h.ledger.count(kind)
	return kind, h.reader.Err()
}

// AddText is Add for the text of an event that stands alone, as in a file: what is
// no event in any shape is Malformed there. text is not kept.
func (h *Hunt) AddText(text []byte) (event.Kind, error) {
	h.text.Reset()
	h.text.Set(rawSlot, text)
	kind := h.reader.Read(h.text)
	err := h.reader.Err()
	if kind == event.Other && err != nil {
		kind = event.Malformed
	}
	h.ledger.count(kind)
	return kind, err
}

// AddMalformed counts an event that could not even be split into fields.
func (h *Hunt) AddMalformed() { h.ledger.count(event.Malformed) }

// Finish hunts. This is the whole way from events to rows.
func (h *Hunt) Finish() Result {
	h.ledger.Duplicate = h.store.Settle()
	spans := h.spans()
	roster := event.NewRoster(h.store)
	forest := tree.Build(roster, tree.Options{Start: starter(h.options.Root), MaxDepth: 1 + h.options.MaxDepth})
	ties := netjoin.Tie(h.store, roster)
	counts := rarity.Count(rarity.Trees{
		Roster: roster, Parent: forest.Parent, Root: forest.Root, Order: forest.Order,
		Connections: h.store.Connections, Owner: ties.Owner,
	}, spans.recent, spans.lookback)

	g := gathering{Hunt: h, roster: roster, forest: forest, ties: ties, counts: counts}
	trees := g.trees(g.keep())
	output := outputs[h.options.Output]

	h.ledger.Devices = roster.Devices()
	h.ledger.Orphans, h.ledger.Ambiguous = ties.Orphans, ties.Ambiguous+forest.Report.Ambiguous
	return Result{
		Columns: output.Columns(), Rows: row.Build(trees, output), Ledger: h.ledger,
		Messages: h.messages(spans, &g),
	}
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
