package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Security 4688 is read where it has the parent's command line, and left alone where not:
// a tree cannot be told from another service's then.
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
	checkEvent(t, text(jsonText(flat)), event.Other, facts{})
	checkEvent(t, text(jsonText(beat(data))), event.Other, facts{})
}
