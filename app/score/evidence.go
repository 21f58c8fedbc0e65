package score

import (
	"fmt"
	"math"
	"sort"
)

// Evidence is the numbers that a finding's score is made of. All counts include the
// finding's own devices.
type Evidence struct {
	Fleet   int // devices that were watched
	Tasks   int // tasks that these have, all of them
	Task    int // devices that have the task
	Devices int // devices that do what the finding is about
	Kin     int // devices that have rare tasks which run a script in the same way, this one's among them; 0 for none

	// How is what its runs do that others of the task do not, "" for a task as a whole.
	How     string
	Departs float64 // bits: how little expected that is on a device with the task
	Within  int     // of the task's devices, those that depart in a like way
	Alike   int     // pairs of a task and a device, in the fleet, that depart in a like way
	// Fresh is how many such facts are new to the task in FreshDays device-days, where Departs
	// comes from that; else 0.
	Fresh, FreshDays int

	Remote        string // the least known destination, "" for none
	RemoteDevices int    // devices of which any task goes there
	Names         int    // host names beneath it, looked up by one device

	Young   bool   // it began in the recent span, and was watched for before
	Watched int    // device-days before, without it
	Since   string // when it began

	Quiet bool // it called nothing, on devices that log connections

	Tool        string // the program of Windows' own that the fewest devices' tasks run; "" for none
	ToolDevices int

	Chain int // most different script hosts and carriers of code, one beneath another

	Runs, Inside Rhythm // how regular its contacts are: from run to run, and inside runs

	Habits []*Habit

	Root Rooted
}

// Rhythm is how regular contacts are.
type Rhythm struct {
	Bits   float64 // log2 of how much likelier a period is than none
	Period float64 // seconds
	Jitter float64 // share of the period
	Count  int
	Sleeps bool // it waits after each contact, as no trigger does
}

// days says how new the departure is, where that is how little expected it is.
func (e *Evidence) days() string {
	if e.Fresh == 0 {
		return ""
	}
	return fmt.Sprintf(", new to it in %d device-days %d", e.FreshDays, e.Fresh)
}

// kin says how many devices run scripts in the same way, where it is more than the task is on.
func (e *Evidence) kin() string {
	if e.Kin <= e.Task {
		return ""
	}
	return fmt.Sprintf(", rare scripts that are run so on %d", e.Kin)
}

// mostRhythm is how many bits of a rhythm count: what is more regular is not worse.
const mostRhythm = 6

func (r Rhythm) bits() float64 { return math.Round(10*max(0, min(r.Bits, mostRhythm))) / 10 }

// shape is the surprise of what the finding is about, in bits: that of the task and, of a
// departure, that of the departure where the task is.
func (e *Evidence) shape() (task, departs float64) {
	task = Rare(max(e.Task, e.Kin)-1, e.Fleet-1)
	if e.How != "" {
		departs = min(e.Departs, most(e.Fleet)-task)
	}
	return task, departs
}

// most is the greatest surprise that a fleet of that size can show.
func most(fleet int) float64 { return Rare(0, fleet-1) }

// share is how rare the finding is, of how rare anything can be, from 0 to 1.
func (e *Evidence) share() float64 {
	task, departs := e.shape()
	return (task + departs) / most(e.Fleet)
}

// seldom is the surprise of a departure where k findings depart as far. In a small fleet there
// are more tasks than devices, and each may depart: three findings are many for 50 devices and
// few for 110 tasks. In a large one there are more devices, each of which may.
func (e *Evidence) seldom(k int) float64 { return Rare(k-1, max(e.Tasks, e.Fleet)-1) }

// IsRare reports whether a finding is at least half as rare as anything can be: the fleet's
// long tail is made of those.
func (e *Evidence) IsRare() bool { return e.share() >= 0.5 }

// IsRareTask reports whether the finding's task is, whatever its runs do.
func (e *Evidence) IsRareTask() bool {
	return IsRare(max(e.Task, e.Kin), e.Fleet)
}

// IsRare reports whether what so many devices of a fleet do is at least half as rare as
// anything can be.
func IsRare(devices, fleet int) bool { return Rare(devices-1, fleet-1)/most(fleet) >= 0.5 }

// remote is the surprise of the destination.
func (e *Evidence) remote() float64 {
	if e.Remote == "" {
		return 0
	}
	bits := Rare(max(e.RemoteDevices, e.Devices)-1, e.Fleet-1)
	if e.How != "" {
		// Where a task's devices go to places of their own, one more is no surprise.
		task, departs := e.shape()
		bits = min(bits, task+departs)
	}
	return bits
}

// Tail is what the rare findings of a fleet are like: every fleet has a long tail of them,
// and what many of them have is no evidence. It is safe for concurrent use.
type Tail struct {
	Findings     int
	runs, inside []float64 // bits of rhythm, sorted
	names        []float64
	drifts       []float64 // jitter of those that sleep between runs
	chains       []float64
	tools        []float64
	departs      []float64 // of all findings: bits of departure
	habits       map[string]int
	numbers      map[string]int // of habits, by name
	shown        together
}

// NewTail returns the tail of findings: those at least half as rare as anything can be.
func NewTail(all []*Evidence) *Tail {
	t := &Tail{habits: make(map[string]int), numbers: make(map[string]int), shown: make(together)}
	for _, e := range all {
		if _, departs := e.shape(); departs > 0 {
			t.departs = append(t.departs, departs)
		}
		if !e.IsRare() {
			continue
		}
		t.Findings++
		t.runs, t.inside = append(t.runs, e.Runs.bits()), append(t.inside, e.Inside.bits())
		t.names = append(t.names, float64(e.Names))
		t.drifts, t.chains = append(t.drifts, e.Runs.drift()), append(t.chains, float64(e.Chain))
		t.tools = append(t.tools, e.tool())
		t.noteShown(e)
	}
	sort.Float64s(t.runs)
	sort.Float64s(t.inside)
	sort.Float64s(t.names)
	sort.Float64s(t.drifts)
	sort.Float64s(t.chains)
	sort.Float64s(t.tools)
	sort.Float64s(t.departs)
	t.settleShown()
	return t
}

// atLeast is how many of sorted values are at least v.
func atLeast(sorted []float64, v float64) int { return len(sorted) - sort.SearchFloat64s(sorted, v) }

// surprise is that of something which k of the rare findings have, this one among them.
func (t *Tail) surprise(k int) float64 { return Rare(k-1, t.Findings-1) }
