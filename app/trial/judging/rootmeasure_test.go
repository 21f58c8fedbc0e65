//go:build judge

package judging

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// The fleets of other roots in which each preset is hunted. Nothing was developed on these seeds.
const (
	measureDevices = 300
	measureDays    = 14
)

var measureSeeds = []int{1061, 1062}

// What is asked of each preset: every channel among the first findings, and few benign alerts a day.
const (
	measureWithin = 10
	measureBenign = 5
)

// measured is what came of one preset over all fleets.
type measured struct {
	channels, within, last int
	benign, worst          int
	missed                 []string
}

// TestRootMeasure hunts each preset in large fleets and writes the table of docs/roots.md.
// ROOTS_SEEDS takes the first of the seeds only, ROOTS_DIR keeps the fleets.
func TestRootMeasure(t *testing.T) {
	seeds := measureSeeds
	if n, err := strconv.Atoi(os.Getenv("ROOTS_SEEDS")); err == nil {
		seeds = seeds[:min(n, len(seeds))]
	}
	presets, of := []string{"service", "wmi", "winrm", "dcom", "office", "web", "logon"}, map[string]*measured{}
	for _, seed := range seeds {
		dir, key := measureFleet(t, seed)
		for _, preset := range presets {
			if of[preset] == nil {
				of[preset] = &measured{}
			}
			rows := printed(t, "hunt", "--quiet", "--root", preset, "--recent", "1d", "--lookback", strconv.Itoa(measureDays)+"d", "--output", "trees", "--format", "csv", dir)
			trees, err := judge.ReadRows(bytes.NewReader(rows))
			if err != nil {
				t.Fatal(err)
			}
			of[preset].judge(t, fmt.Sprintf("seed %d, %s", seed, preset), preset, judge.Judge(judge.Case{Key: key, Trees: trees}))
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%d fleets of %d devices and %d days, channels fresh in the last day, which is hunted; an alert is a finding from %g bits on.\n\n", len(seeds), measureDevices, measureDays, score.Alert)
	table.WriteString("| preset | channels | among the first 10 findings | the last is finding | benign alerts that day, mean | most |\n|---|--:|--:|--:|--:|--:|\n")
	for _, preset := range presets {
		m := of[preset]
		fmt.Fprintf(&table, "| `%s` | %d | %d | %d | %.1f | %d |\n", preset, m.channels, m.within, m.last, float64(m.benign)/float64(len(seeds)), m.worst)
		if len(m.missed) > 0 || m.worst > measureBenign {
			t.Errorf("%s: not among the first %d: %s; %d benign alerts on the worst day", preset, measureWithin, strings.Join(m.missed, "; "), m.worst)
		}
	}
	t.Logf("\n%s", table.String())
	if len(seeds) == len(measureSeeds) {
		writeBetween(t, "../../../docs/roots.md", "roots", table.String())
	}
}

// measureFleet makes a fleet, unless ROOTS_DIR has it.
func measureFleet(t *testing.T, seed int) (dir string, key *judge.Key) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "roots-"+strconv.Itoa(seed))
	if keep := os.Getenv("ROOTS_DIR"); keep != "" {
		dir = filepath.Join(keep, "roots-"+strconv.Itoa(seed))
	}
	if _, err := os.Stat(filepath.Join(dir, "README.txt")); err != nil { // it is written last
		_ = os.RemoveAll(dir)
		printed(t, "sample", "--profile", "roots", "--tail", "0.25", "--devices", strconv.Itoa(measureDevices), "--days", strconv.Itoa(measureDays), "--fresh", "1", "--seed", strconv.Itoa(seed), dir)
	}
	return dir, monthKey(t, dir)
}

// judge enters what was found of one preset's channels in one fleet.
func (m *measured) judge(t *testing.T, what, preset string, r judge.Report) {
	_, benign := r.Above(score.Alert)
	m.benign, m.worst = m.benign+benign, max(m.worst, benign)
	var said []string
	for _, c := range r.Channels {
		if !strings.Contains(c.Name, "-"+preset+"-") {
			continue
		}
		m.channels++
		if m.last = max(m.last, c.Rank); c.Rank > 0 && c.Rank <= measureWithin {
			m.within++
		} else {
			m.missed = append(m.missed, fmt.Sprintf("%s: %s at %d", what, c.Name, c.Rank))
		}
		said = append(said, fmt.Sprintf("%s %d (%.1f)", c.Name, c.Rank, c.Score))
	}
	slices.Sort(said)
	t.Logf("%s: %d findings, %d benign alerts; %s", what, r.Findings, benign, strings.Join(said, ", "))
}
