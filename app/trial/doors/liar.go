package doors

import (
	"context"
	"maps"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Liar is a mapper of events whose fields bear the canonical names, with "liar." before them:
// it can be made to tell anything.
type Liar struct{}

var liarFields = []string{
	"device", "time", "record", "process_guid", "process_uid", "process_id", "process_created", "process_path", "process_command", "user", "hash",
	"parent_guid", "parent_uid", "parent_id", "parent_path", "parent_command", "remote_ip", "remote_port", "query", "answers",
}

var liarKinds = map[string]plugin.Kind{
	"start": plugin.ProcessStart, "end": plugin.ProcessEnd, "connection": plugin.NetworkConnection, "lookup": plugin.NameLookup,
}

// Mapping implements plugin.Mapper.
func (Liar) Mapping(context.Context) (plugin.Mapping, error) {
	m := plugin.Mapping{Gate: [][]plugin.Condition{{{Fields: []string{"liar"}, Test: "present"}}}}
	for _, name := range slices.Sorted(maps.Keys(liarKinds)) {
		table := plugin.Table{Name: name, Kind: liarKinds[name], When: []plugin.Condition{{Fields: []string{"liar"}, Test: "is", Values: []string{name}}}}
		for _, field := range liarFields {
			table.Rules = append(table.Rules, plugin.Rule{To: field, From: []string{"liar." + field}, Optional: true})
		}
		m.Tables = append(m.Tables, table)
	}
	return m, nil
}
