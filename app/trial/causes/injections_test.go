package causes_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// injectionsOf are the rows of injections, by how, the process that did and the process that it was done to.
func injectionsOf(t *testing.T, rows []row.Row) map[string]row.Row {
	t.Helper()
	found := map[string]row.Row{}
	for _, r := range rows {
		if r.Get("cause") != row.CauseInjection {
			continue
		}
		if r.Kind != row.Causes || r.Get("edge") != row.EdgeCausedBy || r.Get("cause_events") == "" {
			t.Errorf("a row of an injection that does not say all: %v", r.Values)
		}
		if strings.Contains(r.Get("cause_name"), " in what started it: ") {
			continue // it is told once more in each tree that the process starts
		}
		key := fmt.Sprint(r.Get("cause_certainty"), " ", doors.FoldGUID(r.Get("parent_process_guid")), " ", doors.FoldGUID(r.Get("process_guid")))
		if _, twice := found[key]; twice {
			t.Errorf("%s is told twice", key)
		}
		found[key] = r
	}
	return found
}

// In a fleet of other roots every injection that is told is in the key, each of the key's is told where
// the log has it, and what Windows' own programs do is none. Nobody is taken for a parent.
func TestInjectionsAreThoseOfTheKey(t *testing.T) {
	if testing.Short() {
		t.Skip("a fleet takes its time")
	}
	for _, format := range []string{sample.FormatSysmon, sample.FormatSysmonXML} {
		dir := t.TempDir()
		sum, err := realistic.Generate(realistic.Config{Devices: 50, Days: 3, Seed: 1078, Tail: 0.25, Fresh: 1, Roots: true, Format: format, OneFile: true}, dir)
		if err != nil {
			t.Fatal(err)
		}
		o := doors.HuntedFiles(t, "recent=all max_devices=0 internal=include rarity=command root=service,wmi,winrm,dcom,office,web,logon", filepath.Join(dir, sum.Files[0]))
		found, trees, planted, benign, missing := injectionsOf(t, o.Rows), map[string]string{}, 0, 0, 0
		for _, r := range o.Rows {
			if r.Kind == row.Nodes {
				trees[doors.FoldGUID(r.Get("process_guid"))] = doors.FoldGUID(r.Get("parent_process_guid"))
			}
		}
		for _, k := range worlds.ReadKey(t, dir, realistic.InjectionsFile) {
			certainty := map[string]string{"true": "likely", "false": "possible"}[k["thread"]]
			key := certainty + " " + doors.FoldGUID(k["source_guid"]) + " " + doors.FoldGUID(k["target_guid"])
			_, told := found[key]
			delete(found, key)
			parent, isInTree := trees[doors.FoldGUID(k["target_guid"])]
			switch {
			case !told && isInTree && k["target_logged"] == "true":
				missing++ // an event may be lost on the way
			case told && parent == doors.FoldGUID(k["source_guid"]):
				t.Errorf("who reached into %s is taken for its parent", k["target_guid"])
			case told && k["planted"] == "true":
				planted++
			case told:
				benign++
			}
		}
		for key, r := range found {
			t.Errorf("the key has no injection %s: %v", key, r.Values)
		}
		if t.Logf("%s: %d planted, %d benign, %d missing", format, planted, benign, missing); planted < 5 || benign < 20 || missing*20 > planted+benign {
			t.Errorf("%s: %d planted, %d benign, %d missing", format, planted, benign, missing)
		}
	}
}
