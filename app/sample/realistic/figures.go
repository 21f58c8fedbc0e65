package realistic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// figures are what a fleet is like, for its README and for those who compare fleets.
type figures struct {
	w       *world
	events  map[sample.Kind]int
	trees   map[string]int // by group
	kinds   map[*kind]*kindFigures
	devices int
}

type kindFigures struct {
	devices int
	calls   bool // to the outside
	last    int  // number of the device that was counted last, from 1
}

func newFigures(w *world) *figures {
	return &figures{w: w, events: map[sample.Kind]int{}, trees: map[string]int{}, kinds: map[*kind]*kindFigures{}}
}

// add counts one device.
func (f *figures) add(m *machine, h *sample.History) {
	f.devices++
	of := map[*sample.Process]*kind{}
	for i := range m.runs {
		r := &m.runs[i]
		of[r.root] = r.k
		if r.root.Logged {
			f.run(r)
		}
	}
	for i := range h.Events {
		e := &h.Events[i]
		f.events[e.Kind]++
		k := f.kinds[of[e.Process.Root]]
		if k != nil && (e.Kind == sample.Lookup || e.Kind == sample.Connect && !e.Remote.Peer.Addr().IsPrivate()) {
			k.calls = true
		}
	}
}

func (f *figures) run(r *taskRun) {
	group := r.k.group
	if r.e.plant != nil {
		group = "planted"
	}
	f.trees[group]++
	k := f.kinds[r.k]
	if k == nil {
		k = &kindFigures{}
		f.kinds[r.k] = k
	}
	if k.last != f.devices {
		k.last = f.devices
		k.devices++
	}
}

// String is the figures as the README has them.
func (f *figures) String() string {
	var b strings.Builder
	perDay := func(n int) float64 { return float64(n) / float64(f.devices) / float64(f.w.cfg.Days) }
	fmt.Fprintf(&b, "Events a device and day: %.1f process starts, %.1f ends, %.1f connections, %.1f lookups, %.1f of tasks' own logs.\n",
		perDay(f.events[sample.ProcessStart]), perDay(f.events[sample.ProcessEnd]), perDay(f.events[sample.Connect]), perDay(f.events[sample.Lookup]), perDay(f.events[sample.LoggedEntry]))
	b.WriteString("Runs of tasks a device and day:")
	for _, group := range sortedKeys(f.trees) {
		fmt.Fprintf(&b, " %s %.2f", group, perDay(f.trees[group]))
	}
	b.WriteString(".\n" + f.spread())
	return b.String()
}

// spread tells how many kinds ran on how many devices.
func (f *figures) spread() string {
	bounds := []int{1, 2, 5, 20, 100, 1 << 30}
	names := []string{"1", "2", "3-5", "6-20", "21-100", "more"}
	counts, tail, calling := make([]int, len(bounds)), 0, 0
	for k, n := range f.kinds {
		i, _ := slices.BinarySearch(bounds, n.devices)
		counts[i]++
		if k.group == "tail" || k.group == "churn" {
			tail++
			if n.calls {
				calling++
			}
		}
	}
	var b strings.Builder
	b.WriteString("Kinds of tasks by the number of devices they ran on:")
	for i, n := range counts {
		fmt.Fprintf(&b, " %s: %d;", names[i], n)
	}
	fmt.Fprintf(&b, "\nof %d rare benign kinds that ran, %d called out.\n", tail, calling)
	return b.String()
}
