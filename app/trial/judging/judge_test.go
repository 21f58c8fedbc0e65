//go:build judge

package judging

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// judged is a kind of fleet and how it is hunted in.
type judged struct {
	name             string
	devices, days    int
	fresh            bool
	recent, lookback string
	seeds            int  // how many fleets of the kind
	rivals           bool // whether published ways rank its trees too
}

// Small fleets come first: what is cut off has something to show. The trees of 1,000 devices
// are too many to hold for other ways of ranking, so those have 300 and fewer.
var judgedFleets = []judged{
	{"cold, 50", 50, 7, false, "7d", "7d", 3, true},
	{"fresh, 300", 300, 14, true, "1d", "14d", 3, true},
	{"cold, 300", 300, 7, false, "7d", "7d", 3, true},
	{"cold, 1,000", 1000, 7, false, "7d", "7d", 3, false},
	{"fresh, 1,000", 1000, 14, true, "1d", "14d", 3, false},
}

// firstTestSeed is from where on seeds are for the table: the score was developed on seeds
// below it, and never on these.
const firstTestSeed = 1000

// judgeSetting is a whole number from the environment: JUDGE_SEEDS is how many fleets of
// each kind are judged at most, JUDGE_LARGE how many of 1,000 devices, JUDGE_FIRST the first
// seed; with JUDGE_RIVALS=0 no published way ranks that did not before. Others than the test seeds write no document.
func judgeSetting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// judgedNow are the fleets to judge: all, or those whose names hold JUDGE_FLEETS.
func judgedNow() (fleets []judged) {
	for _, f := range judgedFleets {
		if strings.Contains(f.name, os.Getenv("JUDGE_FLEETS")) {
			f.seeds = min(f.seeds, judgeSetting("JUDGE_SEEDS", f.seeds))
			if f.devices >= 1000 {
				f.seeds = min(f.seeds, judgeSetting("JUDGE_LARGE", f.seeds))
			}
			if f.seeds > 0 {
				fleets = append(fleets, f)
			}
		}
	}
	return fleets
}

// TestJudge writes the tables of docs/scoring.md. Two fleets are judged at a time.
func TestJudge(t *testing.T) {
	first := judgeSetting("JUDGE_FIRST", firstTestSeed+1)
	fleets := judgedNow()
	verdicts := make([][]verdict, len(fleets))
	var all sync.WaitGroup
	slots := make(chan bool, 2)
	for i, f := range fleets {
		verdicts[i] = make([]verdict, f.seeds)
		for n := range f.seeds {
			slots <- true
			all.Go(func() {
				defer func() { <-slots }()
				verdicts[i][n] = judgeFleet(t, f, first+n)
			})
		}
	}
	all.Wait()
	if t.Failed() {
		return
	}
	text := judgeTables(fleets, verdicts)
	t.Log("\n" + text)
	if first >= firstTestSeed {
		writeBetween(t, "../../../docs/scoring.md", "judge", text)
	}
}

// verdict is what is known of one fleet.
type verdict struct {
	Seed                        int
	First25, First40, First150  int
	Limit                       int // channels within the rank in which all are asked for
	Last                        int // rank of the last channel, 0: one has none
	Channels, Benign            int // at least as high as score.Alert
	Missed                      []missed
	Without                     map[string]int // first 25 without a part
	Rivals                      map[string]int `json:"-"` // first 25 of another way
	Findings, Planted, BenignIn int            // BenignIn: among the first 25
}

// missed is a channel that is not among the first 25.
type missed struct {
	Kind string
	Rank int
}

// asked is within which rank all channels are asked for.
func (f judged) asked() int {
	switch {
	case !f.fresh:
		return 150
	case f.devices >= 1000:
		return 40
	}
	return 35
}

func (f judged) verdict(seed int, r judge.Report) verdict {
	v := verdict{Seed: seed, First25: r.Within(25), First40: r.Within(40), First150: r.Within(150), Limit: r.Within(f.asked()), Last: r.Worst(),
		Findings: r.Findings, Planted: len(r.Channels), BenignIn: r.BenignWithin(25)}
	v.Channels, v.Benign = r.Above(score.Alert)
	for _, c := range r.Channels {
		if c.Rank == 0 || c.Rank > 25 {
			v.Missed = append(v.Missed, missed{strings.TrimLeft(strings.TrimPrefix(c.Name, "channel"), "-0123456789"), c.Rank})
		}
	}
	return v
}

// judgeTables puts the verdicts into words.
func judgeTables(fleets []judged, verdicts [][]verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Test seeds, from %d on; tail 0.25; no allow-list. One number a fleet. *Alert*: channels and benign findings of at least %v bits, and\nthe latter a day and 1,000 devices. Other ways ranked those fleets only for which a number stands.\n\n",
		verdicts[0][0].Seed, score.Alert)
	b.WriteString("| fleet | first 25 | first 40 | first 150 | the last at | in the rank asked for | alert | benign a day |\n|---|---|---|---|---|---|---|---|\n")
	for i, f := range fleets {
		days := 1.0
		if !f.fresh {
			days = float64(f.days)
		}
		each := func(of func(v verdict) string) string {
			var list []string
			for _, v := range verdicts[i] {
				list = append(list, of(v))
			}
			return strings.Join(list, ", ")
		}
		number := func(of func(v verdict) int) string {
			return each(func(v verdict) string { return strconv.Itoa(of(v)) })
		}
		fmt.Fprintf(&b, "| %s devices | %s | %s | %s | %s | %s of %d in %d | %s | %s |\n", f.name,
			number(func(v verdict) int { return v.First25 }), number(func(v verdict) int { return v.First40 }), number(func(v verdict) int { return v.First150 }),
			each(func(v verdict) string { return rankText(v.Last) }), number(func(v verdict) int { return v.Limit }), verdicts[i][0].Planted, f.asked(),
			each(func(v verdict) string { return fmt.Sprintf("%d + %d", v.Channels, v.Benign) }),
			each(func(v verdict) string { return fmt.Sprintf("%.1f", float64(v.Benign)/days*1000/float64(f.devices)) }))
	}
	b.WriteString("\n" + missedTable(fleets, verdicts))
	b.WriteString("\nLeft out one part at a time, or ranked otherwise, in the first 25: mean of a kind's fleets. Parts are left out of the sums in `why`; *by task*\ngroups trees by the template of their root, as a person would, the others by our findings.\n\n")
	b.WriteString(comparedTable(fleets, verdicts))
	return b.String()
}
