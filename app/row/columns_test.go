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
	nodes, trees := HeaderOf(Nodes).Names, HeaderOf(Trees).Names
	wantNodes := append(slices.Clone(want), "record_time", "sensor_time", "clock_gap", "dns_answers", "intel_score", "intel_label", "intel_source")
	if !slices.Equal(nodes[:len(wantNodes)], wantNodes) {
		t.Errorf("columns begin\n%q, want\n%q", nodes, wantNodes)
	}
	wantTrees := append(slices.Clone(want), "nodes", "connections", "tree", "intel_score", "intel_label", "intel_source")
	if !slices.Equal(trees[:len(wantTrees)], wantTrees) {
		t.Errorf("columns of trees begin\n%q, want\n%q", trees, wantTrees)
	}
	seen := map[string]bool{}
	for _, c := range Columns {
		if seen[c.Name] || c.Means == "" || c.On == 0 || c.from == nil {
			t.Errorf("column %q is there twice, or means nothing", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestGet(t *testing.T) {
	for _, kinds := range []Kind{Nodes | Connections, Trees} {
		h := HeaderOf(kinds)
		values := make([]string, len(h.Names))
		for i, name := range h.Names {
			values[i] = "value of " + name
		}
		r := h.Row(values)
		for _, name := range append(slices.Clone(h.Names), "nodes", "tree", "dns_answers", "nonsense", "") {
			want := ""
			if slices.Contains(h.Names, name) {
				want = "value of " + name
			}
			if got := r.Get(name); got != want {
				t.Errorf("of %d columns, %s is %q, want %q", len(values), name, got, want)
			}
		}
	}
	if got := NewHeader([]string{"a", "tree", "a"}).Row([]string{"1"}).Get("tree"); got != "" {
		t.Errorf("a short row's tree is %q", got)
	}
	if got := NewHeader([]string{"a", "a"}).Row([]string{"1", "2"}).Get("a"); got != "1" {
		t.Errorf("of two columns of one name %q counts", got)
	}
	if got := (Row{}).Get("tree"); got != "" {
		t.Errorf("no row's tree is %q", got)
	}
}
