//go:build judge

package judging

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// missedTable lists the channels that are not among the first 25, with their ranks.
func missedTable(fleets []judged, verdicts [][]verdict) string {
	ranks := map[string]map[int][]string{} // by kind of channel and of fleet
	for i := range fleets {
		for _, v := range verdicts[i] {
			for _, m := range v.Missed {
				if ranks[m.Kind] == nil {
					ranks[m.Kind] = map[int][]string{}
				}
				ranks[m.Kind][i] = append(ranks[m.Kind][i], rankText(m.Rank))
			}
		}
	}
	var b strings.Builder
	b.WriteString("Channels that are not among the first 25, with their ranks, one for each fleet that misses them:\n\n| channel |" + heads(fleets) + "\n")
	for _, kind := range slices.Sorted(maps.Keys(ranks)) {
		b.WriteString("| " + kind + " |")
		for i := range fleets {
			b.WriteString(" " + strings.Join(ranks[kind][i], ", ") + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func rankText(rank int) string {
	if rank == 0 {
		return "none"
	}
	return strconv.Itoa(rank)
}

func heads(fleets []judged) string {
	var b strings.Builder
	for _, f := range fleets {
		b.WriteString(" " + f.name + " |")
	}
	return b.String() + "\n|---|" + strings.Repeat("--:|", len(fleets))
}

// comparedTable shows the score without each of its parts, and other ways to rank.
func comparedTable(fleets []judged, verdicts [][]verdict) string {
	var b strings.Builder
	b.WriteString("| ranked by |" + heads(fleets) + "\n")
	line := func(name string, of func(v *verdict) (int, bool)) {
		b.WriteString("| " + name + " |")
		for i := range fleets {
			sum, n := 0, 0
			for k := range verdicts[i] {
				if found, some := of(&verdicts[i][k]); some {
					sum, n = sum+found, n+1
				}
			}
			if n == 0 {
				b.WriteString(" |")
				continue
			}
			fmt.Fprintf(&b, " %.1f |", float64(sum)/float64(n))
		}
		b.WriteString("\n")
	}
	line("the score", func(v *verdict) (int, bool) { return v.First25, true })
	for _, name := range namesOf(verdicts, func(v *verdict) map[string]int { return v.Without }) {
		line("without "+name, func(v *verdict) (int, bool) {
			if n, some := v.Without[name]; some {
				return n, true
			}
			return v.First25, true // no finding of the fleet has it
		})
	}
	for _, name := range namesOf(verdicts, func(v *verdict) map[string]int { return v.Rivals }) {
		line(name, func(v *verdict) (int, bool) { n, some := v.Rivals[name]; return n, some })
	}
	return b.String()
}

func namesOf(verdicts [][]verdict, of func(v *verdict) map[string]int) []string {
	names := map[string]int{}
	for i := range verdicts {
		for k := range verdicts[i] {
			maps.Copy(names, of(&verdicts[i][k]))
		}
	}
	return slices.Sorted(maps.Keys(names))
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
