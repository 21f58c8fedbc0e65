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
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
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
	want := doors.HuntedFiles(t, doors.Everything, tableFile(t, table, "iso.csv", ','))
	if len(want.Kind("connection")) != 20 || len(want.Warnings()) > 0 {
		t.Fatalf("the plain export tells another story: %q\n%s", want.Messages, want.Text)
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
		got := doors.HuntedFiles(t, doors.Everything, file)
		doors.SameRows(t, name, got.Text, want.Text)
		if len(got.Warnings()) > 0 {
			t.Errorf("%s: warnings %q", name, got.Warnings())
		}
	}
}

// Several files are one column of evidence, in whatever order they come.
func TestDatesOfAllFilesDecideTogether(t *testing.T) {
	table := defenderTable(t)
	early, late := slices.Clone(table[:1+3*12]), append(table[:1:1], table[1+3*12:]...) // to the 12th of March, and later
	want := doors.HuntedFiles(t, doors.Everything, tableFile(t, table, "iso.csv", ','))
	for _, c := range []struct {
		layout, wrong string
	}{{"02/01/2006 15:04:05", "mdy"}, {"01/02/2006 15:04:05", "dmy"}, {"2-1-2006 15:04:05", "mdy"}} {
		unsure := tableFile(t, rewritten(early, isTime, in(c.layout)), "early.csv", ',')
		proof := tableFile(t, rewritten(late, isTime, in(c.layout)), "late.csv", ',')
		for _, files := range [][]string{{unsure, proof}, {proof, unsure}} {
			got := doors.HuntedFiles(t, doors.Everything, files...)
			doors.SameRows(t, c.layout, got.Text, want.Text)
			if len(got.Warnings()) > 0 {
				t.Errorf("%s: %q", c.layout, got.Warnings())
			}
		}
		alone := doors.HuntedFiles(t, doors.Everything, unsure)
		if warned := alone.Warnings(); len(warned) != 1 || !strings.Contains(warned[0], "ProcessCreationTime, Timestamp could mean two days") {
			t.Errorf("%s alone: warnings %q", c.layout, warned)
		}
		right := map[string]string{"mdy": "dmy", "dmy": "mdy"}[c.wrong]
		told, wrong := doors.HuntedFiles(t, doors.Everything+" dates="+right, unsure), doors.HuntedFiles(t, doors.Everything+" dates="+c.wrong, unsure)
		if len(told.Warnings()) > 0 || len(told.Kind("connection")) != 12 || told.Text == wrong.Text {
			t.Errorf("%s with dates=%s: %q\n%s", c.layout, right, told.Warnings(), told.Text)
		}
		for _, r := range told.Kind("node") {
			if !strings.Contains(want.Text, r.Get("node_id")) {
				t.Errorf("%s with dates=%s: a node of another time: %s", c.layout, right, r.Get("_time"))
			}
		}
	}
}

// A table may hold whole events as text, under whatever name its maker keeps them: they are
// read as if each were a line of its own.
func TestEventsAsTextInAColumn(t *testing.T) {
	b := &worlds.Box{Name: "till-4.corp.example"}
	var events [][]byte
	for _, f := range []worlds.Fields{b.Start(1, 0, "root.exe"), b.Start(2, 1, "child, \"of\" it.exe"), b.Connect(2, "child.exe", "198.51.100.7", 443)} {
		events = append(events, f.Text())
	}
	want := doors.Hunted(t, doors.Everything, events)
	for _, column := range []string{"_raw", "message", "Message", "event.original", "RawEventData", "line", "log", "@message", "winlog.event_xml", "body"} {
		rows := [][]string{{"id", column, "note", "host"}}
		for i, text := range events {
			rows = append(rows, []string{fmt.Sprint(i), string(text), "no event", "collector"})
		}
		got := doors.HuntedFiles(t, doors.Everything, tableFile(t, rows, "events.csv", ','))
		doors.SameRows(t, column, got.Text, want.Text)
		if len(got.Warnings()) > 0 {
			t.Errorf("%s: %q", column, got.Warnings())
		}
	}
	words := doors.HuntedFiles(t, doors.Everything, tableFile(t, append([][]string{{"EventID", "message"}}, []string{"10", "Process accessed: {"}), "words.csv", ','),
		tableFile(t, [][]string{{"n", "log"}, {"0", string(events[0])}, {"1", "a line, and no event"}}, "mixed.csv", ','))
	if n := len(words.Kind("node")); n != 1 || len(words.Warnings()) > 1 {
		t.Errorf("beside texts that are no events came %d nodes, %q", n, words.Warnings())
	}
}

// What a spreadsheet saves in the code page of its country is read like UTF-8, which is told.
func TestATableInAnotherCodePage(t *testing.T) {
	b := &worlds.Box{Name: "till-4.corp.example"}
	var plain, foreign [][]byte
	for _, f := range []worlds.Fields{b.Start(1, 0, "Zähler – 5 €.exe"), b.Start(2, 1, "Über.exe"), b.Connect(2, "Über.exe", "198.51.100.7", 443)} {
		text := f.Text()
		plain = append(plain, text)
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("ä"), []byte{0xe4}), []byte("Ü"), []byte{0xdc})
		foreign = append(foreign, bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("–"), []byte{0x96}), []byte("€"), []byte{0x80}))
	}
	got, want := doors.Hunted(t, doors.Everything, foreign), doors.Hunted(t, doors.Everything, plain)
	if len(got.Rows) != len(want.Rows) {
		t.Fatalf("%d rows, want %d", len(got.Rows), len(want.Rows))
	}
	for i := range want.Rows {
		for _, column := range []string{"row", "depth", "path", "process_name", "process", "process_path", "root_process", "root_template", "remote_ip", "tree_id"} {
			if a, b := got.Rows[i].Get(column), want.Rows[i].Get(column); a != b {
				t.Errorf("row %d: %s is %q, want %q", i, column, a, b)
			}
		}
	}
	if told := strings.Join(got.Messages, "\n"); !strings.Contains(told, "Windows-1252") || len(got.Warnings()) > 0 {
		t.Errorf("nothing tells of the code page: %s", told)
	}
	if told := strings.Join(want.Messages, "\n"); strings.Contains(told, "Windows-1252") {
		t.Errorf("of UTF-8 it is told: %s", told)
	}
}

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

// A device whose clock runs behind is in no window of the others', which is told with how
// many of its trees that costs, and where they can be seen.
func TestOneClockBehindIsTold(t *testing.T) {
	const options = "max_devices=0 rebuilt=all rarity=command"
	var fleet [][]byte
	for i := range 4 {
		b := &worlds.Box{Name: fmt.Sprintf("pc%d.corp.example", i)}
		for _, f := range []worlds.Fields{b.Start(1, 0, "root.exe"), b.Connect(1, "root.exe", "198.51.100.7", 443)} {
			fleet = append(fleet, f.Text())
		}
	}
	behind := &worlds.Box{Name: "dead-battery.corp.example"}
	var shifted [][]byte
	for _, f := range []worlds.Fields{behind.Start(1, 0, "root.exe"), behind.Connect(1, "root.exe", "198.51.100.7", 443)} {
		earlier := f.With(worlds.Fields{"TimeCreated": "2015-01-01T00:07:01Z", "UtcTime": "2015-01-01 00:07:01.000"})
		shifted = append(shifted, earlier.Text())
	}
	want := doors.Hunted(t, options, fleet)
	if warned := want.Warnings(); len(warned) > 0 {
		t.Fatalf("of devices that agree: %q", warned)
	}
	got := doors.Hunted(t, options, slices.Concat(shifted, fleet))
	if a, b := len(got.Kind("node")), len(want.Kind("node")); a != b {
		t.Errorf("%d nodes beside a clock that runs behind, want %d", a, b)
	}
	warned := strings.Join(got.Warnings(), "\n")
	for _, say := range []string{"dead-battery.corp.example are far older than all others", "1 tree left out", "now=2015-01-01T00:07:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("nothing says %q: %s", say, warned)
		}
	}
	there := doors.Hunted(t, options+" now=2015-01-01T00:07:01Z", slices.Concat(shifted, fleet))
	if nodes := there.Kind("node"); len(nodes) != 1 || nodes[0].Get("device") != behind.Name {
		t.Errorf("with that now= came %d nodes, want the one of %s", len(nodes), behind.Name)
	}
	if all := doors.Hunted(t, doors.Everything, slices.Concat(shifted, fleet)); len(all.Warnings()) > 0 {
		t.Errorf("although nothing is left out: %q", all.Warnings())
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
	want := doors.Hunted(t, "max_devices=0 rebuilt=all rarity=command", events)
	ahead := &worlds.Box{Name: "runaway.corp.example"}
	for _, f := range []worlds.Fields{ahead.Start(1, 0, "root.exe"), ahead.Connect(1, "root.exe", "198.51.100.7", 443)} {
		later := f.With(worlds.Fields{"TimeCreated": "2041-05-01T00:00:01Z", "UtcTime": "2041-05-01 00:00:01.000"})
		shifted = append(shifted, later.Text())
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := slices.Concat(events, shifted)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	got := doors.Hunted(t, "max_devices=0 rebuilt=all rarity=command", all)
	doors.SameRows(t, "one clock ahead", got.Text, want.Text)
	warned := strings.Join(got.Warnings(), "\n")
	for _, say := range []string{"runaway.corp.example runs ahead", "1 tree left out", "now=2041-05-01T00:00:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("warnings do not say %q: %s", say, warned)
		}
	}
	if there := doors.Hunted(t, "max_devices=0 now=2041-05-01T00:00:02Z", all); len(there.Kind("node")) != 1 {
		t.Errorf("now= hunts %d nodes there", len(there.Kind("node")))
	}
	if no := doors.Hunted(t, doors.Everything, all); len(no.Kind("node")) <= len(want.Kind("node")) {
		t.Error("recent=all leaves the runaway out")
	}
}
