package row

import (
	"slices"
	"testing"
)

// Searches, dashboards and acceptance tests hold on to these names and this order.
func TestColumnsAreFixed(t *testing.T) {
	want := []string{
		"_time", "row", "device",
		"tree_id", "node_id", "parent_node_id",
		"depth", "path",
		"process_name", "process", "process_path", "process_id", "process_guid", "process_hash", "user",
		"parent_process_name", "parent_process", "parent_process_id", "parent_process_guid",
		"edge",
		"root_process", "root_devices",
		"pattern_count", "pattern_devices",
		"remote_ip", "remote_port", "remote_host", "remote_url", "remote_ip_type",
		"transport", "direction", "action",
		"connection_count", "first_seen", "last_seen",
		"connections_hidden",
	}
	if len(Columns) < len(want) || !slices.Equal(Columns[:len(want)], want) {
		t.Errorf("columns begin\n%q, want\n%q", Columns, want)
	}
	if wantTree := append(slices.Clone(want), "nodes", "connections", "tree", "intel_score", "intel_label", "intel_source"); !slices.Equal(TreeColumns, wantTree) {
		t.Errorf("columns of trees are\n%q, want\n%q", TreeColumns, wantTree)
	}
	for _, columns := range [][]string{Columns, TreeColumns} {
		sorted := slices.Sorted(slices.Values(columns))
		if len(slices.Compact(sorted)) != len(columns) {
			t.Errorf("a column is there twice: %q", columns)
		}
	}
	// Rows tell by their length which columns they have.
	if len(Columns) == len(TreeColumns) {
		t.Error("rows of both kinds have one length")
	}
}

func TestGet(t *testing.T) {
	for _, columns := range [][]string{Columns, TreeColumns} {
		r := make(Row, len(columns))
		for i, name := range columns {
			r[i] = "value of " + name
		}
		for _, name := range append(slices.Clone(Columns), "nodes", "connections", "tree", "nonsense", "") {
			want := ""
			if slices.Contains(columns, name) {
				want = "value of " + name
			}
			if got := r.Get(name); got != want {
				t.Errorf("of %d columns, %s is %q, want %q", len(columns), name, got, want)
			}
		}
	}
	if got := (Row{"1"}).Get("tree"); got != "" {
		t.Errorf("a short row's tree is %q", got)
	}
}
