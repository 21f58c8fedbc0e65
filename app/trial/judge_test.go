//go:build judge

package trial

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cli"
	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// judged is a kind of fleet and how it is hunted in.
type judged struct {
	name             string
	devices, days    int
	fresh            bool
	recent, lookback string
}

var judgedFleets = []judged{
	{"fresh, 300", 300, 14, true, "1d", "14d"},
	{"fresh, 1,000", 1000, 14, true, "1d", "14d"},
	{"cold, 50", 50, 7, false, "7d", "7d"},
	{"cold, 300", 300, 7, false, "7d", "7d"},
	{"cold, 1,000", 1000, 7, false, "7d", "7d"},
}

// variant is a way to rank: the score, or the score without a part.
type variant struct {
	name    string
	change  func(*score.Weights)
	options []string
	order   string
	groupBy []string
}

var variants = []variant{
	{name: "score"},
	{name: "without new", change: func(w *score.Weights) { w.New = 0 }},
	{name: "without rarity", change: func(w *score.Weights) { w.Shape = 0 }},
	{name: "without cadence and inside", change: func(w *score.Weights) { w.Rhythm = 0 }},
	{name: "without names", change: func(w *score.Weights) { w.Names = 0 }},
	{name: "without habits", change: func(w *score.Weights) { w.Habit = 0 }},
	{name: "devices of the exact command", options: []string{"--rarity", "command"}, order: "root_devices asc", groupBy: []string{"root_process"}},
}

// judgeSeeds are none that the score was developed on: those are below 100. JUDGE_SEEDS
// takes fewer.
func judgeSeeds() []int {
	n := 3
	if given, err := strconv.Atoi(os.Getenv("JUDGE_SEEDS")); err == nil {
		n = given
	}
	var seeds []int
	for i := range n {
		seeds = append(seeds, 1001+i)
	}
	return seeds
}

// judgedNow are the fleets to judge: all, or those whose names hold JUDGE_FLEETS.
func judgedNow() (fleets []judged) {
	for _, f := range judgedFleets {
		if strings.Contains(f.name, os.Getenv("JUDGE_FLEETS")) {
			fleets = append(fleets, f)
		}
	}
	return fleets
}

// TestJudge writes the table of docs/scoring.md.
func TestJudge(t *testing.T) {
	var table strings.Builder
	fmt.Fprintf(&table, "Channels among the first 25 findings / the first 40 / the first 150, by seed; %d seeds a fleet, tail 0.25.\n\n", len(judgeSeeds()))
	fmt.Fprintf(&table, "| ranked by | %s |\n|---|%s\n", joinNames(), strings.Repeat("---|", len(judgedNow())))
	cells := make([][]string, len(variants))
	for _, fleet := range judgedNow() {
		columns := make([][]string, len(variants))
		for _, seed := range judgeSeeds() {
			dir := makeFleet(t, fleet, seed)
			for i, v := range variants {
				columns[i] = append(columns[i], judgeOnce(t, fleet, v, dir))
			}
			_ = os.RemoveAll(dir)
		}
		for i := range variants {
			cells[i] = append(cells[i], strings.Join(columns[i], ", "))
		}
	}
	for i, v := range variants {
		fmt.Fprintf(&table, "| %s | %s |\n", v.name, strings.Join(cells[i], " | "))
	}
	t.Log("\n" + table.String())
	writeBetween(t, "../../docs/scoring.md", "judge", table.String())
}

func joinNames() string {
	var names []string
	for _, f := range judgedNow() {
		names = append(names, f.name)
	}
	return strings.Join(names, " | ")
}

func makeFleet(t *testing.T, f judged, seed int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fleet")
	args := []string{"sample", "--profile", "realistic", "--tail", "0.25", "--devices", strconv.Itoa(f.devices), "--days", strconv.Itoa(f.days),
		"--seed", strconv.Itoa(seed), "--format", "sysmon"}
	if f.fresh {
		args = append(args, "--fresh", "1")
	}
	program(t, append(args, dir)...)
	return dir
}

// judgeOnce hunts and returns how many channels stand among the first.
func judgeOnce(t *testing.T, f judged, v variant, dir string) string {
	t.Helper()
	was := score.Standard
	defer func() { score.Standard = was }()
	if v.change != nil {
		v.change(&score.Standard)
	}
	rows := program(t, append(append([]string{"hunt", "--recent", f.recent, "--lookback", f.lookback, "--output", "trees", "--format", "csv"}, v.options...), dir)...)
	key, err := os.Open(filepath.Join(dir, "planted.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	c := judge.Case{GroupBy: v.groupBy}
	if c.Key, err = judge.ReadKey(key); err != nil {
		t.Fatal(err)
	}
	if c.Trees, err = judge.ReadRows(bytes.NewReader(rows)); err != nil {
		t.Fatal(err)
	}
	if v.order != "" {
		if c.Order, err = judge.ParseOrder(v.order); err != nil {
			t.Fatal(err)
		}
	}
	r := judge.Judge(c)
	return fmt.Sprintf("%d/%d/%d", r.Within(25), r.Within(40), r.Within(150))
}

// program runs the program in this process, so that its weights can be changed.
func program(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, said bytes.Buffer
	if code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: io.Writer(&said)}); code != 0 {
		t.Fatalf("%q: exit %d, %s", args, code, said.String())
	}
	return out.Bytes()
}

// writeBetween replaces what stands between two markers of a document.
func writeBetween(t *testing.T, file, marker, text string) {
	t.Helper()
	was, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+marker+" begin -->\n", "<!-- "+marker+" end -->"
	head, rest, found := strings.Cut(string(was), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no markers of %s", file, marker)
	}
	if err := os.WriteFile(file, []byte(head+begin+text+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
