package cli

import (
	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

// ownTables are the columns of all that this program writes, from where they are written: what
// a hunt, or a search, left in a folder of logs is no events.
func ownTables() [][]string {
	tables := [][]string{
		census.Header.Names, inventory.Header.Names, sink.TimesketchColumns, stockColumns,
		allow.Columns, append([]string{"row"}, allow.Columns...), // a list, and what propose returns
		kql.Columns(false), kql.Columns(true),
	}
	for _, kind := range []row.Kind{row.Nodes, row.Trees, row.Findings} {
		tables = append(tables, row.HeaderOf(kind).Names)
	}
	return tables
}
