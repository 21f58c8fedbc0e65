package sample

import (
	"strings"
	"testing"
)

// The truth itself has to hold: nothing is started by a process that does not
// run, no two running processes share a PID, and depth follows the parent.
func TestTruthIsConsistent(t *testing.T) {
	for _, h := range histories(t, small(FormatSysmon)) {
		running := map[uint32]*Process{}
		guids := map[string]bool{}
		last := Time(0)
		for _, p := range h.Processes {
			if p.Start < last {
				t.Fatalf("%s: process %d out of order", h.Device.Name, p.Serial)
			}
			last = p.Start
			if guid := strings.ToLower(p.GUID()); guids[guid] {
				t.Errorf("GUID %s twice", guid)
			} else {
				guids[guid] = true
			}
			if other := running[p.PID]; other != nil && other.End > p.Start {
				t.Errorf("%s: PID %d of process %d and of %d at once", h.Device.Name, p.PID, other.Serial, p.Serial)
			}
			running[p.PID] = p
			checkParent(t, p)
		}
	}
}

func checkParent(t *testing.T, p *Process) {
	t.Helper()
	if p.PID%4 != 0 || p.End <= p.Start {
		t.Errorf("process %d: PID %d, runs from %d to %d", p.Serial, p.PID, p.Start, p.End)
	}
	if p.Parent == nil {
		if p.PID != kernelPID || p.Depth != 0 {
			t.Errorf("process %d has no parent", p.Serial)
		}
		return
	}
	if p.Start < p.Parent.Start || p.Start >= p.Parent.End {
		t.Errorf("process %d starts outside its parent's life", p.Serial)
	}
	depth := 0
	if strings.HasSuffix(p.Parent.Command, `-k netsvcs -p -s Schedule`) && p.Parent.Name() == "svchost.exe" {
		depth = 1
	} else if p.Parent.Depth > 0 {
		depth = p.Parent.Depth + 1
	}
	if p.Depth != depth || depth == 1 && p.Root != p || depth > 1 && p.Root != p.Parent.Root || (p.Root == nil) != (depth == 0) {
		t.Errorf("process %d: depth %d, want %d", p.Serial, p.Depth, depth)
	}
	if p.Plant != "" && (depth == 0 || depth > 1 && p.Parent.Plant != p.Plant) {
		t.Errorf("process %d of plant %s is not in its tree", p.Serial, p.Plant)
	}
}

func TestEventsTellTheTruth(t *testing.T) {
	for _, h := range histories(t, small(FormatSysmon)) {
		starts, ends := map[*Process]int{}, map[*Process]int{}
		for i, e := range h.Events {
			if e.Copy {
				if before := h.Events[i-1]; before.Record != e.Record || before.Process != e.Process {
					t.Errorf("copy %d follows another event", e.Record)
				}
				continue
			}
			switch e.Kind {
			case ProcessStart:
				starts[e.Process]++
			case ProcessEnd:
				ends[e.Process]++
			default:
				if e.At < e.Process.Start || e.At > e.Process.End {
					t.Errorf("process %d connects outside its life", e.Process.Serial)
				}
			}
		}
		from, _ := windowOf(t, small(FormatSysmon))
		for _, p := range h.Processes {
			if starts[p] != count(p.Logged) || ends[p] != count(p.EndLogged) {
				t.Errorf("process %d: %d starts, %d ends; logged %v, %v", p.Serial, starts[p], ends[p], p.Logged, p.EndLogged)
			}
			if p.Plant != "" && (!p.Logged || p.Start < from) {
				t.Errorf("planted process %d has no event", p.Serial)
			}
		}
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func TestPIDsAreReusedHeavily(t *testing.T) {
	processes, reused, foreign := 0, 0, 0
	for _, h := range histories(t, Config{Devices: 10, Days: 7, Seed: 5}) {
		latest := map[uint32]*Process{}
		for _, p := range h.Processes {
			processes++
			if latest[p.PID] != nil {
				reused++
			}
			latest[p.PID] = p
		}
		for _, p := range h.Processes {
			if p.Parent != nil && latest[p.Parent.PID] != p.Parent {
				foreign++ // a join on the PID alone finds a stranger for the parent
			}
		}
	}
	if share := float64(reused) / float64(processes); share < 0.75 {
		t.Errorf("%.2f of %d processes have a PID that was used before, want 0.75", share, processes)
	}
	if share := float64(foreign) / float64(processes); share < 0.15 {
		t.Errorf("%.2f of %d parents' PIDs were taken by others later, want 0.15", share, processes)
	}
}

// The decoys have to be there: outside the trees, but caught by a careless test.
func TestDecoysAreOutsideTrees(t *testing.T) {
	careless, grouped, inner := 0, 0, 0
	for _, h := range histories(t, small(FormatSysmon)) {
		for _, p := range h.Processes {
			if p.Parent == nil || p.Parent.scheduler {
				continue
			}
			parent := p.Parent.Command
			switch {
			case strings.Contains(parent, "-ScheduleJob") && p.Depth == 0:
				careless++
			case strings.Contains(parent, "DoScheduledTelemetryRun") && p.Depth > 2:
				inner++
			case strings.Contains(parent, "-k netsvcs") && p.Depth == 0:
				grouped++
			}
		}
	}
	if careless < 20 || grouped < 20 || inner < 5 {
		t.Errorf("%d children of -ScheduleJob, %d of other netsvcs, %d of DoScheduledTelemetryRun: too few", careless, grouped, inner)
	}
}
