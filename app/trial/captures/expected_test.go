package captures_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// expected is what an independent scanner found in a capture by joining GUIDs.
type expected struct {
	Lines  int            `json:"lines"`
	Kinds  map[string]int `json:"ev"`
	Strict struct {
		Trees     int            `json:"trees"`
		Processes int            `json:"procs"`
		Depths    map[string]int `json:"depths"`
		Net       int            `json:"net"`
		DNS       int            `json:"dns"`
		NetNodes  int            `json:"netprocs"`
		NetTrees  int            `json:"nettrees"`
	} `json:"strict"`
	Detail []struct {
		Kind    string  `json:"kind"`
		Host    string  `json:"host"`
		Depth   int     `json:"depth"`
		Size    int     `json:"n"`
		Command string  `json:"cl"`
		Nodes   [][]any `json:"nodes"`
	} `json:"detail"`
}

func TestPublicCaptures(t *testing.T) {
	text, err := os.ReadFile(worlds.Capture(t, "sysmon", "EXPECTED.json"))
	if err != nil {
		t.Fatal(err)
	}
	var captures map[string]expected
	if err := json.Unmarshal(text, &captures); err != nil {
		t.Fatal(err)
	}
	if len(captures) != 7 {
		t.Errorf("%d captures are known, want 7", len(captures))
	}
	for _, file := range slices.Sorted(maps.Keys(captures)) {
		t.Run(file, func(t *testing.T) {
			o := doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all internal=include", worlds.Capture(t, "sysmon", file))
			e := captures[file]
			e.checkKinds(t, o, unowned(t, worlds.Capture(t, "sysmon", file)))
			e.checkTrees(t, o)
			e.checkConnections(t, o)
		})
	}
}

// checkKinds compares the ledger, which counts duplicates too, as the scanner does.
func (e *expected) checkKinds(t *testing.T, o doors.Outcome, unowned int) {
	t.Helper()
	want := map[string]int{"process": e.Kinds["S1"], "connection": e.Kinds["S3"] + e.Kinds["S22"] - unowned, "end": e.Kinds["S5"], "malformed": unowned}
	want["other"] = e.Lines - want["process"] - want["connection"] - want["end"] - unowned
	for name, n := range want {
		if o.Ledger[name] != n {
			t.Errorf("%s=%d, want %d", name, o.Ledger[name], n)
		}
	}
}

// unowned counts the connections and lookups that no process can own: the zero GUID,
// and no process id. Those are malformed.
func unowned(t *testing.T, path string) (n int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range worlds.LinesOf(text) {
		var e map[string]any
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprint(e["EventID"])
		if channel := fmt.Sprint(e["Channel"]); strings.Contains(channel, "Sysmon") && (id == "3" || id == "22") &&
			e["ProcessGuid"] == worlds.ZeroGUID && e["ProcessId"] == nil {
			n++
		}
	}
	return n
}

// shape is what can be compared of a tree: where it is, how large, what its root ran,
// and what ran in it, in no order.
type shape struct {
	device      string
	size, depth int
	root        string
	nodes       string
}

func (s shape) String() string {
	return fmt.Sprintf("%s: %d processes to depth %d below %s:\n%s", s.device, s.size, s.depth, s.root, s.nodes)
}

// The scanner cuts texts at so many characters, and lists so many nodes at most.
const rootCut, nodeCut, nodesListed = 300, 120, 40

func (e *expected) checkTrees(t *testing.T, o doors.Outcome) {
	t.Helper()
	var want, got []string
	depths := map[string]int{}
	for _, d := range e.Detail {
		s := shape{d.Host, d.Size, d.Depth, d.Command, ""}
		if d.Size <= nodesListed {
			var nodes []string
			for _, n := range d.Nodes {
				nodes = append(nodes, fmt.Sprint(n[0], " ", n[1], " ", n[2]))
			}
			s.nodes = sorted(nodes)
		}
		want = append(want, s.String())
	}
	for _, s := range shapes(o) {
		depths[fmt.Sprint(s.depth)]++
		if s.size > nodesListed {
			s.nodes = ""
		}
		got = append(got, s.String())
	}
	slices.Sort(want)
	slices.Sort(got)
	doors.SameRows(t, "trees", strings.Join(got, "\n\n"), strings.Join(want, "\n\n"))
	if len(got) != e.Strict.Trees || o.Ledger["nodes"] != e.Strict.Processes || !maps.Equal(depths, e.Strict.Depths) {
		t.Errorf("%d trees, %d processes, depths %v; want %d, %d, %v",
			len(got), o.Ledger["nodes"], depths, e.Strict.Trees, e.Strict.Processes, e.Strict.Depths)
	}
}

// shapes puts the node rows of an outcome together to trees.
func shapes(o doors.Outcome) []shape {
	byTree := map[string]*shape{}
	nodes := map[string][]string{}
	for _, r := range o.Kind("node") {
		id := r.Get("tree_id")
		s := byTree[id]
		if s == nil {
			s = &shape{device: strings.ToLower(r.Get("device")), root: cut(r.Get("root_process"), rootCut)}
			byTree[id] = s
		}
		s.size, s.depth = s.size+1, max(s.depth, doors.Integer(r, "depth"))
		nodes[id] = append(nodes[id], fmt.Sprint(r.Get("depth"), " ", strings.ToLower(r.Get("process_name")), " ", cut(r.Get("process"), nodeCut)))
	}
	var list []shape
	for id, s := range byTree {
		s.nodes = sorted(nodes[id])
		list = append(list, *s)
	}
	return list
}

func sorted(lines []string) string {
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func cut(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(n, len(runes))])
}

func (e *expected) checkConnections(t *testing.T, o doors.Outcome) {
	t.Helper()
	net, dns := 0, 0
	nodes, trees := map[string]bool{}, map[string]bool{}
	for _, r := range o.Kind("connection") {
		switch {
		case r.Get("edge") != "guid": // the scanner joins GUIDs only
		case r.Get("action") == "dns":
			dns += doors.Integer(r, "connection_count")
		default:
			net += doors.Integer(r, "connection_count")
			nodes[r.Get("node_id")], trees[r.Get("tree_id")] = true, true
		}
	}
	if net != e.Strict.Net || dns != e.Strict.DNS || len(nodes) != e.Strict.NetNodes || len(trees) != e.Strict.NetTrees {
		t.Errorf("%d connections of %d processes in %d trees, %d lookups; want %d of %d in %d, %d",
			net, len(nodes), len(trees), dns, e.Strict.Net, e.Strict.NetNodes, e.Strict.NetTrees, e.Strict.DNS)
	}
}
