//go:build !noremote

package cli

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// windowsEvent is an event as Windows renders it.
type windowsEvent struct {
	Provider struct {
		Name string `xml:",attr"`
	} `xml:"System>Provider"`
	ID   int `xml:"System>EventID"`
	Time struct {
		SystemTime string `xml:",attr"`
	} `xml:"System>TimeCreated"`
	Record   string `xml:"System>EventRecordID"`
	Channel  string `xml:"System>Channel"`
	Computer string `xml:"System>Computer"`
	Writer   struct {
		ProcessID string `xml:",attr"`
	} `xml:"System>Execution"`
	Data []struct {
		Name string `xml:",attr"`
		Text string `xml:",chardata"`
	} `xml:"EventData>Data"`
}

// workspaceOf is events as an agent writes them to a workspace: the older one to Event, the newer
// to WindowsEvent.
func workspaceOf(t *testing.T, files []string, newer bool) map[string][]map[string]any {
	t.Helper()
	tables := map[string][]map[string]any{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var e windowsEvent
			if err := xml.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			row, table := e.row(newer)
			tables[table] = append(tables[table], row)
		}
	}
	return tables
}

func (e *windowsEvent) row(newer bool) (row map[string]any, table string) {
	row = map[string]any{"TimeGenerated": e.Time.SystemTime, "Computer": e.Computer, "EventID": e.ID}
	data := map[string]any{}
	var text strings.Builder
	text.WriteString(`<DataItem type="System.XmlData" time="` + e.Time.SystemTime + `"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">`)
	for _, d := range e.Data {
		data[d.Name] = d.Text
		text.WriteString(`<Data Name="` + d.Name + `">`)
		_ = xml.EscapeText(&text, []byte(d.Text))
		text.WriteString("</Data>")
	}
	text.WriteString("</EventData></DataItem>")
	if newer {
		writer, _ := strconv.Atoi(e.Writer.ProcessID)
		row["Channel"], row["Provider"], row["EventRecordId"], row["EventData"], row["SystemProcessId"] = e.Channel, e.Provider.Name, e.Record, data, writer
		return row, "WindowsEvent"
	}
	row["EventLog"], row["Source"], row["EventData"] = e.Channel, e.Provider.Name, text.String()
	return row, "Event"
}

// What agents write to a workspace is hunted in as the events themselves, causes of roots
// among them.
func TestSentinelIsHunt(t *testing.T) {
	hurry(t)
	dir := t.TempDir()
	if _, stderr, code := cli("sample", "--devices", "20", "--days", "1", "--fresh", "1", "--seed", "9", "--profile", "roots", "--format", "sysmon-xml", dir); code != done {
		t.Fatal(stderr)
	}
	files := fewMachines(t, dir)
	args := []string{"--root", "schtask,service,wmi", "--recent", "all", "--lookback", "all", "--max-devices", "0", "--now", "2027-01-01T00:00:00Z", "--rarity", "command", "--format", "csv"}
	whole, stderr, code := cli(append(append([]string{"hunt"}, args...), files...)...)
	if code != done || !strings.Contains(whole, "caused_by") {
		t.Fatalf("%d, %d files, no cause: %s", code, len(files), stderr)
	}
	for _, newer := range rounds.Some([]bool{true, false}, 1) {
		want, tables := whole, workspaceOf(t, files, newer)
		k := pretended.NewKusto(t, &pretended.Kusto{Tables: tables, Token: token, Most: 3000})
		restore := limited(3000)
		got, stderr, code := cli(append([]string{"remote", "--sentinel", workspaceID, "--url", k.URL, "--earliest", "2020-01-01T00:00:00Z", "--latest", "2028-01-01T00:00:00Z"}, args...)...)
		restore()
		if code != done {
			t.Fatalf("newer %v: %d %s", newer, code, stderr)
		}
		if !newer { // which has no numbers of records
			want, got = withoutRecords(want), withoutRecords(got)
		}
		if got != want {
			t.Errorf("newer %v: the rows differ (%d and %d bytes)\n%s", newer, len(got), len(want), stderr)
			a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Fatalf("row %d:\n%s\n%s", i, a[i], b[i])
				}
			}
		}
	}
}

// fewMachines keeps, of a fleet's events, those of some machines on which something is installed.
func fewMachines(t *testing.T, dir string) (files []string) {
	t.Helper()
	all, _ := filepath.Glob(filepath.Join(dir, "events*"))
	machine := func(line string) string {
		_, rest, _ := strings.Cut(line, "<Computer>")
		name, _, _ := strings.Cut(rest, "<")
		return name
	}
	keep, lines := map[string]bool{}, []string{}
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			lines = append(lines, line)
			installs := strings.Contains(line, "<EventID>20</EventID>") || strings.Contains(line, "<EventID>4697</EventID>") && len(keep) < 2
			keep[machine(line)] = keep[machine(line)] || installs
			if !keep[machine(line)] {
				delete(keep, machine(line))
			}
		}
	}
	few := slices.DeleteFunc(lines, func(line string) bool { return !keep[machine(line)] })
	file := filepath.Join(t.TempDir(), "few.xml")
	if err := os.WriteFile(file, []byte(strings.Join(few, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{file}
}

func withoutRecords(rows string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(rows, "#") {
		b.WriteString(strings.TrimLeft(part, "0123456789"))
	}
	return b.String()
}
