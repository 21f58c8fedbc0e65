package schema

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// aboutEvents are those that speak of a process that has started before.
var aboutEvents = []sysmonEvent{networkConnect, dnsQuery, processTerminate}

// TestImageAndUserCountOnlyWhereNothingIdentifies: without the process's id, or without
// the event's own number, they tell processes and events apart.
func TestImageAndUserCountOnlyWhereNothingIdentifies(t *testing.T) {
	for _, e := range aboutEvents {
		all := columns(inFlat(e)[Raw])
		number := "EventRecordID"
		if all[number] == "" {
			number = "RecordNumber"
		}
		for _, c := range []struct {
			name string
			f    fields
			want facts
		}{
			{"identified", all, e.facts.with("name", "", "path", "", "user", "")},
			{"no number", all.with(number, ""), e.facts.with("record", "")},
			{"the number 0", all.with(number, "0"), e.facts.with("record", "")},
			{"no id", all.with("ProcessGuid", zeroGUID), e.facts.with("id", "")},
			{"an id that is no GUID", all.with("ProcessGuid", "A1"), e.facts.with("id", "a1", "name", "", "path", "", "user", "")},
		} {
			t.Run(e.task+"/"+c.name, func(t *testing.T) {
				r := newReading(t)
				kind, found := r.read(c.f)
				checkKind(t, kind, e.kind)
				checkFacts(t, found, c.want)
				used := slotNames(usedSlots(r.Reader))
				if has := slices.Contains(used, "Image"); has != (c.want["path"] != "") {
					t.Errorf("Image is among the fields that count: %t; they are %v", has, used)
				}
			})
		}
	}
}

// TestTextIsNotReadForWhatIsNeedless: the columns tell all that counts.
func TestTextIsNotReadForWhatIsNeedless(t *testing.T) {
	for _, e := range aboutEvents {
		f := columns(inFlat(e)[Raw]).with("Image", "", "User", "", Raw, "<Event")
		r := newReading(t)
		if kind, _ := r.read(f); kind != e.kind || r.Err() != nil {
			t.Errorf("%s: kind %s, error %v: the broken text was read", e.task, kindNames[kind], r.Err())
		}
		if _, _ = r.read(f.with("ProcessGuid", zeroGUID)); r.Err() == nil {
			t.Errorf("%s: the text was not read for the image of an event without an id", e.task)
		}
	}
}

// TestOwnNameOfTheOutboundSideIsNeedless, and that of the inbound side is the peer's.
func TestOwnNameOfTheOutboundSideIsNeedless(t *testing.T) {
	out := columns(inFlat(networkConnect)[Raw])
	for host, f := range map[string]fields{
		"cdn.example.net":  out,
		"ws7.corp.example": out.with("Initiated", "false"),
	} {
		r := newReading(t)
		kind, found := r.read(f)
		if checkKind(t, kind, event.NetworkConnection); found["host"] != host {
			t.Errorf("host is %q, want %q", found["host"], host)
		}
		if used := slotNames(usedSlots(r.Reader)); slices.Contains(used, "SourceHostname") != (host == "ws7.corp.example") {
			t.Errorf("with the peer %s, these fields count: %v", host, used)
		}
	}
}
