package findings_test

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// Every part of every score of a fleet with a tail is computed anew from the numbers in its
// words and from what the rows count, by the formulas of docs/scoring.md, and the parts add
// up to the score.
func TestWhyIsComputedAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	for _, fresh := range []float64{0, 1} {
		dir := t.TempDir()
		sum, err := realistic.Generate(realistic.Config{Devices: 30, Days: 3, Seed: 8, Tail: 0.6, Fresh: fresh, Format: "sysmon"}, dir)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, f := range sum.Files {
			files = append(files, filepath.Join(dir, f))
		}
		args := "lookback=3d max_devices=0 internal=include recent="
		all := countRows(doors.HuntedFiles(t, args+"3d", files...).Rows)
		recent := "3d"
		if fresh > 0 {
			recent = "1d"
		}
		o := doors.HuntedFiles(t, args+recent+" output=trees", files...)
		seen := map[string]int{}
		for _, r := range o.Rows {
			c := recount{t: t, fleet: o.Ledger["devices"], all: all, seen: seen}
			c.row(r)
		}
		for _, name := range []string{"rare", "departs", "destination", "cadence", "inside", "chain", "drift", "profile", "known"} {
			if seen[name] == 0 {
				t.Errorf("no score has the part %s", name)
			}
		}
		if (seen["new"] > 0) != (fresh > 0) {
			t.Errorf("with channels of %v days %d rows have something new", fresh, seen["new"])
		}
	}
}

// counted is what rows tell without any score.
type counted struct {
	tasks   map[string]map[string]bool // devices by template
	remotes map[string]map[string]bool // devices by destination
	named   map[string]bool            // findings with a task's name
	runs    map[string]map[string]bool // devices by program, of such findings
}

// programOf is the program of a template.
func programOf(template string) string {
	program, _, _ := strings.Cut(template, ".exe")
	return program
}

// devicesOf counts the devices whose rows have a template, and those together with the devices of
// its program's findings with a task's name.
func (c *counted) devicesOf(template string) (own, most int) {
	all := maps.Clone(c.tasks[template])
	maps.Copy(all, c.runs[programOf(template)])
	return len(c.tasks[template]), len(all)
}

func countRows(rows []row.Row) counted {
	c := counted{map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}}
	add := func(to map[string]map[string]bool, key, device string) {
		if to[key] == nil {
			to[key] = map[string]bool{}
		}
		to[key][strings.ToLower(device)] = true
	}
	for _, r := range rows {
		add(c.tasks, r.Get("root_template"), r.Get("device"))
		c.named[r.Get("finding_id")] = c.named[r.Get("finding_id")] || r.Get("task_name") != ""
		// What the other side calls its address, nobody asked for.
		if name := destination.OfName(r.Get("remote_host")).Name; name != "" && (r.Get("action") == "dns" || r.Get("remote_url") != "") {
			add(c.remotes, name, r.Get("device"))
		}
	}
	for _, r := range rows {
		if c.named[r.Get("finding_id")] {
			add(c.runs, programOf(r.Get("root_template")), r.Get("device"))
		}
	}
	return c
}

var (
	aPart      = regexp.MustCompile(`^(\w+) \+(\d+\.\d) (.+)$`)
	aTask      = regexp.MustCompile(`^task on (\d+) of (\d+) devices(?:, rare scripts that are run so on (\d+))?(?:$|; departs by )`)
	aDeparture = regexp.MustCompile(`: (\d+) of (\d+) devices with the task have something as odd(?:, new to it in (\d+) device-days (\d+))?, in the fleet (\d+); (\d+) findings of (\d+) tasks depart as far$`)
	aRemote    = regexp.MustCompile(`^tasks of (\d+) of (\d+) devices go to ([^ ;]+)`)
	anAge      = regexp.MustCompile(`, (\d+) device-days were watched without(?:$|; departs by )`)
	aRhythm    = regexp.MustCompile(`, (\d+\.\d) bits; `)
	ofTheTail  = regexp.MustCompile(`; (\d+) of (\d+) rare findings (?:are|have|drift|do|run)`)
	aTool      = regexp.MustCompile(`is run by tasks of (\d+) of \d+ devices; `)
	aCreator   = regexp.MustCompile(` scores (\d+\.\d) alone: `)
	aTogether  = regexp.MustCompile(`; all of this together (\d+), so that (\d+\.\d) of (\d+\.\d) bits count$`)
	doNotCount = regexp.MustCompile(`; (\d+\.\d) bits of [\w, ]+ do not count$`)
)

// quiet ends each part of a finding that called nothing: it counts half.
const quiet = "; half, as nothing was called"

// recount computes the parts of one row anew.
type recount struct {
	t                             *testing.T
	fleet                         int
	all                           counted
	seen                          map[string]int
	task, departs, remote, others float64 // bits; the sum of parts so far
	far, tasks                    int     // findings that depart as far, of so many tasks
}

func (c *recount) row(r row.Row) {
	parts := map[string]string{}
	task, _ := strconv.Atoi(r.Get("template_devices"))
	// Findings of one task by its name are shown as one, each of whose trees has its devices and
	// its template: what departs from one of the others has fewer rows of its own, and the rest
	// under another template of its program.
	got, most := c.all.devicesOf(r.Get("root_template"))
	if !c.all.named[r.Get("finding_id")] && (got > task || got < task && most < task) {
		c.t.Fatalf("%s: template_devices is %d, rows have %d and of its program %d", r.Get("root_template"), task, got, most)
	}
	for why := range strings.SplitSeq(r.Get("why"), "\n") {
		if p := aPart.FindStringSubmatch(why); p != nil {
			parts[p[1]] = strings.TrimSuffix(p[3], quiet)
		} else if why != "" {
			c.t.Errorf("reason %q", why)
		}
	}
	if m := aTask.FindStringSubmatch(parts["rare"]); m != nil {
		task = whole(m[1]) // of joined findings the first's
		if whole(m[2]) != c.fleet {
			c.t.Errorf("%q, of %d devices", parts["rare"], c.fleet)
		}
		task = max(task, c.kin(r, m[3]))
	}
	c.task = surprise(task, c.fleet)
	c.departure(parts["departs"])
	if c.departs == 0 {
		for _, words := range parts {
			if _, departs, some := strings.Cut(words, "; departs by "); some { // worth nothing by itself
				c.departure(departs)
			}
		}
	}
	c.destination(parts["destination"])
	for why := range strings.SplitSeq(r.Get("why"), "\n") {
		if p := aPart.FindStringSubmatch(why); p != nil {
			bits, _ := strconv.ParseFloat(p[2], 64)
			c.seen[p[1]]++
			words, half := strings.CutSuffix(p[3], quiet)
			want := c.part(p[1], words)
			if half {
				want = math.Round(want*10) / 20
			}
			if math.Abs(bits-want) > 0.051 {
				c.t.Fatalf("%q is %.3f bits: %s on %d devices: %s", why, want, r.Get("root_template"), task, r.Get("why"))
			}
			c.others += bits
		}
	}
	if got := fmt.Sprintf("%.1f", c.others); got != r.Get("score") {
		c.t.Errorf("parts add up to %s, the score is %s: %s", got, r.Get("score"), r.Get("why"))
	}
}

func whole(digits string) int { n, _ := strconv.Atoi(digits); return n }

// surprise is Krichevsky and Trofimov's, of what k of n have, the own one among them.
func surprise(k, n int) float64 {
	return max(0, -math.Log2((float64(k)-0.5)/float64(n)))
}

// kin is on how many devices scripts are run as a finding's is, where its words say that these are
// more than the task is on.
func (c *recount) kin(r row.Row, said string) (devices int) {
	if said == "" {
		return 0
	}
	style := template.Style(r.Get("root_template"))
	for text, on := range c.all.tasks {
		if template.Style(text) == style && surprise(len(on), c.fleet) >= surprise(1, c.fleet)/2 {
			devices += len(on)
		}
	}
	devices = min(devices, c.fleet)
	if devices != whole(said) && !c.all.named[r.Get("finding_id")] {
		c.t.Errorf("%s: scripts are run so on %d devices, and the reason says %s", r.Get("root_template"), devices, said)
	}
	return whole(said)
}

func (c *recount) departure(words string) {
	m := aDeparture.FindStringSubmatch(words)
	if m == nil {
		return
	}
	within, task, days, fresh, alike := whole(m[1]), whole(m[2]), whole(m[3]), whole(m[4]), whole(m[5])
	c.departs = surprise(within, task)
	if fresh > 0 {
		c.departs = min(surprise(fresh, days), surprise(1, task))
	}
	c.departs = min(c.departs, surprise(alike, c.fleet), surprise(1, c.fleet)-c.task)
	if c.far, c.tasks = whole(m[6]), whole(m[7]); c.tasks < len(c.all.tasks) {
		c.t.Errorf("%q, and rows have %d tasks", words, len(c.all.tasks))
	}
}

func (c *recount) destination(words string) {
	m := aRemote.FindStringSubmatch(words)
	if m == nil {
		return
	}
	if named := len(c.all.remotes[m[3]]); whole(m[1]) < named {
		c.t.Errorf("%q, and rows of %d devices name it", words, named)
	}
	c.remote = surprise(whole(m[1]), whole(m[2]))
	if c.departs > 0 {
		c.remote = min(c.remote, c.task+c.departs)
	}
}

// part returns the bits of a part, by its words.
func (c *recount) part(name, words string) float64 {
	shape, second := 0.5, 0.125
	if c.remote > c.task+c.departs {
		shape, second = second, shape
	}
	scale := math.Sqrt((c.task + c.departs) / surprise(1, c.fleet))
	tail := math.Inf(1)
	if m := ofTheTail.FindStringSubmatch(words); m != nil {
		tail = surprise(whole(m[1]), whole(m[2]))
	}
	number := func(of *regexp.Regexp) float64 {
		m := of.FindStringSubmatch(words)
		if m == nil && name != score.Known { // what is known and not odd at all says no number
			c.t.Fatalf("the part %s has no number: %q", name, words)
		} else if m == nil {
			return 0
		}
		x, _ := strconv.ParseFloat(m[1], 64)
		return x
	}
	switch name {
	case "rare":
		return c.task * shape
	case "departs":
		return min(c.departs, surprise(c.far, max(c.fleet, c.tasks)))
	case "destination":
		return c.remote * second
	case "new":
		return min(12, math.Log2(2*(number(anAge)+1))) * min(1, (c.task+c.departs)/3)
	case "cadence", "inside":
		return min(number(aRhythm), tail) * scale
	case "names":
		return tail * scale
	case "chain":
		return min(6, tail) * scale
	case "tool":
		return c.shown(words, min(4, 0.5*surprise(int(number(aTool)), c.fleet), tail)) * scale
	case "drift":
		return min(4, tail) * scale
	case "creator":
		return number(aCreator) - c.others
	case "known":
		most := 0.1
		if strings.HasPrefix(words, "the host of COM handlers") {
			most = 0.3
		}
		return min(most, number(doNotCount))
	}
	for _, habits := range [][]score.Habit{score.Habits, score.Pretences, {score.Bare}} {
		for i := range habits {
			if habits[i].Name == name {
				return c.shown(words, min(habits[i].Bits, tail)) * scale
			}
		}
	}
	c.t.Fatalf("nobody says how the part %s is computed", name)
	return 0
}

// shown is what is left of a habit or a tool that is worth so much by itself, in tenths, where few
// findings show all that this one does.
func (c *recount) shown(words string, bits float64) float64 {
	bits = math.Round(bits*10) / 10
	m := aTogether.FindStringSubmatch(words)
	if m == nil {
		return bits
	}
	n := whole(ofTheTail.FindStringSubmatch(words)[2])
	says, _ := strconv.ParseFloat(m[2], 64)
	sum, _ := strconv.ParseFloat(m[3], 64)
	most := surprise(whole(m[1]), n) + max(0, sum-surprise(1, n))/float64(whole(m[1]))
	if math.Abs(most-says) > 0.051 || bits > sum {
		c.t.Fatalf("%q: %.3f bits of all that is shown, this one %.1f", words, most, bits)
	}
	return bits * most / sum
}
