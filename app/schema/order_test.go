package schema

import "testing"

// UtcTime tells which of two days a record time is of, and what zone it is in; a date that it
// fits neither way stays unsure.
func TestUtcTimeTellsDayFromMonth(t *testing.T) {
	base := fields{"EventID": "3", "Channel": sysmonLog, "Computer": computer, "ProcessGuid": "{8f2a3c00-0000-0000-0000-000000000001}",
		"DestinationIp": "203.0.113.7", "DestinationPort": "443", "UtcTime": "2026-11-08 21:00:00.000"}
	for _, c := range []struct {
		local                     string
		day, dayFirst, monthFirst int
	}{
		{"08/11/2026 22:00:01", 8, 1, 0},
		{"11/08/2026 22:00:01", 8, 0, 1},
		{"11/09/2026 08:30:01", 8, 0, 1}, // east of it
		{"09/11/2026 08:30:01", 8, 1, 0},
		{"10/12/2026 22:00:01", 0, 0, 0},
	} {
		r := newReading(t)
		r.read(base.with("EventTime", c.local))
		times := r.Times()
		if got := [...]int{times.DayFirst["EventTime"].Count, times.MonthFirst["EventTime"].Count}; got != [...]int{c.dayFirst, c.monthFirst} {
			t.Errorf("%s: %v, want %d and %d", c.local, got, c.dayFirst, c.monthFirst)
		}
		if unsure := times.Unsure["EventTime"].Count; unsure != 1-c.dayFirst-c.monthFirst {
			t.Errorf("%s: unsure of %d", c.local, unsure)
		}
		if at := r.store.Connections[0].Time; c.day != 0 && (at.Std().Day() != c.day || at.Std().Month() != 11 || at.Std().Hour() != 21) {
			t.Errorf("%s is read as %v", c.local, at.Std())
		}
	}
}
