package schema

import (
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// shape writes a made-up event as one collector does. lost are facts that the
// collector does not pass on; changed, those that it passes on otherwise.
type shape struct {
	name    string
	write   func(e sysmonEvent) fields
	lost    []string
	changed []string
}

var shapes = []shape{
	{name: "raw XML", write: inXML},
	{name: "NXLog", write: inNXLog},
	{name: "NXLog that lost ProcessId and Message", write: inNXLogWithoutPID, lost: []string{"pid"}},
	{name: "NXLog without a collector", write: inNXLogAlone, lost: []string{"pid"}},
	{name: "flat JSON with a false Z", write: inOTRF, lost: []string{"record"}},
	{name: "winlogbeat 6", write: inBeat6},
	{name: "winlogbeat 6 as Splunk's columns", write: columnsOf(inBeat6)},
	{name: "winlogbeat 7", write: inBeat7},
	{name: "winlogbeat 7 as Splunk's columns", write: columnsOf(inBeat7)},
	{name: "Sentinel with EventData as text", write: inSentinel},
	{name: "converter, EventID a number", write: inConverter},
	{name: "converter, EventID an object", write: inConverterWithObjects},
	{name: "converter, EventID an object, as Splunk's columns", write: columnsOf(inConverterWithObjects)},
	{name: "converter, Data a list", write: inConverterWithList},
	{name: "classic text", write: inClassic, changed: []string{"time", "2026-03-04T05:06:07Z"}},
	{name: "flat JSON from XML", write: inFlat},
}

// want are the facts that remain in the shape.
func (s *shape) want(e sysmonEvent) facts {
	f := e.facts
	for _, name := range s.lost {
		f = f.with(name, "")
	}
	return f.with(s.changed...)
}

func TestEveryShapeGivesTheSameFacts(t *testing.T) {
	for _, s := range shapes {
		for _, e := range sysmonEvents {
			t.Run(s.name+"/"+e.task, func(t *testing.T) { checkEvent(t, s.write(e), e.kind, s.want(e)) })
		}
	}
}

// TestEveryShapeTellsAllOfAProcessWithoutAnID: then its image and user count as well.
func TestEveryShapeTellsAllOfAProcessWithoutAnID(t *testing.T) {
	for _, s := range shapes {
		for _, e := range sysmonEvents {
			kind, want := e.kind, s.want(e).with("id", "")
			if slices.Contains(s.lost, "pid") {
				kind, want = event.Malformed, facts{}
			}
			lost := s.write(e.with("ProcessGuid", zeroGUID))
			t.Run(s.name+"/"+e.task, func(t *testing.T) { checkEvent(t, lost, kind, want) })
		}
	}
}

func TestAnEventWithoutAHostIsMalformed(t *testing.T) {
	noHost := func(e sysmonEvent) map[string]any {
		m := flatJSON(e)
		delete(m, "Hostname")
		delete(m, "EventID")
		m["EventId"] = e.id
		return m
	}
	for _, e := range sysmonEvents {
		raw := jsonText(noHost(e))
		checkEvent(t, text(raw), event.Malformed, facts{})
		want := e.facts.with("device", "outside.example", "device name", "outside.example")
		checkEvent(t, text(raw).with("host", "outside.example"), e.kind, want)
	}
}

func inXML(e sysmonEvent) fields { return text(xmlText(e, sysmonLog)) }

func xmlText(e sysmonEvent, channel string) string {
	var b strings.Builder
	b.WriteString(`<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
		`<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/><EventID>` + e.id +
		`</EventID><Version>5</Version><TimeCreated SystemTime='` + systemTime + `'/><EventRecordID>` + recordID +
		`</EventRecordID><Correlation/><Execution ProcessID='` + serviceID + `' ThreadID='3100'/><Channel>` + channel +
		`</Channel><Computer>` + computer + `</Computer><Security UserID='S-1-5-18'/></System><EventData>`)
	for _, d := range e.data {
		b.WriteString(`<Data Name='` + d[0] + `'>` + html.EscapeString(d[1]) + `</Data>`)
	}
	b.WriteString(`</EventData></Event>`)
	return b.String()
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (e *sysmonEvent) number() int {
	n, err := strconv.Atoi(e.id)
	if err != nil {
		panic(err)
	}
	return n
}

// message is the event as Windows words it for people.
func (e *sysmonEvent) message() string {
	var b strings.Builder
	b.WriteString(e.task + ":")
	for _, d := range e.data {
		b.WriteString("\r\n" + d[0] + ": " + d[1])
	}
	return b.String()
}

func nxlogJSON(e sysmonEvent) map[string]any {
	m := map[string]any{
		"EventID": e.number(), "Channel": sysmonLog, "Hostname": computer, "host": collector,
		"EventTime": "2026-03-04 00:06:07", "EventReceivedTime": "2026-03-04 00:06:09",
		"@timestamp": "2026-03-04T05:06:07.123Z", "RecordNumber": 4711, "ExecutionProcessID": 2888,
		"SourceModuleType": "im_msvistalog", "Message": e.message(),
	}
	for _, d := range e.data {
		m[d[0]] = html.EscapeString(d[1])
	}
	return m
}

func inNXLog(e sysmonEvent) fields { return text(jsonText(nxlogJSON(e))) }

func inNXLogWithoutPID(e sysmonEvent) fields {
	m := nxlogJSON(e)
	delete(m, "ProcessId")
	delete(m, "Message")
	return text(jsonText(m))
}

func inNXLogAlone(e sysmonEvent) fields {
	m := nxlogJSON(e)
	delete(m, "ProcessId")
	delete(m, "Message")
	delete(m, "host")
	m["ProcessID"] = 2888
	return text(jsonText(m))
}

func flatJSON(e sysmonEvent) map[string]any {
	m := map[string]any{"EventID": e.number(), "Channel": sysmonLog, "Hostname": computer, "TimeCreated": systemTime, "RecordNumber": recordID}
	for _, d := range e.data {
		m[d[0]] = d[1]
	}
	return m
}

func inFlat(e sysmonEvent) fields { return text(jsonText(flatJSON(e))) }

func inOTRF(e sysmonEvent) fields {
	m := flatJSON(e)
	delete(m, "RecordNumber")
	m["TimeCreated"], m["@timestamp"] = "2026-03-04T05:06:07.123Z", "2026-03-04T05:06:07.123Z"
	m["Message"] = e.message()
	return text(jsonText(m))
}

// plainData leaves out what winlogbeat leaves out: names without a value.
func plainData(e sysmonEvent) map[string]any {
	m := map[string]any{}
	for _, d := range e.data {
		if d[1] != "-" {
			m[d[0]] = d[1]
		}
	}
	return m
}

func inBeat6(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"@timestamp": "2026-03-04T05:06:07.123Z", "event_id": e.number(), "log_name": sysmonLog, "computer_name": computer,
		"record_number": recordID, "process_id": 2888, "host": map[string]any{"name": collector}, "beat": map[string]any{"hostname": collector},
		"event_data": plainData(e), "message": strings.ReplaceAll(e.message(), "\r", ""),
	}))
}

func inBeat7(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"@timestamp": "2026-03-04T05:06:07.123Z", "host": map[string]any{"name": collector}, "agent": map[string]any{"hostname": collector},
		"event": map[string]any{"code": e.number(), "created": "2026-03-04T05:09:00.000Z"},
		"winlog": map[string]any{
			"event_id": e.number(), "channel": sysmonLog, "computer_name": computer, "record_id": 4711,
			"process": map[string]any{"pid": 2888}, "event_data": plainData(e),
		},
	}))
}

func inSentinel(e sysmonEvent) fields {
	data := map[string]any{}
	for _, d := range e.data {
		data[d[0]] = d[1]
	}
	data["UtcTime"] = strings.Replace(e.value("UtcTime"), " ", "T", 1) + "0000Z"
	return text(jsonText(map[string]any{
		"TimeGenerated": systemTime, "Computer": computer, "Channel": sysmonLog, "EventID": e.number(),
		"EventRecordId": recordID, "EventData": jsonText(data),
	}))
}

func converterJSON(id, data any) fields {
	return text(jsonText(map[string]any{"Event": map[string]any{
		"System": map[string]any{
			"EventID": id, "Channel": sysmonLog, "Computer": computer, "EventRecordID": 4711,
			"Execution":   map[string]any{"#attributes": map[string]any{"ProcessID": 2888}},
			"TimeCreated": map[string]any{"#attributes": map[string]any{"SystemTime": systemTime}},
		},
		"EventData": data,
	}}))
}

func inConverter(e sysmonEvent) fields { return converterJSON(e.number(), plainData(e)) }

func inConverterWithObjects(e sysmonEvent) fields {
	return converterJSON(map[string]any{"#attributes": map[string]any{"Qualifiers": 0}, "#text": e.number()}, plainData(e))
}

func inConverterWithList(e sysmonEvent) fields {
	var list []any
	for _, d := range e.data {
		list = append(list, map[string]any{"@Name": d[0], "#text": d[1]})
	}
	return converterJSON(e.number(), map[string]any{"Data": list})
}

func inClassic(e sysmonEvent) fields {
	return text("03/04/2026 05:06:07 AM\nLogName=" + sysmonLog + "\nSourceName=Microsoft-Windows-Sysmon\nEventCode=" + e.id +
		"\nEventType=4\nType=Information\nComputerName=" + computer + "\nUser=NOT_TRANSLATED\nSid=S-1-5-18\nSidType=0\nTaskCategory=" +
		e.task + "\nOpCode=Info\nRecordNumber=" + recordID + "\nKeywords=None\nMessage=" + strings.ReplaceAll(e.message(), "\r", ""))
}

// columnsOf turns a JSON text into the columns of Splunk's KV_MODE=json: dotted names,
// null as text, no text of the event.
func columnsOf(write func(sysmonEvent) fields) func(sysmonEvent) fields {
	return func(e sysmonEvent) fields { return columns(write(e)[Raw]) }
}

func columns(raw string) fields {
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	f := fields{}
	f.flatten("", v)
	return f
}

func (f fields) flatten(prefix string, m map[string]any) {
	for name, v := range m {
		switch v := v.(type) {
		case map[string]any:
			f.flatten(prefix+name+".", v)
		case nil:
			f[prefix+name] = "null"
		case []any:
		case string:
			f[prefix+name] = v
		default:
			f[prefix+name] = jsonText(v)
		}
	}
}
