package schema

import "strings"

func init() {
	shapes = append(shapes,
		shape{name: "Fluentd", write: inFluentd},
		shape{name: "Google's logging", write: inGoogle},
		shape{name: "Datadog", write: inDatadog},
		shape{name: "converter, attributes with a dash", write: inDashed},
		shape{name: "Plaso's lines", write: inPlaso},
	)
}

// inFluentd has the values by their place, and numbers as text.
func inFluentd(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"ProviderName": "Microsoft-Windows-Sysmon", "EventID": e.id, "Channel": sysmonLog, "Computer": computer, "TimeCreated": systemTime,
		"EventRecordID": recordID, "ProcessID": serviceID, "ThreadID": "9", "Description": "Words:\r\nUser: other", "EventData": values(e),
	}))
}

func inGoogle(e sysmonEvent) fields {
	payload := map[string]any{
		"EventID": e.number(), "Channel": sysmonLog, "Computer": computer, "TimeCreated": systemTime, "RecordNumber": 4711, "ProcessID": 2888,
		"StringInserts": values(e), "SourceName": "Microsoft-Windows-Sysmon",
	}
	return text(jsonText(map[string]any{
		"insertId": "x", "jsonPayload": payload, "resource": map[string]any{"type": "gce_instance", "labels": map[string]any{"instance_id": "1"}},
		"timestamp": "2026-03-04T05:09:00Z", "logName": "projects/p/logs/winevt.raw",
	}))
}

// dashed returns the event as a converter has it whose attributes begin with sign.
func dashed(e sysmonEvent, sign string, id, data any) map[string]any {
	return map[string]any{"Event": map[string]any{
		"System": map[string]any{
			"EventID": id, "Channel": sysmonLog, "Computer": computer, "EventRecordID": recordID,
			"TimeCreated": map[string]any{sign + "SystemTime": systemTime}, "Execution": map[string]any{sign + "ProcessID": serviceID},
		},
		"EventData": data,
	}}
}

func inDatadog(e sysmonEvent) fields {
	inner := dashed(e, "", map[string]any{"value": e.id}, map[string]any{"Data": plainData(e)})
	return text(jsonText(map[string]any{
		"id": "AQ", "type": "log", "attributes": map[string]any{"host": collector, "timestamp": "2026-03-04T05:09:00Z", "attributes": inner},
	}))
}

func inDashed(e sysmonEvent) fields {
	var list []any
	for _, d := range e.data {
		list = append(list, map[string]any{"-Name": d[0], "#text": d[1]})
	}
	return text(jsonText(dashed(e, "-", e.id, map[string]any{"Data": list})))
}

// inPlaso has the XML beside times of its own, and over several lines.
func inPlaso(e sysmonEvent) fields {
	return text(jsonText(map[string]any{
		"__container_type__": "event", "data_type": "windows:evtx:record", "computer_name": "OTHER", "event_identifier": 99, "timestamp": 1, "message": "[1 / 0x0001] words",
		"strings": values(e), "xml_string": strings.ReplaceAll(xmlText(e, sysmonLog), "><Data", ">\n<Data"),
	}))
}
