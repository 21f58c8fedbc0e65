package kql

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Whatever the collector, the result is the same.
func TestSysmonShapes(t *testing.T) {
	events := append(rowsOf(t, "testdata/ex2/sysmon_process.csv"), rowsOf(t, "testdata/ex2/sysmon_network.csv")...)
	want, _ := resultOf(t, original(), content(t, "testdata/ex2/sysmon_process.csv"), content(t, "testdata/ex2/sysmon_network.csv"))
	shapes := map[string]func(r row) string{
		"XML":       sysmonXML,
		"flat JSON": func(r row) string { return jsonOf(t, flat(r, map[string]any{"Channel": sysmonChannel})) },
		"NXLog": func(r row) string {
			fields := flat(r, map[string]any{"Channel": sysmonChannel, "SourceModuleType": "im_msvistalog"})
			for name, value := range fields {
				fields[name] = html.EscapeString(value.(string))
			}
			return jsonOf(t, fields)
		},
		"NXLog with nothing but the Message": func(r row) string {
			message := map[string]string{"1": "Process Create:", "3": "Network connection detected:"}[r["EventCode"]]
			for name, value := range data(r) {
				message += fmt.Sprintf("\r\n%s: %s", name, html.EscapeString(value.(string)))
			}
			return jsonOf(t, map[string]any{"EventID": r["EventCode"], "Channel": sysmonChannel, "Hostname": r["Computer"],
				"SourceModuleType": "im_msvistalog", "Message": message})
		},
		"winlogbeat 6": func(r row) string {
			return jsonOf(t, map[string]any{"event_id": r["EventCode"], "log_name": sysmonChannel, "computer_name": r["Computer"], "event_data": data(r)})
		},
		"winlogbeat 7": func(r row) string {
			return jsonOf(t, map[string]any{"winlog": map[string]any{
				"event_id": r["EventCode"], "channel": sysmonChannel, "computer_name": r["Computer"], "event_data": data(r)}})
		},
		"converter": func(r row) string {
			return jsonOf(t, map[string]any{"Event": map[string]any{"System": map[string]any{
				"EventID": r["EventCode"], "Channel": sysmonChannel, "Computer": r["Computer"]}, "EventData": data(r)}})
		},
		"Sentinel": func(r row) string {
			return jsonOf(t, map[string]any{"EventID": r["EventCode"], "Channel": sysmonChannel, "Computer": r["Computer"], "EventData": jsonOf(t, data(r))})
		},
	}
	for name, write := range shapes {
		t.Run(name, func(t *testing.T) {
			q, inSplunk := New(original()), New(original())
			for _, r := range events {
				text := write(r)
				if kind, err := q.AddText([]byte(text)); err != nil || kind == event.Other {
					t.Fatalf("%s: kind %d, error %v", text, kind, err)
				}
				fields := row{"_raw": text, "source": "XmlWinEventLog:" + sysmonChannel, "host": "collector"}
				if kind, err := add(inSplunk, fields); err != nil || kind == event.Other {
					t.Fatalf("%s: kind %d, error %v", text, kind, err)
				}
			}
			for _, q := range []*Query{q, inSplunk} {
				columns, rows, _ := q.Finish()
				compareLines(t, asCSV(t, columns, rows), want)
			}
		})
	}
}

func TestOtherProvidersEventsAreNone(t *testing.T) {
	for _, fields := range []row{
		{"EventCode": "1", "LogName": "System", "Message": "The system time has changed"},
		{"EventCode": "3", "Channel": "Microsoft-Windows-Kernel-Power/Thermal", "host": "a"},
		{"EventCode": "5", "Channel": sysmonChannel, "ProcessGuid": "{A1B2C3D4-0001-69A7-0A00-000000000B00}", "UtcTime": "2026-11-21 08:00:00.000"},
		{"EventCode": "1"},
		{},
	} {
		if kind, err := add(New(original()), fields); kind != event.Other || err != nil {
			t.Errorf("%v: kind %d, error %v", fields, kind, err)
		}
	}
}

const sysmonChannel = "Microsoft-Windows-Sysmon/Operational"

// data is what stands in EventData.
func data(r row) map[string]any {
	out := map[string]any{}
	for name, value := range r {
		if name != "EventCode" && name != "Computer" {
			out[name] = value
		}
	}
	return out
}

func flat(r row, more map[string]any) map[string]any {
	for name, value := range r {
		more[name] = value
	}
	return more
}

func jsonOf(tb testing.TB, v any) string {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func sysmonXML(r row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>%s</EventID><Channel>%s</Channel>"+
		"<Computer>%s</Computer></System><EventData>", r["EventCode"], sysmonChannel, r["Computer"])
	for name, value := range data(r) {
		fmt.Fprintf(&b, "<Data Name='%s'>%s</Data>", name, html.EscapeString(value.(string)))
	}
	b.WriteString("</EventData></Event>")
	return b.String()
}
