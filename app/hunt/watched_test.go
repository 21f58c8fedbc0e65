package hunt

import (
	"regexp"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// A device was watched in the stretch without silence that now is in, however wrong its clock was
// at other times, and not at all where that ended long ago.
func TestStretches(t *testing.T) {
	day := func(numbers ...int) (times []event.Time) {
		for _, n := range numbers {
			times = append(times, event.Time(n)*event.Day)
		}
		return times
	}
	const now = 6000
	for _, c := range []struct {
		days        []int
		first, last int
	}{
		{[]int{now - 7, now - 6, now}, now - 7, now},
		{[]int{1, now - 7, now}, now - 7, now},
		{[]int{1, 2, now - 31, now - 1}, now - 31, now - 1},
		{[]int{1, now - 32, now - 1}, now - 1, now - 1},
		{[]int{1, now - 7, now, 9000}, now - 7, now},
		{[]int{now - 7, now + 20, now + 60}, now - 7, now + 20},
		{[]int{1, now + 2, now + 3}, now + 2, now + 3},
		{[]int{1, 2}, 1, 2},
	} {
		times := day(c.days...)
		if first, last := stretchAround(times, day(now)[0]); first != day(c.first)[0] || last != day(c.last)[0] {
			t.Errorf("%v: %d to %d, want %d to %d", c.days, first/event.Day, last/event.Day, c.first, c.last)
		}
	}
}

// watchedWithout are the device-days of which the findings of the last day say that they were
// watched without.
var watchedWithout = regexp.MustCompile(`(\d+) device-days were watched without`)

func watchedIn(t *testing.T, rows []row.Row) string {
	t.Helper()
	for _, r := range rows {
		if found := watchedWithout.FindStringSubmatch(r.Get("why")); found != nil {
			return found[1]
		}
	}
	return "no finding is new"
}

// One event of a clock that is years off, on a device that has others too or none, is no time
// watched: in one hunt, with a census of the days before, and in shares.
func TestOneOddClockWasNotWatching(t *testing.T) {
	week := func(odd ...func(l *logLines)) *logLines {
		l := &logLines{}
		for n := range 12 {
			l.benign(n)
		}
		l.oddOnes()
		for _, add := range odd {
			add(l)
		}
		return l
	}
	const years = 17 * 365 * day
	run := func(device string, at int) func(l *logLines) {
		return func(l *logLines) {
			l.task(device, at, `C:\Program Files\Alpha\update.exe`, `"C:\Program Files\Alpha\update.exe" /old`)
		}
	}
	options := []string{nowIs(7), "recent=1d", "max_devices=0", "output=findings"}
	want := watchedIn(t, huntWith(t, week().lines, "", options...))
	if want != "84" { // twelve devices, six days and the one that began before
		t.Fatalf("watched are %s device-days", want)
	}
	for name, odd := range map[string]func(l *logLines){
		"long ago": run("WS0001.corp.example", dayBegins-years), "to come": run("WS0001.corp.example", dayBegins+years), "alone": run("OLD", dayBegins-years),
	} {
		l := week(odd)
		if got := watchedIn(t, huntWith(t, l.lines, "", options...)); got != want {
			t.Errorf("%s: %s device-days, want %s", name, got, want)
		}
		if got := watchedIn(t, huntWith(t, l.lines, "", append(slices.Clone(options), "lookback=all")...)); got != want {
			t.Errorf("%s, with all that came in: %s device-days, want %s", name, got, want)
		}
		if got := watchedIn(t, slices.Concat(inShares(t, l.lines, 3, options)...)); got != want {
			t.Errorf("%s, in shares: %s device-days, want %s", name, got, want)
		}
		last := linesOf(l, 6)
		before := slices.DeleteFunc(slices.Clone(l.lines), func(line string) bool { return slices.Contains(last, line) })
		counted := huntWith(t, before, "", nowIs(6), "recent=1d", "lookback=7d", "output=census")
		if got := watchedIn(t, huntWith(t, last, censusFile(counted), options...)); got != want {
			t.Errorf("%s, with a census: %s device-days, want %s", name, got, want)
		}
	}
}
