package notations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// audited are the events of Windows' audit log of a device: a process that the scheduler
// started, its child, that child's connection, and another program's under its number.
func audited(device string, more worlds.Fields) (events [][]byte) {
	header := func(id, second int) worlds.Fields {
		return worlds.Fields{"EventID": fmt.Sprint(id), "Channel": "Security", "Computer": device, "TimeCreated": fmt.Sprintf("2026-05-01T00:00:%02d.250Z", second), "EventRecordID": fmt.Sprint(id*100 + second)}
	}
	start := func(second int, pid, image, parent, by string) worlds.Fields {
		return header(4688, second).With(worlds.Fields{"NewProcessId": pid, "NewProcessName": `C:\Tools\` + image, "CommandLine": image + " /q", "ProcessId": parent, "ParentProcessName": by, "SubjectUserName": "jo", "SubjectDomainName": "CORP"})
	}
	connect := func(second int, pid, application, to string) worlds.Fields {
		return header(5156, second).With(worlds.Fields{"ProcessID": pid, "Application": `\device\harddiskvolume9\tools\` + application, "Direction": "%%14593", "SourceAddress": "10.0.0.8", "SourcePort": fmt.Sprint(50000 + second), "DestAddress": to, "DestPort": "443", "Protocol": "6"})
	}
	for _, f := range []worlds.Fields{
		start(1, "0x7d0", "root.exe", "0x388", `C:\Windows\System32\svchost.exe`).With(more), start(2, "0x7d4", "child.exe", "0x7d0", `C:\Tools\root.exe`),
		connect(3, "2004", "CHILD.EXE", "198.51.100.7"), connect(4, "2004", "other.exe", "198.51.100.8"),
		header(4689, 9).With(worlds.Fields{"ProcessId": "0x7d4", "ProcessName": `C:\Tools\child.exe`}), connect(40, "2004", "child.exe", "198.51.100.9"),
	} {
		events = append(events, f.Text())
	}
	return events
}

// taskLogged is what the Task Scheduler's log says of the process that it started.
func taskLogged(device string) []byte {
	return worlds.Fields{"EventID": "129", "Channel": "Microsoft-Windows-TaskScheduler/Operational", "Computer": device, "TimeCreated": "2026-05-01T00:00:01.250Z",
		"EventRecordID": "7", "TaskName": `\Sync`, "Path": "root.exe", "ProcessID": "2000", "ExecutionProcessID": "904"}.Text()
}

// Where Windows' audit log is all there is, it is hunted with as soon as something proves
// what the Task Scheduler started; else it is said what is missing.
func TestTheAuditLogAlone(t *testing.T) {
	const device = "till-9.corp.example"
	proofs := map[string][][]byte{
		"the scheduler's log": append(audited(device, nil), taskLogged(device)),
		"the log without its writer": append(audited(device, nil), worlds.Fields{"EventID": "129", "Channel": "Microsoft-Windows-TaskScheduler/Operational", "Computer": device,
			"TimeCreated": "2026-05-01T00:00:01.260Z", "EventRecordID": "7", "TaskName": `\Sync`, "Path": "root.exe", "ProcessID": "2000"}.Text()),
		"a parent's command line": audited(device, worlds.Fields{"ParentCommandLine": worlds.Scheduler}),
		"the scheduler's start": append(audited(device, nil), worlds.Fields{"EventID": "4688", "Channel": "Security", "Computer": device, "TimeCreated": "2026-04-30T20:00:00Z",
			"EventRecordID": "1", "NewProcessId": "0x388", "NewProcessName": `C:\Windows\System32\svchost.exe`, "CommandLine": worlds.Scheduler, "ProcessId": "0x2bc"}.Text()),
	}
	for proof, events := range proofs {
		got := doors.Hunted(t, doors.Everything, events)
		nodes, connections := got.Kind("node"), got.Kind("connection")
		if len(nodes) != 2 || len(connections) != 1 || connections[0].Get("remote_ip") != "198.51.100.7" || connections[0].Get("process_name") != "child.exe" {
			t.Fatalf("%s: %d nodes, %d connections, want 2 and that of child.exe\n%s", proof, len(nodes), len(connections), got.Text)
		}
		if got.Ledger["process"] < 2 || got.Ledger["connection"] != 3 || got.Ledger["end"] != 1 || got.Ledger["orphans"] != 2 {
			t.Errorf("%s: ledger %v", proof, got.Ledger)
		}
		if len(got.Warnings()) > 0 {
			t.Errorf("%s: %q", proof, got.Warnings())
		}
	}
	got := doors.Hunted(t, doors.Everything, audited(device, nil))
	if len(got.Rows) != 0 || got.Ledger["process"] != 0 || got.Ledger["other"] != 6 || !strings.Contains(strings.Join(got.Warnings(), "\n"), "TaskScheduler/Operational") {
		t.Errorf("with no proof: %d rows, ledger %v, %q", len(got.Rows), got.Ledger, got.Warnings())
	}
}

// Beside a sensor the audit log changes nothing.
func TestTheAuditLogBesideASensor(t *testing.T) {
	b := &worlds.Box{Name: "till-9.corp.example"}
	var events [][]byte
	for _, f := range []worlds.Fields{b.Start(1, 0, "root.exe"), b.Start(2, 1, "child.exe"), b.Connect(2, "child.exe", "198.51.100.7", 443)} {
		events = append(events, f.Text())
	}
	want := doors.Hunted(t, doors.Everything, events)
	got := doors.Hunted(t, doors.Everything, slices.Concat(audited(b.Name, worlds.Fields{"ParentCommandLine": worlds.Scheduler}), events))
	doors.SameRows(t, "beside a sensor", got.Text, want.Text)
	if got.Ledger["other"] != 6 || got.Ledger["process"] != want.Ledger["process"] || len(got.Warnings()) > 0 {
		t.Errorf("ledger %v, %q", got.Ledger, got.Warnings())
	}
}
