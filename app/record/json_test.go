package record

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

const sampleJSON = `{"time": "2024-03-01T10:00:01Z", "category": "AdvancedHunting-DeviceProcessEvents", "n": null,
 "properties": {"DeviceId": "d1", "ProcessId": 4242, "FileName": "cmd.exe", "Big": 12345678901234567890,
  "ProcessCommandLine": "cmd.exe /c \"a\" \u0026 \ud83d\ude00\tb\\c", "Elevated": true, "Real": -1.5e3,
  "AdditionalFields": {"a": [1, {"b": "x]y"}]}, "List": ["p", "q]r"], "Empty": "", "Text": "null"}}`

var sampleJSONFields = map[string]string{
	"time": "2024-03-01T10:00:01Z", "category": "AdvancedHunting-DeviceProcessEvents",
	"properties.DeviceId": "d1", "properties.ProcessId": "4242", "properties.FileName": "cmd.exe",
	"properties.Big": "12345678901234567890", "properties.ProcessCommandLine": "cmd.exe /c \"a\" & \U0001F600\tb\\c",
	"properties.Elevated": "true", "properties.Real": "-1.5e3", "properties.List": `["p", "q]r"]`,
	"properties.AdditionalFields": `{"a": [1, {"b": "x]y"}]}`, "properties.Text": "null",
}

func TestDecodeJSONFlattens(t *testing.T) {
	rec := New(allNames(sampleJSONFields))
	if err := DecodeJSON([]byte(sampleJSON), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), sampleJSONFields)
}

func TestDecodeJSONForms(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"converter, list":   {`{"Event":{"EventData":{"Data":[{"@Name":"X","#text":"v"},{"Name":"Y","#text":5},"z"]}}}`, map[string]string{"Event.EventData.X": "v", "Event.EventData.Y": "5"}},
		"converter, attrs":  {`{"Event":{"EventData":{"Data":[{"#attributes":{"Name":"X"},"#text":"\u0041"}]}}}`, map[string]string{"Event.EventData.X": "A"}},
		"converter, single": {`{"Event":{"EventData":{"Data":{"@Name":"X","#text":"v"}}}}`, map[string]string{"Event.EventData.X": "v"}},
		"a value Name":      {`{"Event":{"EventData":{"Data":{"Operation":"Created","Name":"Dusk","Type":"Script"}}}}`, map[string]string{"Event.EventData.Name": "Dusk", "Event.EventData.Type": "Script", "Event.EventData.Operation": "Created"}},
		"a value Name only": {`{"Event":{"EventData":{"Data":{"Name":"Dusk"}}}}`, map[string]string{"Event.EventData.Name": "Dusk"}},
		"a Name in a list":  {`{"body":{"event_data":{"data":[{"Operation":"Created"},{"Name":"Dusk"},{"Value":"7"}]}}}`, map[string]string{"body.event_data.Operation": "Created", "body.event_data.Name": "Dusk"}},
		"other text keys":   {`{"Event":{"EventData":{"Data":{"Name":"X","text":"v"}}}}`, map[string]string{"Event.EventData.X": "v"}},
		"plain Data":        {`{"Data":{"a":{"b":1},"c":2}}`, map[string]string{"Data.a.b": "1", "Data.c": "2"}},
		"id with attrs":     {`{"Event":{"System":{"EventID":{"#text":3,"#attributes":{"Qualifiers":0}}}}}`, map[string]string{"Event.System.EventID.#text": "3"}},
		"text in EventData": {`{"Computer":"c","EventData":"{\"Image\":\"C:\\\\a.exe\",\"n\":{\"m\":1}}"}`, map[string]string{"Computer": "c", "EventData.Image": `C:\a.exe`, "EventData.n.m": "1"}},
		"first key wins":    {`{"a":"1","a":"2","b":"","b":"3"}`, map[string]string{"a": "1", "b": "3"}},
		"escaped key":       {`{"\u0061b":"1"}`, map[string]string{"ab": "1"}},
		"raw tab":           {"{\"a\":\"1\t2\"}", map[string]string{"a": "1\t2"}},
		"spaces":            {" \r\n{ \"a\" :\t1 , \"b\" : false }\r\n", map[string]string{"a": "1", "b": "false"}},
		"empty":             {`{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rec := New(allNames(c.want))
			if err := Decode([]byte(c.text), rec); err != nil {
				t.Error(err)
			}
			checkFields(t, fields(rec), c.want)
		})
	}
}

func TestDecodeJSONCutAnywhereKeepsWhatWasRead(t *testing.T) {
	rec := New(allNames(sampleJSONFields))
	for n := 1; n < len(sampleJSON); n++ {
		rec.Reset()
		err := DecodeJSON([]byte(sampleJSON[:n]), rec)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("the first %d bytes: %v, want an unexpected end", n, err)
		}
		for name, v := range fields(rec) {
			if v != sampleJSONFields[name] {
				t.Fatalf("the first %d bytes give %s=%q", n, name, v)
			}
		}
	}
	if rec.Get(rec.Names().Slot("properties.Real")) == nil {
		t.Error("a field before the cut is lost")
	}
}

func TestDecodeJSONErrors(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)
	for _, text := range []string{
		`{"a":1}x`, `{"a":1}{"a":1}`, `{"a":}`, `{"a" 1}`, `{a:1}`, `{"a":1,}`, `{"a":tru}`, `{"a":"\x"}`,
		`{"a":"\u12"}`, `{"a":01}`, `{"a":[1,}`, `[1]`, `"a"`, ``, deep, `{"EventData":"{\"a\":"}`,
		`{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
	} {
		if err := DecodeJSON([]byte(text), New(NewNames("a"))); err == nil {
			t.Errorf("%.40q passes for an event", text)
		} else if len(err.Error()) > 200 {
			t.Errorf("%.40q: the error has %d bytes", text, len(err.Error()))
		}
	}
}

func TestDecodeJSONAgreesWithEncodingJSONOnRealEvents(t *testing.T) {
	for _, name := range []string{"defender/mde_proc_cs1.deviceprocessevents.jsonl", "sysmon/schtask_modification.jsonl", "sysmon/empire_dcom_shellwindows_stager.jsonl"} {
		f, err := os.Open(dataset(t, name))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			compareJSON(t, lines.Bytes())
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func compareJSON(t *testing.T, text []byte) {
	t.Helper()
	want, ok := jsonOracle(text)
	if !ok {
		t.Fatalf("encoding/json rejects %.80q", text)
	}
	rec := New(allNames(want))
	if err := DecodeJSON(text, rec); err != nil {
		t.Fatalf("%.200q: %v", text, err)
	}
	checkFields(t, fields(rec), want)
}

// jsonOracle flattens one object with encoding/json's tokens, arrays left out. It
// does not undo the two special shapes: texts with their keys are not compared.
func jsonOracle(text []byte) (map[string]string, bool) {
	if !stdjson.Valid(text) || !utf8.Valid(text) {
		return nil, false
	}
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	got := map[string]string{}
	open, err := d.Token()
	if err != nil || open != stdjson.Delim('{') || !flatten(d, "", got, 1) {
		return nil, false
	}
	return got, true
}

func flatten(d *stdjson.Decoder, prefix string, got map[string]string, depth int) bool {
	if depth > maxJSONDepth {
		return false
	}
	for d.More() {
		key, _ := d.Token()
		name := prefix + key.(string)
		value, _ := d.Token()
		text := ""
		switch v := value.(type) {
		case string:
			text = v
		case stdjson.Number:
			text = v.String()
		case bool:
			text = map[bool]string{true: "true", false: "false"}[v]
		case stdjson.Delim:
			if v == '[' {
				skipTokens(d)
			} else if !flatten(d, name+".", got, depth+1) {
				return false
			}
		}
		if text != "" && got[name] == "" {
			got[name] = text
		}
	}
	_, _ = d.Token()
	return true
}

func skipTokens(d *stdjson.Decoder) {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return
		}
		if delim, ok := token.(stdjson.Delim); ok {
			depth += map[stdjson.Delim]int{'[': 1, '{': 1, ']': -1, '}': -1}[delim]
		}
	}
}

// What pandas writes for a cell without a value costs that value, and not the event: as an
// object and as a row of a table.
func TestNoNumberIsNoValue(t *testing.T) {
	want := map[string]string{"a": "1", "d": "NaN"}
	names := NewNames("a", "b", "c", "d", "e", "f")
	rec := New(names)
	if err := DecodeJSON([]byte(`{"b":NaN,"c":-Infinity,"f":[NaN,1],"a":1,"d":"NaN","e":Infinity}`), rec); err != nil {
		t.Fatal(err)
	}
	got := fields(rec)
	delete(got, "f")
	checkFields(t, got, want)
	rec.Reset()
	if err := DecodeJSONRow([]byte(`[1,NaN,-Infinity,"NaN",Infinity]`), []string{"a", "b", "c", "d", "e"}, rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), want)
}

func FuzzJSON(f *testing.F) {
	f.Add(sampleJSON)
	f.Add(`{"Event":{"EventData":{"Data":[{"@Name":"X","#text":"v"},{"#attributes":{"Name":"Y"},"#text":5}]}}}`)
	f.Add(`{"EventData":"{\"Image\":\"C:\\\\a.exe\"}"}`)
	f.Add(`{"":{"":0}}`)
	f.Add(`{"a":NaN,"b":[-Infinity,{"c":Infinity}],"d":"NaN"}`)
	f.Add(`{"a":[1,-0.5,"x\ud800",{"b":null}],"c":{"d":0}}`)
	f.Fuzz(func(t *testing.T, text string) {
		want, ok := jsonOracle([]byte(text))
		rec := New(allNames(want))
		err := DecodeJSON([]byte(text), rec)
		if !ok || containerName(want, text) {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		checkFields(t, fields(rec), want)
	})
}

// containerName reports whether a text has one of the special keys, or one name
// for a scalar and for a container or a path: there the oracle says nothing.
func containerName(want map[string]string, text string) bool {
	if strings.Contains(text, "Data") || strings.Contains(text, `\u`) {
		return true
	}
	rec := New(allNames(want))
	_ = DecodeJSON([]byte(text), rec)
	for _, v := range fields(rec) {
		if strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[") {
			return true
		}
	}
	return false
}

func BenchmarkDecodeJSON(b *testing.B) {
	rec := New(allNames(sampleJSONFields))
	text := []byte(sampleJSON)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		rec.Reset()
		if err := DecodeJSON(text, rec); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeJSONOracle(b *testing.B) {
	b.SetBytes(int64(len(sampleJSON)))
	for b.Loop() {
		jsonOracle([]byte(sampleJSON))
	}
}
