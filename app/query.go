package app

import (
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// query is the original KQL query as an Engine.
type query struct {
	*kql.Query
	options command.Options
	ledger  Ledger
}

func newQuery(o command.Options) (Engine, error) {
	if o.NeedsLookups() {
		return nil, errors.New("the lookup files that the allow-lists name have not been read")
	}
	return &query{Query: kql.New(queryOptions(o)), options: o}, nil
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

// Add implements Engine.
func (q *query) Add(rec *record.Record) (event.Kind, error) {
	kind, err := q.Query.Add(rec)
	q.ledger.count(kind)
	return kind, err
}

// AddText implements Engine.
func (q *query) AddText(text []byte) (event.Kind, error) {
	kind, err := q.Query.AddText(text)
	if kind == event.Other && err != nil {
		kind = event.Malformed
	}
	q.ledger.count(kind)
	return kind, err
}

// AddMalformed implements Engine.
func (q *query) AddMalformed() { q.ledger.count(event.Malformed) }

// Finish runs the query. In its ledger, trees are the processes that the scheduler
// started, kept ones the patterns, and connections the rows.
func (q *query) Finish() Result {
	columns, values, report := q.Query.Finish()
	rows := make([]row.Row, len(values))
	for i, v := range values {
		rows[i] = v
	}
	t := report.Total()
	q.ledger.Trees, q.ledger.Kept, q.ledger.Nodes, q.ledger.Connections = t.Scheduled, t.Patterns, t.Nodes, t.Rows
	return Result{Columns: columns, Rows: rows, Ledger: q.ledger, Messages: q.messages(report)}
}

func (q *query) messages(report kql.Report) (messages []Message) {
	for _, note := range q.options.Notes {
		messages = append(messages, Message{"INFO", note})
	}
	if q.ledger.Malformed > 0 {
		messages = append(messages, Message{"WARN", malformedText(q.ledger.Malformed)})
	}
	for _, warning := range q.options.Warnings {
		messages = append(messages, Message{"WARN", warning})
	}
	for _, warning := range report.Warnings() {
		messages = append(messages, Message{"WARN", warning})
	}
	return append(messages, Message{"INFO", "schtaskhunt mode=kql: " + report.String()}, Message{"INFO", q.ledger.String()})
}
