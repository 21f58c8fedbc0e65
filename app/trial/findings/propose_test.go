package findings_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cli"
	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

// proposing is a fleet in which findings are marked as fine.
type proposing struct {
	dir     string
	files   []string
	key     *judge.Key
	options []string
	before  []judge.Row // trees
}

func newProposing(t *testing.T, seed uint64, options ...string) *proposing {
	t.Helper()
	p := &proposing{dir: t.TempDir(), options: options}
	made, err := realistic.Generate(realistic.Config{Devices: 20, Days: 2, Seed: seed, Tail: 0.25, Hijacks: true}, p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range made.Files {
		p.files = append(p.files, filepath.Join(p.dir, name))
	}
	key, err := os.Open(filepath.Join(p.dir, realistic.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	if p.key, err = judge.ReadKey(key); err != nil {
		t.Fatal(err)
	}
	p.before = p.trees(t)
	return p
}

func (p *proposing) run(t *testing.T, files []string, args ...string) []byte {
	t.Helper()
	var out, said bytes.Buffer
	args = slices.Concat(args, []string{"--quiet", "--format", "csv"}, p.options, files)
	if code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &said}); code != 0 {
		t.Fatalf("%q: exit %d, %s", args, code, said.String())
	}
	return out.Bytes()
}

func (p *proposing) trees(t *testing.T, args ...string) []judge.Row {
	t.Helper()
	return readRows(t, p.run(t, p.files, append([]string{"hunt", "--output", "trees"}, args...)...))
}

func readRows(t *testing.T, text []byte) []judge.Row {
	t.Helper()
	rows, err := judge.ReadRows(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// channels is how many trees of each channel there are.
func (p *proposing) channels(trees []judge.Row) map[string]int {
	count := map[string]int{}
	for _, c := range judge.Judge(judge.Case{Key: p.key, Trees: trees}).Channels {
		count[c.Name] = c.Trees
	}
	return count
}

// benign are the findings without a tree of a channel.
func (p *proposing) benign() (ids []string) {
	byFinding := map[string][]judge.Row{}
	for _, tree := range p.before {
		byFinding[tree["finding_id"]] = append(byFinding[tree["finding_id"]], tree)
	}
	for id, trees := range byFinding {
		planted := 0
		for _, n := range p.channels(trees) {
			planted += n
		}
		if planted == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// announced proposes entries, writes them to a list, and returns what they say of themselves.
func (p *proposing) announced(t *testing.T, marked []string) (list string, rows []judge.Row) {
	t.Helper()
	text := p.run(t, p.files, "propose", "--finding", strings.Join(marked, ","))
	list = filepath.Join(t.TempDir(), "allow.csv")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return list, readRows(t, text)
}

// check applies the entries for findings: what they hide is what was announced, and all else
// stays as it is to the last byte.
func (p *proposing) check(t *testing.T, marked []string) {
	t.Helper()
	list, rows := p.announced(t, marked)
	after := p.trees(t, "--allow", list)
	left := map[string]judge.Row{}
	for _, tree := range after {
		left[tree["tree_id"]] = tree
	}
	may := map[string]bool{}
	own, others, refused := 0, 0, map[string]bool{}
	for _, row := range rows {
		may[row["finding_id"]] = true
		own, others = own+number(t, row["trees"]), others+number(t, row["other_trees"])
		for line := range strings.Lines(row["other_findings"]) {
			may[line[:16]] = true
		}
		if row["refused"] != "" {
			refused[row["finding_id"]] = true
		}
	}
	hidden := 0
	for _, tree := range p.before {
		got, stays := left[tree["tree_id"]]
		switch {
		case !stays:
			hidden++
			if !may[tree["finding_id"]] {
				t.Errorf("tree %s of finding %s is hidden, which nobody announced", tree["tree_id"], tree["finding_id"])
			}
		case fmt.Sprint(got) != fmt.Sprint(tree):
			t.Errorf("tree %s changed\nfrom %v\nto   %v", tree["tree_id"], tree, got)
		case slices.Contains(marked, tree["finding_id"]) && !refused[tree["finding_id"]]:
			t.Errorf("tree %s of finding %s is shown although all of the finding is covered: %s", tree["tree_id"], tree["finding_id"], tree["root_process"])
		}
	}
	if len(after) != len(p.before)-hidden || others == 0 && hidden != own || hidden > own+others {
		t.Errorf("%d trees are hidden and %d left of %d, announced were %d and %d of other findings", hidden, len(after), len(p.before), own, others)
	}
	if got, want := fmt.Sprint(p.channels(after)), fmt.Sprint(p.channels(p.before)); got != want {
		t.Errorf("with benign findings marked, of the channels are left %s of %s", got, want)
	}
	t.Logf("%d findings marked, %d refused, %d trees hidden, %d of them of other findings", len(marked), len(refused), hidden, others)
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Entries hide exactly what was announced, whichever benign findings are marked, and of what
// was planted nothing.
func TestProposalsHideWhatTheySay(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes fleets and hunts in them again and again")
	}
	for seed, options := range map[uint64][]string{
		61: {"--recent", "all", "--lookback", "all"},
		62: {"--recent", "1d", "--max-devices", "0", "--internal", "include"},
	} {
		p := newProposing(t, seed, options...)
		benign := p.benign()
		dice := rand.New(rand.NewPCG(seed, 0))
		p.check(t, benign)
		for range 2 {
			some := slices.Clone(benign)
			dice.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			p.check(t, some[:1+dice.IntN(min(12, len(some)))])
		}
	}
}

// What has no say in a proposal: the order of the files, and events that are there twice. And
// shares of a fleet, each with the list, show what one hunt with it shows.
func TestProposalsByOrderAndShare(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a fleet and hunts in it again and again")
	}
	p := newProposing(t, 63, "--recent", "all", "--lookback", "all")
	marked := p.benign()
	list, _ := p.announced(t, marked)
	want, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	turned := slices.Concat(p.files, p.files[:1])
	slices.Reverse(turned)
	slices.Reverse(marked)
	got := p.run(t, turned, "propose", "--finding", strings.Join(marked, ","))
	if a, b := inOrder(want), inOrder(got); a != b {
		t.Errorf("files in another order, one of them twice, propose\n%s\nand not\n%s", b, a)
	}
	p.options = append(p.options, "--now", "2026-11-21")
	whole := p.trees(t, "--allow", list)
	var bases []string
	for i := range 2 {
		base := filepath.Join(t.TempDir(), "census.csv")
		share := fmt.Sprintf("%d/2", i+1)
		if err := os.WriteFile(base, p.run(t, p.files, "hunt", "--output", "census", "--shard", share, "--allow", list), 0o600); err != nil {
			t.Fatal(err)
		}
		bases = append(bases, base)
	}
	var shared []judge.Row
	for i := range 2 {
		shared = append(shared, p.trees(t, "--allow", list, "--baseline", strings.Join(bases, ","), "--shard", fmt.Sprintf("%d/2", i+1))...)
	}
	byID := func(a, b judge.Row) int { return strings.Compare(a["tree_id"], b["tree_id"]) }
	slices.SortFunc(whole, byID)
	slices.SortFunc(shared, byID)
	if len(whole) == 0 || len(whole) == len(p.before) || fmt.Sprint(shared) != fmt.Sprint(whole) {
		t.Errorf("two shares with a list show %d trees, one hunt with it %d of %d", len(shared), len(whole), len(p.before))
	}
}

// inOrder are the lines of a text in order.
func inOrder(text []byte) string {
	lines := strings.Split(string(text), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
