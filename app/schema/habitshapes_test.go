package schema

import (
	"strings"
	"testing"
	"unicode"
)

func init() {
	shapes = append(shapes,
		shape{name: "names with underscores", write: inSnake(false)},
		shape{name: "names with underscores, the data apart", write: inSnake(true)},
		shape{name: "names that begin small", write: inCamel},
		shape{name: "xml2js", write: inXML2JS(true)},
		shape{name: "xml2js without lists of one", write: inXML2JS(false)},
		shape{name: "fast-xml-parser", write: inFastXML},
		shape{name: "Kinesis agent", write: inKinesis},
		shape{name: "PowerShell's objects with XML", write: inToXML},
	)
}

// snake writes a name with underscores between its words.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// inSnake has the event as pipelines rename it; apart, the writer's process id stands where the
// event's own would else.
func inSnake(apart bool) func(e sysmonEvent) fields {
	return func(e sysmonEvent) fields {
		object := map[string]any{"event_id": e.number(), "channel": sysmonLog, "computer": computer, "time_created": systemTime, "event_record_id": recordID}
		data := object
		if !apart {
			object["execution_process_id"] = serviceID
		} else {
			data = map[string]any{}
			object["event_data"], object["process_id"] = data, 2888
		}
		for _, d := range e.data {
			data[snake(d[0])] = d[1]
		}
		return text(jsonText(object))
	}
}

func inCamel(e sysmonEvent) fields {
	object := map[string]any{"eventId": e.number(), "channel": sysmonLog, "computer": computer, "timeCreated": systemTime, "eventRecordId": recordID, "processId": 2888}
	data := map[string]any{}
	for _, d := range e.data {
		data[strings.ToLower(d[0][:1])+d[0][1:]] = d[1]
	}
	object["eventData"] = data
	return text(jsonText(object))
}

// inXML2JS has every element as a list, or those that stand once as they are.
func inXML2JS(lists bool) func(e sysmonEvent) fields {
	list := func(v any) any {
		if lists {
			return []any{v}
		}
		return v
	}
	attributes := func(name, value string) any { return list(map[string]any{"$": map[string]any{name: value}}) }
	return func(e sysmonEvent) fields {
		var data []any
		for _, d := range e.data {
			data = append(data, map[string]any{"_": d[1], "$": map[string]any{"Name": d[0]}})
		}
		return text(jsonText(map[string]any{"Event": map[string]any{
			"$": map[string]any{"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
			"System": list(map[string]any{
				"EventID": list(e.id), "Channel": list(sysmonLog), "Computer": list(computer), "EventRecordID": list(recordID),
				"TimeCreated": attributes("SystemTime", systemTime), "Execution": attributes("ProcessID", serviceID), "Correlation": list(""),
			}),
			"EventData": list(map[string]any{"Data": data}),
		}}))
	}
}

func inFastXML(e sysmonEvent) fields {
	var list []any
	for _, d := range e.data {
		list = append(list, map[string]any{"@_Name": d[0], "#text": d[1]})
	}
	return text(jsonText(dashed(e, "@_", e.number(), map[string]any{"Data": list})))
}

func inKinesis(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"EventId": e.number(), "Description": "words", "LevelDisplayName": "Information", "LogName": sysmonLog, "MachineName": computer, "ProviderName": "Microsoft-Windows-Sysmon",
		"TimeCreated": systemTime, "Index": 4711, "UserName": nil, "Keywords": "None", "EventData": values(e),
	}))
}

// inToXML has the XML beside what PowerShell's properties say.
func inToXML(e sysmonEvent) fields {
	return text(jsonText(map[string]any{"TimeCreated": "/Date(1)/", "MachineName": collector, "Id": 99, "LogName": "Other", "Xml": xmlText(e, sysmonLog)}))
}

// TestSentinelsDescriptionsAlone has no EventData: an export of a few columns.
func TestSentinelsDescriptionsAlone(t *testing.T) {
	for _, e := range sysmonEvents {
		checkEvent(t, inDescription(e), e.kind, e.facts)
	}
}

func inDescription(e sysmonEvent) fields {
	words := []string{e.task + ":"}
	for _, d := range e.data {
		words = append(words, d[0]+": "+d[1])
	}
	return text(jsonText(map[string]any{
		"TimeGenerated": systemTime, "Computer": computer, "EventID": e.number(), "EventLog": sysmonLog, "EventRecordID": recordID, "RenderedDescription": strings.Join(words, "\r\n"),
	}))
}
