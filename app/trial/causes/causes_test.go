package causes_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// In a fleet in which services and WMI consumers are installed by its key, every cause that is
// told is the key's, and each of the key's is told where the log has what it takes.
func TestCausesAreThoseOfTheKey(t *testing.T) {
	if testing.Short() {
		t.Skip("a fleet takes its time")
	}
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 60, Days: 4, Seed: 77, Tail: 0.25, Fresh: 1, Roots: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range sum.Files {
		files = append(files, filepath.Join(dir, f))
	}
	o := doors.HuntedFiles(t, "recent=all max_devices=0 internal=include rarity=command root=service,wmi", files...)
	causes, key := doors.CausesOf(t, o.Rows), worlds.ReadKey(t, dir, realistic.InstallsFile)
	linked, makers, missing := 0, 0, 0
	for _, k := range key {
		r, told := causes[doors.FoldGUID(k["root_guid"])]
		delete(causes, doors.FoldGUID(k["root_guid"]))
		switch canTell := k["root_logged"] == "true" && (k["audited"] == "true" || k["cause"] == "service" && k["maker_logged"] == "true"); {
		case !told && canTell:
			missing++ // an event may be lost on the way, or in a gap
		case !told:
		case r.Get("cause") != k["cause"] || strings.TrimSuffix(r.Get("cause_name"), " Service") != k["name"]:
			t.Errorf("%s: cause %s %q, in the key %s %q", k["root_process"], r.Get("cause"), r.Get("cause_name"), k["cause"], k["name"])
		default:
			linked++
			if maker := doors.FoldGUID(r.Get("parent_process_guid")); maker != "" {
				if makers++; maker != doors.FoldGUID(k["maker_guid"]) {
					t.Errorf("%s: made by %s (%s), in the key %s", k["root_process"], maker, r.Get("parent_process"), k["maker_guid"])
				}
			}
		}
	}
	for id, r := range causes {
		t.Errorf("%s has a cause that the key lacks: %v", id, r.Values)
	}
	t.Logf("%d in the key, %d linked, %d with their maker, %d not told", len(key), linked, makers, missing)
	if linked < 10 || makers < 5 || missing*20 > linked {
		t.Errorf("of %d in the key %d are linked, %d with their maker, %d are missing", len(key), linked, makers, missing)
	}
	nodes := slices.DeleteFunc(slices.Clone(o.Rows), func(r row.Row) bool { return r.Kind == row.Causes })
	for _, r := range nodes {
		if r.Kind == row.Nodes && r.Get("depth") == "1" && strings.Contains(strings.ToLower(r.Get("parent_process_name")), "sc.exe") {
			t.Errorf("a cause was taken for a parent: %v", r.Values)
		}
	}
}
