package trial_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// defenderTable is events of a generated fleet as the portal exports them: a header and
// rows.
func defenderTable(t *testing.T) (table [][]string) {
	t.Helper()
	columns := []string{"Timestamp", "DeviceId", "DeviceName", "ActionType", "FileName", "FolderPath", "SHA256", "ProcessId", "ProcessCommandLine", "ProcessCreationTime",
		"AccountDomain", "AccountName", "InitiatingProcessAccountName", "InitiatingProcessId", "InitiatingProcessFileName", "InitiatingProcessCommandLine", "InitiatingProcessCreationTime",
		"InitiatingProcessFolderPath", "InitiatingProcessParentId", "InitiatingProcessParentFileName", "InitiatingProcessParentCreationTime", "ReportId", "RemoteIP", "RemotePort"}
	table = append(table, columns)
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	const scheduled, script = "svchost.exe -k netsvcs -p -s Schedule", "wscript.exe //B \"C:\\Jobs\\a, b;\tc.vbs\""
	for day := range 20 {
		start := at.AddDate(0, 0, day)
		stamp := func(seconds int) string {
			return start.Add(time.Duration(seconds) * time.Second).Format("2006-01-02T15:04:05.0000000Z")
		}
		id, pid, child := "d1", fmt.Sprint(1000+day), fmt.Sprint(21000+day)
		table = append(table,
			[]string{stamp(1), id, "fin-pc1.corp.example", "ProcessCreated", "wscript.exe", `C:\Windows\System32\wscript.exe`, "ab", pid, script, stamp(1), "corp", "jo", "system", "1288",
				"svchost.exe", scheduled, stamp(-7200), `c:\windows\system32\svchost.exe`, "700", "services.exe", stamp(-7260), fmt.Sprint(5000 + day), "", ""},
			[]string{stamp(2), id, "fin-pc1.corp.example", "ProcessCreated", "curl.exe", `C:\Windows\System32\curl.exe`, "cd", child, "curl.exe", stamp(2), "corp", "jo", "jo", pid,
				"wscript.exe", script, stamp(1), `c:\windows\system32\wscript.exe`, "1288", "svchost.exe", stamp(-7200), fmt.Sprint(6000 + day), "", ""},
			[]string{stamp(3), id, "fin-pc1.corp.example", "ConnectionSuccess", "", "", "", "", "", "", "", "", "jo", child,
				"curl.exe", "curl.exe", stamp(2), `c:\windows\system32\curl.exe`, pid, "wscript.exe", stamp(1), fmt.Sprint(7000 + day), "198.51.100.4", "8443"})
	}
	return table
}

// rewritten returns the table with every value of some columns written anew.
func rewritten(table [][]string, is func(column string) bool, write func(string) string) [][]string {
	out := [][]string{table[0]}
	for _, row := range table[1:] {
		row = slices.Clone(row)
		for i, column := range table[0] {
			if is(column) && row[i] != "" {
				row[i] = write(row[i])
			}
		}
		out = append(out, row)
	}
	return out
}

func isTime(column string) bool {
	return column == "Timestamp" || strings.HasSuffix(column, "CreationTime")
}

func isWhole(column string) bool {
	return column != "DeviceId" && (strings.HasSuffix(column, "Id") || column == "RemotePort")
}

// in writes a time of the table in another layout.
func in(layout string) func(string) string {
	return func(text string) string {
		at, err := time.Parse("2006-01-02T15:04:05.0000000Z", text)
		if err != nil {
			panic(err)
		}
		return at.Format(layout)
	}
}

func tableFile(t *testing.T, table [][]string, name string, sign rune) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = sign
	if err := w.WriteAll(table); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// However an export is written, it tells the same.
func TestNotationsOfAnExportDoNotMatter(t *testing.T) {
	table := defenderTable(t)
	want := huntedFiles(t, everything, tableFile(t, table, "iso.csv", ','))
	if len(want.kind("connection")) != 20 || len(want.warnings()) > 0 {
		t.Fatalf("the plain export tells another story: %q\n%s", want.messages, want.text)
	}
	files := map[string]string{
		"semicolons": tableFile(t, table, "a.csv", ';'), "tabs": tableFile(t, table, "b.tsv", '\t'), "bars": tableFile(t, table, "c.csv", '|'),
		"a data frame's numbers": tableFile(t, rewritten(table, isWhole, func(n string) string { return n + ".0" }), "d.csv", ','),
		"hexadecimal numbers":    tableFile(t, rewritten(table, func(c string) bool { return isWhole(c) && c != "ReportId" }, func(n string) string { var i int; _, _ = fmt.Sscan(n, &i); return fmt.Sprintf("0x%X", i) }), "e.csv", ','),
		"values twice":           tableFile(t, rewritten(table, isWhole, func(n string) string { return n + "\n" + n }), "f.csv", ','),
	}
	for name, layout := range map[string]string{
		"German": "02.01.2006, 15:04:05", "British": "02/01/2006, 15:04:05", "American": "1/2/2006, 3:04:05\u202fPM", "portal": "Jan 2, 2006 3:04:05 PM", "Kibana": "Jan 2, 2006 @ 15:04:05.000",
		"mail": "Mon, 02 Jan 2006 15:04:05 -0700", "year first": "2006/01/02 15:04:05",
	} {
		files[name] = tableFile(t, rewritten(table, isTime, in(layout)), "times.csv", ',')
	}
	index := [][]string{append([]string{""}, table[0]...)}
	for i, row := range table[1:] {
		index = append(index, append([]string{fmt.Sprint(i)}, row...))
	}
	files["an index column"] = tableFile(t, index, "g.csv", ',')
	plain, err := os.ReadFile(files["semicolons"])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"a line sep=": append([]byte("\xef\xbb\xbfsep=;\r\n"), bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))...),
		"padding":     append(slices.Clone(plain), make([]byte, 5000)...),
	} {
		files[name] = filepath.Join(t.TempDir(), "h.csv")
		if err := os.WriteFile(files[name], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range files {
		got := huntedFiles(t, everything, file)
		sameRows(t, name, got.text, want.text)
		if len(got.warnings()) > 0 {
			t.Errorf("%s: warnings %q", name, got.warnings())
		}
	}
}

// Several files are one column of evidence, in whatever order they come.
func TestDatesOfAllFilesDecideTogether(t *testing.T) {
	table := defenderTable(t)
	early, late := slices.Clone(table[:1+3*12]), append(table[:1:1], table[1+3*12:]...) // to the 12th of March, and later
	want := huntedFiles(t, everything, tableFile(t, table, "iso.csv", ','))
	for _, c := range []struct {
		layout, wrong string
	}{{"02/01/2006 15:04:05", "mdy"}, {"01/02/2006 15:04:05", "dmy"}, {"2-1-2006 15:04:05", "mdy"}} {
		unsure := tableFile(t, rewritten(early, isTime, in(c.layout)), "early.csv", ',')
		proof := tableFile(t, rewritten(late, isTime, in(c.layout)), "late.csv", ',')
		for _, files := range [][]string{{unsure, proof}, {proof, unsure}} {
			got := huntedFiles(t, everything, files...)
			sameRows(t, c.layout, got.text, want.text)
			if len(got.warnings()) > 0 {
				t.Errorf("%s: %q", c.layout, got.warnings())
			}
		}
		alone := huntedFiles(t, everything, unsure)
		if warned := alone.warnings(); len(warned) != 1 || !strings.Contains(warned[0], "ProcessCreationTime, Timestamp could mean two days") {
			t.Errorf("%s alone: warnings %q", c.layout, warned)
		}
		right := map[string]string{"mdy": "dmy", "dmy": "mdy"}[c.wrong]
		told, wrong := huntedFiles(t, everything+" dates="+right, unsure), huntedFiles(t, everything+" dates="+c.wrong, unsure)
		if len(told.warnings()) > 0 || len(told.kind("connection")) != 12 || told.text == wrong.text {
			t.Errorf("%s with dates=%s: %q\n%s", c.layout, right, told.warnings(), told.text)
		}
		for _, r := range told.kind("node") {
			if !strings.Contains(want.text, r.Get("node_id")) {
				t.Errorf("%s with dates=%s: a node of another time: %s", c.layout, right, r.Get("_time"))
			}
		}
	}
}

// A table may hold whole events as text, under whatever name its maker keeps them: they are
// read as if each were a line of its own.
func TestEventsAsTextInAColumn(t *testing.T) {
	b := &box{name: "till-4.corp.example"}
	var events [][]byte
	for _, f := range []fields{b.start(1, 0, "root.exe"), b.start(2, 1, "child, \"of\" it.exe"), b.connect(2, "child.exe", "198.51.100.7", 443)} {
		events = append(events, f.text())
	}
	want := hunted(t, everything, events)
	for _, column := range []string{"_raw", "message", "Message", "event.original", "RawEventData", "line", "log", "@message", "winlog.event_xml", "body"} {
		rows := [][]string{{"id", column, "note", "host"}}
		for i, text := range events {
			rows = append(rows, []string{fmt.Sprint(i), string(text), "no event", "collector"})
		}
		got := huntedFiles(t, everything, tableFile(t, rows, "events.csv", ','))
		sameRows(t, column, got.text, want.text)
		if len(got.warnings()) > 0 {
			t.Errorf("%s: %q", column, got.warnings())
		}
	}
	words := huntedFiles(t, everything, tableFile(t, append([][]string{{"EventID", "message"}}, []string{"10", "Process accessed: {"}), "words.csv", ','),
		tableFile(t, [][]string{{"n", "log"}, {"0", string(events[0])}, {"1", "a line, and no event"}}, "mixed.csv", ','))
	if n := len(words.kind("node")); n != 1 || len(words.warnings()) > 1 {
		t.Errorf("beside texts that are no events came %d nodes, %q", n, words.warnings())
	}
}

// What a spreadsheet saves in the code page of its country is read like UTF-8, which is told.
func TestATableInAnotherCodePage(t *testing.T) {
	b := &box{name: "till-4.corp.example"}
	var plain, foreign [][]byte
	for _, f := range []fields{b.start(1, 0, "Zähler – 5 €.exe"), b.start(2, 1, "Über.exe"), b.connect(2, "Über.exe", "198.51.100.7", 443)} {
		text := f.text()
		plain = append(plain, text)
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("ä"), []byte{0xe4}), []byte("Ü"), []byte{0xdc})
		foreign = append(foreign, bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("–"), []byte{0x96}), []byte("€"), []byte{0x80}))
	}
	got, want := hunted(t, everything, foreign), hunted(t, everything, plain)
	if len(got.rows) != len(want.rows) {
		t.Fatalf("%d rows, want %d", len(got.rows), len(want.rows))
	}
	for i := range want.rows {
		for _, column := range []string{"row", "depth", "path", "process_name", "process", "process_path", "root_process", "root_template", "remote_ip", "tree_id"} {
			if a, b := got.rows[i].Get(column), want.rows[i].Get(column); a != b {
				t.Errorf("row %d: %s is %q, want %q", i, column, a, b)
			}
		}
	}
	if told := strings.Join(got.messages, "\n"); !strings.Contains(told, "Windows-1252") || len(got.warnings()) > 0 {
		t.Errorf("nothing tells of the code page: %s", told)
	}
	if told := strings.Join(want.messages, "\n"); strings.Contains(told, "Windows-1252") {
		t.Errorf("of UTF-8 it is told: %s", told)
	}
}

// audited are the events of Windows' audit log of a device: a process that the scheduler
// started, its child, that child's connection, and another program's under its number.
func audited(device string, more fields) (events [][]byte) {
	header := func(id, second int) fields {
		return fields{"EventID": fmt.Sprint(id), "Channel": "Security", "Computer": device, "TimeCreated": fmt.Sprintf("2026-05-01T00:00:%02d.250Z", second), "EventRecordID": fmt.Sprint(id*100 + second)}
	}
	start := func(second int, pid, image, parent, by string) fields {
		return header(4688, second).with(fields{"NewProcessId": pid, "NewProcessName": `C:\Tools\` + image, "CommandLine": image + " /q", "ProcessId": parent, "ParentProcessName": by, "SubjectUserName": "jo", "SubjectDomainName": "CORP"})
	}
	connect := func(second int, pid, application, to string) fields {
		return header(5156, second).with(fields{"ProcessID": pid, "Application": `\device\harddiskvolume9\tools\` + application, "Direction": "%%14593", "SourceAddress": "10.0.0.8", "SourcePort": fmt.Sprint(50000 + second), "DestAddress": to, "DestPort": "443", "Protocol": "6"})
	}
	for _, f := range []fields{
		start(1, "0x7d0", "root.exe", "0x388", `C:\Windows\System32\svchost.exe`).with(more), start(2, "0x7d4", "child.exe", "0x7d0", `C:\Tools\root.exe`),
		connect(3, "2004", "CHILD.EXE", "198.51.100.7"), connect(4, "2004", "other.exe", "198.51.100.8"),
		header(4689, 9).with(fields{"ProcessId": "0x7d4", "ProcessName": `C:\Tools\child.exe`}), connect(40, "2004", "child.exe", "198.51.100.9"),
	} {
		events = append(events, f.text())
	}
	return events
}

// taskLogged is what the Task Scheduler's log says of the process that it started.
func taskLogged(device string) []byte {
	return fields{"EventID": "129", "Channel": "Microsoft-Windows-TaskScheduler/Operational", "Computer": device, "TimeCreated": "2026-05-01T00:00:01.250Z",
		"EventRecordID": "7", "TaskName": `\Sync`, "Path": "root.exe", "ProcessID": "2000", "ExecutionProcessID": "904"}.text()
}

// Where Windows' audit log is all there is, it is hunted with as soon as something proves
// what the Task Scheduler started; else it is said what is missing.
func TestTheAuditLogAlone(t *testing.T) {
	const device = "till-9.corp.example"
	proofs := map[string][][]byte{
		"the scheduler's log": append(audited(device, nil), taskLogged(device)),
		"the log without its writer": append(audited(device, nil), fields{"EventID": "129", "Channel": "Microsoft-Windows-TaskScheduler/Operational", "Computer": device,
			"TimeCreated": "2026-05-01T00:00:01.260Z", "EventRecordID": "7", "TaskName": `\Sync`, "Path": "root.exe", "ProcessID": "2000"}.text()),
		"a parent's command line": audited(device, fields{"ParentCommandLine": scheduler}),
		"the scheduler's start": append(audited(device, nil), fields{"EventID": "4688", "Channel": "Security", "Computer": device, "TimeCreated": "2026-04-30T20:00:00Z",
			"EventRecordID": "1", "NewProcessId": "0x388", "NewProcessName": `C:\Windows\System32\svchost.exe`, "CommandLine": scheduler, "ProcessId": "0x2bc"}.text()),
	}
	for proof, events := range proofs {
		got := hunted(t, everything, events)
		nodes, connections := got.kind("node"), got.kind("connection")
		if len(nodes) != 2 || len(connections) != 1 || connections[0].Get("remote_ip") != "198.51.100.7" || connections[0].Get("process_name") != "child.exe" {
			t.Fatalf("%s: %d nodes, %d connections, want 2 and that of child.exe\n%s", proof, len(nodes), len(connections), got.text)
		}
		if got.ledger["process"] < 2 || got.ledger["connection"] != 3 || got.ledger["end"] != 1 || got.ledger["orphans"] != 2 {
			t.Errorf("%s: ledger %v", proof, got.ledger)
		}
		if len(got.warnings()) > 0 {
			t.Errorf("%s: %q", proof, got.warnings())
		}
	}
	got := hunted(t, everything, audited(device, nil))
	if len(got.rows) != 0 || got.ledger["process"] != 0 || got.ledger["other"] != 6 || !strings.Contains(strings.Join(got.warnings(), "\n"), "TaskScheduler/Operational") {
		t.Errorf("with no proof: %d rows, ledger %v, %q", len(got.rows), got.ledger, got.warnings())
	}
}

// Beside a sensor the audit log changes nothing.
func TestTheAuditLogBesideASensor(t *testing.T) {
	b := &box{name: "till-9.corp.example"}
	var events [][]byte
	for _, f := range []fields{b.start(1, 0, "root.exe"), b.start(2, 1, "child.exe"), b.connect(2, "child.exe", "198.51.100.7", 443)} {
		events = append(events, f.text())
	}
	want := hunted(t, everything, events)
	got := hunted(t, everything, slices.Concat(audited(b.name, fields{"ParentCommandLine": scheduler}), events))
	sameRows(t, "beside a sensor", got.text, want.text)
	if got.ledger["other"] != 6 || got.ledger["process"] != want.ledger["process"] || len(got.warnings()) > 0 {
		t.Errorf("ledger %v, %q", got.ledger, got.warnings())
	}
}

// A device whose clock runs behind is in no window of the others', which is told with how
// many of its trees that costs, and where they can be seen.
func TestOneClockBehindIsTold(t *testing.T) {
	const options = "max_devices=0 rebuilt=all rarity=command"
	var fleet [][]byte
	for i := range 4 {
		b := &box{name: fmt.Sprintf("pc%d.corp.example", i)}
		for _, f := range []fields{b.start(1, 0, "root.exe"), b.connect(1, "root.exe", "198.51.100.7", 443)} {
			fleet = append(fleet, f.text())
		}
	}
	behind := &box{name: "dead-battery.corp.example"}
	var shifted [][]byte
	for _, f := range []fields{behind.start(1, 0, "root.exe"), behind.connect(1, "root.exe", "198.51.100.7", 443)} {
		earlier := f.with(fields{"TimeCreated": "2015-01-01T00:07:01Z", "UtcTime": "2015-01-01 00:07:01.000"})
		shifted = append(shifted, earlier.text())
	}
	want := hunted(t, options, fleet)
	if warned := want.warnings(); len(warned) > 0 {
		t.Fatalf("of devices that agree: %q", warned)
	}
	got := hunted(t, options, slices.Concat(shifted, fleet))
	if a, b := len(got.kind("node")), len(want.kind("node")); a != b {
		t.Errorf("%d nodes beside a clock that runs behind, want %d", a, b)
	}
	warned := strings.Join(got.warnings(), "\n")
	for _, say := range []string{"dead-battery.corp.example are far older than all others", "1 tree left out", "now=2015-01-01T00:07:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("nothing says %q: %s", say, warned)
		}
	}
	there := hunted(t, options+" now=2015-01-01T00:07:01Z", slices.Concat(shifted, fleet))
	if nodes := there.kind("node"); len(nodes) != 1 || nodes[0].Get("device") != behind.name {
		t.Errorf("with that now= came %d nodes, want the one of %s", len(nodes), behind.name)
	}
	if all := hunted(t, everything, slices.Concat(shifted, fleet)); len(all.warnings()) > 0 {
		t.Errorf("although nothing is left out: %q", all.warnings())
	}
}

// A device whose clock runs ahead hides no other, and is named. Scores are of a fleet with one
// device more, so they are left out.
func TestOneClockAheadHidesNoFleet(t *testing.T) {
	const format = "sysmon"
	var events, shifted [][]byte
	err := sample.Fleet(sample.Config{Devices: 8, Days: 2, Scale: 0.3, Seed: 5, Format: format}, func(h *sample.History) error {
		for i := range h.Events {
			if line := sample.AppendEvent(nil, format, &h.Events[i]); len(line) > 0 {
				events = append(events, bytes.TrimSuffix(line, []byte("\n")))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := hunted(t, "max_devices=0 rebuilt=all rarity=command", events)
	ahead := &box{name: "runaway.corp.example"}
	for _, f := range []fields{ahead.start(1, 0, "root.exe"), ahead.connect(1, "root.exe", "198.51.100.7", 443)} {
		later := f.with(fields{"TimeCreated": "2041-05-01T00:00:01Z", "UtcTime": "2041-05-01 00:00:01.000"})
		shifted = append(shifted, later.text())
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := slices.Concat(events, shifted)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	got := hunted(t, "max_devices=0 rebuilt=all rarity=command", all)
	sameRows(t, "one clock ahead", got.text, want.text)
	warned := strings.Join(got.warnings(), "\n")
	for _, say := range []string{"runaway.corp.example runs ahead", "1 tree left out", "now=2041-05-01T00:00:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("warnings do not say %q: %s", say, warned)
		}
	}
	if there := hunted(t, "max_devices=0 now=2041-05-01T00:00:02Z", all); len(there.kind("node")) != 1 {
		t.Errorf("now= hunts %d nodes there", len(there.kind("node")))
	}
	if no := hunted(t, everything, all); len(no.kind("node")) <= len(want.kind("node")) {
		t.Error("recent=all leaves the runaway out")
	}
}
