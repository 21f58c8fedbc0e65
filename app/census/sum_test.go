package census

import "testing"

func TestDaysOn(t *testing.T) {
	for _, c := range []struct {
		first, last string
		days        int
	}{{"86400", "172799.5", 1}, {"172799.5", "172800", 2}, {"", "5", 0}, {"5", "", 0}} {
		if days := daysOn(c.first, c.last); days != c.days {
			t.Errorf("from %s to %s are %d days", c.first, c.last, days)
		}
	}
}
