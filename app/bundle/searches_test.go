package bundle_test

import (
	"regexp"
	"strings"
	"testing"
)

// spans are the words for how far back a scheduled search reads.
var spans = map[string]string{"-1d": "a day", "-7d": "a week", "-14d": "two weeks"}

// TestDescriptionsSayWhenAndCost: who sees the list of searches in Splunk reads there when to
// turn each on and how much it reads, which is what its time range says.
func TestDescriptionsSayWhenAndCost(t *testing.T) {
	list := conf(t, files(t, withoutPrograms(false)), "default/savedsearches.conf")
	seen := map[string]string{}
	for _, s := range list {
		text := s.values["description"]
		if !regexp.MustCompile(`(?i)\bturn(ed)? (it )?on\b`).MatchString(text) {
			t.Errorf("%s: its description does not say when to turn it on: %s", s.name, text)
		}
		earliest, _, _ := strings.Cut(s.values["dispatch.earliest_time"], "@")
		if span := spans[earliest]; span == "" || !strings.Contains(text, " Reads "+span+" of process") {
			t.Errorf("%s reads from %s on, its description says: %s", s.name, earliest, text)
		}
		if counted := strings.Contains(s.values["search"], "baseline="); counted != regexp.MustCompile(`and (the|four) census`).MatchString(text) {
			t.Errorf("%s: a census is read: %t; its description says: %s", s.name, counted, text)
		}
		if often := strings.Contains(s.values["cron_schedule"], "*/4"); often != strings.Contains(text, "six times a day") {
			t.Errorf("%s runs %s, its description says: %s", s.name, s.values["cron_schedule"], text)
		}
		if other, twice := seen[text]; twice {
			t.Errorf("%s and %s have one description", s.name, other)
		}
		seen[text] = s.name
	}
	if len(list) < 15 {
		t.Errorf("only %d searches", len(list))
	}
}
