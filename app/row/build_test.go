package row

import (
	"maps"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// call is a tree of one process with one connection, every field set.
func call() Tree {
	return Tree{ID: "tree1", Device: "PC-1", Process: "root /x", Devices: 3, Nodes: []Node{{
		ID: "node1", ParentID: "node0", Depth: 2, Path: "root.exe > a.exe",
		Process: Process{"a.exe", "a.exe /c", `C:\a.exe`, "{G1}", 11}, Parent: Process{"root.exe", "root /x", `C:\root.exe`, "{G0}", 10},
		User: `NT\SYSTEM`, Hash: "abc", Edge: "guid", Started: noon, Recorded: noon + event.Second, Created: noon - 90*event.Second, Count: 4, Devices: 5,
		Hidden: 6,
		Connections: []Connection{
			{Edge: "pid_interval", IP: "1.1.1.1", Port: 443, Host: "h", URL: "u", Class: "public", Transport: "tcp", Direction: "outbound",
				Action: "ok", Answers: "2.2.2.2", Count: 7, First: noon + 5*event.Second, Last: noon + 9*event.Second + 1, Stamp: noon, ClockGap: 59},
			{Edge: "guid", Direction: "unknown", Class: "none", Count: 1},
		},
	}}}
}

var shared = map[string]string{
	"device": "PC-1", "tree_id": "tree1", "node_id": "node1", "parent_node_id": "node0", "depth": "2", "path": "root.exe > a.exe",
	"process_name": "a.exe", "process": "a.exe /c", "process_path": `C:\a.exe`, "process_id": "11", "process_guid": "{G1}", "process_hash": "abc", "user": `NT\SYSTEM`,
	"parent_process_name": "root.exe", "parent_process": "root /x", "parent_process_id": "10", "parent_process_guid": "{G0}",
	"root_process": "root /x", "root_devices": "3", "pattern_count": "4", "pattern_devices": "5",
}

func with(more map[string]string) map[string]string {
	out := maps.Clone(shared)
	maps.Copy(out, more)
	return out
}

// checkRow checks every column: those that want does not have are empty.
func checkRow(t *testing.T, r Row, want map[string]string) {
	t.Helper()
	for i, name := range r.header.Names {
		if r.Values[i] != want[name] {
			t.Errorf("%s of the %s row is %q, want %q", name, want["row"], r.Values[i], want[name])
		}
	}
}

func TestRows(t *testing.T) {
	rows := Build([]Tree{call()}, Nodes|Connections)
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	checkRow(t, rows[0], with(map[string]string{
		"_time": "1700000000", "row": "node", "edge": "guid", "connection_count": "8", "first_seen": "1700000005", "last_seen": "1700000009.0000001",
		"connections_hidden": "6", "record_time": "1700000001", "sensor_time": "1699999910", "clock_gap": "91",
	}))
	checkRow(t, rows[1], with(map[string]string{
		"_time": "1700000005", "row": "connection", "edge": "pid_interval", "remote_ip": "1.1.1.1", "remote_port": "443", "remote_host": "h",
		"remote_url": "u", "remote_ip_type": "public", "transport": "tcp", "direction": "outbound", "action": "ok", "connection_count": "7",
		"first_seen": "1700000005", "last_seen": "1700000009.0000001", "record_time": "1700000005", "sensor_time": "1700000000", "dns_answers": "2.2.2.2",
	}))
	checkRow(t, rows[2], with(map[string]string{
		"row": "connection", "edge": "guid", "remote_ip_type": "none", "direction": "unknown", "connection_count": "1",
	}))
}

func TestTreeRow(t *testing.T) {
	tree := family()
	rows := Build([]Tree{*tree}, Trees)
	if len(rows) != 1 || rows[0].Kind != Trees {
		t.Fatalf("%d rows", len(rows))
	}
	for column, want := range map[string]string{
		"row": "tree", "device": "PC", "tree_id": "t", "depth": "1", "process_name": "root.exe", "nodes": "7", "connections": "3", "connection_count": "5",
		"connections_hidden": "7", "first_seen": "1700000000", "last_seen": "1700000060", "tree": drawnFamily,
	} {
		if got := rows[0].Get(column); got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
}

func TestOutputs(t *testing.T) {
	trees := []Tree{*family(), call()}
	for _, c := range []struct {
		kinds  Kind
		rows   int
		header *Header
	}{
		{Nodes | Connections, 13, HeaderOf(Nodes)}, {Nodes, 8, HeaderOf(Connections)}, {Connections, 5, HeaderOf(Nodes)},
		{Trees, 2, HeaderOf(Trees)},
	} {
		rows := Build(trees, c.kinds)
		if len(rows) != c.rows {
			t.Errorf("%b: %d rows, want %d", c.kinds, len(rows), c.rows)
		}
		for _, r := range rows {
			if r.header != c.header || len(r.Values) != len(c.header.Names) || r.Kind&c.kinds == 0 || r.Get("row") != r.Kind.String() {
				t.Errorf("%b: a row of kind %v with %d values", c.kinds, r.Kind, len(r.Values))
			}
		}
	}
	if rows := Build(nil, Nodes); len(rows) != 0 {
		t.Errorf("no trees give %d rows", len(rows))
	}
}

func BenchmarkBuild(b *testing.B) {
	trees := make([]Tree, 10_000)
	for i := range trees {
		trees[i] = *family()
	}
	b.ReportAllocs()
	for b.Loop() {
		Build(trees, Nodes|Connections)
	}
}
