package page

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// caused is a finding with a tree that a service of a name made start.
func caused(name string) []*view.Finding {
	tree := row.Tree{
		ID: "t", Device: "PC", Process: "relay.exe", Verdicts: row.Verdicts{Finding: &row.Finding{ID: "00000000000000aa", Scored: true, Score: 9, Template: "relay.exe", Process: "relay.exe", Devices: 1}},
		Nodes: []row.Node{
			{ID: "n", Depth: 1, Process: row.Process{Name: "relay.exe", Command: "relay.exe --serve", PID: 40}, Started: noon},
			{ID: "m", ParentID: "n", Depth: 2, Process: row.Process{Name: "below.exe", Command: "below.exe", PID: 44}, Started: noon},
		},
		Cause: &row.Cause{What: "service", Name: name, At: noon, By: "mira", Maker: row.Process{Name: "sc.exe", Command: "sc create " + name, PID: 9}, MakerID: "x", Events: []string{"7045#12"}, Certainty: "likely"},
	}
	return view.Of(row.Build([]row.Tree{tree}, row.Nodes|row.Connections|row.Causes))
}

// A cause is a line of its own kind in the page's data, and no process.
func TestCauseInData(t *testing.T) {
	_, rest, _ := strings.Cut(written(t, caused("Relay"), &view.About{}), `<script type="application/json" id="data">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var got []finding
	if err := json.Unmarshal([]byte(data), &got); err != nil || len(got) != 1 || len(got[0].Tree) != 3 {
		t.Fatalf("%v: %s", err, data)
	}
	causes := 0
	for _, l := range got[0].Tree {
		if !l.Cause {
			continue
		}
		causes++
		for _, word := range []string{"sc.exe (9)", "service Relay", "mira", "7045#12", "likely"} {
			if !strings.Contains(l.Text, word) {
				t.Errorf("the cause does not say %q: %q", word, l.Text)
			}
		}
		if l.Name != "caused by" || l.Depth != 0 {
			t.Errorf("the cause is %+v", l)
		}
	}
	if causes != 1 {
		t.Errorf("%d causes in %+v", causes, got[0].Tree)
	}
}
