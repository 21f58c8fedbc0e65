package row

import (
	"strings"
	"testing"
)

func verdict(score float64, label, source string) Verdict {
	return Verdict{Known: true, Score: score, Label: label, Source: source}
}

// ranked are verdicts from the best down.
var ranked = []Verdict{
	verdict(90, "b", "a"), verdict(90, "a", "b"), verdict(90, "c", "b"), verdict(89.5, "a", "a"), verdict(0, "benign", ""), verdict(0, "", "feed"), {},
}

func TestTheBetterVerdict(t *testing.T) {
	for i, v := range ranked {
		for j, w := range ranked {
			if got := v.Or(w); got != ranked[min(i, j)] {
				t.Errorf("%+v or %+v is %+v", v, w, got)
			}
		}
	}
}

// Rows have the verdicts of what they are about, and a tree the best of all.
func TestVerdictsInRows(t *testing.T) {
	tree := call()
	tree.Nodes[0].Verdict = verdict(12.5, "tool", "ours")
	tree.Nodes[0].Connections[1].Verdict = verdict(100, "c2\x1b[31m", "theirs")
	rows := Build([]Tree{tree}, Nodes|Connections)
	rows = append(rows, Build([]Tree{tree}, Trees)...)
	for i, want := range []string{"12.5 tool ours", "  ", "100 c2\x1b[31m theirs", "100 c2\x1b[31m theirs"} {
		if got := strings.Join([]string{rows[i].Get("intel_score"), rows[i].Get("intel_label"), rows[i].Get("intel_source")}, " "); got != want {
			t.Errorf("row %d has %q, want %q", i, got, want)
		}
	}
	drawn := Draw(rows[:3], 100)
	for _, want := range []string{"  [intel 12.5 tool (ours)]\n", `  [intel 100 c2\x1b[31m (theirs)]` + "\n"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%q is not in\n%s", want, drawn)
		}
	}
	if plain := Draw(Build([]Tree{call()}, Nodes|Connections), 100); strings.Contains(plain, "intel") {
		t.Errorf("without verdicts:\n%s", plain)
	}
}
