package keysfirst_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// hostWorld returns rows of service hosts on devices of their own, some with a command line and
// some without, that start what a few tasks run.
func hostWorld(seed uint64) (rows [][]string) {
	r := rand.New(rand.NewPCG(seed, 13))
	commands := []string{"", "", `svchost.exe -k netsvcs -p -s Schedule`, `svchost.exe -k netsvcs -p -s Schedule`, `svchost.exe -k LocalService -s BITS`}
	for host := range 12 {
		device, command := fmt.Sprintf("H%d.corp", host/2), commands[r.IntN(len(commands))]
		parent := fmt.Sprintf("{00000000-0000-0000-0000-%012d}", 10+host)
		for range 1 + r.IntN(5) {
			row := make([]string, len(taskColumns))
			set := func(name, value string) { row[slices.Index(taskColumns, name)] = value }
			set("EventCode", "1")
			set("Computer", device)
			set("UtcTime", fmt.Sprintf("2026-11-10 10:%02d:00.000", r.IntN(60)))
			set("EventRecordID", fmt.Sprint(r.IntN(1<<20)))
			set("ProcessGuid", fmt.Sprintf("{00000000-0000-0000-0001-%012d}", r.IntN(1<<30)))
			set("ProcessId", fmt.Sprint(1000+r.IntN(1<<12)))
			set("Image", `C:\x\JOB.exe`)
			set("CommandLine", fmt.Sprintf("Job.exe %d", r.IntN(3)))
			set("ParentProcessGuid", parent)
			set("ParentProcessId", fmt.Sprint(100+host))
			set("ParentImage", `C:\Windows\System32\svchost.exe`)
			set("ParentCommandLine", command)
			rows = append(rows, row)
		}
	}
	return rows
}

// Roots by kin are found by keys as they are by reading everything in full.
func TestKeysFirstWithKin(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	file := filepath.Join(t.TempDir(), "hosts.csv")
	byKin, reread, rows := 0, 0, 0
	for seed := range uint64(40) {
		writeTasks(t, file, hostWorld(seed))
		found, events, again := doors.SameTwice(t, doors.Everything, file)
		rows, reread = rows+events, reread+again
		for _, row := range found.Kind("node") {
			if row.Get("root_evidence") == "kin" {
				byKin++
			}
		}
	}
	t.Logf("%d roots by kin; %d of %d rows were read again", byKin, reread, rows)
	if byKin < 40 || reread >= rows {
		t.Errorf("%d roots are known by kin, %d of %d rows were read again: these worlds test little", byKin, reread, rows)
	}
}
