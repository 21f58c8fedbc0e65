package sample

import (
	"strings"
	"testing"
)

func TestCallsComeFromEachDepth(t *testing.T) {
	for _, format := range AllFormats() {
		dir, _ := written(t, small(format))
		deepest, public := map[string]int{}, map[string]string{}
		for _, row := range table(t, dir, KeyFile) {
			if row["tie"] != tiePID && row["action"] != "dns" {
				deepest[row["plant"]] = max(deepest[row["plant"]], atoi(t, row["depth"]))
				public[row["plant"]] += row["public"]
			}
		}
		depths := map[int]bool{}
		for _, depth := range deepest {
			depths[depth] = true
		}
		for depth := 1; depth <= 9; depth++ {
			if !depths[depth] {
				t.Errorf("%s: no plant whose deepest caller is at depth %d: %v", format, depth, deepest)
			}
		}
		for plant, flags := range public {
			if proxied := strings.Contains(plant, "proxied"); proxied == strings.Contains(flags, "t") {
				t.Errorf("%s: plant %s has public flags %s", format, plant, flags)
			}
		}
	}
}

// Planted commands are rare, ran within the last day, and are on one to three devices.
func TestPlantsAreRareAndRecent(t *testing.T) {
	cfg := Config{Devices: 120, Days: 2, Seed: 2, Scale: 0.05}
	_, to := windowOf(t, cfg)
	type use struct {
		plant   string
		devices map[string]bool
		latest  map[string]Time
	}
	roots := map[string]*use{}
	for _, h := range histories(t, cfg) {
		for _, p := range h.Processes {
			if p.Depth != 1 {
				continue
			}
			u := roots[p.Command]
			if u == nil {
				u = &use{p.Plant, map[string]bool{}, map[string]Time{}}
				roots[p.Command] = u
			}
			if u.plant != p.Plant {
				t.Errorf("%q is of plant %q and of %q", p.Command, u.plant, p.Plant)
			}
			u.devices[h.Device.Name] = true
			u.latest[h.Device.Name] = p.Start
		}
	}
	plants := map[string]int{}
	for command, u := range roots {
		if u.plant == "" {
			continue
		}
		plants[u.plant] += len(u.devices)
		for device, at := range u.latest {
			if at < to-day {
				t.Errorf("%s on %s ran last at %s", command, device, at.UTC())
			}
		}
	}
	if len(plants) != 12 {
		t.Errorf("%d plants on 120 devices, want a tenth", len(plants))
	}
	for plant, devices := range plants {
		if devices < 1 || devices > 3 {
			t.Errorf("plant %s is on %d devices", plant, devices)
		}
	}
	common := 0
	for _, u := range roots {
		if u.plant == "" && len(u.devices) > 60 {
			common++
		}
	}
	if common < 8 {
		t.Errorf("%d benign tasks on most devices, want 8", common)
	}
}

func windowOf(t *testing.T, c Config) (from, to Time) {
	t.Helper()
	c, err := c.complete()
	if err != nil {
		t.Fatal(err)
	}
	return c.window()
}

// steps returns how many processes one run of a program has at least and at most.
func steps(p program) (least, most int) {
	least, most = 1, 1
	for _, child := range p.children {
		lo, hi := steps(child)
		if child.share == 0 {
			least += lo
		}
		most += hi
	}
	return least, most
}

// No run of a planted task is cut short by a parent that died too early, by a
// restart or by the window's end: the key shows each in full.
func TestPlantedRunsAreComplete(t *testing.T) {
	cfg := Config{Devices: 40, Days: 4, Seed: 6, Scale: 0.05, Plants: 40}
	of := map[string]program{}
	complete, err := cfg.complete()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range newPlants(complete) {
		of[p.name] = p.story.task
	}
	for _, h := range histories(t, cfg) {
		size := map[*Process]int{}
		for _, p := range h.Processes {
			if p.Plant != "" {
				size[p.Root]++
				if _, to := windowOf(t, cfg); p.Start > to-10*minute || p.End > to {
					t.Errorf("%s runs up to the window's end", p.Plant)
				}
			}
		}
		for root, n := range size {
			if least, most := steps(of[root.Plant]); n < least || n > most {
				t.Errorf("%s: %d processes, want %d to %d", root.Plant, n, least, most)
			}
		}
	}
}

// However short a parent's life is said to be, it starts its children.
func TestParentsLiveToStartTheirChildren(t *testing.T) {
	s := &simulation{d: newDice(1, 1), dev: &Device{}}
	late := bare("late.exe", "").delayed(second, 2*second)
	for range 200 {
		l := s.decide(bare("brief.exe", "").lives(millisecond, 2*millisecond).with(late), nil)
		if l.life <= l.children[0].after {
			t.Fatalf("lives %d ticks, child starts after %d", l.life, l.children[0].after)
		}
	}
}
