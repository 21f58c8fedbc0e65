//go:build bench

package beacon

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A curve is measured with so many series a cell, and so many a kind of random talker.
const (
	curveSeries = 100
	curveRandom = 100
	curveSeed   = 9_000_024
)

var (
	curveJitters = []float64{0, 0.02, 0.10, 0.20, 0.37}
	curveLosses  = []float64{0, 0.1, 0.3}
	curveTimes   = []watched{
		{"5 min", 300, 7}, {"15 min", 900, 7}, {"1 h", hour, 7}, {"4 h", 4 * hour, 7}, {"8 h", 8 * hour, 7}, {"24 h", day, 7}, {"24 h, 14 days", day, 14},
	}
	curveWays = []way{{"sleeps", sleeper}, {"clock", func(p, j, l float64) talker { return clockwork(p, j/2, l) }}}
)

// watched is a period and for how many days it is watched.
type watched struct {
	name         string
	period, days float64
}

type way struct {
	name string
	make func(period, jitter, loss float64) talker
}

// pair is what both ways say of a series, or how many of a hundred each detects.
type pair struct{ ours, rita float64 }

// judgedByBoth ranks what either does not judge, because it is too short, last.
func judgedByBoth(times []float64) pair {
	rita, err := RITATime(stamps(times))
	if err != nil {
		rita = 0
	}
	v := Judge(contactsAt(times), Prior{}).Runs
	if v.Limits&TooFew != 0 {
		return pair{-MaxBits, rita}
	}
	return pair{v.Bits, rita}
}

// curves are all cells, and the thresholds that at most 1 % of random talkers pass.
type curves struct {
	thresholds map[string]pair
	alarms     map[string]int // by kind of talker: series of a score of 0.5
	random     map[string]int // by kind of talker: series
	cells      map[string]pair
}

func cellName(w way, at watched, jitter, loss float64) string {
	return fmt.Sprint(w.name, at.name, jitter, loss)
}

// talkersLike are random talkers that are about as frequent as a period.
func talkersLike(mean float64) map[string]talker {
	return map[string]talker{
		"random": chatter(mean), "working hours": within(chatter(mean/4), 8, 17), "bursts": bursty(mean), "diurnal walk": diurnal(mean),
	}
}

func (c *curves) measure() {
	r := rand.New(rand.NewPCG(curveSeed, 1))
	for _, at := range curveTimes {
		c.calibrate(r, at)
		for _, w := range curveWays {
			for _, loss := range curveLosses {
				for _, jitter := range curveJitters {
					c.cells[cellName(w, at, jitter, loss)] = c.detect(r, w.make(at.period, jitter, loss), at)
				}
			}
		}
	}
}

func (c *curves) calibrate(r *rand.Rand, at watched) {
	var ours, rita []float64
	for _, rate := range []float64{0.5, 1, 2} {
		talkers := talkersLike(at.period * rate)
		for _, name := range []string{"random", "working hours", "bursts", "diurnal walk"} {
			for range curveRandom {
				both := judgedByBoth(talkers[name](r, at.days*day))
				ours, rita = append(ours, both.ours), append(rita, both.rita)
				c.random[name]++
				if both.ours > needed-1e-9 {
					c.alarms[name]++
				}
			}
		}
	}
	slices.Sort(ours)
	slices.Sort(rita)
	i := len(ours) - len(ours)/100 - 1
	c.thresholds[at.name] = pair{ours[i], rita[i]}
}

func (c *curves) detect(r *rand.Rand, t talker, at watched) (found pair) {
	limit := c.thresholds[at.name]
	for range curveSeries {
		both := judgedByBoth(t(r, at.days*day))
		if both.ours > limit.ours {
			found.ours += 100.0 / curveSeries
		}
		if both.rita > limit.rita {
			found.rita += 100.0 / curveSeries
		}
	}
	return found
}

// markdown is the table and what it was measured with.
func (c *curves) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Of 100 series a cell: ours / RITA's time score, each at 1 %% false alarms among %d random talkers about as frequent. **Bold** where RITA finds more by ten.\n\n", 12*curveRandom)
	b.WriteString("| period | kept by | lost |")
	for _, jitter := range curveJitters {
		fmt.Fprintf(&b, " ± %.0f %% |", 100*jitter)
	}
	b.WriteString("\n|---|---|--:|" + strings.Repeat("--:|", len(curveJitters)) + "\n")
	for _, at := range curveTimes {
		for _, w := range curveWays {
			for _, loss := range curveLosses {
				fmt.Fprintf(&b, "| %s | %s | %.0f %% |", at.name, w.name, 100*loss)
				for _, jitter := range curveJitters {
					b.WriteString(" " + c.cells[cellName(w, at, jitter, loss)].text() + " |")
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String() + c.footnotes()
}

func (p pair) text() string {
	if p.rita >= p.ours+10 {
		return fmt.Sprintf("**%.0f / %.0f**", p.ours, p.rita)
	}
	return fmt.Sprintf("%.0f / %.0f", p.ours, p.rita)
}

func (c *curves) footnotes() string {
	var b strings.Builder
	b.WriteString("\n| | ")
	for _, at := range curveTimes {
		b.WriteString(at.name + " | ")
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(curveTimes)) + "\n| our threshold, bits |")
	for _, at := range curveTimes {
		fmt.Fprintf(&b, " %.1f |", c.thresholds[at.name].ours)
	}
	b.WriteString("\n| RITA's threshold |")
	for _, at := range curveTimes {
		fmt.Fprintf(&b, " %.3f |", c.thresholds[at.name].rita)
	}
	b.WriteString("\n\nRandom talkers with a score of 0.5 or more:")
	for i, name := range []string{"random", "working hours", "bursts", "diurnal walk"} {
		fmt.Fprintf(&b, "%s %s %d of %d", strings.Repeat(",", min(i, 1)), name, c.alarms[name], c.random[name])
	}
	return b.String() + ".\n"
}

// TestCurves writes the table and the picture into docs; make beacon-curves runs it.
func TestCurves(t *testing.T) {
	c := curves{map[string]pair{}, map[string]int{}, map[string]int{}, map[string]pair{}}
	c.measure()
	docs := filepath.Join("..", "..", "docs")
	page, err := os.ReadFile(filepath.Join(docs, "scoring.md"))
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- curves begin -->\n", "<!-- curves end -->"
	before, rest, found := strings.Cut(string(page), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("docs/scoring.md lacks the markers %q and %q", begin, end)
	}
	text := before + begin + c.markdown() + end + after
	if err := os.WriteFile(filepath.Join(docs, "scoring.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(docs, "beacon-curves.svg"), []byte(c.picture()), 0o644); err != nil {
		t.Fatal(err)
	}
}
