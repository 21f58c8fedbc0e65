package schema

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// TestXMLCutAnywhereNeverGivesAWrongFact: a cut event is given up, or read as far as
// its values are whole.
func TestXMLCutAnywhereNeverGivesAWrongFact(t *testing.T) {
	for _, e := range sysmonEvents {
		for _, own := range []fields{{}, splunkOwn} {
			salvaged := checkCuts(t, e, own)
			if salvaged == 0 {
				t.Errorf("no cut of event %s is salvaged", e.id)
			}
		}
	}
}

// checkCuts cuts the event's text at every byte and returns how many cuts were read.
func checkCuts(t *testing.T, e sysmonEvent, own fields) (salvaged int) {
	t.Helper()
	r := newReading(t)
	raw := inXML(e)[Raw]
	for i := range len(raw) {
		before := r.Cut()
		kind, found := r.read(text(raw[:i]).and(own))
		if !inUse(kind) {
			continue
		}
		salvaged++
		checkKind(t, kind, e.kind)
		if r.Cut() != before+1 || r.Err() == nil {
			t.Fatalf("cut at byte %d: %d events counted as cut, error %v", i, r.Cut()-before, r.Err())
		}
		for name, v := range found {
			if e.facts[name] != v {
				t.Fatalf("cut at byte %d: %s is %q, want %q or none", i, name, v, e.facts[name])
			}
		}
	}
	return salvaged
}

func TestXMLCutBehindWhatItNeedsIsSalvaged(t *testing.T) {
	raw := inXML(processCreate)[Raw]
	end := strings.Index(raw, "<Data Name='User'>")
	e := processCreate
	want := e.facts.with("user", "", "hash", "", "parent id", "", "parent pid", "", "parent name", "", "parent path", "", "parent command", "")
	checkEvent(t, text(raw[:end]), e.kind, want)
	checkEvent(t, text("\ufeff\n"+raw[:end+len("<Data Name='User'>CORP")]), e.kind, want)
	checkEvent(t, text(raw[:end]).and(fields{"User": `CORP\maja`}), e.kind, want.with("user", `CORP\maja`))
}

// TestOtherEventThatIsCutIsOther: Splunk cuts long script blocks, and they are no
// Sysmon events that something is missing from.
func TestOtherEventThatIsCutIsOther(t *testing.T) {
	for _, name := range []string{"PowerShell 4104 as XML", "System 1 as XML", "Sysmon 11 as XML"} {
		raw := foreign[name][Raw]
		r := newReading(t)
		if kind, _ := r.read(text(raw[:len(raw)-20])); kind != event.Other || r.Err() != nil || r.Cut() != 0 {
			t.Errorf("%s, cut: kind %q, error %v, %d counted as cut", name, kindNames[kind], r.Err(), r.Cut())
		}
	}
}

func TestJSONCutAnywhereIsNeverAccepted(t *testing.T) {
	r := newReading(t)
	for _, f := range []fields{inNXLog(processCreate), inBeat7(networkConnect), inSentinel(dnsQuery), inConverterWithList(processTerminate), text(envelope(defenderProcess()))} {
		raw := f[Raw]
		for i := range len(raw) {
			if kind, _ := r.read(text(raw[:i])); inUse(kind) {
				t.Fatalf("%q, cut at byte %d, is read as %q", raw[:i], i, kindNames[kind])
			}
		}
	}
}
