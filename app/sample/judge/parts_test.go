package judge

import (
	"slices"
	"strings"
	"testing"
)

const whyText = "row,finding_id,score,why\n" +
	"tree,f1,7.5,\"rare +5.5 task on 1 of 9\nnew +2.0 since noon, +4 more\"\n" +
	"tree,f2,6.0,rare +6.0 task on 1 of 9\n" +
	"tree,f3,0.0,\n"

func TestLeaveOut(t *testing.T) {
	trees := rows(t, whyText)
	if got := PartsOf(trees); !slices.Equal(got, []string{"new", "rare"}) {
		t.Fatalf("parts are %q", got)
	}
	for without, want := range map[string][]string{"": {"7.5", "6.0", "0.0"}, "new": {"5.5", "6.0", "0.0"}, "rare": {"2.0", "0.0", "0.0"}, "rare new": {"0.0", "0.0", "0.0"}} {
		LeaveOut(trees, "left", strings.Fields(without)...)
		for i := range trees {
			if trees[i]["left"] != want[i] {
				t.Errorf("without %q tree %d has %s, want %s", without, i, trees[i]["left"], want[i])
			}
		}
	}
}

func TestReadColumns(t *testing.T) {
	got, err := ReadColumns(strings.NewReader(whyText), "finding_id", "score")
	if err != nil || len(got) != 3 || len(got[0]) != 2 || got[1]["score"] != "6.0" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadColumns(strings.NewReader(whyText), "device"); err == nil || !strings.Contains(err.Error(), `"device"`) {
		t.Errorf("a column that is not there: %v", err)
	}
}
