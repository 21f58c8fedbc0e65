// Package row turns trees into rows: fixed columns, one row a process, a connection
// or a tree. Every value is text by then, and the rows of every output are the same
// bytes.
package row

import "slices"

// Columns of node and connection rows, in order. Programs downstream hold on to
// these: new ones go to the end.
var Columns = []string{
	"_time", "row", "device", "tree_id", "node_id", "parent_node_id", "depth", "path",
	"process_name", "process", "process_path", "process_id", "process_guid", "process_hash", "user",
	"parent_process_name", "parent_process", "parent_process_id", "parent_process_guid", "edge",
	"root_process", "root_devices", "pattern_count", "pattern_devices",
	"remote_ip", "remote_port", "remote_host", "remote_url", "remote_ip_type",
	"transport", "direction", "action", "connection_count", "first_seen", "last_seen", "connections_hidden",
	"record_time", "sensor_time", "clock_gap", "dns_answers",
	"intel_score", "intel_label", "intel_source",
}

// intel is how many columns tell of verdicts. They are there in every run, empty
// without enrich=: what is made of the rows does not have to know how they were asked
// for.
const intel = 3

// fixed is how many of Columns stand before those of tree rows.
const fixed = 36

// TreeColumns are the columns of tree rows: the leading ones of Columns, then the
// tree itself, then the verdict.
var TreeColumns = slices.Concat(Columns[:fixed], []string{"nodes", "connections", "tree"}, Columns[len(Columns)-intel:])

// places are where columns stand, by name.
var places, treePlaces = placesOf(Columns), placesOf(TreeColumns)

func placesOf(columns []string) map[string]int {
	at := make(map[string]int, len(columns))
	for i, name := range columns {
		at[name] = i
	}
	return at
}

// Row is the values of one row, aligned with Columns or TreeColumns, which are not
// of the same length.
type Row []string

// Get returns the value of a column by name, "" where the row has no such column.
func (r Row) Get(column string) string {
	if i, known := r.places()[column]; known && i < len(r) {
		return r[i]
	}
	return ""
}

// set sets a value; a column that these rows do not have stays unset.
func (r Row) set(column, value string) {
	if i, known := r.places()[column]; known {
		r[i] = value
	}
}

func (r Row) places() map[string]int {
	if len(r) == len(TreeColumns) {
		return treePlaces
	}
	return places
}
