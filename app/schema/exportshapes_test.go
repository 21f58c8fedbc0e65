package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func init() {
	shapes = append(shapes,
		shape{name: "Wazuh's agent", write: inWazuhAgent},
		shape{name: "Wazuh's full_log", write: inFullLog},
		shape{name: "GELF", write: inGELF},
		shape{name: "MongoDB's export", write: inMongo},
		shape{name: "Data an object", write: inConverterWithObject},
		shape{name: "LogScale's export", write: inLogScale},
		shape{name: "Velociraptor's System and EventData as texts", write: inVelociraptorTexts},
	)
}

func wazuhAgent(e sysmonEvent) map[string]any {
	data := map[string]any{}
	for _, d := range e.data {
		data[small(d[0])] = doubled(d[1])
	}
	return map[string]any{"win": map[string]any{"eventdata": data, "system": map[string]any{
		"eventID": e.id, "channel": sysmonLog, "computer": computer, "systemTime": systemTime, "eventRecordID": recordID, "processID": serviceID,
	}}}
}

// doubled writes a text as Wazuh does.
func doubled(v string) string {
	var b []byte
	for i := range len(v) {
		if b = append(b, v[i]); v[i] == '\\' {
			b = append(b, '\\')
		}
	}
	return string(b)
}

func inWazuhAgent(e sysmonEvent) fields { return text(jsonText(wazuhAgent(e))) }

func inFullLog(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"timestamp": "2026-03-04T05:09:00.000+0000", "agent": map[string]any{"name": collector}, "full_log": jsonText(wazuhAgent(e)), "location": "EventChannel",
	}))
}

func inGELF(e sysmonEvent) fields {
	m := map[string]any{
		"version": "1.1", "host": computer, "short_message": "Process Create", "timestamp": 1772600767.123, "level": 6,
		"_EventID": e.number(), "_Channel": sysmonLog, "_RecordNumber": 4711, "_EventTime": "2026-03-04 06:06:07", "_ExecutionProcessID": 2888,
	}
	for name, v := range plainData(e) {
		m["_"+name] = v
	}
	return text(jsonText(m))
}

// inMongo has the numbers and times with their types.
func inMongo(e sysmonEvent) fields {
	m := flatJSON(e)
	delete(m, "@timestamp")
	m["_id"] = map[string]any{"$oid": "656565656565656565656565"}
	m["EventID"] = map[string]any{"$numberInt": e.id}
	m["RecordNumber"] = map[string]any{"$numberLong": recordID}
	m["TimeCreated"] = map[string]any{"$date": map[string]any{"$numberLong": "1772600767123"}}
	if v := e.value("ProcessId"); v != "" {
		m["ProcessId"] = map[string]any{"$numberLong": v}
	}
	return text(jsonText(m))
}

func inConverterWithObject(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"Event": map[string]any{
		"System": map[string]any{
			"EventID": e.number(), "Channel": sysmonLog, "Computer": computer, "EventRecordID": 4711,
			"TimeCreated": map[string]any{"SystemTime": systemTime}, "Execution": map[string]any{"ProcessID": 2888},
		},
		"EventData": map[string]any{"Data": plainData(e)},
	}}))
}

func inLogScale(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"@rawstring": inXML(e)[Raw], "@timestamp": 1772600999000, "#repo": "windows", "@id": "x"}))
}

func velociraptorTexts(e sysmonEvent) map[string]string {
	return map[string]string{
		"System": jsonText(map[string]any{
			"EventID": map[string]any{"Value": e.number()}, "TimeCreated": map[string]any{"SystemTime": 1772600767.123}, "EventRecordID": 4711,
			"Channel": sysmonLog, "Computer": computer, "Execution": map[string]any{"ProcessID": 2888},
		}),
		"EventData": jsonText(plainData(e)), "Message": "not rendered",
	}
}

func inVelociraptorTexts(e sysmonEvent) fields { return text(jsonText(velociraptorTexts(e))) }

// Both texts of a row count; and names count without the key of an answer before them.
func TestTablesMadeOfAnswers(t *testing.T) {
	under := func(prefix string) func(sysmonEvent) map[string]string {
		return func(e sysmonEvent) map[string]string {
			row := map[string]string{"_index": "i", prefix + "host.name": collector}
			for name, v := range columnsOf(inBeat7)(e) {
				row[prefix+name] = v
			}
			return row
		}
	}
	for name, write := range map[string]func(sysmonEvent) map[string]string{
		"Velociraptor": velociraptorTexts, "hits": under("_source."), "results": under("result."),
	} {
		r := newReading(t)
		for _, e := range sysmonEvents {
			kind, found := r.readRecord(csvRow(t, write(e)))
			checkKind(t, kind, e.kind)
			checkFacts(t, found, e.facts.needed(e.kind))
			if t.Failed() {
				t.Fatalf("%s, %s", name, e.task)
			}
		}
	}
}

// A name of the table's own goes before one that is made by cutting.
func TestAColumnsOwnNameWins(t *testing.T) {
	e := sysmonEvents[0]
	row := velociraptorTexts(e)
	row["_source.System"] = "{}"
	kind, _ := newReading(t).readRecord(csvRow(t, row))
	checkKind(t, kind, event.ProcessStart)
}
