package pages_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

var update = flag.Bool("update", false, "write the bundled triage archive anew")

// triageFile is what docs/one-machine.md hunts in: the logs of one machine as triage tools
// pack them.
var triageFile = filepath.Join("..", "..", "..", "testdata", "triage", "PC-7.zip")

const (
	sysmonProvider = "Microsoft-Windows-Sysmon"
	tasksProvider  = "Microsoft-Windows-TaskScheduler"
	system32       = `C:\Windows\System32\`
	asSystem       = `NT AUTHORITY\SYSTEM`
)

// The bundled archive is what this test makes. Where that is meant to change:
// go test ./app/trial/pages -run TestTriageArchive -update.
func TestTriageArchive(t *testing.T) {
	m := triageMachine()
	want := map[string][]byte{
		"C/Windows/System32/winevt/logs/Microsoft-Windows-Sysmon%4Operational.evtx":        m.sysmon.file(),
		"C/Windows/System32/winevt/logs/Microsoft-Windows-TaskScheduler%4Operational.evtx": m.tasks.file(),
	}
	if *update {
		writeArchive(t, want)
	}
	z, err := zip.OpenReader(triageFile)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != len(want) {
		t.Errorf("%d files, want %d", len(z.File), len(want))
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want[f.Name]) {
			t.Errorf("%s is not what this test makes (%v): run it with -update", f.Name, err)
		}
	}
}

func writeArchive(t *testing.T, files map[string][]byte) {
	t.Helper()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range sortedNames(files) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(triageFile, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sortedNames(files map[string][]byte) (names []string) {
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// machine is what happens on one, told to two logs.
type machine struct {
	sysmon, tasks triageLog
	serial        int
}

// triageLog writes a log a chunk at a time.
type triageLog struct {
	chunks  [][]byte
	chunk   *evtxtest.Chunk
	records uint64
}

// chunkRecords fit into a chunk, whatever they are.
const chunkRecords = 30

func (l *triageLog) add(provider string, id uint16, at time.Time, data ...string) {
	if l.chunk == nil || l.records%chunkRecords == 0 {
		l.close()
		l.chunk = evtxtest.NewChunk(l.records + 1)
	}
	l.records++
	l.chunk.Record(uint64(at.Unix()+11_644_473_600)*10_000_000+uint64(at.Nanosecond()/100), evtxtest.Event(provider, id, "PC-7.corp.example", data...))
}

func (l *triageLog) close() {
	if l.chunk != nil {
		l.chunks, l.chunk = append(l.chunks, l.chunk.Bytes()), nil
	}
}

func (l *triageLog) file() []byte {
	l.close()
	return evtxtest.File(1, l.chunks...)
}

// triageStart is when the logs begin.
var triageStart = time.Date(2026, 11, 19, 6, 0, 0, 0, time.UTC)

// started is a process of the machine.
type started struct{ guid, pid, image, command string }

func (m *machine) start(at time.Time, parent started, image, command, user string) started {
	m.serial++
	p := started{fmt.Sprintf("{7c1a40e2-0000-6720-%04x-000000000300}", m.serial), fmt.Sprint(2000 + 4*m.serial), image, command}
	m.sysmon.add(sysmonProvider, 1, at, "RuleName", "-", "UtcTime", clock(at), "ProcessGuid", p.guid, "ProcessId", p.pid, "Image", image, "CommandLine", command, "User", user,
		"ParentProcessGuid", parent.guid, "ParentProcessId", parent.pid, "ParentImage", parent.image, "ParentCommandLine", parent.command)
	return p
}

func clock(at time.Time) string { return at.Format("2006-01-02 15:04:05.000") }

func (m *machine) ends(at time.Time, p started) {
	m.sysmon.add(sysmonProvider, 5, at, "RuleName", "-", "UtcTime", clock(at), "ProcessGuid", p.guid, "ProcessId", p.pid, "Image", p.image)
}

func (m *machine) calls(at time.Time, p started, host, address string) {
	m.sysmon.add(sysmonProvider, 22, at, "RuleName", "-", "UtcTime", clock(at), "ProcessGuid", p.guid, "ProcessId", p.pid, "QueryName", host, "QueryStatus", "0", "QueryResults", "::ffff:"+address+";", "Image", p.image)
	at = at.Add(40 * time.Millisecond)
	m.sysmon.add(sysmonProvider, 3, at, "RuleName", "-", "UtcTime", clock(at), "ProcessGuid", p.guid, "ProcessId", p.pid, "Image", p.image, "Protocol", "tcp", "Initiated", "true",
		"SourceIp", "10.1.0.7", "SourcePort", fmt.Sprint(50000+m.serial), "DestinationIp", address, "DestinationPort", "443")
}

// service is the host of the scheduler, which runs tasks.
var service = started{"{7c1a40e2-0000-6720-0001-000000000300}", "1180", system32 + "svchost.exe", system32 + "svchost.exe -k netsvcs -p -s Schedule"}

// run is a task's run, as both logs tell it.
func (m *machine) run(at time.Time, task, image, command, user string) started {
	p := m.start(at, service, image, command, user)
	m.tasks.add(tasksProvider, 129, at.Add(-3*time.Millisecond), "TaskName", task, "Path", image, "ProcessID", p.pid, "Priority", "16384")
	return p
}

// ownTasks are runs of Windows' own tasks, of an updater, and every hour of what somebody
// put in the place of the error reports' task.
func (m *machine) hour(at time.Time, n int) {
	const windows = `\Microsoft\Windows\`
	var all []started
	own := func(delay time.Duration, task, image, command, user string) started {
		p := m.run(at.Add(delay), windows+task, system32+image, command, user)
		all = append(all, p)
		return p
	}
	switch n % 4 {
	case 0:
		own(time.Minute, `UpdateOrchestrator\Schedule Scan`, "UsoClient.exe", system32+"UsoClient.exe StartScan", asSystem)
		census := own(3*time.Minute, `Device Information\Device`, "DeviceCensus.exe", system32+"DeviceCensus.exe SystemCxt", asSystem)
		m.calls(at.Add(3*time.Minute+time.Second), census, "settings-win.data.microsoft.com", "51.104.136.2")
	case 1:
		own(5*time.Minute, `WindowsUpdate\Scheduled Start`, "sc.exe", system32+"sc.exe start wuauserv", asSystem)
		own(6*time.Minute, `Flighting\OneSettings\RefreshCache`, "taskhostw.exe", "taskhostw.exe", asSystem)
	case 2:
		own(8*time.Minute, `Application Experience\PcaPatchDbTask`, "rundll32.exe", system32+`rundll32.exe C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask`, asSystem)
		own(9*time.Minute, `Windows Error Reporting\QueueReporting`, "wermgr.exe", system32+"wermgr.exe -upload", asSystem)
	case 3:
		own(11*time.Minute, `Time Zone\SynchronizeTimeZone`, "tzsync.exe", system32+"tzsync.exe", asSystem)
		const updater = `C:\Program Files\Veltora\Agent\update.exe`
		p := m.run(at.Add(13*time.Minute), `\Veltora Agent Update`, updater, `"`+updater+`" /check`, asSystem)
		m.calls(at.Add(13*time.Minute+time.Second), p, "update.veltora.example", "151.101.2.49")
		all = append(all, p)
	}
	for i, p := range all {
		m.ends(at.Add(15*time.Minute+time.Duration(i)*time.Second), p)
	}
}

// hijacked is a run of the error reports' task after somebody wrote it anew.
func (m *machine) hijacked(at time.Time) {
	const evil = `C:\ProgramData\Intel\gfxsync.exe`
	p := m.run(at, `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, evil, evil, asSystem)
	shell := m.start(at.Add(time.Second), p, system32+"cmd.exe", `cmd.exe /c whoami /all > C:\ProgramData\Intel\o.txt`, asSystem)
	m.ends(at.Add(2*time.Second), shell)
	m.calls(at.Add(3*time.Second), p, "cdn.gfx-sync.example", "185.220.44.17")
	m.ends(at.Add(9*time.Second), p)
}

func triageMachine() *machine {
	m := &machine{serial: 16}
	for n := range 30 {
		at := triageStart.Add(time.Duration(n) * time.Hour)
		m.hour(at, n)
		if n >= 18 && n%4 != 2 {
			m.hijacked(at.Add(30 * time.Minute).Add(time.Duration(n*n%7) * time.Second))
		}
	}
	return m
}
