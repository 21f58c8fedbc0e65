package notations_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// taskTree is a scheduled task, a child of it with a hostile command line, and what that
// connects to.
func taskTree(pid int) (events []func(*evtxtest.XML)) {
	sysmon := func(id uint16, data ...string) {
		data = append([]string{"UtcTime", "2025-11-20 07:00:01.250"}, data...)
		events = append(events, evtxtest.Event("Microsoft-Windows-Sysmon", id, "PC1.corp.example", data...))
	}
	guid := func(n int) string { return fmt.Sprintf("{5a1c0de0-0001-6720-%04x-000000000300}", n) }
	id := func(n int) string { return fmt.Sprint(n) }
	sysmon(1, "ProcessGuid", guid(pid), "ProcessId", id(pid), "Image", `C:\Windows\System32\wscript.exe`, "CommandLine", `wscript.exe C:\x\a&b.vbs`,
		"User", "CORP\\anna", "ParentProcessGuid", guid(1), "ParentProcessId", "900", "ParentImage", `C:\Windows\System32\svchost.exe`, "ParentCommandLine", `svchost.exe -k netsvcs -p -s Schedule`)
	sysmon(1, "ProcessGuid", guid(pid+1), "ProcessId", id(pid+1), "Image", `C:\Windows\System32\cmd.exe`, "CommandLine", "cmd.exe /c echo \"</Data><Data Name='Image'>x\"\r\nParentImage: none é日🙂",
		"User", "CORP\\anna", "ParentProcessGuid", guid(pid), "ParentProcessId", id(pid), "ParentImage", `C:\Windows\System32\wscript.exe`, "ParentCommandLine", `wscript.exe C:\x\a&b.vbs`)
	sysmon(3, "ProcessGuid", guid(pid+1), "ProcessId", id(pid+1), "Image", `C:\Windows\System32\cmd.exe`, "User", "CORP\\anna", "Protocol", "tcp", "Initiated", "true",
		"SourceIp", "10.0.0.5", "SourcePort", "50000", "DestinationIp", "203.0.113.9", "DestinationPort", "443", "DestinationHostname", "c2.example")
	return events
}

// TestALogIsHuntedInWhateverItIsIn: the file, its XML, a ZIP archive, and chunks in the
// other order give the same rows.
func TestALogIsHuntedInWhateverItIsIn(t *testing.T) {
	var chunks [][]byte
	for i := range 5 {
		chunk := evtxtest.NewChunk(uint64(1 + 3*i))
		for _, event := range taskTree(1000 + 10*i) {
			chunk.Record(134080956012500000, event)
		}
		chunks = append(chunks, chunk.Bytes())
	}
	path := worlds.Saved(t, "Sysmon.evtx", evtxtest.File(1, chunks...))
	want := doors.HuntedFiles(t, doors.Everything, path)
	if want.Ledger["trees"] != 5 || want.Ledger["nodes"] != 10 || want.Ledger["connections"] != 5 || want.Ledger["malformed"] != 0 {
		t.Fatalf("%v", want.Ledger)
	}
	for _, r := range want.Kind("connection") {
		if r.Get("path") != "wscript.exe > cmd.exe" || r.Get("remote_ip") != "203.0.113.9" {
			t.Errorf("a connection of %s to %s", r.Get("path"), r.Get("remote_ip"))
		}
	}
	backwards := evtxtest.File(2, chunks[4], chunks[2], make([]byte, evtxtest.ChunkSize), chunks[3], chunks[0], chunks[1])
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	entry, err := z.Create("C/Windows/System32/winevt/Logs/x")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = entry.Write(backwards)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	doors.SameRows(t, "as XML", doors.HuntedFiles(t, doors.Everything, worlds.Dumped(t, path)).Text, want.Text)
	doors.SameRows(t, "in another order", doors.HuntedFiles(t, doors.Everything, worlds.Saved(t, "log", backwards)).Text, want.Text)
	doors.SameRows(t, "in an archive", doors.HuntedFiles(t, doors.Everything, worlds.Saved(t, "log", archive.Bytes())).Text, want.Text)
}
