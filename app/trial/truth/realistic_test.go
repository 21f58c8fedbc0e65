package truth_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// A realistic fleet is read in full in each of its formats, and every run of a planted
// channel whose root is in the log is the top of a tree: on devices that hide what the
// scheduler's service was called with too.
func TestRealisticFleetIsReadInFull(t *testing.T) {
	for _, format := range rounds.Some(realistic.Formats(), 1) {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			sum, err := realistic.Generate(realistic.Config{Devices: 25, Days: rounds.Of(2, 1), Seed: 8, Tail: 0.3, Format: format, Gzip: true}, dir)
			if err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, f := range sum.Files {
				files = append(files, filepath.Join(dir, f))
			}
			o := doors.HuntedFiles(t, doors.Everything, files...)
			// Events of kinds that a hunt does not use are not looked at twice.
			copies := o.Ledger["duplicate"] == sum.Copies || o.Ledger["duplicate"] == sum.Copies-sum.EntryCopies
			if o.Ledger["events"] != sum.Events || !copies || o.Ledger["malformed"] != 0 {
				t.Errorf("%d events, %d copies were written: %v", sum.Events, sum.Copies, o.Ledger)
			}
			checkRuns(t, o, worlds.ReadKey(t, dir, realistic.KeyFile))
		})
	}
}

// checkRuns looks for each run's root by device, PID and second of its start.
func checkRuns(t *testing.T, o doors.Outcome, key []map[string]string) {
	t.Helper()
	roots := map[string]bool{}
	for _, r := range o.Kind("node") {
		if r.Get("depth") == "1" {
			roots[rootOf(r.Get("device"), r.Get("process_id"), r.Get("_time"))] = true
		}
	}
	looked := 0
	for _, k := range key {
		if k["logged"] != "true" {
			continue
		}
		looked++
		if !roots[rootOf(k["device"], k["root_pid"], k["root_start"])] {
			t.Errorf("planted run is missing: %v", k)
		}
	}
	if looked < 24 {
		t.Errorf("only %d runs are in the log", looked)
	}
}

func rootOf(device, pid, at string) string {
	second, _, _ := strings.Cut(at, ".")
	_, err := strconv.Atoi(second)
	if err != nil {
		return "no time " + at
	}
	return strings.ToLower(device) + " " + pid + " " + second
}
