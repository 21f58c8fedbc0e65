package doors

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// CausesOf are the rows with edge=caused_by of what made roots start, by the id of the process that
// started.
func CausesOf(t *testing.T, rows []row.Row) map[string]row.Row {
	t.Helper()
	causes := map[string]row.Row{}
	for _, r := range rows {
		if r.Get("edge") != row.EdgeCausedBy {
			if r.Get("cause") != "" || r.Kind == row.Causes {
				t.Errorf("a row of another edge has a cause: %v", r.Values)
			}
			continue
		}
		if r.Get("cause") == row.CauseInjection {
			continue
		}
		id := FoldGUID(r.Get("process_guid"))
		if _, twice := causes[id]; twice || r.Kind != row.Causes {
			t.Errorf("%s has two causes, or one in a row of kind %v", id, r.Kind)
		}
		causes[id] = r
	}
	return causes
}

// FoldGUID is a GUID as it is compared.
func FoldGUID(id string) string { return strings.ToLower(strings.Trim(id, "{}")) }
