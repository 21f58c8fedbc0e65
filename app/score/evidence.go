package score

import (
	"fmt"
	"math"
	"strings"
)

// Evidence is the numbers of a finding that its score is made of.
type Evidence struct {
	Fleet   int // devices that were watched
	Devices int // of them, those that do what the finding is about
	Task    int // of them, those that have the task at all
	Departs bool
	How     string // what departs, in words
	Depart  float64
	Odd     string

	Remote        string // the least known destination, "" for none
	RemoteDevices int    // devices with any task that goes there

	Young   bool // began within the recent span, while it was watched for
	Watched int  // device-days before, without it
	Since   string
	Aged    bool // age is known at all

	Cadence float64 // bits
	Rhythm  string
	Inside  bool

	Names int // host names beneath one domain
	Habit []*Habit
}

// Weights are how much parts count. The fewer the better: each is said in docs/scoring.md.
type Weights struct {
	Second  float64 // of the smaller of shape and destination: one nearly implies the other
	Depart  float64
	New     float64
	Cadence float64
	Inside  float64
	Habit   float64
	Tunnel  float64
	NewMost float64
}

// Standard are the weights in use.
var Standard = Weights{Second: 0.25, Depart: 1, New: 1, Cadence: 1, Inside: 1, Habit: 1, Tunnel: 1, NewMost: 12}

// Parts are the parts of a finding's score. Together they never rise when more devices do
// the same.
func (e *Evidence) Parts(w Weights) (parts []Part) {
	add := func(name string, bits float64, why string, args ...any) {
		if bits = math.Round(bits*10) / 10; bits > 0 {
			parts = append(parts, Part{name, bits, fmt.Sprintf(why, args...)})
		}
	}
	shape := Rare(e.Devices-1, e.Fleet-1)
	remote := 0.0
	if e.Remote != "" {
		remote = Rare(max(e.RemoteDevices, e.Devices)-1, e.Fleet-1)
	}
	shapeWeight, remoteWeight := 1.0, w.Second
	if remote > shape {
		shapeWeight, remoteWeight = w.Second, 1
	}
	add("rare", shape*shapeWeight, "on %d of %d devices", e.Devices, e.Fleet)
	add("destination", remote*remoteWeight, "%s is called by tasks on %d of %d devices", e.Remote, e.RemoteDevices, e.Fleet)
	if e.Departs {
		add("departs", e.Depart*w.Depart, "%s on %d of the %d devices with this task", e.How, e.Devices, e.Task)
	}
	if e.Young {
		add("new", math.Min(Rare(0, e.Watched), w.NewMost)*w.New, "since %s, after %d device-days without", e.Since, e.Watched)
	}
	scale := shape / Rare(0, e.Fleet-1)
	if e.Inside {
		add("inside", e.Cadence*w.Inside*scale, "%s", e.Rhythm)
	} else {
		add("cadence", e.Cadence*w.Cadence*scale, "%s", e.Rhythm)
	}
	if e.Names > 1 {
		add("names", (Rare(0, e.Names)-1)*w.Tunnel*scale, "%d names beneath %s", e.Names, e.Remote)
	}
	var names []string
	bits := 0.0
	for _, h := range e.Habit {
		names, bits = append(names, h.Name), bits+h.Bits
	}
	add("habit", bits*w.Habit*scale, "%s", strings.Join(names, ", "))
	return parts
}
