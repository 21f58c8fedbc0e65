package record

import "testing"

func TestListing(t *testing.T) {
	names := NewNames("Channel", "EventID", "Computer", "TimeCreated", "EventTime", "Message", "User", "Image", "UtcTime")
	const head = "Event[3]:\r\n  Log Name: Microsoft-Windows-Sysmon/Operational\r\n  Source: Microsoft-Windows-Sysmon\r\n  Date: "
	const tail = "\r\n  Event ID: 1\r\n  User: S-1-5-18\r\n  User Name: NT AUTHORITY\\SYSTEM\r\n  Computer: pc.example\r\n  Description: \r\n"
	const message = "Process Create:\r\nUtcTime: 2026-11-20 09:00:01.250\r\nImage: C:\\a.exe\r\nUser: LAB\\mira\r\n\r\n"
	for date, field := range map[string]string{"2026-11-20T10:00:01.253": "EventTime", "2026-11-20T09:00:01.2530000Z": "TimeCreated"} {
		rec := New(names)
		if err := Decode([]byte(head+date+tail+message), rec); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": "1", "Computer": "pc.example", field: date,
			"User": `LAB\mira`, "Image": `C:\a.exe`, "UtcTime": "2026-11-20 09:00:01.250", "Message": message,
		} {
			if got := string(rec.Get(names.Slot(name))); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
	if err := Decode([]byte("Event[3]:"), New(names)); err == nil {
		t.Error("a line alone passes for an event")
	}
}

// The header's own User is the writer, and is not the event's where the message has none.
func TestListingsWriter(t *testing.T) {
	names := NewNames("User", "EventID")
	rec := New(names)
	if err := Decode([]byte("Event[0]\n  Log Name: x\n  Event ID: 3\n  User: S-1-5-18\n  Description: \nNo fields here\n"), rec); err != nil || rec.Has(names.Slot("User")) {
		t.Errorf("user %q, %v", rec.Get(names.Slot("User")), err)
	}
}

func TestNamedRow(t *testing.T) {
	names := NewNames("a", "b.c", "EventID")
	for text, want := range map[string][3]string{
		`[{"field":"a","value":"1"},{"value":"2","field":"b.c"},{"field":"x","value":"]"}]`:                               {"1", "2", ""},
		`[{"field":"a","value":"1"},{"field":"@message","value":"<Event><System><EventID>7</EventID></System></Event>"}]`: {"1", "", "7"},
		`[{"field":"a"},{"value":"2"},{"other":{"field":"b.c"}}]`:                                                         {"", "", ""},
	} {
		rec := New(names)
		if err := Decode([]byte(text), rec); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := [3]string{string(rec.Get(0)), string(rec.Get(1)), string(rec.Get(2))}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"[", "[1]", `[{"field":"a","value":"1"}`, `[{"field":"a","value":"1"}]]`, `[{"field":"a","value":"1"},2]`} {
		if err := Decode([]byte(text), New(names)); err == nil {
			t.Errorf("%s passes for a row", text)
		}
	}
}

// A value with its type is the value, and an object that only looks so stays one.
func TestTypedValues(t *testing.T) {
	names := NewNames("n", "n.$x", "n.a")
	for text, want := range map[string]string{
		`{"n":{"$numberLong":"5012"}}`: "5012", `{"n":{"$numberInt":7}}`: "7", `{"n":{"$date":{"$numberLong":"1795165201253"}}}`: "1795165201253",
		`{"n":{"$date":"2026-11-20T09:00:01Z"}}`: "2026-11-20T09:00:01Z", `{"n":{"$a":{"$b":{"$c":1}}}}`: `{"$a":{"$b":{"$c":1}}}`,
		`{"n":{"$a":1,"$b":2}}`: `{"$a":1,"$b":2}`, `{"n":{"a":1}}`: `{"a":1}`, `{"n":{}}`: `{}`, `{"n":{"$a":null}}`: `{"$a":null}`,
	} {
		rec := New(names)
		if err := Decode([]byte(text), rec); err != nil || string(rec.Get(0)) != want {
			t.Errorf("%s: %q, %v", text, rec.Get(0), err)
		}
	}
}
