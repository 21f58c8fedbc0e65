package kql

import (
	"slices"
	"testing"
)

// sibling is one of two children of one name: their root's time is the same, so the
// tie rule chooses between their paths.
type sibling struct{ created, id, commandLine string }

func TestTieRule(t *testing.T) {
	const early, late = "2026-11-21T08:00:01.0000001Z", "2026-11-21T08:00:01.0000002Z"
	cases := []struct {
		name       string
		wins, lose sibling
	}{
		{"the later creation time, whatever the id", sibling{late, "5", "a"}, sibling{early, "9", "b"}},
		{"then the greater id as a number", sibling{late, "10", "a"}, sibling{late, "9", "b"}},
		{"any id before none", sibling{late, "0", "a"}, sibling{late, "", "b"}},
		{"any time before none", sibling{"1960-01-01T00:00:00Z", "5", "a"}, sibling{"", "9", "b"}},
		{"then the greater command line by its bytes", sibling{late, "5", "é"}, sibling{late, "5", "Z"}},
	}
	for _, c := range cases {
		for _, order := range [][]sibling{{c.wins, c.lose}, {c.lose, c.wins}} {
			if got := latestSibling(t, order); got != c.wins.commandLine {
				t.Errorf("%s: the path of %q is shown, want %q", c.name, got, c.wins.commandLine)
			}
		}
	}
}

// latestSibling returns the command line on level 1 of the path that the pattern shows.
func latestSibling(tb testing.TB, siblings []sibling) string {
	tb.Helper()
	const start = "2026-11-21T08:00:00Z"
	root := row{
		"Timestamp": start, "DeviceId": "d", "ActionType": "ProcessCreated", "FileName": "r.exe", "ProcessId": "1", "ProcessCreationTime": start,
		"InitiatingProcessFileName": taskScheduler, "InitiatingProcessCommandLine": taskSchedulerRuns,
	}
	events := []row{root, {
		"Timestamp": start, "DeviceId": "d", "ActionType": "ConnectionSuccess", "RemoteIP": "192.0.2.1",
		"InitiatingProcessFileName": "r.exe", "InitiatingProcessId": "1", "InitiatingProcessCreationTime": start,
	}}
	for _, s := range siblings {
		events = append(events, row{
			"Timestamp": start, "DeviceId": "d", "ActionType": "ProcessCreated", "FileName": "c.exe",
			"ProcessId": s.id, "ProcessCommandLine": s.commandLine, "ProcessCreationTime": s.created,
			"InitiatingProcessFileName": "r.exe", "InitiatingProcessId": "1", "InitiatingProcessCreationTime": start,
		})
	}
	o := original()
	o.AllColumns = true
	q := New(o)
	for _, e := range events {
		if _, err := add(q, e); err != nil {
			tb.Fatal(err)
		}
	}
	columns, rows, report := q.Finish()
	if len(rows) != 1 || report.Defender.Tied != 1 {
		tb.Fatalf("%d rows and %d ties, want one of each", len(rows), report.Defender.Tied)
	}
	return rows[0][slices.Index(columns, "InitiatingProcessG2ParentCommandLine")]
}
