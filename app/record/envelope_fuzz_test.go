package record

import "testing"

// FuzzDecode: whatever a text is, reading it ends, and without a panic; what it gives are
// fields of the set.
func FuzzDecode(f *testing.F) {
	for _, c := range innerEvents {
		f.Add([]byte(c.text))
		f.Add([]byte(`{"event":{"original":"<13>Nov 20 x: {\"EventID\":1,\"Computer\":\"a long name of a machine\"}"}}`))
	}
	f.Add([]byte(`{"body":{"kvlistValue":{"values":[{"key":"data","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[]}}]}}}]}}}`))
	f.Add([]byte(`{"EventData":"<Data Name='Image'>x</Data>","Payload":"{\"EventData\":{\"Data\":[{\"@Name\":\"a\",\"#text\":\"b\"}]}}"}`))
	f.Add([]byte(`{"StringInserts":["a",{"Value":1}],"Properties":[[]]}`))
	f.Add([]byte(`<result><field k='_raw'><v>&lt;Event/&gt;<sg>x</sg></v></field></result>`))
	f.Add([]byte(`[{"field":"EventID","value":"1"},{"value":"{\"EventID\":1,\"Computer\":\"a long name of a machine\"}","field":"@message"}]`))
	f.Add([]byte(`{"EventID":{"$numberLong":"1"},"Computer":{"$date":{"$numberLong":"2"}},"Event":{"EventData":{"Data":{"Image":"x"}}}}`))
	f.Add([]byte("Event[0]:\n  Log Name: x\n  Event ID: 1\n  Description: \nProcess Create:\nImage: x\n"))
	names := NewNames("EventID", "Computer", "_raw", "EventData.Image", "Payload.EventData.a", "StringInserts.2.0", "body.x", "data", "event.code")
	f.Fuzz(func(t *testing.T, text []byte) {
		rec := New(names)
		_ = Decode(text, rec) // errors are for broken texts
		for _, s := range rec.Filled() {
			if s < 0 || int(s) >= names.Len() {
				t.Fatalf("slot %d of %d", s, names.Len())
			}
		}
		rec.Reset()
		_ = DecodeJSONRow(text, []string{"EventID", "event", "message"}, rec)
		_, _ = JSONColumns(text)
		_ = JSONValues(text)
		_ = DecodeData(text, "EventData", rec)
	})
}
