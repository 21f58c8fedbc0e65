package engine

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// query is the original KQL query as an Engine.
type query struct {
	query   *kql.Query
	options command.Options
	lanes   []*queryLane
	ledger  account.Ledger
}

// queryLane is a lane of the query.
type queryLane struct {
	lane   *kql.Lane
	ledger account.Ledger
}

func newQuery(o command.Options) (Engine, error) {
	if o.NeedsLookups() {
		return nil, errors.New("the lookup files that the allow-lists name have not been read")
	}
	return &query{query: kql.New(queryOptions(o)), options: o}, nil
}

// queryOptions turns the options into the query's constants. Its own allow-lists are
// placeholders and give way to what is given.
func queryOptions(o command.Options) kql.Options {
	q := kql.Default()
	q.Now, q.Lookback, q.Recent = o.Now, span(o.Lookback), span(o.Recent)
	q.MaxDevices = o.MaxDevices
	q.URLs, q.Loopbacks = o.AllowURL, o.Loopback
	q.AllColumns = o.Columns == command.ColumnsAll
	q.NullKeysMatch = o.NullKeys == command.NullKeysMatch
	if o.Given("allow_command") {
		q.AllowCommand = o.AllowCommand.Entries()
	}
	if o.Given("allow_path") {
		q.AllowPath = o.AllowPath.Entries()
	}
	return q
}

// span is a span in ticks, 0 for one without limit.
func span(s command.Span) event.Time {
	if s == command.All {
		return 0
	}
	return event.Time(s)
}

// Names implements Engine.
func (q *query) Names() *record.Names { return kql.Names() }

// Lane implements Engine.
func (q *query) Lane() (Lane, error) {
	l := &queryLane{lane: q.query.Lane()}
	q.lanes = append(q.lanes, l)
	return l, nil
}

// Add implements Lane.
func (l *queryLane) Add(rec *record.Record) (event.Kind, error) {
	kind, err := l.lane.Add(rec)
	l.ledger.Count(kind)
	return kind, err
}

// AddText implements Lane.
func (l *queryLane) AddText(text []byte) (event.Kind, error) {
	kind, err := l.lane.AddText(text)
	if kind == event.Other && err != nil {
		kind = event.Malformed
	}
	l.ledger.Count(kind)
	return kind, err
}

// AddMalformed implements Lane.
func (l *queryLane) AddMalformed() { l.ledger.Count(event.Malformed) }

// Close implements Engine.
func (q *query) Close() error { return nil }

// Finish runs the query. In its ledger, trees are the processes that the scheduler
// started, kept ones those that the rows may show, each process counted once; connections
// are the rows, in which the query repeats those of a process that several patterns share.
func (q *query) Finish() (account.Result, error) {
	for _, l := range q.lanes {
		q.ledger.Add(l.ledger)
	}
	columns, values, report := q.query.Finish()
	header, rows := row.NewHeader(columns), make([]row.Row, len(values))
	for i, v := range values {
		rows[i] = header.Row(v)
	}
	c := report.Counts
	q.ledger.Devices, q.ledger.Trees, q.ledger.Kept, q.ledger.Nodes = c.Devices, c.Trees, c.Kept, c.Nodes
	q.ledger.Connections = report.Total().Rows
	return account.Result{Columns: columns, Rows: rows, Ledger: q.ledger, Messages: q.messages(report)}, nil
}

func (q *query) messages(report kql.Report) (m account.Messages) {
	m.SayAll(account.Info, q.options.Notes)
	if q.ledger.Malformed > 0 {
		m.Say(account.Warn, "%s", account.Malformed(q.ledger.Malformed))
	}
	m.SayAll(account.Warn, q.options.Warnings)
	m.SayAll(account.Warn, report.Warnings())
	m.Say(account.Info, "schtaskhunt mode=kql: %s", report)
	m.Say(account.Info, "%s", q.ledger)
	return m
}
