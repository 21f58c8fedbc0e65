package plugins

import (
	"context"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// kinds are the program's own words for the kinds of events.
var kinds = map[plugin.Kind]event.Kind{
	plugin.ProcessStart: event.ProcessStart, plugin.ProcessEnd: event.ProcessEnd,
	plugin.NetworkConnection: event.NetworkConnection, plugin.NameLookup: event.NameLookup,
}

// Schema makes a schema of a mapping. rows reads the events of a table that has
// ByPlugin.
func Schema(name string, m plugin.Mapping, rows func(table string) schema.RowsReader) (schema.Schema, error) {
	s := schema.Schema{Name: name, Unknown: m.Unknown}
	for _, conditions := range m.Gate {
		s.Gate = append(s.Gate, conditionsOf(conditions))
	}
	for _, t := range m.Tables {
		kind, known := kinds[t.Kind]
		if !known {
			return s, fmt.Errorf("table %s: there is no kind of event %q", t.Name, t.Kind)
		}
		table := schema.Table{Kind: kind, When: conditionsOf(t.When)}
		for _, r := range t.Rules {
			table.Rules = append(table.Rules, schema.Rule{To: r.To, From: r.From, Else: r.Else, Via: r.Via, Optional: r.Optional})
		}
		if t.ByPlugin {
			table.By = rows(t.Name)
		}
		s.Tables = append(s.Tables, table)
	}
	return s, nil
}

func conditionsOf(in []plugin.Condition) (out []schema.Condition) {
	for _, c := range in {
		out = append(out, schema.Condition{Fields: c.Fields, Test: c.Test, Values: c.Values})
	}
	return out
}

// rowsReader has rows of a table read by a plugin.
func rowsReader(ctx context.Context, p Running, table string) schema.RowsReader {
	return func(rows []map[string]string) ([]map[string]string, error) {
		in := make([]plugin.Row, len(rows))
		for i, r := range rows {
			in[i] = r
		}
		out, err := p.MapRows(ctx, table, in)
		if err != nil {
			return nil, err
		}
		back := make([]map[string]string, len(out))
		for i, r := range out {
			back[i] = r
		}
		return back, nil
	}
}
