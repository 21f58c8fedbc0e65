package findings_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

// leastLasting is the share of commands on a device that have the id of their finding on the
// next day too, as docs/scoring.md says.
const leastLasting = 0.97

// A command of a device that is shown on two days running is of one finding on both, by its id,
// unless its template or its departure is another: that is seldom.
func TestFindingIDsLast(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a fleet of nine days and hunts in it three times")
	}
	p := &proposing{dir: t.TempDir()}
	made, err := realistic.Generate(realistic.Config{Devices: 40, Days: 9, Seed: 29, Tail: 0.5, Fresh: 3}, p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range made.Files {
		p.files = append(p.files, filepath.Join(p.dir, name))
	}
	slices.Sort(p.files)
	type command struct{ device, text string }
	var was map[command]map[string]bool
	both, same := 0, 0
	for last := len(p.files) - 3; last < len(p.files); last++ {
		day, err := time.Parse("events-2006-01-02.jsonl", filepath.Base(p.files[last]))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[command]map[string]bool{}
		for _, r := range readRows(t, p.run(t, p.files[last-5:last+1], "hunt", "--output", "trees", "--recent", "1d", "--lookback", "7d", "--now", strconv.FormatInt(day.AddDate(0, 0, 1).Unix(), 10))) {
			c := command{r["device"], r["root_process"]}
			if ids[c] == nil {
				ids[c] = map[string]bool{}
			}
			ids[c][r["finding_id"]] = true
		}
		for c, now := range ids {
			before, shown := was[c]
			if !shown {
				continue
			}
			both++
			for id := range now {
				if before[id] {
					same++
					break
				}
			}
		}
		was = ids
	}
	t.Logf("%d of %d commands have the same id on the next day", same, both)
	if both < 150 || float64(same) < leastLasting*float64(both) {
		t.Errorf("of %d commands that are shown on two days running only %d have the same id", both, same)
	}
}
