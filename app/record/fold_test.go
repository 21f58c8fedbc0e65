package record

import (
	"fmt"
	"strings"
	"testing"
)

// habitNames are some of what a schema looks for.
var habitNames = NewNames("ProcessGuid", "ProcessId", "ProcessID", "ParentCommandLine", "UtcTime", "Image", "EventID", "TaskName", "Computer", "DestinationIp",
	"SHA256", "process_id", "event_id", "user")

// Names by any habit are those of Windows, where enough of them are there.
func TestNamesByOtherHabits(t *testing.T) {
	for _, text := range []string{
		`{"event_id":1,"computer":"c","utc_time":"t","process_guid":"g","process_id":"5","image":"i","parent_command_line":"p","destination_ip":"d"}`,
		`{"EVENT_ID":1,"COMPUTER":"c","UTC_TIME":"t","PROCESS_GUID":"g","PROCESS_ID":"5","IMAGE":"i","PARENT_COMMAND_LINE":"p","DESTINATION_IP":"d"}`,
		`{"eventId":1,"computer":"c","utcTime":"t","processGuid":"g","processId":"5","image":"i","parentCommandLine":"p","destinationIp":"d"}`,
		`{"eventid":1,"computer":"c","utctime":"t","processguid":"g","processid":"5","image":"i","parentcommandline":"p","destinationip":"d"}`,
		`{"event_id":1,"computer":"c","process_id":77,"event_data":{"utc_time":"t","process_guid":"g","process_id":"5","image":"i","parent_command_line":"p","destination_ip":"d"}}`,
		`{"eventId":1,"eventData":{"utcTime":"t","processGuid":"g","processId":"5","image":"i","parentCommandLine":"p","destinationIp":"d"},"processId":77,"computer":"c"}`,
	} {
		rec := New(habitNames)
		if err := Decode([]byte(text), rec); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"EventID": "1", "Computer": "c", "UtcTime": "t", "ProcessGuid": "g", "ProcessId": "5", "Image": "i", "ParentCommandLine": "p", "DestinationIp": "d",
		} {
			if got := string(rec.Get(habitNames.Slot(name))); got != want {
				t.Errorf("%s: %s is %q, want %q", text, name, got, want)
			}
		}
	}
}

// All that an event of a known kind cannot be without is enough, and less is not.
func TestFewNamesByOtherHabits(t *testing.T) {
	for text, known := range map[string]bool{
		`{"utc_time":"t","process_guid":"g","process_id":"5","image":"i"}`: true, // the end of a process
		`{"event_id":129,"task_name":"\\x","path":"p"}`:                    true,
		`{"utc_time":"t","process_guid":"g","process_id":"5"}`:             false,
		`{"task_name":"deploy","process_id":5,"user":"u"}`:                 false,
		`{"Utc_Time":"t","Process_Guid":"g","Process_Id":"5","image":"i"}`: false, // nobody's habit
	} {
		rec := New(habitNames)
		if err := Decode([]byte(text), rec); err != nil {
			t.Fatal(err)
		}
		if got := rec.Has(habitNames.Slot("UtcTime")) || rec.Has(habitNames.Slot("TaskName")); got != known {
			t.Errorf("%s is taken for an event: %v", text, got)
		}
	}
}

// Columns are read as keys are.
func TestColumnsByOtherHabits(t *testing.T) {
	for _, head := range []string{"utc_time,process_guid,process_id,image", "UTC_TIME,PROCESS_GUID,PROCESS_ID,IMAGE", "utcTime,processGuid,processId,image"} {
		rows, rec := NewRows(), New(habitNames)
		if err := rows.Reset([]byte(head + "\nt,g,5,i\n")); err != nil || !rows.Next(rec) {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s %s %s", rec.Get(habitNames.Slot("UtcTime")), rec.Get(habitNames.Slot("ProcessGuid")), rec.Get(habitNames.Slot("ProcessId"))); got != "t g 5" {
			t.Errorf("%s: %q", head, got)
		}
	}
}

// What xml2js makes of an event is what other converters make of it, its lists of one undone.
func TestListsOfOneElement(t *testing.T) {
	names := NewNames("Event.System.EventID", "Event.System.EventID.#text", "Event.System.Computer", "Event.System.Provider.#attributes.Name",
		"Event.System.TimeCreated.#attributes.SystemTime", "Event.EventData.Image", "Event.EventData.User")
	want := map[string]string{"Event.System.Computer": "c", "Event.System.Provider.#attributes.Name": "p", "Event.System.TimeCreated.#attributes.SystemTime": "t", "Event.EventData.Image": "i", "Event.EventData.User": "u"}
	for _, list := range []bool{true, false} {
		text := `{"Event":{"$":{"xmlns":"x"},"System":[{"Provider":[{"$":{"Name":"p"}}],"EventID":[{"_":"1","$":{"Qualifiers":"0"}}],"TimeCreated":[{"$":{"SystemTime":"t"}}],"Computer":["c"]}],` +
			`"EventData":[{"Data":[{"_":"i","$":{"Name":"Image"}},{"$":{"Name":"User"},"_":"u"},{"$":{"Name":"Empty"}}]}]}}`
		if !list {
			text = strings.NewReplacer(`[{"Prov`, `{"Prov`, `[{"$":{"Name":"p"}}]`, `{"$":{"Name":"p"}}`, `[{"_":"1","$":{"Qualifiers":"0"}}]`, `{"_":"1","$":{"Qualifiers":"0"}}`,
				`[{"$":{"SystemTime":"t"}}]`, `{"$":{"SystemTime":"t"}}`, `["c"]}]`, `"c"}`, `[{"Data":`, `{"Data":`, `]}]}}`, `]}}}`).Replace(text)
		}
		rec := New(names)
		if err := Decode([]byte(text), rec); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for name, value := range want {
			if got := string(rec.Get(names.Slot(name))); got != value {
				t.Errorf("lists %v: %s is %q, want %q", list, name, got, value)
			}
		}
		if got := string(rec.Get(names.Slot("Event.System.EventID.#text"))); got != "1" {
			t.Errorf("lists %v: the id is %q", list, got)
		}
	}
}

// A log that a converter made of XML, with one event, is that event.
func TestALogOfOneEvent(t *testing.T) {
	names := NewNames("Event.System.EventID", "Event.EventData.Image", "Image")
	rec := New(names)
	if err := Decode([]byte(`{"?xml":{"@version":"1.0"},"Events":{"Event":{"System":{"EventID":"1"},"EventData":{"Data":[{"@_Name":"Image","#text":"i"}]}}}}`), rec); err != nil {
		t.Fatal(err)
	}
	if id, image := string(rec.Get(0)), string(rec.Get(1)); id != "1" || image != "i" {
		t.Errorf("the event is %q, %q", id, image)
	}
}
