package trial_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// dataset returns the path of a public capture, which is never part of the project:
// its licence is its own. It skips where the captures are not there.
func dataset(t testing.TB, parts ...string) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "datasets")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the public captures are not here: put them into shared/datasets beside the checkout")
	}
	return filepath.Join(append([]string{folder}, parts...)...)
}

// huntedFiles hunts in files, as the hunt subcommand reads them.
func huntedFiles(t testing.TB, args string, paths ...string) outcome {
	t.Helper()
	h := newHunt(t, args)
	rec := record.New(h.Names())
	events := 0
	for _, path := range paths {
		stats, err := source.Each(path, func(e source.Event) error {
			switch {
			case e.Text != nil:
				_, _ = h.lane().AddText(e.Text)
			case e.Fill(rec) != nil:
				h.lane().AddMalformed()
			default:
				_, _ = h.lane().Add(rec)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		events += stats.Events
	}
	return finished(t, h, events)
}

const rawLoader, jsonLoader = "gootloader_xmlwineventlog.log", "gootloader.jsonl"

// The capture that the first version had to get right: a script host that a task
// started, two more below it, and one connection of the last.
func TestGootloader(t *testing.T) {
	raw, flat := dataset(t, "sysmon", rawLoader), dataset(t, "sysmon", jsonLoader)
	want := huntedFiles(t, "recent=all lookback=all", raw)
	var got []string
	for _, r := range want.rows {
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
	sameRows(t, "the same events as JSON", huntedFiles(t, "recent=all lookback=all", flat).text, want.text)
	both := huntedFiles(t, "recent=all lookback=all", raw, flat)
	sameRows(t, "both files", both.text, want.text)
	if both.ledger["duplicate"] != 5 || both.ledger["events"] != 78 {
		t.Errorf("both files: %v", both.ledger)
	}
	sameRows(t, "both files, in the other order", huntedFiles(t, "recent=all lookback=all", flat, raw).text, want.text)
}

const defenderCapture = "mde_proc_cs1.deviceprocessevents.jsonl"

// A join on process id and creation time gives these numbers; one on the process id
// alone gives 486 processes, which is wrong.
func TestDefenderCapture(t *testing.T) {
	path := dataset(t, "defender", defenderCapture)
	told := huntedFiles(t, "max_devices=0 recent=all lookback=all rebuilt=none", path)
	depths := map[int]int{}
	for _, s := range shapes(told) {
		depths[s.depth]++
	}
	if want := (map[int]int{1: 83, 2: 30, 3: 1, 4: 4}); !maps.Equal(depths, want) || told.ledger["kept"] != 118 || told.ledger["nodes"] != 186 {
		t.Errorf("depths %v, want %v; %v", depths, want, told.ledger)
	}
	if told.ledger["process"] != 1564 || told.ledger["events"] != 1564 {
		t.Errorf("%v", told.ledger)
	}
	connected := huntedFiles(t, "max_devices=0 recent=all lookback=all", path)
	sameRows(t, "without connections, rebuilt=connected", connected.text, told.text)
	checkRebuilt(t, told, huntedFiles(t, "max_devices=0 recent=all lookback=all rebuilt=all", path))
}

// checkRebuilt: with the rebuilt trees, all others are still there, as they were.
func checkRebuilt(t *testing.T, told, all outcome) {
	t.Helper()
	roots := map[string]row.Row{}
	for _, r := range told.kind("node") {
		roots[r.Get("node_id")] = r
	}
	extra := 0
	for _, r := range all.kind("node") {
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
	o := huntedFiles(t, everything, dataset(t, "defender", "advanced_hunting_test.csv"))
	if o.ledger["events"] != 129 || o.ledger["connection"] < 1 || o.ledger["process"] < 1 {
		t.Errorf("%v", o.ledger)
	}
}
