package captures_test

import (
	"maps"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// An event log as an old Windows 10 left it, with eight damaged chunks. Its scheduler has
// no -s Schedule yet.
func TestOldSysmonLog(t *testing.T) {
	path := worlds.Capture(t, "evtx", "sysmon.evtx")
	got := doors.HuntedFiles(t, doors.Everything+` root=/svchost\.exe\s-k\snetsvcs$/`, path)
	depths := map[int]int{}
	for _, s := range shapes(got) {
		depths[s.depth]++
	}
	if want := (map[int]int{1: 20, 2: 4, 6: 1}); !maps.Equal(depths, want) || got.Ledger["kept"] != 25 || got.Ledger["nodes"] != 40 || got.Ledger["connections"] != 2 {
		t.Errorf("depths %v, want %v; %v", depths, want, got.Ledger)
	}
	for _, r := range got.Kind("connection") {
		if r.Get("depth") != "4" {
			t.Errorf("a connection at depth %s, want 4", r.Get("depth"))
		}
	}
	doors.SameRows(t, "as XML", doors.HuntedFiles(t, doors.Everything+` root=/svchost\.exe\s-k\snetsvcs$/`, worlds.Dumped(t, path)).Text, got.Text)
}
