package hunt

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// censusFile is rows as a file.
func censusFile(rows ...[]row.Row) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(census.Header.Names)
	for _, some := range rows {
		for _, r := range some {
			_ = w.Write(r.Values)
		}
	}
	w.Flush()
	return b.String()
}

// huntWith hunts in lines with a census, "" for none.
func huntWith(t *testing.T, lines []string, baseline string, tokens ...string) []row.Row {
	t.Helper()
	o, err := command.Parse(tokens)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Options: o}
	if baseline != "" {
		c.Baseline = census.New(o.Counted())
		if err := c.Baseline.Read(strings.NewReader(baseline)); err != nil {
			t.Fatal(err)
		}
	}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	lane, err := h.Lane()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if _, err := lane.AddText([]byte(line)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	result, err := h.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return result.Rows
}

// censusBegins is when the first day begins: at no event, and at no midnight.
const censusBegins = dayBegins - 1800

func nowIs(days int) string { return "now=" + strconv.Itoa(censusBegins+days*day) }

// sorted are rows as a text whose order says nothing.
func sorted(rows ...[]row.Row) string {
	var all []string
	for _, some := range rows {
		for _, r := range some {
			all = append(all, strings.Join(r.Values, "\x1f"))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// variedLines are a fleet with what censuses have to get right: tasks on some devices, with
// children, destinations and accounts of their own, some of them new, some as common as
// can be, and contacts that keep a period.
func variedLines(devices int, seed uint64) *logLines {
	l := fleetLines(devices)
	rng := rand.New(rand.NewPCG(seed, 1))
	for n := range 3 { // devices of which no process is logged, each of them watched
		l.call(fmt.Sprintf("QUIET%d.corp.example", n), dayBegins+n*day+5000, sys+"svchost.exe", "{0badcafe-0000-0000-0000-0000000000ff}", "quiet.example.net", "93.184.216.5")
	}
	for task := range devices / 2 {
		image := fmt.Sprintf(`C:\Program Files\Tool%02d\run.exe`, task)
		for range 1 + rng.IntN(4) {
			device := fmt.Sprintf("WS%04d.corp.example", rng.IntN(devices))
			first := rng.IntN(7)
			for d := first; d < 7; d++ {
				at := dayBegins + d*day + 3600 + rng.IntN(600)
				id := l.task(device, at, image, fmt.Sprintf(`"%s" /unit:%s`, image, device))
				l.call(device, at+1, image, id, fmt.Sprintf("api.tool%02d.com", task%7), fmt.Sprintf("93.184.%d.7", task%7))
				if rng.IntN(9) == 0 {
					child := l.start(device, at+2, `C:\Windows\System32\cmd.exe`, `cmd.exe /c echo`, image, image, id)
					l.call(device, at+3, `C:\Windows\System32\cmd.exe`, child, "odd.example.org", "93.184.9.9")
				}
			}
		}
	}
	return l
}

// shareCounts are in how many shares a fleet is hunted.
var shareCounts = []int{3, 1, 2, 8}

// The shares of a fleet, hunted with the union of their censuses, are together the rows of
// one hunt in all of it, byte for byte.
func TestSharesAreTheWhole(t *testing.T) {
	type fleet struct {
		devices       int
		output, level string
	}
	for _, of := range rounds.Some([]fleet{
		{25, "all", "0"}, {25, "findings", "0"}, {25, "trees", "0"}, {70, "all", "0"}, {70, "all", "5"}, {70, "findings", "5"},
	}, 2) {
		lines := variedLines(of.devices, 3).lines
		options := []string{nowIs(7), "recent=1d", "lookback=7d", "max_devices=" + of.level, "output=" + of.output}
		want := sorted(huntWith(t, lines, "", options...))
		for _, n := range rounds.Some(shareCounts, 1) {
			if got := sorted(inShares(t, lines, n, options)...); got != want {
				t.Fatalf("%v in %d shares:\n%s", of, n, firstDifference(got, want))
			}
		}
	}
}

func inShares(t *testing.T, lines []string, n int, options []string) (all [][]row.Row) {
	t.Helper()
	var counted [][]row.Row
	for i := range n {
		share := fmt.Sprintf("shard=%d/%d", i+1, n)
		counted = append(counted, huntWith(t, lines, "", append(slices.Clone(options[:len(options)-1]), share, "output=census")...))
	}
	union := censusFile(counted...)
	for i := range n {
		share := fmt.Sprintf("shard=%d/%d", i+1, n)
		all = append(all, huntWith(t, lines, union, append(slices.Clone(options), share)...))
	}
	return all
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("row %d of %d is\n%q\nnot, of %d,\n%q", i, len(a), a[i], len(b), b[i])
		}
	}
	return fmt.Sprintf("%d rows, not %d", len(a), len(b))
}

// top=n cuts at the same place in every share.
func TestTopIsOfTheFleet(t *testing.T) {
	lines := variedLines(40, 4).lines
	options := []string{nowIs(7), "recent=1d", "max_devices=0", "top=7", "output=all"}
	if got, want := sorted(inShares(t, lines, 3, options)...), sorted(huntWith(t, lines, "", options...)); got != want {
		t.Fatal(firstDifference(got, want))
	}
}

// The same events twice, whole or in part, count once: a census of what the hunt sees
// itself changes no row.
func TestOwnCensusChangesNothing(t *testing.T) {
	lines := variedLines(40, 5).lines
	options := []string{nowIs(7), "recent=1d", "max_devices=0", "output=all"}
	want := textOf(huntWith(t, lines, "", options...))
	counted := huntWith(t, lines, "", nowIs(7), "recent=1d", "max_devices=0", "output=census")
	for _, baseline := range []string{censusFile(counted), censusFile(counted, counted)} {
		if got := textOf(huntWith(t, lines, baseline, options...)); got != want {
			t.Fatal(firstDifference(got, want))
		}
	}
}

// The census of a week is that of its days, merged in any order, one after the other or
// from one file; and it is the same bytes.
func TestDaysAreTheWeek(t *testing.T) {
	lines := variedLines(30, 6)
	options := func(days int) []string { return []string{nowIs(days), "recent=1d", "lookback=1d", "output=census"} }
	var days [][]row.Row
	rolled := ""
	for d := range 7 {
		day := linesOf(lines, d)
		days = append(days, huntWith(t, day, "", options(d+1)...))
		rolled = censusFile(huntWith(t, day, rolled, options(d+1)...))
	}
	backwards := slices.Clone(days)
	slices.Reverse(backwards)
	none := []string{nowIs(7), "recent=1d", "lookback=1d", "output=all"}
	want := textOf(huntWith(t, linesOf(lines, 6), censusFile(days...), none...))
	for name, baseline := range map[string]string{"backwards": censusFile(backwards...), "rolled": rolled} {
		if got := textOf(huntWith(t, linesOf(lines, 6), baseline, none...)); got != want {
			t.Errorf("%s: %s", name, firstDifference(got, want))
		}
	}
	written := rewritten(t, censusFile(days...))
	if got := rewritten(t, censusFile(backwards...)); got != written {
		t.Error("the census of the days backwards is other bytes")
	}
	if got := rewritten(t, rewritten(t, censusFile(days[:3]...))+bare(censusFile(days[3:]...))); got != written {
		t.Error("the census of parts is other bytes")
	}
}

// bare is a file without its header.
func bare(file string) string {
	_, rows, _ := strings.Cut(file, "\n")
	return rows
}

func rewritten(t *testing.T, file string) string {
	t.Helper()
	o, _ := command.Parse(nil)
	c := census.New(o.Counted())
	if err := c.Read(strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	return censusFile(c.Rows())
}

// linesOf are the lines of one day.
func linesOf(l *logLines, d int) (some []string) {
	for _, line := range l.lines {
		_, text, _ := strings.Cut(line, `"TimeCreated":"`)
		at, _ := strconv.Atoi(text[:10])
		if at > censusBegins+d*day && at <= censusBegins+(d+1)*day {
			some = append(some, line)
		}
	}
	return some
}

// A day with the census of the six before gives the findings of the week. What differs is
// the cadence, which is judged by the contacts of the day, and what was on either day only.
func TestOneDayAndTheCensusOfSix(t *testing.T) {
	lines := variedLines(60, 7)
	var days [][]row.Row
	for d := range 6 {
		days = append(days, huntWith(t, linesOf(lines, d), "", nowIs(d+1), "recent=1d", "lookback=1d", "output=census"))
	}
	options := []string{nowIs(7), "recent=1d", "lookback=7d", "max_devices=0", "output=findings"}
	week := huntWith(t, lines.lines, "", options...)
	last := huntWith(t, linesOf(lines, 6), censusFile(days...), options...)
	if len(week) != len(last) || len(week) < 20 {
		t.Fatalf("%d findings of the week, %d of the day with the census", len(week), len(last))
	}
	of := make(map[string]row.Row)
	for _, r := range last {
		of[r.Get("finding_id")] = r
	}
	for _, r := range week {
		other, there := of[r.Get("finding_id")]
		if !there {
			t.Fatalf("finding %s (%s) is of the week only", r.Get("finding_id"), r.Get("root_template"))
		}
		for _, column := range []string{"root_template", "devices", "device", "runs", "remote", "tree_id", "tree"} {
			if r.Get(column) != other.Get(column) {
				t.Errorf("%s of %s: %q, of the week %q", column, r.Get("root_template"), other.Get(column), r.Get(column))
			}
		}
		if got, want := timeless(other.Get("why")), timeless(r.Get("why")); got != want {
			t.Errorf("%s\n%s\nof the week\n%s", r.Get("root_template"), got, want)
		}
	}
}

// timeless are the parts of a score but for those of rhythm.
func timeless(why string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(why, "\n"), func(part string) bool {
		return strings.HasPrefix(part, "cadence ") || strings.HasPrefix(part, "inside ")
	}), "\n")
}
