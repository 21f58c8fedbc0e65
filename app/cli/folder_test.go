package cli

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// How many files of each kind a mixed folder has: of 20 kinds, 2,000 in all.
const ofEachKind = 100

// toldFiletime is 2026-02-03 04:05:06 UTC in Windows' time.
const toldFiletime = 134145507060000000

// story returns the events of a task on a device, which connects outside, as names and
// texts: its start, and its connection.
func story(device int) (start, connection []string) {
	guid := fmt.Sprintf("{%08x-1111-2222-3333-444444444444}", device)
	header := []string{"UtcTime", "2026-02-03 04:05:06.000", "ProcessGuid", guid, "ProcessId", "4242", "Image", `C:\Jobs\sync.exe`}
	start = append(append([]string{}, header...), "CommandLine", "sync.exe /all", "ParentProcessGuid", "{00000001-1111-2222-3333-444444444444}",
		"ParentProcessId", "900", "ParentImage", `C:\Windows\System32\svchost.exe`, "ParentCommandLine", `C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule`)
	return start, append(header, "Initiated", "true", "SourceIp", "10.0.0.1", "SourcePort", "50000", "DestinationIp", "203.0.113.9", "DestinationPort", "443")
}

// storyLog is the story as a binary log.
func storyLog(device int) []byte {
	start, connection := story(device)
	name := fmt.Sprintf("pc%d.corp.example", device)
	chunk := evtxtest.NewChunk(1)
	chunk.Record(toldFiletime, evtxtest.Event("Microsoft-Windows-Sysmon", 1, name, start...))
	chunk.Record(toldFiletime, evtxtest.Event("Microsoft-Windows-Sysmon", 3, name, connection...))
	return evtxtest.File(1, chunk.Bytes())
}

// storyRows is the story as CSV.
func storyRows(device int) []byte {
	var b strings.Builder
	b.WriteString("EventID,Channel,Computer,TimeCreated,UtcTime,ProcessGuid,ProcessId,Image,CommandLine,ParentProcessGuid,ParentProcessId,ParentImage,ParentCommandLine,Initiated,SourceIp,SourcePort,DestinationIp,DestinationPort\n")
	start, connection := story(device)
	for i, of := range [][]string{start, connection} {
		value := map[string]string{}
		for j := 0; j < len(of); j += 2 {
			value[of[j]] = of[j+1]
		}
		fmt.Fprintf(&b, "%d,Microsoft-Windows-Sysmon/Operational,pc%d.corp.example,2026-02-03T04:05:06Z", 1+2*i, device)
		for _, name := range []string{"UtcTime", "ProcessGuid", "ProcessId", "Image", "CommandLine", "ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "Initiated", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort"} {
			b.WriteString("," + value[name])
		}
		b.WriteString("\n")
	}
	return []byte(b.String())
}

func archived(name string, content []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create(name) // a buffer takes all
	_, _ = w.Write(content)
	_ = z.Close()
	return b.Bytes()
}

func gzipped(content []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(content)
	_ = z.Close()
	return b.Bytes()
}

// mixedKinds are what people's folders hold: useful says that a device's story can be read
// of it in full.
var mixedKinds = []struct {
	name   string
	useful bool
	write  func(device int) []byte
}{
	{"log.evtx", true, storyLog}, {"triage.zip", true, func(d int) []byte { return archived("C/Windows/Logs/sysmon.evtx", storyLog(d)) }},
	{"rows.csv", true, storyRows}, {"packed.csv.gz", true, func(d int) []byte { return gzipped(storyRows(d)) }},
	{"bom.csv", true, func(d int) []byte { return append([]byte("\xef\xbb\xbf"), storyRows(d)...) }},
	{"empty.evtx", false, func(int) []byte { return nil }}, {"cut.evtx", false, func(d int) []byte { return storyLog(d)[:5000] }},
	{"header.evtx", false, func(d int) []byte { return storyLog(d)[:100] }},
	{"noise.evtx", false, func(d int) []byte { l := storyLog(d); copy(l[4096+600:], "damage damage damage"); return l }},
	{"cut.zip", false, func(d int) []byte { z := archived("x.evtx", storyLog(d)); return z[:len(z)/2] }},
	{"cut.csv.gz", false, func(d int) []byte { z := gzipped(storyRows(d)); return z[:len(z)/2] }},
	{"picture.png", false, func(int) []byte { return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") }},
	{"photo.jpg", false, func(int) []byte { return []byte("\xff\xd8\xff\xe0\x00\x10JFIF") }},
	{"paper.pdf", false, func(int) []byte { return []byte("%PDF-1.7\n") }}, {"notes.txt", false, func(int) []byte { return []byte("call the owner of the device\n") }},
	{"program.exe", false, func(int) []byte { return []byte("MZ\x90\x00") }}, {"table.xlsx", false, func(int) []byte { return archived("xl/workbook.xml", []byte("<workbook/>")) }},
	{"random.bin", false, func(d int) []byte { return bytes.Repeat([]byte{byte(d), 0, 0xfe, 7}, 50) }},
	{"broken.json", false, func(int) []byte { return []byte(`{"EventID":1,"Computer":`) }},
	{"nowhere.evtx", false, nil}, // a link to nothing, for what cannot be read
}

func mixedFolder(t *testing.T) string {
	folder := t.TempDir()
	device := 0
	for i := range ofEachKind {
		sub := filepath.Join(folder, fmt.Sprintf("host%02d", i))
		if err := os.Mkdir(sub, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, kind := range mixedKinds {
			device++
			path := filepath.Join(sub, kind.name)
			var err error
			if kind.write == nil {
				err = os.Symlink(filepath.Join(folder, "gone"), path)
			} else {
				err = os.WriteFile(path, kind.write(device), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return folder
}

// A folder of 2,000 files of all kinds is one hunt: what can be read is, and the rest is
// said in at most ten lines; --verbose names each.
func TestAFolderOfTwoThousandMixedFilesIsOneHunt(t *testing.T) {
	folder := mixedFolder(t)
	args := []string{"hunt", "--recent", "all", "--lookback", "all", "--max-devices", "0", "--internal", "include", "--format", "csv"}
	stdout, stderr, code := cli(append(args, folder)...)
	if code != done {
		t.Fatalf("exit %d: %.2000s", code, stderr)
	}
	useful := 0
	for _, kind := range mixedKinds {
		if kind.useful {
			useful += ofEachKind
		}
	}
	for _, want := range []string{fmt.Sprintf(" kept=%d nodes=%d connections=%d ", useful, useful, useful)} {
		if !strings.Contains(stderr, want) {
			t.Errorf("nothing says %q: %.3000s", want, stderr)
		}
	}
	if n := strings.Count(stdout, "203.0.113.9"); n != useful {
		t.Errorf("%d rows with the destination, want %d", n, useful)
	}
	warned := 0
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "warning") {
			warned++
		}
	}
	if warned == 0 || warned > 10 {
		t.Errorf("%d lines of warnings, want 1 to 10: %.3000s", warned, stderr)
	}
	_, verbose, code := cli(append(args, "--verbose", folder)...)
	if code != done {
		t.Fatalf("--verbose: exit %d", code)
	}
	for _, name := range []string{"cut.zip", "cut.csv.gz", "picture.png", "photo.jpg", "paper.pdf", "notes.txt", "program.exe", "table.xlsx", "random.bin", "nowhere.evtx"} {
		if n := strings.Count(verbose, name); n < ofEachKind {
			t.Errorf("--verbose names %d files %s, want %d", n, name, ofEachKind)
		}
	}
}

// A table without its header is refused with the columns that it needs, and those are enough.
func TestColumnsOfATableWithoutHeader(t *testing.T) {
	const rows = `1,pc1,2026-02-03 04:05:06.000,{00000001-1111-2222-3333-444444444444},4242,C:\Jobs\sync.exe,sync.exe /all,` +
		`{00000002-1111-2222-3333-444444444444},900,C:\Windows\System32\svchost.exe,C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule,,` + "\n" +
		`3,pc1,2026-02-03 04:05:06.000,{00000001-1111-2222-3333-444444444444},4242,C:\Jobs\sync.exe,,,,,,203.0.113.9,443` + "\n"
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := cli("hunt", file)
	_, names, said := strings.Cut(stderr, "of Sysmon, ")
	names, _, named := strings.Cut(names, ", and of Defender")
	if code != failed || !said || !named || !strings.Contains(stderr, "a table without a header") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(names, " ", "")+"\n"+rows), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code = cli("hunt", file); code != done || !strings.Contains(stderr, "process=1 connection=1") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
