package schema

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

func init() {
	shapes = append(shapes,
		shape{name: "Wazuh", write: inWazuh},
		shape{name: "Wazuh as Splunk's columns", write: columnsOf(inWazuh)},
		shape{name: "Wazuh's index", write: inHit(inWazuh)},
		shape{name: "Velociraptor", write: inVelociraptor},
		shape{name: "Sentinel's table Event", write: inEventTable, lost: []string{"record"}},
		shape{name: "EvtxECmd's JSON", write: inEvtxECmd},
		shape{name: "osquery", write: inOSQuery, lost: []string{"record"}},
		shape{name: "OpenTelemetry, values by name", write: inOTel(func(e sysmonEvent) any { return plainData(e) })},
		shape{name: "OpenTelemetry, a list of values", write: inOTel(pairsOf)},
		shape{name: "OpenTelemetry's body", write: inOTelBody},
		shape{name: "OpenTelemetry's own JSON", write: inOTLP},
		shape{name: "Grafana's agent", write: inGrafana},
		shape{name: "Get-WinEvent with values", write: inGetWinEvent(true)},
		shape{name: "Get-WinEvent with a Message only", write: inGetWinEvent(false)},
		shape{name: "Fluent Bit without a Message", write: inFluentBit(false)},
		shape{name: "Fluent Bit with a Message", write: inFluentBit(true)},
		shape{name: "Graylog", write: inGraylog("winlogbeat_winlog_")},
		shape{name: "Graylog, older Beat", write: inGraylog("winlogbeat_")},
		shape{name: "hit of Elasticsearch", write: inHit(inBeat7)},
		shape{name: "HEC, XML in a text", write: inHEC},
		shape{name: "HEC, an object", write: inHECObject},
		shape{name: "Splunk's JSON export", write: inExport},
		shape{name: "Splunk's XML export", write: inXMLExport},
		shape{name: "an event in a message in a message", write: inMessages},
		shape{name: "event.original", write: inOriginal},
	)
}

// small writes a name as Wazuh does.
func small(name string) string { return strings.ToLower(name[:1]) + name[1:] }

func inWazuh(e sysmonEvent) fields {
	data := map[string]any{}
	for _, d := range e.data {
		data[small(d[0])] = strings.ReplaceAll(d[1], `\`, `\\`)
	}
	return text(jsonText(map[string]any{
		"timestamp": "2026-03-04T05:09:00.000+0000", "agent": map[string]any{"name": collector}, "location": "EventChannel",
		"data": map[string]any{"win": map[string]any{"eventdata": data, "system": map[string]any{
			"eventID": e.id, "channel": sysmonLog, "computer": computer, "systemTime": systemTime, "eventRecordID": recordID, "processID": serviceID,
		}}},
	}))
}

func inVelociraptor(e sysmonEvent) fields {
	data := plainData(e)
	for name, v := range data {
		if strings.HasSuffix(name, "Guid") {
			data[name] = strings.Trim(v.(string), "{}")
		}
	}
	return text(jsonText(map[string]any{
		"System": map[string]any{
			"EventID": map[string]any{"Value": e.number()}, "TimeCreated": map[string]any{"SystemTime": 1772600767.123}, "EventRecordID": 4711,
			"Channel": sysmonLog, "Computer": computer, "Execution": map[string]any{"ProcessID": 2888},
		},
		"EventData": plainData(e), "Message": "not rendered",
	}))
}

// dataXML is an event's data as XML.
func dataXML(e sysmonEvent) string {
	var b strings.Builder
	for _, d := range e.data {
		b.WriteString(`<Data Name="` + d[0] + `">` + html.EscapeString(d[1]) + `</Data>`)
	}
	return b.String()
}

func eventTable(e sysmonEvent) map[string]string {
	return map[string]string{
		"TimeGenerated": systemTime, "Source": "Microsoft-Windows-Sysmon", "EventLog": sysmonLog, "Computer": computer, "EventID": e.id,
		"EventData": `<DataItem type="System.XmlData" time="x"><EventData xmlns="urn:u">` + dataXML(e) + `</EventData></DataItem>`,
	}
}

func inEventTable(e sysmonEvent) fields { return text(jsonText(eventTable(e))) }

// payload is EvtxECmd's.
func payload(e sysmonEvent) string {
	var list []any
	for _, d := range e.data {
		list = append(list, map[string]any{"@Name": d[0], "#text": d[1]})
	}
	return jsonText(map[string]any{"EventData": map[string]any{"Data": list}})
}

func evtxECmd(e sysmonEvent) map[string]string {
	return map[string]string{
		"RecordNumber": recordID, "EventRecordId": recordID, "TimeCreated": "2026-03-04 05:06:07.1230000", "EventId": e.id, "Channel": sysmonLog,
		"ProcessId": serviceID, "Computer": computer, "Payload": payload(e), "ExecutableInfo": "x",
	}
}

func inEvtxECmd(e sysmonEvent) fields { return text(jsonText(evtxECmd(e))) }

func inOSQuery(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"name": "pack/events", "hostIdentifier": "outside.example", "columns": map[string]any{
			"datetime": systemTime, "source": sysmonLog, "computer_name": computer, "eventid": e.id, "pid": serviceID,
			"data": jsonText(map[string]any{"EventData": plainData(e)}),
		},
	}))
}

func otelBody(e sysmonEvent, data any) map[string]any {
	return map[string]any{
		"event_id": map[string]any{"qualifiers": 0, "id": e.number()}, "channel": sysmonLog, "computer": computer, "record_id": 4711,
		"system_time": systemTime, "execution": map[string]any{"process_id": 2888}, "event_data": data,
	}
}

// pairsOf is the data as a list of one pair each.
func pairsOf(e sysmonEvent) any {
	var list []any
	for _, d := range e.data {
		list = append(list, map[string]any{d[0]: d[1]})
	}
	return map[string]any{"name": "", "data": list}
}

func inOTel(data func(sysmonEvent) any) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		return text(jsonText(map[string]any{"attributes": map[string]any{}, "body": otelBody(e, data(e)), "timestamp": "2026-03-04T05:09:00Z"}))
	}
}

func inOTelBody(e sysmonEvent) fields { return text(jsonText(otelBody(e, plainData(e)))) }

// otlp is a value as OpenTelemetry's protocol writes it.
func otlp(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		var pairs []any
		for _, k := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, map[string]any{"key": k, "value": otlp(v[k])})
		}
		return map[string]any{"kvlistValue": map[string]any{"values": pairs}}
	case []any:
		var values []any
		for _, one := range v {
			values = append(values, otlp(one))
		}
		return map[string]any{"arrayValue": map[string]any{"values": values}}
	case int:
		return map[string]any{"intValue": fmt.Sprint(v)}
	}
	return map[string]any{"stringValue": fmt.Sprint(v)}
}

func inOTLP(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"timeUnixNano": "1772600999000000000", "body": otlp(otelBody(e, pairsOf(e)))}))
}

func inGrafana(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"source": "Microsoft-Windows-Sysmon", "channel": sysmonLog, "computer": computer, "event_id": e.number(), "timeCreated": systemTime,
		"eventRecordID": 4711, "event_data": dataXML(e),
	}))
}

// values are all values of an event in the order of the newest manifest. Those that the
// made-up event does not have are empty.
func values(e sysmonEvent) (list []string) {
	all := sysmonValues[e.id]
	if all == nil {
		all = taskValues[e.id]
	}
	if all == nil { // an event that no list is known of
		for _, d := range e.data {
			list = append(list, d[1])
		}
		return list
	}
	for _, name := range all[0] {
		list = append(list, e.value(name))
	}
	return list
}

func inGetWinEvent(deep bool) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		properties := []any{}
		for _, v := range values(e) {
			if deep {
				properties = append(properties, map[string]any{"Value": v})
			} else {
				properties = append(properties, "System.Diagnostics.Eventing.Reader.EventProperty")
			}
		}
		m := map[string]any{
			"Id": e.number(), "RecordId": 4711, "LogName": sysmonLog, "MachineName": computer, "ProcessId": 2888, "TimeCreated": systemTime,
			"Properties": properties,
		}
		if !deep {
			m["Message"] = e.message()
		}
		return text(jsonText(m))
	}
}

func inFluentBit(message bool) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		m := map[string]any{
			"EventID": e.number(), "EventRecordID": 4711, "Channel": sysmonLog, "Computer": computer, "ProcessID": 2888,
			"TimeCreated": "2026-03-04 05:06:07.123 +0000", "StringInserts": values(e), "Message": "",
		}
		if message {
			m["Message"] = e.message()
		}
		return text(jsonText(m))
	}
}

func inGraylog(prefix string) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		m := map[string]any{
			prefix + "event_id": e.number(), prefix + "channel": sysmonLog, prefix + "computer_name": computer, prefix + "record_id": 4711,
			"timestamp": "2026-03-04T05:06:07.123Z", "source": collector, prefix + "process_pid": 2888,
		}
		for name, v := range plainData(e) {
			m[prefix+"event_data_"+name] = v
		}
		return text(jsonText(m))
	}
}

func inHit(write func(sysmonEvent) fields) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		return text(`{"_index":"i-2026.03.04","_id":"x","_score":1,"_source":` + write(e)[Raw] + `}`)
	}
}

func inHEC(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"time": 1772600999.5, "host": collector, "sourcetype": "XmlWinEventLog", "event": inXML(e)[Raw]}))
}

func inHECObject(e sysmonEvent) fields {
	return text(`{"time":1772600999.5,"host":"` + collector + `","event":` + inFlat(e)[Raw] + `}`)
}

func inExport(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"preview": false, "offset": 0, "result": map[string]any{"_time": epochTime, "host": collector, "_raw": inXML(e)[Raw]}}))
}

func inXMLExport(e sysmonEvent) fields {
	return text("<result offset='0'><field k='host'><value><text>" + collector + "</text></value></field>" +
		"<field k='_raw'><v xml:space='preserve' trim='0'>" + html.EscapeString(inXML(e)[Raw]) + "</v></field></result>")
}

func inMessages(e sysmonEvent) fields {
	raw := inXML(e)[Raw]
	for _, relay := range []string{"relay1", "relay2"} {
		raw = jsonText(map[string]any{"@timestamp": "2026-03-04T09:00:00Z", "host": map[string]any{"name": relay}, "message": "<13>Mar  4 05:06:08 " + relay + " fwd: " + raw})
	}
	return text(raw)
}

func inOriginal(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"@timestamp": "2026-03-04T05:06:07.123Z", "event": map[string]any{"code": e.id, "original": inXML(e)[Raw]}}))
}

// csvRow is a row as a CSV file or Splunk gives it.
func csvRow(t *testing.T, row map[string]string) *record.Record {
	t.Helper()
	var header, line []string
	for _, name := range slices.Sorted(maps.Keys(row)) {
		header = append(header, name)
		line = append(line, `"`+strings.ReplaceAll(row[name], `"`, `""`)+`"`)
	}
	rows, rec := record.NewRows(), record.New(Names())
	if err := rows.Reset([]byte(strings.Join(header, ",") + "\n" + strings.Join(line, ",") + "\n")); err != nil {
		t.Fatal(err)
	}
	if !rows.Next(rec) {
		t.Fatal("there is no row")
	}
	return rec
}

// What stands as text in a column of a table is the same in CSV as in JSON.
func TestDataAsTextInAColumn(t *testing.T) {
	windowsEvent := func(e sysmonEvent) map[string]string {
		return map[string]string{
			"TimeGenerated [UTC]": systemTime, "Channel": sysmonLog, "Computer": computer, "EventID": e.id, "EventRecordId": recordID, "EventData": jsonText(plainData(e)),
		}
	}
	for name, c := range map[string]struct {
		write func(sysmonEvent) map[string]string
		lost  []string
	}{"Event": {eventTable, []string{"record", ""}}, "EvtxECmd": {evtxECmd, nil}, "WindowsEvent": {windowsEvent, nil}} {
		r := newReading(t)
		for range 2 { // what is remembered of a header must not matter
			for _, e := range sysmonEvents {
				kind, found := r.readRecord(csvRow(t, c.write(e)))
				checkKind(t, kind, e.kind)
				checkFacts(t, found, e.facts.with(c.lost...).needed(e.kind))
				if t.Failed() {
					t.Fatalf("%s, %s", name, e.task)
				}
			}
		}
	}
}

// Older Sysmon has fewer values: which they are, their number tells.
func TestValuesByPlaceOfOlderVersions(t *testing.T) {
	for _, e := range sysmonEvents {
		for _, names := range sysmonValues[e.id] {
			var list []string
			for _, name := range names {
				list = append(list, e.value(name))
			}
			raw := jsonText(map[string]any{
				"EventID": e.number(), "EventRecordID": 4711, "Channel": sysmonLog, "Computer": computer, "TimeCreated": systemTime, "StringInserts": list,
			})
			want := e.facts
			if !slices.Contains(names, "User") {
				want = want.with("user", "")
			}
			kind, found := newReading(t).read(text(raw))
			checkKind(t, kind, e.kind)
			checkFacts(t, found, want.needed(kind))
		}
	}
	kind, found := newReading(t).read(text(`{"EventID":1,"Channel":"` + sysmonLog + `","Computer":"c","StringInserts":["a","b","{A1B2C3D4-0001-69A7-0A00-000000000B00}","4"]}`))
	checkKind(t, kind, event.Malformed)
	checkFacts(t, found, facts{})
}

// Wazuh's backslashes are single again, and only where all of a value are double.
func TestDoubledBackslashes(t *testing.T) {
	for v, want := range map[string]string{
		`C:\\a\\b`: `C:\a\b`, `C:\a\\b`: `C:\a\\b`, `\\\\srv\\x`: `\\srv\x`, `no`: `no`, ``: ``, `\`: `\`, `a\\`: `a\`,
	} {
		if got := string(appendSingle(nil, []byte(v))); got != want {
			t.Errorf("%q gives %q, want %q", v, got, want)
		}
	}
}
