package hunt

import (
	"strconv"
	"strings"
	"testing"
)

// everyHalfHour is a task that runs some times half an hour apart and calls the same place;
// told says whether its definition, with a trigger of half an hour, is in the log.
func everyHalfHour(runs int, told bool) *logLines {
	l := fleetLines(30)
	begin := dayBegins + 6*day + 20_000
	if told {
		l.audit(halfOwner, 4698, begin-60, `\Vendor\Sync`, agent, "-q", 0)
	}
	for i := range runs {
		at := begin + i*1800
		id := l.task(halfOwner, at, agent, agent+" -q")
		l.call(halfOwner, at+2, agent, id, "c.rare-three.com", "93.184.216.97")
	}
	return l
}

// A trigger makes few contacts certain, and what keeps to it is no evidence against the task;
// contacts of another period are judged as they were.
func TestPeriodOfTheTrigger(t *testing.T) {
	of := func(l *logLines) (score float64, period, why string) {
		for _, r := range huntLines(t, l.lines, 1, "output=findings", "max_devices=0") {
			if strings.HasPrefix(r.Get("root_process"), agent) {
				score, _ = strconv.ParseFloat(r.Get("beacon_score"), 64)
				return score, r.Get("beacon_period"), r.Get("why")
			}
		}
		t.Fatal("the finding is missing")
		return 0, "", ""
	}
	short, period, _ := of(everyHalfHour(3, true))
	if blind, _, _ := of(everyHalfHour(3, false)); short < 0.9 || short <= blind || period != "1800" {
		t.Errorf("three contacts score %.2f with the trigger, period %s, and %.2f without", short, period, blind)
	}
	_, _, why := of(everyHalfHour(20, true))
	if strings.Contains(why, "cadence") {
		t.Errorf("the trigger's own period is held against the task: %s", why)
	}
	if _, _, blind := of(everyHalfHour(20, false)); !strings.Contains(blind, "cadence") {
		t.Errorf("without the trigger no period is found: %s", blind)
	}
}
