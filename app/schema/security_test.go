package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Security 4688 is read with the parent's command line, where a shipper adds it, and
// without.
func TestSecurityWithAParentCommandLine(t *testing.T) {
	data := map[string]any{
		"NewProcessId": "0x10e1", "NewProcessName": updater, "CommandLine": updaterRun, "ProcessId": "0x4b0", "ParentProcessName": `C:\Windows\System32\svchost.exe`,
		"SubjectUserName": "WS7$", "SubjectDomainName": "CORP", "TargetUserName": "maja", "TargetDomainName": "CORP",
	}
	flat := merged(data, map[string]any{
		"EventID": 4688, "Channel": "Security", "Hostname": computer, "@timestamp": "2026-03-04T05:06:07.123Z", "RecordNumber": recordID,
	})
	beat := func(data map[string]any) map[string]any {
		return map[string]any{
			"@timestamp": "2026-03-04T05:06:07.123Z", "winlog": map[string]any{
				"event_id": 4688, "channel": "Security", "computer_name": computer, "record_id": recordID, "event_data": data,
			},
		}
	}
	want := facts{
		"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "created": "2026-03-04T05:06:07.123Z", "record": recordID,
		"pid": "4321", "name": "updater.exe", "path": updater, "command": updaterRun, "user": `CORP\maja`,
		"parent pid": "1200", "parent name": "svchost.exe", "parent path": `C:\Windows\System32\svchost.exe`, "parent command": scheduler,
	}
	more := map[string]any{"ParentCommandLine": scheduler}
	checkEvent(t, text(jsonText(merged(flat, more))), event.ProcessStart, want)
	checkEvent(t, text(jsonText(beat(merged(data, more)))), event.ProcessStart, want)
	checkEvent(t, text(jsonText(merged(flat, more, map[string]any{"TargetUserName": "-", "TargetDomainName": "-"}))), event.ProcessStart, want.with("user", `CORP\WS7$`))
	checkEvent(t, text(jsonText(flat)), event.ProcessStart, want.with("parent command", ""))
	checkEvent(t, text(jsonText(beat(data))), event.ProcessStart, want.with("parent command", ""))
	checkEvent(t, columns(jsonText(flat)), event.ProcessStart, want.with("parent command", ""))
	table := merged(flat, map[string]any{"TimeGenerated": "2026-03-04T05:06:07.123Z", "EventRecordId": recordID, "Type": "SecurityEvent"}) // Sentinel's SecurityEvent
	delete(table, "@timestamp")
	checkEvent(t, columns(jsonText(table)), event.ProcessStart, want.with("parent command", ""))
}

// The other events of the audit log, in each shape and as Windows words them for people.
func TestSecurityEndsAndConnections(t *testing.T) {
	header := map[string]any{"Channel": "Security", "Hostname": computer, "@timestamp": "2026-03-04T05:06:07.123Z", "RecordNumber": recordID}
	end := merged(header, map[string]any{"EventID": 4689, "ProcessId": "0x10e1", "ProcessName": updater, "Status": "0x0"})
	about := facts{"device": "ws7.corp.example", "device name": computer, "time": "2026-03-04T05:06:07.123Z", "record": recordID, "pid": "4321", "name": "updater.exe"}
	checkEvent(t, text(jsonText(end)), event.ProcessEnd, about.with("path", updater))
	data := map[string]any{
		"ProcessID": 4321, "Application": `\device\harddiskvolume4\tools\updater.exe`, "Direction": "%%14593", "SourceAddress": "10.1.2.3", "SourcePort": "50123",
		"DestAddress": "203.0.113.7", "DestPort": "443", "Protocol": "6",
	}
	out := about.with("path", `\device\harddiskvolume4\tools\updater.exe`, "remote", "203.0.113.7", "remote port", "443", "local", "10.1.2.3", "local port", "50123",
		"transport", "tcp", "direction", "outbound")
	checkEvent(t, text(jsonText(merged(header, data, map[string]any{"EventID": 5156}))), event.NetworkConnection, out)
	in := out.with("remote", "10.1.2.3", "remote port", "50123", "local", "203.0.113.7", "local port", "443", "direction", "inbound")
	checkEvent(t, text(jsonText(merged(header, data, map[string]any{"EventID": 5156, "Direction": "%%14592"}))), event.NetworkConnection, in)
	message := "The Windows Filtering Platform has permitted a connection.\r\n\r\nApplication Information:\r\n\tProcess ID:\t\t4321\r\n" +
		"\tApplication Name:\t\\device\\harddiskvolume4\\tools\\updater.exe\r\n\r\nNetwork Information:\r\n\tDirection:\t\tOutbound\r\n\tSource Address:\t\t10.1.2.3\r\n" +
		"\tSource Port:\t\t50123\r\n\tDestination Address:\t203.0.113.7\r\n\tDestination Port:\t\t443\r\n\tProtocol:\t\t6\r\n"
	classic := "03/04/2026 05:06:07 AM\nLogName=Security\nEventCode=5156\nComputerName=" + computer + "\nRecordNumber=" + recordID + "\nMessage=" + message
	checkEvent(t, text(classic), event.NetworkConnection, out.with("time", "2026-03-04T05:06:07Z"))
	for _, lacks := range []string{"Application", "ProcessID"} {
		without := merged(header, data, map[string]any{"EventID": 5156})
		delete(without, lacks)
		r := newReading(t)
		if kind, _ := r.read(text(jsonText(without))); inUse(kind) {
			t.Errorf("without %s it is read as %v", lacks, kind)
		}
	}
}
