package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// vendor is a made-up sensor, as a plugin would describe it.
func vendor() Schema {
	return Schema{
		Name: "vendor", Unknown: "n/a", Gate: [][]Condition{{{Fields: []string{"vendor_kind"}, Test: "present"}}},
		Tables: []Table{
			{Kind: event.ProcessStart, When: []Condition{{Fields: []string{"vendor_kind"}, Test: "is", Values: []string{"start"}}}, Rules: []Rule{
				{To: "device", From: []string{"vendor_host"}}, {To: "process_uid", From: []string{"vendor_id"}},
				{To: "time", From: []string{"vendor_ms"}, Via: "epoch_ms"}, {To: "process_command", From: []string{"CommandLine"}},
			}},
		},
	}
}

func vendorStart(more ...string) fields {
	return fields{"vendor_kind": "start", "vendor_host": "PC1", "vendor_id": "77", "vendor_ms": "1770000000123", "CommandLine": "x.exe /a"}.with(more...)
}

func with(t testing.TB, schemas ...Schema) *Set {
	t.Helper()
	s, err := With(schemas...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// over makes the record of an event for a set.
func (f fields) over(s *Set) *record.Record {
	rec := record.New(s.Names())
	for name, value := range f {
		rec.Set(s.Names().Slot(name), []byte(value))
	}
	return rec
}

func readingOf(t testing.TB, s *Set) *reading {
	t.Helper()
	store := event.NewStore()
	r, err := s.NewReader(store)
	if err != nil {
		t.Fatal(err)
	}
	return &reading{r, store}
}

func TestAFurtherSchemaIsRead(t *testing.T) {
	s := with(t, vendor())
	r := readingOf(t, s)
	kind, found := r.readRecord(vendorStart().over(s))
	if kind != event.ProcessStart || found["device"] != "pc1" || found["command"] != "x.exe /a" {
		t.Errorf("read as %v %v", kind, found)
	}
	_, asText := r.readRecord(fields{Raw: `{"vendor_kind":"start","vendor_host":"PC1","vendor_id":"77","vendor_ms":"1770000000123","CommandLine":"x.exe /a"}`}.over(s))
	checkFacts(t, asText, found)
	_, unknown := r.readRecord(vendorStart("CommandLine", "n/a").over(s))
	checkFacts(t, unknown, found.with("command", ""))
	if kind, _ := newReading(t).read(vendorStart()); kind != event.Other {
		t.Errorf("without it the event is of the kind %v", kind)
	}
}

// It comes after all that the program knows, the data models among it: a mapper takes
// nothing that is read without it, and gets what they recognise and cannot use.
func TestAFurtherSchemaIsTriedLast(t *testing.T) {
	s := with(t, vendor())
	r := readingOf(t, s)
	cim := fields{"process_id": "1", "process": "other.exe", "parent_process_id": "2", "dest": "PC2", "_time": "1770000000"}
	if kind, found := r.readRecord(cim.over(s)); kind != event.ProcessStart || found["device"] != "pc2" {
		t.Errorf("data model: %v %v", kind, found)
	}
	both := vendorStart()
	for name, value := range cim {
		both[name] = value
	}
	if _, found := r.readRecord(both.over(s)); found["device"] != "pc2" {
		t.Errorf("of both, %v was read", found)
	}
	for _, useless := range []string{"dest", "process_id"} { // without a device, without a process
		less := maps.Clone(both)
		less[useless] = "unknown"
		for range 2 { // also when it is remembered
			if kind, found := r.readRecord(less.over(s)); kind != event.ProcessStart || found["device"] != "pc1" {
				t.Errorf("without %s, %v %v was read", useless, kind, found)
			}
		}
	}
	if losses := r.Losses(); len(losses) != 0 {
		t.Errorf("%+v", losses)
	}
}

// Whatever mappers there are, none of what the program reads by itself is malformed by
// them, and what a mapper makes malformed is under its name.
func TestLossesAreUnderTheMappersName(t *testing.T) {
	s := with(t, vendor())
	r := readingOf(t, s)
	for range 3 {
		r.Read(vendorStart("vendor_host", "").over(s))
	}
	r.Read(fields{"process_id": "unknown", "process": "x", "parent_process_id": "2", "dest": "PC2"}.over(s))
	if losses := r.Losses(); len(losses) != 1 || losses[0].Malformed != 3 || losses[0].Lost != 0 || losses[0].Mapper != vendor().Name {
		t.Errorf("%+v", losses)
	}
}

// What is known anyway is read the same, whatever comes to it.
func TestAFurtherSchemaChangesNothingElse(t *testing.T) {
	s := with(t, vendor())
	plain, more := newReading(t), readingOf(t, s)
	for _, f := range fixtures() {
		kind, found := plain.read(f)
		gotKind, got := more.readRecord(f.over(s))
		checkKind(t, gotKind, kind)
		checkFacts(t, got, found)
		if t.Failed() {
			t.Fatalf("the event was %v", f)
		}
	}
}

func TestSlotsOfBuiltInFieldsHoldInEverySet(t *testing.T) {
	s := with(t, vendor())
	for slot := range record.Slot(Names().Len()) {
		if s.Names().Name(slot) != Names().Name(slot) {
			t.Fatalf("slot %d is %q, and %q by itself", slot, s.Names().Name(slot), Names().Name(slot))
		}
	}
	if more := s.Names().Len() - Names().Len(); more != 4 {
		t.Errorf("%d fields came to it, want 4", more)
	}
	if asked := s.RequiredFields(false); !slices.Contains(asked, "vendor_kind") || slices.Contains(asked, Raw) {
		t.Errorf("asks for %v", asked[len(asked)-6:])
	}
	if BuiltIn().Names() != Names() || slices.Contains(RequiredFields(true), "vendor_kind") {
		t.Error("the built-in set has changed")
	}
}

func TestSchemasThatDoNotCompileAreRefused(t *testing.T) {
	wrong := vendor()
	wrong.Tables[0].Rules = append(wrong.Tables[0].Rules, Rule{To: "time", Via: "epoch_minutes", From: []string{"x"}})
	if _, err := With(vendor(), wrong); err == nil || !strings.Contains(err.Error(), `"epoch_minutes"`) {
		t.Errorf("error %v", err)
	}
}

// A later rule for a field takes the place of an earlier one, where it has a value.
func TestALaterRuleOverwrites(t *testing.T) {
	v := vendor()
	v.Tables[0].Rules = append(v.Tables[0].Rules, Rule{To: "process_command", From: []string{"vendor_line"}, Optional: true})
	s := with(t, v)
	r := readingOf(t, s)
	for line, want := range map[string]string{"": "x.exe /a", "n/a": "x.exe /a", "better": "better"} {
		if _, found := r.readRecord(vendorStart("vendor_line", line).over(s)); found["command"] != want {
			t.Errorf("%q: %v", line, found)
		}
	}
}
