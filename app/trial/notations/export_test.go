package notations_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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
