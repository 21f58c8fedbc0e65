package hunt

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// By a census that is a header alone everything is new, which is told as a warning that no
// quiet hides.
func TestCensusWithoutARunIsTold(t *testing.T) {
	for empty, want := range map[string]bool{"none.csv": true, "": false} {
		h := &Hunt{baseline: census.New("")}
		if empty != "" {
			h.baseline.Empty = []string{empty}
		}
		h.options.Output = command.OutputAll
		var m account.Messages
		h.sayCensus(&m, &findings{})
		var told bool
		for _, said := range m {
			told = told || said.Level == account.Warn && strings.Contains(said.Text, "header alone") && strings.Contains(said.Text, "none.csv")
		}
		if told != want {
			t.Errorf("of the empty census %q is said %v", empty, m)
		}
	}
}
