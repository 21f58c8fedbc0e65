package roots_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// What is fair to ask of a preset's ranking: each planted channel among the first findings,
// and few benign ones that would be an alert.
const (
	rootsWithin = 10
	rootsBenign = 5 // a day, at the alert's score or above
)

// In a fleet with a long tail and churn beneath every preset's parents, in which shells,
// scripts and encoded commands are benign as well, what was planted within the last day leads.
func TestPlantedBeneathOtherRoots(t *testing.T) {
	if testing.Short() {
		t.Skip("a fleet takes its time")
	}
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 60, Days: 5, Seed: 1031, Tail: 0.25, Fresh: 1, Roots: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range sum.Files {
		files = append(files, filepath.Join(dir, f))
	}
	key := worlds.ReadKey(t, dir, realistic.KeyFile)
	for _, preset := range []string{"service", "wmi", "winrm", "dcom", "office", "web", "logon"} {
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			checkRanks(t, preset, key, doors.HuntedFiles(t, "recent=1d lookback=5d output=nodes root="+preset, files...))
		})
	}
}

// cameFromElsewhere are the channels that another machine's call started: their findings say so.
var cameFromElsewhere = map[string]bool{"service-random": true, "service-shell": true, "wmi-exec": true, "winrm-session": true, "winrm-download": true, "dcom-console": true}

// checkRanks looks for the channels of a preset among its findings, the highest score first.
func checkRanks(t *testing.T, preset string, key []map[string]string, o doors.Outcome) {
	t.Helper()
	channels, planted := map[string]string{}, map[string]bool{} // by the root's GUID; which there are
	for _, k := range key {
		if strings.HasPrefix(k["kind"], preset+"-") && k["logged"] == "true" {
			channels[doors.FoldGUID(k["root_guid"])], planted[k["kind"]] = k["kind"], true
		}
	}
	if len(planted) < 2 {
		t.Errorf("%s: only %v is planted", preset, planted)
	}
	rank, last, benign, called := 0, "", map[string]bool{}, map[string]bool{}
	for _, r := range o.Rows {
		if id := r.Get("finding_id"); id != last {
			rank, last = rank+1, id
		}
		bits, _ := strconv.ParseFloat(r.Get("score"), 64)
		channel := channels[doors.FoldGUID(r.Get("process_guid"))]
		switch {
		case channel != "" && planted[channel]:
			delete(planted, channel)
			if why := r.Get("why"); strings.Contains(why, "began close in time to a call") || strings.Contains(why, "in the session of a logon from another machine") {
				called[channel] = true
			}
			if t.Logf("%s: %s is the finding %d with %.1f bits", preset, channel, rank, bits); rank > rootsWithin {
				t.Errorf("%s: %s is the finding %d, not of the first %d: %s", preset, channel, rank, rootsWithin, r.Get("why"))
			}
		case channel == "" && r.Get("depth") == "1" && bits >= score.Alert:
			benign[last] = true
		}
	}
	for kind := range called {
		if !cameFromElsewhere[kind] {
			t.Errorf("%s: %s is said to have been called for, by chance or not", preset, kind)
		}
	}
	for kind := range cameFromElsewhere {
		if strings.HasPrefix(kind, preset+"-") && !called[kind] {
			t.Errorf("%s: %s came from another machine, which is not said", preset, kind)
		}
	}
	if len(planted) > 0 {
		t.Errorf("%s: not found: %v", preset, planted)
	}
	if len(benign) > rootsBenign {
		t.Errorf("%s: %d benign findings of at least %v bits", preset, len(benign), score.Alert)
	}
}
