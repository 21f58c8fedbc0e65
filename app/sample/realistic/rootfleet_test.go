package realistic

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

func rootsFleet() Config {
	return Config{Devices: 40, Days: 3, Seed: 7, Tail: 0.5, Fresh: 1, Roots: true}
}

// Every channel runs beneath its preset, is in the log and calls, and begins within the last
// day; each preset has benign kinds that most devices have, a tail and churn.
func TestEveryRootHasItsChannels(t *testing.T) {
	for _, cfg := range []Config{rootsFleet(), {Devices: 60, Days: 5, Seed: 3, Tail: 0.25, Fresh: 1, Roots: true}} {
		rows := table(t, generated(t, cfg)[ChannelsFile])
		if len(rows) != len(rootStories) {
			t.Errorf("%d channels of %d", len(rows), len(rootStories))
		}
		for _, r := range rows {
			if r["connections"] == "0" || r["runs"] == "0" {
				t.Errorf("seed %d: %s is not in the log: %v", cfg.Seed, r["channel"], r)
			}
		}
	}
	groups := map[string]int{}
	cfg, _ := rootsFleet().complete()
	for _, k := range newWorld(cfg).kinds {
		groups[k.under+" "+k.group]++
	}
	for _, preset := range presets {
		if groups[preset+" common"] < 3 || groups[preset+" tail"] < 4 || groups[preset+" planted"] < 2 {
			t.Errorf("%s: %v", preset, groups)
		}
	}
	if groups[" tail"] > 0 || groups[" common"] < 40 {
		t.Errorf("of tasks: %v", groups)
	}
}

// What a kind of a preset runs is started by a program of the preset, in time where a logon
// starts it, and tells nothing to the scheduler's log.
func TestRootsAreStartedByTheirPreset(t *testing.T) {
	seen := map[string]int{}
	histories(t, rootsFleet(), func(m *machine, h *sample.History) {
		for i := range m.runs {
			r := &m.runs[i]
			if r.k.under == "" {
				continue
			}
			seen[r.k.under]++
			st := m.w.starterOf(r.k)
			want := st.what.image
			if want == "" {
				want = st.owner
			}
			if p := r.root.Parent; !strings.Contains(strings.ToLower(p.Image), strings.ToLower(want)) || p.Start >= r.root.Start {
				t.Fatalf("%s is started by %s at %d, its run at %d", r.k.id, p.Image, p.Start, r.root.Start)
			} else if r.k.under == "logon" && r.root.Start-p.Start > 2*minute {
				t.Fatalf("%s comes %d s after the shell", r.k.id, (r.root.Start-p.Start)/second)
			}
		}
		tasks, logged := 0, 0
		for i := range m.runs {
			if m.runs[i].k.under == "" {
				tasks++
			}
		}
		for i := range h.Events {
			if e := &h.Events[i]; e.Kind == sample.LoggedEntry && e.Entry.ID == 129 && !e.Copy {
				logged++
			}
		}
		if logged > tasks {
			t.Fatalf("%d runs are in the scheduler's log, %d were tasks'", logged, tasks)
		}
	})
	for _, preset := range presets {
		if seen[preset] == 0 {
			t.Errorf("%s: nothing runs", preset)
		}
	}
}
