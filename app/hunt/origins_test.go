package hunt

import (
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// originOf is a call for every other number: as close ones, from several machines, on either side
// of a start.
func originOf(i int) *origin {
	if i%2 == 0 {
		return nil
	}
	return &origin{From: []string{"10.0.0.2", "10.0.0.1"}[i%4/2], Port: uint16(100 + i%3), Gap: event.Time(2-i%5) * event.Second, Runs: i}
}

// Uniting changes neither, loses no run, and keeps the closest.
func TestOriginsUnite(t *testing.T) {
	for i := range 20 {
		for j := range 20 {
			a, b := originOf(i), originOf(j)
			ab, ba := a.and(b), b.and(a)
			if (ab == nil) != (a == nil && b == nil) || ab != nil && *ab != *ba {
				t.Fatalf("%v and %v: %v, the other way round %v", a, b, ab, ba)
			}
			if a != nil && b != nil && (*a != *originOf(i) || *b != *originOf(j) || ab.Runs != i+j || max(ab.Gap, -ab.Gap) > min(max(a.Gap, -a.Gap), max(b.Gap, -b.Gap))) {
				t.Fatalf("%v and %v: %v", a, b, ab)
			}
		}
	}
}

// The words say which way round the log has it, and never more than it tells.
func TestOriginInWords(t *testing.T) {
	for gap, want := range map[event.Time]string{
		3 * event.Second: "2 of 3 runs began close in time to a call of another machine: the closest from 10.0.0.7 to port 135, 3 s before it; no proof that it made them start",
		-event.Second:    "1 s after it, as the log has it; no proof",
		0:                "0 s before it; no proof",
	} {
		if got := (&origin{From: "10.0.0.7", Port: 135, Gap: gap, Runs: 2}).words(3); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Hunts for what no call ends in have no doors: they read what they did.
func TestDoorsOnlyWhereAskedFor(t *testing.T) {
	for of, want := range map[string]string{"schtask": "", "office,web,logon": "", "service:winmgmt": "", "schtask,dcom": "dcom", "wmi,winrm,service": "service winrm wmi"} {
		d := doorsOf(starter(command.Root{Presets: strings.Split(of, ",")}))
		for _, kind := range strings.Fields(want) {
			if len(d[kind]) == 0 {
				t.Errorf("root=%s: %v lacks %s", of, d, kind)
			}
		}
		if len(d) != len(strings.Fields(want)) || d.any(135) != (len(d) > 0) || d.any(443) {
			t.Errorf("root=%s: %v, want %s", of, d, want)
		}
	}
	if d := doorsOf(starter(command.Root{Pattern: regexp.MustCompile("wmiprvse")})); len(d) > 0 {
		t.Errorf("a pattern has %v", d)
	}
}
