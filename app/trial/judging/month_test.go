//go:build judge

package judging

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cli"
	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// The month that is replayed: the channels begin after its first week.
const (
	monthDevices = 300
	monthDays    = 28
	monthQuiet   = 8 // days before the first channel
)

// monthWay is a way to hunt each day of a month, and what came of it.
type monthWay struct {
	name     string
	baseline bool
	told     map[string]*told // findings that have alerted
	first    map[string]bool  // channels that were there before
	lines    []string         // of the table

	days, benign, most     int // benign alerts on judged days, and on the worst of these
	began, alerts, leading int // channels on their first days: all, from the alert's score on, among the first 15 findings
	above                  int // findings above the alert's score that had alerted before: days on which a channel goes on
	risen, spread          int // of these, what the alert tells a second time: a score that rose by its step, another device
	took                   time.Duration
}

// told is what the alert's record has of a finding (spl/macro/told.spl).
type told struct {
	score   float64
	devices map[string]bool
}

// Aims of a month with the census: benign alerts a day, and of the channels on their first
// days the share that alerts; all of them are to be among the first 15 findings, and none is
// told twice without news.
const (
	mostBenignADay = 5.0
	leastAlerting  = 0.9
)

// alertStep is by how many bits a score has to rise to be told again (spl/macro/alert_step.spl).
const alertStep = 8

// TestMonth replays a month and writes the table of docs/scale.md: each day is hunted with
// the census of the days before, and merged into it. MONTH_DIR takes a fleet that is there
// already, MONTH_DAYS replays fewer days, MONTH_CENSUS keeps the last census.
func TestMonth(t *testing.T) {
	dir := monthFleet(t)
	days := monthFiles(t, dir)
	key := monthKey(t, dir)
	base := cmp.Or(os.Getenv("MONTH_CENSUS"), filepath.Join(t.TempDir(), "base.csv"))
	with := &monthWay{name: "with the census", baseline: true, told: map[string]*told{}, first: map[string]bool{}}
	without := &monthWay{name: "without", told: map[string]*told{}, first: map[string]bool{}}
	var sizes []string
	first := min(monthQuiet-1, len(days)-1) // the first week is counted at once, and not judged
	sizes = append(sizes, monthCount(t, base, false, days[:first]...))
	for _, file := range days[first:] {
		for _, way := range []*monthWay{with, without} {
			way.hunt(t, key, file, base)
		}
		sizes = append(sizes, monthCount(t, base, true, file))
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%d devices, %d days, tail 0.25, %d channels that begin from day %d on; an alert is a finding from %g bits on; each day is read alone.\n\n",
		monthDevices, len(days), len(key.Channels), monthQuiet, score.Alert)
	table.WriteString("| | with the census | without |\n|---|--:|--:|\n")
	for _, line := range [...]struct {
		says string
		of   func(*monthWay) string
	}{
		{"benign alerts a day, mean after the first week", func(w *monthWay) string { return fmt.Sprintf("%.1f", float64(w.benign)/float64(max(w.days, 1))) }},
		{"on the worst day", func(w *monthWay) string { return strconv.Itoa(w.most) }},
		{"channels that begin", func(w *monthWay) string { return strconv.Itoa(w.began) }},
		{"of these, alerts on their first day", func(w *monthWay) string { return strconv.Itoa(w.alerts) }},
		{"of these, among the first 15 findings of that day", func(w *monthWay) string { return strconv.Itoa(w.leading) }},
		{"findings above the alert that had alerted on a day before", func(w *monthWay) string { return strconv.Itoa(w.above) }},
		{fmt.Sprintf("of these, told twice: the score rose by %d bits", alertStep), func(w *monthWay) string { return strconv.Itoa(w.risen) }},
		{"of these, told twice: on a device that was not told", func(w *monthWay) string { return strconv.Itoa(w.spread) }},
		{"seconds a day", func(w *monthWay) string { return fmt.Sprintf("%.1f", w.took.Seconds()/float64(max(w.days, 1))) }},
	} {
		fmt.Fprintf(&table, "| %s | %s | %s |\n", line.says, line.of(with), line.of(without))
	}
	fmt.Fprintf(&table, "\nThe census after each day, in kB: %s.\n", strings.Join(sizes, ", "))
	t.Logf("\n%s", table.String())
	if len(days) >= monthDays && os.Getenv("MONTH_DIR") == "" || os.Getenv("MONTH_WRITE") != "" {
		writeBetween(t, "../../../docs/scale.md", "month", table.String())
	}
	if aDay := float64(with.benign) / float64(max(with.days, 1)); len(days) >= monthDays &&
		(aDay > mostBenignADay || float64(with.alerts) < leastAlerting*float64(with.began) || with.leading < with.began) {
		t.Errorf("the aims are missed: %.1f benign alerts a day; of %d channels %d alert on their first day, and %d are among its first 15", aDay, with.began, with.alerts, with.leading)
	}
}

// monthFleet makes the fleet, unless there is one.
func monthFleet(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("MONTH_DIR"); dir != "" {
		return dir
	}
	dir := filepath.Join(t.TempDir(), "month")
	printed(t, "sample", "--profile", "realistic", "--tail", "0.25", "--devices", strconv.Itoa(monthDevices), "--days", strconv.Itoa(monthDays),
		"--fresh", strconv.Itoa(monthDays-monthQuiet), "--seed", "1027", dir)
	return dir
}

// monthFiles are the fleet's files, one a day.
func monthFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "events-*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s, %v", len(files), dir, err)
	}
	slices.Sort(files)
	if n, err := strconv.Atoi(os.Getenv("MONTH_DAYS")); err == nil {
		files = files[:min(n, len(files))]
	}
	return files
}

func monthKey(t *testing.T, dir string) *judge.Key {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "planted.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	key, err := judge.ReadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// monthOptions are those of a day that a file is named after.
func monthOptions(t *testing.T, base string, files ...string) []string {
	t.Helper()
	at, err := time.Parse("events-2006-01-02.jsonl", filepath.Base(files[len(files)-1]))
	if err != nil {
		t.Fatal(err)
	}
	options := []string{"hunt", "--quiet", "--format", "csv", "--recent", "1d", "--now", strconv.FormatInt(at.AddDate(0, 0, 1).Unix(), 10)}
	if base != "" {
		options = append(options, "--baseline", base)
	}
	return append(options, files...)
}

// monthCount counts days, with the census that is there if there is one, and returns how many
// kilobytes the census has then.
func monthCount(t *testing.T, base string, there bool, files ...string) string {
	t.Helper()
	with := ""
	if there {
		with = base
	}
	rows := printed(t, append(monthOptions(t, with, files...), "--output", "census")...)
	if err := os.WriteFile(base, rows, 0o600); err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(len(rows) >> 10)
}

// hunt hunts one day and judges it.
func (w *monthWay) hunt(t *testing.T, key *judge.Key, file, base string) {
	t.Helper()
	if !w.baseline {
		base = ""
	}
	began := time.Now()
	rows := printed(t, append(monthOptions(t, base, file), "--output", "trees")...)
	w.took += time.Since(began)
	trees, err := judge.ReadRows(bytes.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	w.judge(judge.Judge(judge.Case{Key: key, Trees: trees}), trees)
	t.Logf("%s %s: %s", filepath.Base(file), w.name, w.lines[len(w.lines)-1])
}

func (w *monthWay) judge(r judge.Report, trees []judge.Row) {
	channels, benign := r.Above(score.Alert)
	w.days++
	w.benign, w.most = w.benign+benign, max(w.most, benign)
	var began []string
	for _, c := range r.Channels {
		if c.Trees == 0 || w.first[c.Name] {
			continue
		}
		w.first[c.Name] = true
		w.began++
		began = append(began, fmt.Sprintf("%s rank %d, %.1f bits", c.Name, c.Rank, c.Score))
		if c.Rank > 0 && c.Score >= score.Alert {
			w.alerts++
		}
		if c.Rank > 0 && c.Rank <= 15 {
			w.leading++
		}
	}
	again := w.repeated(trees)
	w.lines = append(w.lines, fmt.Sprintf("%d findings, alerts: %d of channels, %d benign, %d again; begins: %s",
		r.Findings, channels, benign, again, strings.Join(began, "; ")))
}

// repeated counts the findings of a day that are above the alert and have alerted before, and
// those of them that the app's alert, which keeps a record, tells again.
func (w *monthWay) repeated(trees []judge.Row) (n int) {
	today := make(map[string]*told)
	for _, t := range trees {
		bits, err := strconv.ParseFloat(t["score"], 64)
		if err != nil || bits < score.Alert {
			continue
		}
		if today[t["finding_id"]] == nil {
			today[t["finding_id"]] = &told{devices: map[string]bool{}}
		}
		f := today[t["finding_id"]]
		f.score, f.devices[t["device"]] = max(f.score, bits), true
	}
	for id, now := range today {
		was := w.told[id]
		if was == nil {
			w.told[id] = now
			continue
		}
		n++
		devices := len(was.devices)
		maps.Copy(was.devices, now.devices)
		switch {
		case now.score >= was.score+alertStep:
			w.risen++
		case len(was.devices) > devices:
			w.spread++
		}
		was.score = max(was.score, now.score)
	}
	w.above += n
	return n
}

// printed runs the program in this process and returns what it prints.
func printed(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, said bytes.Buffer
	if code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &said}); code != 0 {
		t.Fatalf("%q: exit %d, %s", args, code, said.String())
	}
	return out.Bytes()
}
