package cli

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// Where all events are of kinds that the hunt knows and makes no tree of, the error says which.
func TestNothingNamesWhatOnlyHelps(t *testing.T) {
	for want, l := range map[string]account.Ledger{
		"they are of scheduled tasks;":                        {Events: 3, Other: 3, Tasks: 3},
		"they are ends of processes;":                         {Events: 2, End: 2},
		"they are of scheduled tasks, and ends of processes;": {Events: 3, Other: 1, Tasks: 1, End: 2},
	} {
		if err := new(seen).nothing(l, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", l, err, want)
		}
	}
}
