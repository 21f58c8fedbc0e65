package rival

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Threats rates a tree by the highest threat score that RITA 5 gives to one of its device's
// destinations: its beacon score by the steps of its configuration, and its modifiers for
// how many devices go there and how long ago the first did. Sizes are not logged, so the
// other three parts weigh a third each. Between equal ones the beacon score decides.
//
// Rows tell the first and last contact of a process with a destination, and how many there
// were: those between are taken to be evenly apart, which is in RITA's favour.
func Threats(trees []*Tree) []float64 {
	w := watch{talks: map[[2]string][]event.Time{}, devices: map[string]map[string]bool{}, first: map[string]event.Time{}, fleet: map[string]bool{}}
	for _, t := range trees {
		w.fleet[t.Device] = true
		for i := range t.Steps {
			if s := &t.Steps[i]; s.Call {
				w.add(t.Device, s)
			}
		}
	}
	scores := make(map[[2]string]float64, len(w.talks))
	for pair, times := range w.talks {
		scores[pair] = w.threat(pair[1], times)
	}
	rates := make([]float64, len(trees))
	for n, t := range trees {
		for i := range t.Steps {
			if s := &t.Steps[i]; s.Call {
				rates[n] = max(rates[n], scores[[2]string{t.Device, s.Name}])
			}
		}
	}
	return rates
}

// watch is who talked to whom, and when.
type watch struct {
	talks    map[[2]string][]event.Time // by device and destination
	devices  map[string]map[string]bool // by destination
	first    map[string]event.Time
	fleet    map[string]bool
	from, to event.Time
}

// mostContacts is how many contacts of one row are laid out.
const mostContacts = 1 << 12

func (w *watch) add(device string, s *Step) {
	pair := [2]string{device, s.Name}
	n := min(max(s.Count, 1), mostContacts)
	for i := range n {
		at := s.Second
		if n > 1 {
			at += (s.Last - s.Second) * float64(i) / float64(n-1)
		}
		t := event.Time(at * float64(event.Second))
		w.talks[pair] = append(w.talks[pair], t)
		if w.from == 0 || t < w.from {
			w.from = t
		}
		w.to = max(w.to, t)
		if known, some := w.first[s.Name]; !some || t < known {
			w.first[s.Name] = t
		}
	}
	if w.devices[s.Name] == nil {
		w.devices[s.Name] = map[string]bool{}
	}
	w.devices[s.Name][device] = true
}

// RITA's modifiers, and its gate.
const (
	modifier    = 0.15
	seldom      = 0.02 // of the fleet
	often       = 0.5
	young       = 7 * event.Day
	fewestTimes = 4
)

func (w *watch) threat(destination string, times []event.Time) float64 {
	slices.Sort(times)
	times = slices.Compact(times)
	score := 0.0
	if len(times) >= fewestTimes {
		if time, err := beacon.RITATime(times); err == nil {
			bins := beacon.Bins(times, w.from, w.to)
			score = beacon.RITAScore(time, beacon.RITAHistogram(bins), beacon.RITADuration(bins, times[0], times[len(times)-1], w.from, w.to))
		}
	}
	threat := beacon.RITABucket(100*score, 50, 70, 90, 100) + score/1000
	switch share := float64(len(w.devices[destination])) / float64(len(w.fleet)); {
	case share <= seldom:
		threat += modifier
	case share >= often:
		threat -= modifier
	}
	if w.to-w.from > young && w.to-w.first[destination] <= young {
		threat += modifier
	}
	return max(threat, 0)
}
