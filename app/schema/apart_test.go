package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// apartOf reads the start of a process with a record time, and returns by how far its times
// are said to lie apart.
func apartOf(t *testing.T, recorded, created string) []string {
	t.Helper()
	raw := strings.NewReplacer(systemTime, recorded).Replace(xmlText(sysmonEvents[0].with("UtcTime", created), sysmonLog))
	r := newReading(t)
	r.read(text(raw))
	return slices.Sorted(maps.Keys(r.Times().Apart))
}

// A record time that says it is UTC and lies whole quarter-hours from UtcTime is told; one that
// lies anything else from it, or has no zone, is not.
func TestTimesThatLieQuarterHoursApart(t *testing.T) {
	const created = "2026-03-04 12:06:07.100"
	for recorded, want := range map[string][]string{
		"2026-03-04T12:06:07.123Z": nil, "2026-03-04T12:06:30Z": nil, "2026-03-04T07:06:07.123Z": {"-05:00"}, "2026-03-04T17:36:09Z": {"+05:30"},
		"2026-03-04T11:21:07.2Z": {"-00:45"}, "2026-03-04T13:06:20Z": nil, "2026-03-04T13:06:05Z": nil, "2026-03-04T14:00:00Z": nil,
		"2026-03-09T12:06:07.123Z": nil, "2026-03-04T07:06:07.123": nil,
	} {
		if got := apartOf(t, recorded, created); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", recorded, got, want)
		}
	}
}
