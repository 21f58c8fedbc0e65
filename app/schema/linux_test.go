package schema

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Sysmon for Linux writes the same fields into a log of its own. No Task Scheduler is there, so
// that its events are none of the hunt's and are named, in every shape that tells the log.
func TestSysmonForLinuxIsNotRead(t *testing.T) {
	data := `"UtcTime":"2026-11-20 09:00:01.000","ProcessGuid":"{e4f1b1c2-0001-6a0c-0000-000000000001}","ProcessId":"812","Image":"/usr/bin/curl","CommandLine":"curl -s http://x",` +
		`"ParentProcessGuid":"{e4f1b1c2-0001-6a0c-0000-000000000000}","ParentProcessId":"1","ParentImage":"/usr/lib/systemd/systemd","ParentCommandLine":"/sbin/init","User":"root"`
	xml := strings.NewReplacer(`","`, `</Data><Data Name="`, `":"`, `">`).Replace(strings.Trim(data, `"`))
	for _, text := range []string{
		`{"Event":{"System":{"EventID":1,"Channel":"LOG","Computer":"web01"},"EventData":{` + data + `}}}`,
		`{"EventID":1,"Channel":"LOG","Computer":"web01",` + data + `}`,
		`{"winlog":{"event_id":"1","channel":"LOG","computer_name":"web01","event_data":{` + data + `}}}`,
		`<Event><System><EventID>1</EventID><Channel>LOG</Channel><Computer>web01</Computer></System><EventData><Data Name="` + xml + `</Data></EventData></Event>`,
	} {
		for log, want := range map[string]event.Kind{"Linux-Sysmon/Operational": event.Other, "linux-sysmon": event.Other, "Microsoft-Windows-Sysmon/Operational": event.ProcessStart} {
			r, rec := newReading(t), record.New(Names())
			if err := record.Decode([]byte(strings.Replace(text, "LOG", log, 1)), rec); err != nil {
				t.Fatal(err)
			}
			if kind, _ := r.readRecord(rec); kind != want {
				t.Errorf("%s in %s is %v, want %v", text[:30], log, kind, want)
			}
		}
	}
}
