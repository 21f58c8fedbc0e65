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
	return [][]string{
		census.Header.Names, inventory.Header.Names, sink.TimesketchColumns, stockColumns,
		allow.Columns, append([]string{"row"}, allow.Columns...), // a list, and what propose returns
		kql.Columns(false), kql.Columns(true),
		row.HeaderOf(row.Nodes).Names, row.HeaderOf(row.Trees).Names, row.HeaderOf(row.Findings).Names,
	}
}
