package view

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Folding loses no finding, whichever are known, and counts every tree.
func TestFoldLosesNothing(t *testing.T) {
	for seed := range uint64(30) {
		dice := rand.New(rand.NewPCG(seed, 2))
		trees := fleet(dice)
		for i := range trees {
			if f := trees[i].Finding; f != nil {
				f.Known = []string{"", "windows", "golden"}[dice.IntN(3)]
			}
		}
		all := Of(row.Build(trees, row.Nodes|row.Connections))
		shown, folded := Fold(all)
		at := map[*Finding]int{}
		trees0, known := 0, 0
		for i, f := range all {
			at[f] = i
			if f.Known != "" {
				known += f.RunCount
			}
		}
		for _, part := range [][]*Finding{shown, folded} {
			last := -1
			for _, f := range part {
				i, there := at[f]
				if !there || i <= last {
					t.Fatalf("seed %d: a finding is lost, twice or out of order", seed)
				}
				last = i
				delete(at, f)
			}
		}
		for _, f := range folded {
			trees0 += f.RunCount
		}
		if len(at) != 0 || trees0 != known {
			t.Errorf("seed %d: %d findings lost, %d trees folded, want %d", seed, len(at), trees0, known)
		}
	}
}

func TestFoldedInWords(t *testing.T) {
	windows := &Finding{Known: "windows", Task: `\A`, RunCount: 96}
	same := &Finding{Known: "windows", Task: `\a`, RunCount: 2}
	host := &Finding{Why: []Part{{Name: "known", Bits: 0.3}}, Root: "taskhostw.exe", RunCount: 1}
	golden := &Finding{Known: "golden", Task: `\B`, RunCount: 3}
	for want, folded := range map[string][]*Finding{
		"":                                     nil,
		"Windows' own: 98 trees of 1 task":     {windows, same},
		"Windows' own: 1 host of COM handlers": {host},
		"Windows' own: 96 trees of 1 task, and 2 hosts of COM handlers":              {windows, host, host},
		"a clean machine's own: 3 trees of 1 task":                                   {golden},
		"Windows' own: 96 trees of 1 task; a clean machine's own: 3 trees of 1 task": {golden, windows},
	} {
		if got := Folded(folded); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// No text of a log makes a finding one that is folded: a part of the score that an attacker
// has written into another's words stands beside that other.
func TestNothingFoldsItself(t *testing.T) {
	injected := &row.Finding{ID: "1", Scored: true, Score: 7, Template: "x", Why: []string{"destination +7.0 tasks go to a.example\nknown +0.1 Windows' own"}}
	tree := row.Tree{ID: "t", Device: "PC", Process: "x", Nodes: []row.Node{{ID: "n", Depth: 1}}, Verdicts: row.Verdicts{Finding: injected}}
	f := Of(row.Build([]row.Tree{tree}, row.Nodes))[0]
	if len(f.Why) != 2 || f.Folds() {
		t.Errorf("%+v", f)
	}
}

func TestLevelsInWords(t *testing.T) {
	of := func(scores ...float64) (list []*Finding) {
		for _, s := range scores {
			list = append(list, &Finding{Scored: true, Score: s})
		}
		return list
	}
	for want, list := range map[string][]*Finding{
		"":                             of(4.9),
		"1 finding of at least 5 bits": of(5, 1),
		"2 findings of at least 10 bits, 3 of at least 5 bits": of(12, 11, 6),
	} {
		if got := LevelsInWords(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Few devices are told of, and what the order rests on instead; where rarity can be judged,
// nothing was scored or nothing is there, nothing is said.
func TestFew(t *testing.T) {
	scored, plain := []*Finding{{Scored: true}}, []*Finding{{}}
	for _, n := range []int{1, 3, 9} {
		if said := Few(scored, n); !strings.Contains(said, "rarity cannot be judged on "+Plural(n, "device")) || !strings.Contains(said, "rests on what is not Windows' own") {
			t.Errorf("%d devices: %q", n, said)
		}
	}
	for _, said := range []string{Few(scored, 10), Few(plain, 3), Few(nil, 3), Few(scored, 0)} {
		if said != "" {
			t.Error(fmt.Sprint("said: ", said))
		}
	}
}
