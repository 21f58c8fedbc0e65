//go:build bench

package bundle_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// schedule is how often the alert's search runs.
const schedule = 4 * time.Hour

// replay is one of the alert's searches as Splunk's scheduler runs it on a fleet, week after
// week.
type replay struct {
	t        *testing.T
	app      installed
	index    *index
	search   spl.Search
	looks    time.Duration // how far back it reads
	night    *spl.Search   // the census of a day; nil for the alert without one
	counted  time.Time     // up to when days are in it
	world    *spl.World
	from, to time.Time   // what the search that is on reads
	roots    []judge.Row // the trees of the run that is on
	key      *judge.Key
	lastTold map[string]time.Time // by alert_key
	alerts   []raised
}

// raised is an alert that a person gets.
type raised struct {
	at                 time.Time
	channel, finding   string // channel: empty for a benign one
	news, device, task string
	score              float64
	twice              bool // no news: the same finding, score and devices as before
	throttled          bool
}

// begin is when the alert is turned on: a week before the fleet's log ends.
var begin = sample.DefaultEnd.Add(-7 * day)

// nightAt is when the census of a day runs, after it: its cron_schedule.
const nightAt = time.Hour + 17*time.Minute

// Aims of the alert with the census, at 1,000 devices: channels that alert within a cadence
// and a schedule, none of them twice without news, and benign alerts a day.
const (
	leastChannels = 20
	mostBenign    = 10.0
)

// TestReplay runs the app's alerts by their schedule through the second of two weeks, and
// writes the table of docs/admin.md. REPLAY says on which fleets, as words of the form
// memory:devices:seed; memory is census or week. The channels begin in that week. What the
// alert promises is asked for: none without news.
func TestReplay(t *testing.T) {
	lines := []string{
		"| it knows | devices, seed | channels that alerted | once | within a cadence and a schedule | both | benign alerts a day | on the worst day | of these, as it was turned on | without news |",
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
	}
	for _, fleet := range strings.Fields(cmp.Or(os.Getenv("REPLAY"), "census:1000:1001 week:300:1001")) {
		t.Run(fleet, func(t *testing.T) {
			memory, rest, _ := strings.Cut(fleet, ":")
			devices, seed, _ := strings.Cut(rest, ":")
			n, bad := strconv.Atoi(devices)
			s, worse := strconv.ParseUint(seed, 10, 64)
			if err := errors.Join(bad, worse); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprintf("| %s | %s, %s | %s", knows[memory], devices, seed, replayed(t, memory, n, s)))
		})
	}
	t.Log("\n" + strings.Join(lines, "\n"))
	writeTable(t, repository+"/docs/admin.md", "replay", lines)
}

// knows says what the alert has of the time before.
var knows = map[string]string{"week": "the week it reads", "census": "the census"}

// replayed returns one fleet's line of the table.
func replayed(t *testing.T, memory string, devices int, seed uint64) string {
	x := makeIndex(t, devices, seed, fieldsOf(t, "schtaskhunt_sysmon"))
	r := &replay{t: t, app: buildApp(t), index: x, world: splunk(t, nil), key: readKey(t, x.dir), lastTold: map[string]time.Time{}}
	r.looks, r.search = 7*day, parsed(t, alert)
	if memory == "census" {
		night := parsed(t, "Scheduled Task Hunt - census each night")
		r.looks, r.search, r.night, r.counted = day, parsed(t, alertCounted), &night, begin.Add(-7*day).Truncate(day)
	}
	r.world.Commands[bundle.App] = r.hunt
	for at := begin; !at.After(sample.DefaultEnd); at = at.Add(schedule) {
		r.nights(at)
		r.run(at)
	}
	for _, a := range r.alerts {
		if a.twice && !a.throttled {
			t.Errorf("alerted without news: %+v", a)
		}
	}
	return r.report(memory == "census" && devices >= 1000)
}

func parsed(t *testing.T, name string) spl.Search {
	t.Helper()
	_, search := saved(t, name)
	return search
}

// nights runs the census of each night up to an instant.
func (r *replay) nights(at time.Time) {
	if r.night == nil {
		return
	}
	for ; !r.counted.Add(day + nightAt).After(at); r.counted = r.counted.Add(day) {
		r.world.Now, r.from, r.to = r.counted.Add(day+nightAt), r.counted, r.counted.Add(day)
		if _, err := r.night.Run(r.world, nil); err != nil {
			r.t.Fatal(err)
		}
		rows := r.world.Lookups["schtaskhunt_census.csv"]
		r.app.writeTable(r.t, "schtaskhunt_census.csv", census.Header.Names, rows)
		r.t.Logf("%s: the census has %d rows", r.world.Now.Format(time.DateTime), len(rows))
	}
}

// run is one run of the scheduled search.
func (r *replay) run(at time.Time) {
	r.world.Now, r.from, r.to, r.roots = at, at.Add(-r.looks), at, nil
	rows, err := r.search.Run(r.world, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Logf("%s: %d alerts", at.Format(time.DateTime), len(rows))
	for _, row := range rows {
		r.raise(row)
	}
}

// hunt is | schtaskhunt on what the search reads.
func (r *replay) hunt(arguments string, _ []spl.Row) ([]spl.Row, error) {
	result := r.app.runAs(r.t, arguments, standin.Config{
		Header: r.index.fields, Rows: r.index.between(r.from, r.to), LatestTime: float64(r.to.Unix()),
	})
	if result.Error != "" {
		return nil, fmt.Errorf("the hunt says: %s", result.Error)
	}
	rows := rowsOf(result)
	for _, row := range rows {
		if first(row, "row") == "node" && first(row, "depth") == "1" {
			root := judge.Row{}
			for name := range row {
				root[name] = first(row, name)
			}
			r.roots = append(r.roots, root)
		}
	}
	return rows, nil
}

// raise notes an alert, unless the throttle holds it back.
func (r *replay) raise(row spl.Row) {
	a := raised{at: r.to, finding: first(row, "finding_id"), news: first(row, "news"), device: strings.Join(row["device"], " "), task: first(row, "task")}
	a.score, _ = strconv.ParseFloat(first(row, "score"), 64)
	alertKey := first(row, "alert_key")
	last, told := r.lastTold[alertKey]
	if a.twice = told; told && r.to.Sub(last) < day {
		a.throttled = true
	}
	r.lastTold[alertKey] = r.to
	report := judge.Judge(judge.Case{Key: r.key, Trees: r.roots, Findings: []judge.Row{{"row": "finding", "finding_id": a.finding}}})
	for _, c := range report.Channels {
		if c.Rank == 1 {
			a.channel = c.Name
		}
	}
	r.alerts = append(r.alerts, a)
	r.t.Logf("%s %-6s %5.1f bits %-28s %.60s on %.60s", a.at.Format(time.DateTime), a.news, a.score, cmp.Or(a.channel, "benign"), a.task, a.device)
}

func readKey(t *testing.T, dir string) *judge.Key {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, realistic.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	key, err := judge.ReadKey(f)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// channel is what the key says of one.
type channel struct {
	name    string
	begins  time.Time
	cadence time.Duration // between two runs
}

// readChannels reads when each channel begins and how often it calls: a task that is only
// altered has no period of its own, and its runs say how often it comes.
func readChannels(t *testing.T, dir string) (list []channel) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, realistic.ChannelsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := judge.ReadRows(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		number := func(column string) float64 {
			x, err := strconv.ParseFloat(row[column], 64)
			if err != nil {
				t.Fatalf("%s of %s: %v", column, row["channel"], err)
			}
			return x
		}
		c := channel{name: row["channel"], begins: time.UnixMilli(int64(1000 * number("first_run")))}
		seconds := number("period") * (1 + number("jitter"))
		if runs := number("runs"); seconds == 0 && runs > 1 {
			seconds = (number("last_run") - number("first_run")) / (runs - 1)
		}
		c.cadence = time.Duration(seconds * float64(time.Second))
		list = append(list, c)
	}
	return list
}

// report says what each channel's alerts were, and returns the fleet's line of the table. It
// asks for the aims, or does not.
func (r *replay) report(aims bool) string {
	var told, once, soon, both int
	for _, c := range readChannels(r.t, r.index.dir) {
		mine := r.of(c.name)
		r.t.Logf("%-28s every %7.1f h: %s", c.name, c.cadence.Hours(), sinceBegan(c, mine))
		if len(mine) == 0 {
			continue
		}
		told++
		isSoon := mine[0].at.Sub(c.begins) <= c.cadence+schedule
		if len(mine) == 1 {
			once++
		}
		if isSoon {
			soon++
		}
		if isSoon && len(mine) == 1 {
			both++
		}
	}
	benign := r.of("")
	atFirst, most, twice := 0, 0, 0
	perDay := map[int]int{}
	for _, a := range r.alerts {
		if a.twice {
			twice++
		}
	}
	for _, a := range benign {
		if a.at.Equal(begin) {
			atFirst++
		}
		d := int(a.at.Sub(begin) / day)
		perDay[d]++
		most = max(most, perDay[d])
	}
	r.t.Logf("benign alerts by day: %v", perDay)
	if aDay := float64(len(benign)) / 7; aims && (soon < leastChannels || aDay > mostBenign || twice > 0) {
		r.t.Errorf("the aims are %d channels that alert in time, at most %.0f benign alerts a day, and none without news: %d, %.1f, %d", leastChannels, mostBenign, soon, aDay, twice)
	}
	return fmt.Sprintf("%d of %d | %d | %d | %d | %.1f | %d | %d | %d |", told, len(r.key.Channels), once, soon, both, float64(len(benign))/7, most, atFirst, twice)
}

// of are the alerts that a person gets of a channel, "" for the benign ones.
func (r *replay) of(channel string) (list []raised) {
	for _, a := range r.alerts {
		if a.channel == channel && !a.throttled {
			list = append(list, a)
		}
	}
	return list
}

func sinceBegan(c channel, alerts []raised) string {
	var b strings.Builder
	for _, a := range alerts {
		fmt.Fprintf(&b, "%s +%.1f h %.1f bits; ", a.news, a.at.Sub(c.begins).Hours(), a.score)
	}
	return b.String()
}

// writeTable writes lines into a document, between the marks of the name.
func writeTable(t *testing.T, file, name string, lines []string) {
	t.Helper()
	was, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" begin -->\n", "<!-- "+name+" end -->"
	head, rest, found := strings.Cut(string(was), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no marks of %s", file, name)
	}
	if err := os.WriteFile(file, []byte(head+begin+strings.Join(lines, "\n")+"\n"+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
