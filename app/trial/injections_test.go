package trial_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
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

var injectingColumns = append(append([]string{}, installingColumns...),
	"SourceProcessGuid", "SourceProcessGUID", "SourceProcessId", "SourceImage", "TargetProcessGuid", "TargetProcessGUID", "TargetProcessId", "TargetImage", "GrantedAccess")

// injectingWorld is installingWorld with processes that reach into others, some of them by process ids alone, which
// come again.
func injectingWorld(seed uint64) (rows [][]string) {
	r := rand.New(rand.NewPCG(seed, 12))
	wide := len(injectingColumns) - len(installingColumns)
	for _, one := range installingWorld(seed) {
		rows = append(rows, append(one, make([]string, wide)...))
	}
	for i := range 20 + r.IntN(20) {
		clock := fmt.Sprintf("10:%02d:%02d.000", r.IntN(4), r.IntN(60))
		id, spell := "8", "Guid"
		if r.IntN(2) == 0 {
			id, spell = "10", "GUID"
		}
		f := map[string]string{
			"EventCode": id, "Channel": worlds.SysmonChannel, "Computer": fmt.Sprint("PC", seed), "UtcTime": "2026-11-10 " + clock, "TimeCreated": "2026-11-10T" + clock + "Z", "EventRecordID": fmt.Sprint(5000 + i),
			"SourceProcessId": fmt.Sprint(1 + r.IntN(9)), "TargetProcessId": fmt.Sprint(1 + r.IntN(9)), "SourceImage": `C:\Windows\System32\cmd.exe`, "TargetImage": `C:\Windows\System32\cmd.exe`,
			"GrantedAccess": []string{"0x1fffff", "0x1410", "0x2a"}[r.IntN(3)],
		}
		if id == "8" {
			f["GrantedAccess"] = ""
		}
		for _, side := range []string{"Source", "Target"} {
			if r.IntN(4) > 0 {
				f[side+"Process"+spell] = fmt.Sprintf("{5aa6c7d6-%04x-6400-1000-%012x}", seed, 1+r.IntN(100))
			}
		}
		one := make([]string, len(injectingColumns))
		for i, c := range injectingColumns {
			one[i] = f[c]
		}
		rows = append(rows, one)
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// Injections are the same whether rows are read for their keys first or in full at once, and hunts for tasks alone have
// none.
func TestInjectionsWithKeysFirst(t *testing.T) {
	injections, makers := 0, 0
	hunts := rounds.Of(12, 4) // of each preset and rarity
	for hunt := range hunts {
		file := filepath.Join(t.TempDir(), "injections.csv")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		err = w.Write(injectingColumns)
		for world := range 20 {
			err = errors.Join(err, w.WriteAll(injectingWorld(uint64(20*hunt+world))))
		}
		if err = errors.Join(err, w.Error(), f.Close()); err != nil {
			t.Fatal(err)
		}
		rarity := []string{"command", "template"}[hunt%2]
		found, _, _ := doors.SameTwice(t, "recent=all max_devices=0 rarity="+rarity+" root="+[]string{"service,wmi", "logon,schtask"}[hunt/2%2], file)
		if t.Failed() {
			t.Fatalf("hunt %d", hunt)
		}
		for _, r := range found.Rows {
			if r.Get("cause") != row.CauseInjection {
				continue
			}
			if injections++; r.Get("parent_node_id") != "" {
				makers++
			}
			if c := r.Get("cause_certainty"); (c == "likely") != strings.Contains(r.Get("cause_name"), "remote thread") || c == "sure" || strings.Contains(r.Get("cause_name"), "0x1410") {
				t.Errorf("%v", r.Values)
			}
		}
		if alone, _, _ := doors.SameTwice(t, "recent=all max_devices=0 rarity="+rarity, file); strings.Contains(alone.Text, row.CauseInjection) {
			t.Errorf("a hunt for tasks tells of injections: %s", alone.Text)
		}
	}
	if t.Logf("%d injections, %d with who did", injections, makers); injections < 25*hunts || makers < 9*hunts || makers == injections {
		t.Errorf("%d injections, %d with who did: these worlds test little", injections, makers)
	}
}
