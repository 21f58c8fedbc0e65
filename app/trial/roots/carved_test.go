package roots_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// However roots of several presets stand beneath one another, a process is shown in one tree
// and once, below a parent that is shown in the same tree, and its path begins at that
// tree's root.
func TestAProcessIsInOneTree(t *testing.T) {
	file, nested := filepath.Join(t.TempDir(), "worlds.csv"), 0
	for seed := range uint64(12) {
		var all [][]string
		for world := range uint64(60) {
			all = append(all, worlds.Crowded(5000+seed*60+world)...)
		}
		worlds.WriteCSV(t, file, all)
		o := doors.HuntedFiles(t, "recent=all lookback=all max_devices=0 rebuilt=none root="+doors.AllRoots, file)
		nested += checkTrees(t, o)
		if t.Failed() {
			t.Fatalf("worlds %d", seed)
		}
	}
	if nested < 20 {
		t.Errorf("%d trees began within others: these worlds test little", nested)
	}
}

// checkTrees returns how many trees begin at a process whose parent is in another.
func checkTrees(t *testing.T, o doors.Outcome) (nested int) {
	t.Helper()
	treeOf, path := map[string]string{}, map[string]string{}
	kinds := map[string]string{}
	for _, r := range o.Kind("node") {
		id, tree := r.Get("node_id"), r.Get("tree_id")
		if other, twice := treeOf[id]; twice {
			t.Errorf("%s is in the trees %s and %s", r.Get("path"), other, tree)
		}
		if kind, known := kinds[tree]; known && kind != r.Get("root_kind") {
			t.Errorf("tree %s is of %s and of %s", tree, kind, r.Get("root_kind"))
		}
		treeOf[id], path[id], kinds[tree] = tree, r.Get("path"), r.Get("root_kind")
	}
	guids := map[string]string{}
	for _, r := range o.Kind("node") {
		guids[r.Get("process_guid")] = r.Get("tree_id")
	}
	for _, r := range o.Kind("node") {
		over := r.Get("parent_node_id")
		switch {
		case r.Get("depth") == "1" && strings.Contains(r.Get("path"), " > "):
			t.Errorf("a root has the path %s", r.Get("path"))
		case r.Get("depth") == "1":
			if at := guids[r.Get("parent_process_guid")]; at != "" && at != r.Get("tree_id") {
				nested++
			}
		case treeOf[over] != r.Get("tree_id") || !strings.HasPrefix(r.Get("path"), path[over]+" > "):
			t.Errorf("%s in tree %s is below %s in tree %s", r.Get("path"), r.Get("tree_id"), path[over], treeOf[over])
		}
	}
	return nested
}

// The map half passes on what any preset needs: whether it has run changes no row, nor does
// the order of its chunks.
func TestMapHalfDoesNotMatterToPresets(t *testing.T) {
	rows := 0
	for seed := range uint64(6) {
		events := doors.Table{Header: worlds.CrowdedColumns}
		for world := range uint64(20) {
			events.Rows = append(events.Rows, worlds.Crowded(9000+seed*20+world)...)
		}
		args := "recent=all lookback=all max_devices=0 root=" + []string{doors.AllRoots, "service,service:winmgmt", "web,logon"}[seed%3]
		want := doors.Searched(t, args, events)
		parts := doors.Mapped(t, args, events, 100)
		slices.Reverse(parts)
		doors.SameRows(t, args+" mapped", doors.Searched(t, args, parts...).Text, want.Text)
		rows += len(want.Rows)
	}
	if rows < 100 {
		t.Errorf("%d rows: these worlds test little", rows)
	}
}
