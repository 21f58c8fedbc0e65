package captures_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

const rawLoader, jsonLoader = "gootloader_xmlwineventlog.log", "gootloader.jsonl"

// The capture that the first version had to get right: a script host that a task
// started, two more below it, and one connection of the last.
func TestGootloader(t *testing.T) {
	raw, flat := worlds.Capture(t, "sysmon", rawLoader), worlds.Capture(t, "sysmon", jsonLoader)
	want := doors.HuntedFiles(t, "recent=all lookback=all", raw)
	var got []string
	for _, r := range want.Rows {
		got = append(got, strings.ToLower(strings.Join([]string{r.Get("row"), r.Get("depth"), r.Get("path"), r.Get("remote_ip"), r.Get("remote_port"),
			r.Get("connection_count")}, "|")))
	}
	expected := []string{
		"node|1|wscript.exe|||0",
		"node|2|wscript.exe > cscript.exe|||0",
		"node|3|wscript.exe > cscript.exe > powershell.exe|||1",
		"connection|3|wscript.exe > cscript.exe > powershell.exe|74.208.236.171|443|1",
	}
	if !slices.Equal(got, expected) {
		t.Errorf("rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
	doors.SameRows(t, "the same events as JSON", doors.HuntedFiles(t, "recent=all lookback=all", flat).Text, want.Text)
	both := doors.HuntedFiles(t, "recent=all lookback=all", raw, flat)
	doors.SameRows(t, "both files", both.Text, want.Text)
	if both.Ledger["duplicate"] != 5 || both.Ledger["events"] != 78 {
		t.Errorf("both files: %v", both.Ledger)
	}
	doors.SameRows(t, "both files, in the other order", doors.HuntedFiles(t, "recent=all lookback=all", flat, raw).Text, want.Text)
}

// A join on process id and creation time gives these numbers; one on the process id
// alone gives 486 processes, which is wrong.
func TestDefenderCapture(t *testing.T) {
	path := worlds.Capture(t, "defender", worlds.DefenderCapture)
	told := doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all rebuilt=none", path)
	depths := map[int]int{}
	for _, s := range shapes(told) {
		depths[s.depth]++
	}
	if want := (map[int]int{1: 83, 2: 30, 3: 1, 4: 4}); !maps.Equal(depths, want) || told.Ledger["kept"] != 118 || told.Ledger["nodes"] != 186 {
		t.Errorf("depths %v, want %v; %v", depths, want, told.Ledger)
	}
	if told.Ledger["process"] != 1564 || told.Ledger["events"] != 1564 {
		t.Errorf("%v", told.Ledger)
	}
	connected := doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all", path)
	doors.SameRows(t, "without connections, rebuilt=connected", connected.Text, told.Text)
	checkRebuilt(t, told, doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all rebuilt=all", path))
}

// checkRebuilt: with the rebuilt trees, all others are still there, as they were.
func checkRebuilt(t *testing.T, told, all doors.Outcome) {
	t.Helper()
	roots := map[string]row.Row{}
	for _, r := range told.Kind("node") {
		roots[r.Get("node_id")] = r
	}
	extra := 0
	for _, r := range all.Kind("node") {
		before, known := roots[r.Get("node_id")]
		delete(roots, r.Get("node_id"))
		switch {
		case known && !slices.Equal(r.Values[:columnsBeforeCounts], before.Values[:columnsBeforeCounts]):
			t.Errorf("rebuilt=all changed a process that was there:\n%v\n%v", r, before)
		case !known && r.Get("depth") == "1":
			if extra++; r.Get("edge") != "parent_fields" {
				t.Errorf("the root of a rebuilt tree has the edge %q", r.Get("edge"))
			}
		}
	}
	if len(roots) > 0 || extra == 0 {
		t.Errorf("%d processes are gone, %d trees came: want none, and some", len(roots), extra)
	}
}

// columnsBeforeCounts are those that no other tree can change.
var columnsBeforeCounts = row.HeaderOf(row.Nodes).Index("root_devices")

// Real exports of the portal hold a little of everything; that each row is counted,
// and the sums hold, is all that can be said of this one.
func TestPortalExport(t *testing.T) {
	o := doors.HuntedFiles(t, doors.Everything, worlds.Capture(t, "defender", "advanced_hunting_test.csv"))
	if o.Ledger["events"] != 129 || o.Ledger["connection"] < 1 || o.Ledger["process"] < 1 {
		t.Errorf("%v", o.Ledger)
	}
}
