package task_test

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// named names the trees of a settled store.
func named(store *event.Store) (*task.Log, *identity.Roster, *tree.Forest, *task.Tasks) {
	roster := identity.NewRoster(store)
	log := task.NewLog(store)
	forest := tree.Build(roster, tree.Options{Start: tree.Schedule{}, MaxDepth: 32, Log: log})
	return log, roster, forest, task.Of(log, roster, forest, new(task.Definitions))
}

// tally is how names and roots came out.
type tally struct {
	right, wrong, missed  int // names of runs whose event is there
	roots, noRoots, extra int // runs that are roots, that are not, and others that are
}

func (y *tally) count(w *world, roster *identity.Roster, forest *tree.Forest, tasks *task.Tasks) {
	for i := range roster.Actors {
		a := &roster.Actors[i]
		name := w.Symbols.String(tasks.Name(int32(i)).Task)
		want, isRoot := w.truth[a.Record], forest.Evidence[i] != tree.NoEvidence
		switch {
		case want == "" && isRoot:
			y.extra++
		case want != "" && isRoot:
			y.roots++
		case want != "":
			y.noRoots++
		}
		switch {
		case name != "" && name != want:
			y.wrong++
		case name != "":
			y.right++
		case w.logged[a.Record] && isRoot:
			y.missed++
		}
	}
}

// Names are never wrong, whatever comes again and however far the clocks are apart; nearly
// all runs have theirs when the log tells of them.
func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		pool   int
		shifts []event.Time
		named  float64 // the least share of the runs whose event is there
	}{
		"ids come again":           {4000, []event.Time{0}, 0.99},
		"ids come again and again": {60, []event.Time{0}, 0.97},
		"clocks apart by hours":    {4000, []event.Time{hour, -2 * hour, 5*hour + hour/2, -11 * hour}, 0.99},
		"clocks apart by days":     {4000, []event.Time{event.Day, -3 * event.Day, 9*event.Day + hour}, 0.99},
		"both":                     {60, []event.Time{hour, -hour, event.Day, -7 * hour}, 0.9},
		"by what is no zone":       {200, []event.Time{47 * event.Second, 400 * event.Second}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var y tally
			for seed := range uint64(40) {
				w := newWorld(seed)
				w.shift = c.shifts[seed%uint64(len(c.shifts))]
				w.boots(3, 40*hour)
				w.live(c.pool)
				w.others(c.pool)
				store := w.shuffled()
				store.Settle()
				_, roster, forest, tasks := named(store)
				y.count(w, roster, forest, tasks)
			}
			t.Logf("%+v", y)
			share := float64(y.right) / float64(y.right+y.missed)
			if y.wrong != 0 || share < c.named || y.right+y.missed < 1000 {
				t.Errorf("%d names are wrong, %.4f of the runs named, want %.2f", y.wrong, share, c.named)
			}
			if recall := float64(y.roots) / float64(y.roots+y.noRoots); y.extra != 0 || c.named > 0 && recall < 0.98 {
				t.Errorf("%d processes are roots that are none; %.4f of the roots are found", y.extra, recall)
			}
		})
	}
}

// In whatever order events come, and with all of them twice, the names are the same.
func TestOrderHasNoPart(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld(seed)
		w.boots(2, 30*hour)
		w.live(80)
		w.others(80)
		w.shuffled().Settle()
		once := namesOf(w)
		w.Tasks = append(w.Tasks, w.Tasks...)
		w.Processes = append(w.Processes, w.Processes...)
		w.shuffled().Settle()
		again := namesOf(w)
		for record, name := range once {
			if again[record] != name {
				t.Errorf("record %d is %q, and then %q", record, name, again[record])
			}
		}
		if len(once) != len(again) || len(once) == 0 {
			t.Errorf("%d names, and then %d", len(once), len(again))
		}
	}
}

func namesOf(w *world) map[uint64]string {
	names := map[uint64]string{}
	_, roster, _, tasks := named(w.Store)
	for i := range roster.Actors {
		if n := tasks.Name(int32(i)); n.Edge != task.NoEdge {
			names[roster.Actors[i].Record] = n.Edge.String() + w.Symbols.String(n.Task)
		}
	}
	return names
}

// slowNames is the slow, separate matcher: for every process of the scheduler all events of
// the log with its process id, by the rule in words. It knows clocks that agree only.
func slowNames(store *event.Store, roster *identity.Roster, forest *tree.Forest) map[int32]string {
	const before, after = 2 * event.Second, 10 * event.Second
	distance := func(k *event.Task, a *identity.Actor) event.Time {
		best := event.Time(-1)
		d := a.Time - k.Time
		if d >= -before && d <= after {
			best = max(d, -d)
		}
		if late := a.Time - a.Self.Created; a.Self.Created != event.NoTime && late >= -before && late <= after { // one zone
			if own := max(a.Self.Created-k.Time, k.Time-a.Self.Created); own <= before && (best < 0 || own < best) {
				best = own
			}
		}
		if k.Writer != a.Parent.PID {
			best = -1
		}
		return best
	}
	names := map[int32]string{}
	for i := range roster.Actors {
		a := &roster.Actors[i]
		nearest, name := event.Time(-1), ""
		for j := range store.Tasks {
			k := &store.Tasks[j]
			if k.PID != a.Self.PID || forest.Evidence[i] == tree.NoEvidence || !sameImage(store, k, a) {
				continue
			}
			d := distance(k, a)
			if d < 0 || nearest >= 0 && d > nearest {
				continue
			}
			mine := true
			for other := range roster.Actors { // no other process is as near to it
				b := &roster.Actors[other]
				if e := distance(k, b); other != i && forest.Evidence[other] != tree.NoEvidence && b.Self.PID == k.PID && sameImage(store, k, b) && e >= 0 && e <= d {
					mine = false
				}
			}
			switch full := store.Symbols.String(k.Name); {
			case !mine:
			case nearest == d && name != full:
				name = "?"
			default:
				nearest, name = d, full
			}
		}
		if name != "" && name != "?" {
			names[int32(i)] = name
		}
	}
	return names
}

func sameImage(store *event.Store, k *event.Task, a *identity.Actor) bool {
	action, image := store.Symbols.String(store.Symbols.Fold(k.Action)), store.Symbols.String(store.Symbols.Fold(a.Self.Name))
	return action == image || k.Act == event.ActionStarted && image == "taskhostw.exe"
}

// The fast matcher finds what the slow one finds.
func TestNamesAreThoseOfTheSlowMatcher(t *testing.T) {
	found := 0
	for seed := range uint64(30) {
		w := newWorld(seed)
		w.boots(1, 20*hour)
		w.live(30)
		w.shuffled().Settle()
		_, roster, forest, tasks := named(w.Store)
		slow := slowNames(w.Store, roster, forest)
		for i := range roster.Actors {
			if name := w.Symbols.String(tasks.Name(int32(i)).Task); name != slow[int32(i)] {
				t.Errorf("world %d: record %d is %q, the slow matcher says %q", seed, roster.Actors[i].Record, name, slow[int32(i)])
			}
			found++
		}
	}
	if found < 300 {
		t.Errorf("%d processes only", found)
	}
}
