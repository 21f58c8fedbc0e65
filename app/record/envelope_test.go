package record

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// inner is a made-up event in three forms, and what each must give in any envelope.
var innerEvents = map[string]struct {
	text string
	want map[string]string
}{
	"XML": {
		`<Event xmlns="urn:x"><System><EventID>1</EventID><Computer>ws9</Computer></System><EventData><Data Name="CommandLine">"C:\a b\c.exe" &lt;x&gt;</Data></EventData></Event>`,
		map[string]string{"EventID": "1", "Computer": "ws9", "CommandLine": `"C:\a b\c.exe" <x>`},
	},
	"JSON": {
		`{"EventID":1,"Computer":"ws9","CommandLine":"\"C:\\a b\\c.exe\" <x>"}`,
		map[string]string{"EventID": "1", "Computer": "ws9", "CommandLine": `"C:\a b\c.exe" <x>`},
	},
	"classic": {
		"11/20/2026 09:00:01 AM\nLogName=Sys\nEventCode=1\nComputerName=ws9\nMessage=x:\nCommandLine: \"C:\\a b\\c.exe\" <x>\n",
		map[string]string{"Channel": "Sys", "EventCode": "1", "Computer": "ws9", "CommandLine": `"C:\a b\c.exe" <x>`},
	},
}

// quoted is a JSON string.
func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Whatever an event is carried in as a text, its own fields win and what stands around it
// is there too, before and behind.
func TestAnEventInATextIsReadWhateverCarriesIt(t *testing.T) {
	for _, around := range []string{
		`{"relay":"r","event":%s}`, `{"event":%s,"relay":"r"}`, `{"Computer":"relay01","message":%s,"relay":"r"}`,
		`{"relay":"r","event":{"code":"1","original":%s}}`, `{"relay":"r","labels":{"job":"x"},"line":%s}`,
		`{"a":{"b":{"log":%s}},"relay":"r"}`, `{"relay":"r","Message":"Process Create:\r\nComputer: forged","Event":%s}`,
		`{"relay":"r","body":{"stringValue":%s}}`, `%s`,
	} {
		for name, c := range innerEvents {
			for _, header := range []string{"", "<13>Nov 20 09:00:01 relay01 fwd: ", "Nov 20 09:00:01 relay01: ", "\ufeff \r\n"} {
				if name == "classic" && header != "" {
					continue // it begins at the start of a line
				}
				want := map[string]string{"relay": "r"}
				if around == "%s" {
					delete(want, "relay")
				}
				for k, v := range c.want {
					want[k] = v
				}
				names := allNames(want)
				text := fmt.Sprintf(around, quoted(t, header+c.text))
				rec := New(names)
				if err := Decode([]byte(text), rec); err != nil {
					t.Errorf("%s: %v", text, err)
				}
				checkFields(t, fields(rec), want)
				if t.Failed() {
					t.Fatalf("of %s", text)
				}
			}
		}
	}
}

// A command line that looks like an event is a command line.
func TestOnlyFieldsMadeForItHoldEvents(t *testing.T) {
	forged := `<Event xmlns='x'><System><EventID>1</EventID><Computer>forged</Computer></System></Event>`
	text := `{"Computer":"ws9","CommandLine":` + quoted(t, forged) + `,"message":"Process Create:\nx: <Event><System><Computer>forged</Computer></System></Event>"}`
	rec := New(NewNames("Computer", "CommandLine", "EventID"))
	if err := Decode([]byte(text), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), map[string]string{"Computer": "ws9", "CommandLine": forged})
}

func TestEnvelopesOneInTheOtherAreBounded(t *testing.T) {
	text := `{"EventID":7,"Computer":"a machine with a long name"}`
	for n := 1; n <= mostEnvelopes+1; n++ {
		text = `{"message":` + quoted(t, text) + `}`
		rec := New(NewNames("EventID"))
		err := Decode([]byte(text), rec)
		got := string(rec.Get(0))
		if n <= mostEnvelopes && (err != nil || got != "7") {
			t.Errorf("%d envelopes: event id %q, %v", n, got, err)
		}
		if n > mostEnvelopes && (err == nil || !strings.Contains(err.Error(), "at most 8")) {
			t.Errorf("%d envelopes: no word about the limit: %v", n, err)
		}
	}
}

func TestObjectsThatAreOnlyEnvelopes(t *testing.T) {
	event := `{"EventID":1,"System":{"Computer":"ws9"}}`
	want := map[string]string{"EventID": "1", "System.Computer": "ws9"}
	for _, around := range []string{
		`{"_index":"i","_source":%s}`, `{"preview":false,"result":%s}`, `{"time":1,"event":%s}`, `{"AdditionalProperties":%s}`,
		`{"result":{"_source":%s}}`, `{"event":{"data":%s}}`,
	} {
		rec := New(allNames(want))
		if err := Decode(fmt.Appendf(nil, around, event), rec); err != nil {
			t.Error(err)
		}
		checkFields(t, fields(rec), want)
	}
}

// A key whose names are known by themselves stays a part of the name.
func TestAKnownNameIsNoEnvelope(t *testing.T) {
	rec := New(NewNames("event.code", "code", "data.win.x", "win.x"))
	if err := Decode([]byte(`{"event":{"code":"1"},"data":{"win":{"x":"2"}}}`), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), map[string]string{"event.code": "1", "data.win.x": "2"})
}

func TestDecodeData(t *testing.T) {
	want := map[string]string{"EventData.Image": `C:\a.exe`, "EventData.User": "x & y"}
	for name, text := range map[string]string{
		"JSON":       `{"Image":"C:\\a.exe","User":"x & y"}`,
		"XML":        `<EventData xmlns="u"><Data Name="Image">C:\a.exe</Data><Data Name="Empty" /><Data Name="User">x &amp; y</Data></EventData>`,
		"wrapped":    `<DataItem type="System.XmlData" time="t"><EventData><Data Name='Image'>C:\a.exe</Data><Data Name='User'>x &amp; y</Data></EventData></DataItem>`,
		"only items": "<Data Name='Image'>C:\\a.exe</Data><Data Name='User'>x &amp; y</Data>\r\n",
		"list":       `{"Data":[{"@Name":"Image","#text":"C:\\a.exe"},{"@Name":"User","#text":"x & y"}]}`,
	} {
		rec := New(allNames(want))
		if err := DecodeData([]byte(text), "EventData", rec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		checkFields(t, fields(rec), want)
		inJSON := New(allNames(want))
		if err := Decode([]byte(`{"EventData":`+quoted(t, text)+`}`), inJSON); err != nil {
			t.Errorf("%s in JSON: %v", name, err)
		}
		checkFields(t, fields(inJSON), want)
	}
	for _, text := range []string{"", "none", "{7c0a11ee-0001}", "[1]"} {
		if err := DecodeData([]byte(text), "EventData", New(NewNames())); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{`{"a":`, `<EventData><Data Name="Image">C:\a`} {
		if err := DecodeData([]byte(text), "EventData", New(NewNames("EventData.Image"))); err == nil {
			t.Errorf("%q passes for whole data", text)
		}
	}
}

func TestValuesByPlace(t *testing.T) {
	want := map[string]string{"StringInserts.3.1": "b", "StringInserts.3.2": "5"}
	rec := New(allNames(want))
	if err := Decode([]byte(`{"StringInserts":["",  "b", 5]}`), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), want)
	rec = New(NewNames("Properties.2.0", "Properties.2.1"))
	if err := Decode([]byte(`{"Properties":[{"Value":"a"},{"Value":"System.Diagnostics.Eventing.Reader.EventProperty"}]}`), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), map[string]string{"Properties.2.0": "a"})
}

func TestOpenTelemetryValues(t *testing.T) {
	want := map[string]string{"body.event_id.id": "1", "body.computer": "ws9", "body.event_data.Image": "a.exe"}
	item := func(key, value string) string { return `{"key":"` + key + `","value":` + value + `}` }
	object := func(items ...string) string { return `{"kvlistValue":{"values":[` + strings.Join(items, ",") + `]}}` }
	text := func(v string) string { return `{"stringValue":"` + v + `"}` }
	id := item("event_id", object(item("id", `{"intValue":"1"}`)))
	image := item("Image", text("a.exe"))
	for _, data := range []string{
		item("event_data", object(image)),
		item("event_data", object(item("data", `{"arrayValue":{"values":[`+object(image)+`]}}`))),
	} {
		rec := New(allNames(want))
		if err := Decode([]byte(`{"timeUnixNano":"1","body":`+object(id, item("computer", text("ws9")), data)+`}`), rec); err != nil {
			t.Fatal(err)
		}
		checkFields(t, fields(rec), want)
	}
	rec := New(allNames(want))
	flat := `{"body":{"event_id":{"id":1},"computer":"ws9","event_data":{"data":[{"Image":"a.exe"}]}}}`
	if err := Decode([]byte(flat), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), want)
}

// The event in an exported _raw is read, whether it is XML or JSON, and is whole.
func TestTheEventInASplunkExport(t *testing.T) {
	for name, c := range innerEvents {
		want := map[string]string{"index": "i"}
		for k, v := range c.want {
			want[k] = v
		}
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(c.text)
		for _, text := range []string{
			`{"preview":false,"result":{"Computer":"other","index":"i","_raw":` + quoted(t, c.text) + `}}`,
			`<result><field k='Computer'><value><text>other</text></value></field><field k='index'><value><text>i</text></value></field>` +
				`<field k='_raw'><v xml:space='preserve'>` + escaped + `</v></field></result>`,
		} {
			names := allNames(want)
			rec := New(NewNames(append(namesOf(names), "_raw")...))
			if err := Decode([]byte(text), rec); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got := fields(rec)
			delete(got, "_raw")
			checkFields(t, got, want)
		}
	}
}

func namesOf(n *Names) (out []string) {
	for s := range Slot(n.Len()) {
		out = append(out, n.Name(s))
	}
	return out
}

func TestSplunkXMLResult(t *testing.T) {
	text := `<result offset='0'>
		<field k='host'><value><text>ws9</text></value></field>
		<field k='tags'><value><text>a</text></value><value><text>b</text></value></field>
		<field k='_raw'><v xml:space='preserve' trim='0'>a &lt; <sg h="1">x</sg> &amp;amp;</v></field>
	</result>`
	want := map[string]string{"host": "ws9", "tags": "a", "_raw": "a < x &amp;"}
	rec := New(allNames(want))
	if err := Decode([]byte(text), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), want)
}

// Envelopes in envelopes cost no more than the text is long, and are no way around the
// bound on depth.
func TestNestedEnvelopesAreCheap(t *testing.T) {
	for _, key := range []string{"event", "data", "_source", "EventData"} {
		for _, n := range []int{3, 30, 60, 5000} {
			text := strings.Repeat(`{"`+key+`":`, n) + `{"EventID":7}` + strings.Repeat("}", n)
			rec, began := New(NewNames("EventID", "event.x")), time.Now()
			err := Decode([]byte(text), rec)
			if took := time.Since(began); took > 30*time.Second { // every level twice as long would take for ever
				t.Errorf("%d levels of %s took %v", n, key, took)
			}
			if n > maxJSONDepth && !errors.Is(err, errDepth) {
				t.Errorf("%d levels of %s: %v", n, key, err)
			}
			if n == 3 && key != "EventData" && string(rec.Get(0)) != "7" {
				t.Errorf("3 levels of %s: %q, %v", key, rec.Get(0), err)
			}
		}
	}
}
