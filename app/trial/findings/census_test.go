package findings_test

import (
	"cmp"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

// reasons are why a finding of one day with the census of the days before may not be one of
// the hunt in all days, or the other way round: docs/scale.md says the same in words.
var reasons = []struct {
	name string
	is   func(finding judge.Row, day float64) bool
}{
	{"its process began before the day that was read", func(f judge.Row, day float64) bool {
		return seconds(f["first_seen"]) < day
	}},
	{"a cadence of so many contacts as only all days have", func(f judge.Row, _ float64) bool {
		return hasPart(f, "cadence") || hasPart(f, "inside") || hasPart(f, "drift")
	}},
	{"an address that has a name in lookups of another day", func(f judge.Row, _ float64) bool {
		return slices.ContainsFunc(strings.Fields(f["remote"]), isOutside)
	}},
	{"an address inside that is a way out by the use that all days show", func(f judge.Row, _ float64) bool {
		return strings.Contains(f["why"], "10.")
	}},
}

func isOutside(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && !a.IsPrivate()
}

func hasPart(f judge.Row, name string) bool {
	for line := range strings.Lines(f["why"]) {
		if strings.HasPrefix(line, name+" ") {
			return true
		}
	}
	return false
}

func seconds(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return n
}

// One day with the census of the six before has the findings of all seven days, but for those
// of which the reason is known; and of each difference there is one.
func TestOneDayAndACensusIsAllDays(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a fleet of a week and hunts in it twice")
	}
	p := &proposing{dir: t.TempDir()}
	made, err := realistic.Generate(realistic.Config{Devices: 40, Days: 7, Seed: 31, Tail: 0.25}, p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range made.Files {
		p.files = append(p.files, filepath.Join(p.dir, name))
	}
	slices.Sort(p.files)
	last := p.files[len(p.files)-1]
	day, err := time.Parse("events-2006-01-02.jsonl", filepath.Base(last))
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(p.dir, "census.csv")
	before := p.run(t, p.files[:len(p.files)-1], "hunt", "--output", "census", "--lookback", "8d", "--now", strconv.FormatInt(day.Unix(), 10))
	if err := os.WriteFile(base, before, 0o600); err != nil {
		t.Fatal(err)
	}
	now := strconv.FormatInt(day.AddDate(0, 0, 1).Unix(), 10)
	hunt := []string{"hunt", "--output", "findings", "--recent", "1d", "--lookback", "8d", "--now", now}
	one := byID(readRows(t, p.run(t, []string{last}, append(hunt, "--baseline", base)...)))
	all := byID(readRows(t, p.run(t, p.files, hunt...)))
	same, count := 0, map[string]int{}
	for id := range one {
		if all[id] != nil {
			same++
		}
	}
	for _, way := range []struct {
		name        string
		has, hasNot map[string]judge.Row
	}{{"one day", one, all}, {"all days", all, one}} {
		for id, f := range way.has {
			if way.hasNot[id] != nil {
				continue
			}
			why := reasonOf(f, float64(day.Unix()))
			if why == "" {
				t.Errorf("only %s has finding %s, and nobody knows why: %s bits, %s, %s, %s", way.name, id, f["score"], f["root_template"], f["remote"], f["why"])
			}
			count[why]++
			t.Logf("only %s: %s bits, %s: %s", way.name, f["score"], f["root_template"], why)
		}
	}
	t.Logf("%d findings of one day and %d of all, %d the same; else %v", len(one), len(all), same, count)
	if 10*same < 8*max(len(one), len(all)) {
		t.Errorf("of %d findings of one day and %d of all only %d are the same", len(one), len(all), same)
	}
	// What is above the alert in all days is so in one, or has its cadence to thank.
	for _, id := range slices.SortedFunc(maps.Keys(all), cmp.Compare) {
		f := all[id]
		if seconds(f["score"]) >= 20 && (one[id] == nil || seconds(one[id]["score"]) < 20) && reasonOf(f, float64(day.Unix())) == "" {
			t.Errorf("%s scores %s in all days and not in one: %s", f["root_template"], f["score"], f["why"])
		}
	}
}

func reasonOf(f judge.Row, day float64) string {
	for _, r := range reasons {
		if r.is(f, day) {
			return r.name
		}
	}
	return ""
}

func byID(rows []judge.Row) map[string]judge.Row {
	all := map[string]judge.Row{}
	for _, r := range rows {
		all[r["finding_id"]] = r
	}
	return all
}
