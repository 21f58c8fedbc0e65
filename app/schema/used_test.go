package schema

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

var zones = []*time.Location{time.FixedZone("east", 14*3600), time.FixedZone("west", -9*3600-1800)}

// withLocal runs f in another time zone of the machine.
func withLocal(t *testing.T, zone *time.Location, f func()) {
	t.Helper()
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = zone
	f()
}

// fixtures are all made-up events in all shapes.
func fixtures() (all []fields) {
	for _, e := range sysmonEvents {
		for _, s := range shapes {
			all = append(all, s.write(e), s.write(e).and(splunkOwn))
		}
		all = append(all, addonOwn(e), addonCIM(e), addonCIM(e).and(addonOwn(e), splunkOwn), addonOwn(e).with("User", "").and(inXML(e)))
		all = append(all, inXML(e.with("ProcessGuid", zeroGUID, "Image", "<unknown process>")), inNXLog(e.with("Image", "<unknown process>")))
	}
	for _, c := range defenderCases() {
		all = append(all, c.fields)
	}
	for _, name := range slices.Sorted(maps.Keys(foreign)) {
		all = append(all, foreign[name])
	}
	return all
}

// checkReduced checks what the map half relies on: an event reduced to the fields that
// Used returns is the same event, and cannot be reduced further.
func (r *reading) checkReduced(t *testing.T, rec *record.Record) {
	t.Helper()
	kind, found := r.readRecord(rec)
	again, full := r.Recognise(rec)
	if inUse(again) && kind == event.Malformed {
		// The map half passes on what does not fit its labels: whoever reads all of it decides.
		whole := record.New(Names())
		for _, s := range usedSlots(r.Reader) {
			whole.Set(s, slices.Clone(full.Get(s)))
		}
		reducedKind, _ := r.readRecord(whole)
		checkKind(t, reducedKind, kind)
		return
	}
	checkKind(t, again, kind)
	if !inUse(kind) {
		return
	}
	used := usedSlots(r.Reader)
	if slices.Contains(used, Names().Slot(Raw)) {
		t.Errorf("the event's text is among the fields that decided")
	}
	reduced := record.New(Names())
	for _, s := range used {
		if full.Get(s) == nil {
			t.Errorf("field %q decided, but the event does not have it", Names().Name(s))
		}
		reduced.Set(s, slices.Clone(full.Get(s)))
	}
	reducedKind, reducedFacts := r.readRecord(reduced)
	checkKind(t, reducedKind, kind)
	checkFacts(t, reducedFacts, found)
	if after := usedSlots(r.Reader); !slices.Equal(after, used) {
		t.Errorf("of %v %v decide", slotNames(used), slotNames(after))
	}
}

func usedSlots(r *Reader) []record.Slot {
	used := slices.Clone(r.Used())
	slices.Sort(used)
	return slices.Compact(used)
}

func slotNames(slots []record.Slot) (out []string) {
	for _, s := range slots {
		out = append(out, Names().Name(s))
	}
	return out
}

func TestAnEventReducedToItsUsedFieldsIsTheSameEvent(t *testing.T) {
	r := newReading(t)
	for _, f := range fixtures() {
		r.checkReduced(t, f.record())
		if t.Failed() {
			t.Fatalf("the event was %v", f)
		}
	}
}
