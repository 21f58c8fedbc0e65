package kql

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

func TestColumnsAreThoseOfTheQuerysSchema(t *testing.T) {
	var want []string
	for line := range strings.Lines(string(content(t, "testdata/output_schema.tsv"))) {
		want = append(want, strings.Split(strings.TrimSpace(line), "\t")[1])
	}
	if got := Columns(true); !slices.Equal(got, want) {
		t.Errorf("columns\n%q, want\n%q", got, want)
	}
	for _, name := range Columns(false) {
		if !slices.Contains(want, name) {
			t.Errorf("column %q is none of the query's", name)
		}
	}
}

func TestNowIsTheNewestEventWhenNobodyTells(t *testing.T) {
	processes, network := content(t, "testdata/ex1/processes.csv"), content(t, "testdata/ex1/network.csv")
	o := original()
	o.Now = instant("2026-11-21T09:10:00Z") // the newest event of ex1
	want, _ := resultOf(t, o, processes, network)
	o.Now = event.NoTime
	got, report := resultOf(t, o, network, processes)
	compareLines(t, got, want)
	if report.Now != instant("2026-11-21T09:10:00Z") {
		t.Errorf("now is %s", report.Now.Std())
	}
}

// Leaving out old events as they come and at the end must be the same.
func TestLookbackAndRecent(t *testing.T) {
	for _, span := range []event.Time{0, event.Second, 3600 * event.Second, event.Day, 30 * event.Day} {
		o := original()
		o.Lookback, o.Recent = span, 0
		early, _ := resultOf(t, o, content(t, "testdata/ex1/processes.csv"), content(t, "testdata/ex1/network.csv"))
		o.Now = event.NoTime
		beacon := []byte("Timestamp,DeviceId,ActionType,RemoteIP\n2026-11-21T12:00:00Z,none,ConnectionSuccess,192.0.2.1\n")
		late, _ := resultOf(t, o, content(t, "testdata/ex1/processes.csv"), content(t, "testdata/ex1/network.csv"), beacon)
		compareLines(t, late, early)
		if rows := strings.Count(early, "\n") - 1; span == 30*event.Day && rows != 7 {
			t.Errorf("without limits there are %d rows, want 7: n9 of an old root besides the 6", rows)
		}
	}
}

// ago(7d) itself is out, one tick later is in; so with connections.
func TestTheLookbackIsStrict(t *testing.T) {
	for timestamp, want := range map[string]int{"2026-11-14T12:00:00.0000000Z": 0, "2026-11-14T12:00:00.0000001Z": 1} {
		for _, now := range []event.Time{fixtureNow, event.NoTime} {
			o := original()
			o.Now, o.Recent = now, 0
			q := New(o)
			process := row{
				"Timestamp": timestamp, "DeviceId": "d", "ActionType": "ProcessCreated", "FileName": "a.exe", "ProcessId": "5",
				"ProcessCreationTime": timestamp, "InitiatingProcessFileName": taskScheduler, "InitiatingProcessCommandLine": taskSchedulerRuns,
			}
			connection := row{
				"Timestamp": timestamp, "DeviceId": "d", "ActionType": "ConnectionSuccess", "RemoteIP": "192.0.2.1",
				"InitiatingProcessFileName": "a.exe", "InitiatingProcessId": "5", "InitiatingProcessCreationTime": timestamp,
			}
			newest := row{"Timestamp": "2026-11-21T12:00:00Z", "ActionType": "ConnectionSuccess"}
			for _, r := range []row{process, connection, newest} {
				if _, err := add(q, r); err != nil {
					t.Fatal(err)
				}
			}
			_, rows, report := q.Finish()
			if len(rows) != want || report.Defender.Processes != want || report.Defender.Connections != want+1 {
				t.Errorf("%s: %d rows, report %+v; want %d of each", timestamp, len(rows), report.Defender, want)
			}
		}
	}
}

// Events that repeat under their own key multiply at every level: k^5 paths.
func TestTooManyPathsAreToldOf(t *testing.T) {
	var b strings.Builder
	b.WriteString("Timestamp,DeviceId,FileName,ProcessId,ProcessCommandLine,ProcessCreationTime,InitiatingProcessFileName,InitiatingProcessId,InitiatingProcessCommandLine,InitiatingProcessCreationTime\n")
	const at = "2026-11-21T08:00:00Z"
	fmt.Fprintf(&b, "%s,d,a.exe,5,a,%s,svchost.exe,1,%s,%s\n", at, at, taskSchedulerRuns, at)
	for i := range 4 { // the process is its own parent, four times
		fmt.Fprintf(&b, "%s,d,a.exe,5,a %d,%s,a.exe,5,a,%s\n", at, i, at, at)
	}
	text := []byte(b.String())
	_, report := resultOf(t, original(), text)
	if s := report.Defender; s.Paths != 1024 || s.Capped != 0 {
		t.Errorf("%d paths, %d capped; want 4^5 paths", s.Paths, s.Capped)
	}
	o := original()
	o.MaxPaths = 100
	_, report = resultOf(t, o, text)
	if s := report.Defender; s.Paths != 100 || s.Capped != 1 {
		t.Errorf("%d paths, %d capped; want 100 and 1", s.Paths, s.Capped)
	}
	if warnings := strings.Join(report.Warnings(), "\n"); !strings.Contains(warnings, "1 root processes have too many paths") {
		t.Errorf("warnings are %q", warnings)
	}
}

// A limit that is reached leaves out the same paths, whatever the order of events.
func TestTheLimitDoesNotDependOnTheOrder(t *testing.T) {
	processes, network := exampleRows(t)
	o := original()
	o.MaxPaths = 1
	results := map[string]bool{}
	for range 2 {
		slices.Reverse(processes)
		q := New(o)
		for _, r := range append(slices.Clone(processes), network...) {
			if _, err := add(q, r); err != nil {
				t.Fatal(err)
			}
		}
		columns, rows, _ := q.Finish()
		results[asCSV(t, columns, rows)] = true
	}
	if len(results) != 1 {
		t.Error("another order of events gives another result")
	}
}

func TestReportCountsTiesAndUnreadableValues(t *testing.T) {
	_, report := resultOf(t, original(), content(t, "testdata/ex2/processes.csv"), content(t, "testdata/ex2/network.csv"))
	if report.Defender.Tied != 3 { // q01, q11 and g.exe of q19
		t.Errorf("%d patterns are tied, want 3", report.Defender.Tied)
	}
	dir := "testdata/quirks/q04-latest-only"
	if _, report := resultOf(t, original(), content(t, dir, "processes.csv")); report.Defender.Tied != 0 {
		t.Errorf("%d patterns are tied, want none: each run has its own time", report.Defender.Tied)
	}
	q := New(original())
	if _, err := add(q, row{"Timestamp": "2026-11-21T08:00:00Z", "ActionType": "ProcessCreated", "ProcessId": "many", "ProcessCreationTime": "soon"}); err != nil {
		t.Fatal(err)
	}
	if _, _, report := q.Finish(); report.Unreadable != 2 {
		t.Errorf("%d values are unreadable, want 2", report.Unreadable)
	}
}

// Both sensors' events in one run: the rows of each, as if it were alone.
func TestBothSensors(t *testing.T) {
	defender := [][]byte{content(t, "testdata/ex1/processes.csv"), content(t, "testdata/ex1/network.csv")}
	sysmon := [][]byte{content(t, "testdata/ex1/sysmon_process.csv"), content(t, "testdata/ex1/sysmon_network.csv")}
	a, _ := resultOf(t, original(), defender...)
	b, _ := resultOf(t, original(), sysmon...)
	both, report := resultOf(t, original(), append(defender, sysmon...)...)
	lines := append(strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")[1:]...)
	got := strings.SplitAfter(both, "\n")
	slices.Sort(lines)
	slices.Sort(got)
	if !slices.Equal(slices.DeleteFunc(got, isEmpty), slices.DeleteFunc(lines, isEmpty)) {
		t.Errorf("rows\n%q, want\n%q", got, lines)
	}
	if len(report.Warnings()) == 0 || report.Defender.Rows != 6 || report.Sysmon.Rows != 6 {
		t.Errorf("report %+v with warnings %q", report, report.Warnings())
	}
}

func isEmpty(text string) bool { return text == "" }

func TestRequiredFields(t *testing.T) {
	with, without := RequiredFields(true), RequiredFields(false)
	if !slices.Contains(with, "_raw") || slices.Contains(without, "_raw") || len(with) != len(without)+1 {
		t.Error("raw decides on something else than _raw")
	}
	for _, field := range []string{"RemoteUrl", "properties.RemoteUrl", "body.properties.RemoteUrl", "category", "ProcessGuid", "winlog.event_data.ProcessGuid", "EventCode"} {
		if !slices.Contains(without, field) {
			t.Errorf("%s is not asked for", field)
		}
	}
}

// FuzzAdd gives the query any text as an event: it must come to an end, and its rows
// must have their columns.
func FuzzAdd(f *testing.F) {
	f.Add([]byte(`{"category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-11-21T08:00:00Z","ProcessId":4,"FileName":"a.exe"}}`))
	f.Add([]byte(`{"Timestamp":"2026-11-21T08:00:00Z","ActionType":"ConnectionSuccess","RemotePort":"x"}`))
	f.Add([]byte(`<Event><System><EventID>1</EventID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>a</Computer></System><EventData><Data Name='UtcTime'>2026-11-21 08:00:00.000</Data><Data Name='ProcessGuid'>{1}</Data>`))
	f.Add([]byte("Timestamp,DeviceId\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		o := original()
		o.AllColumns = len(text)%2 == 0
		q := New(o)
		addCSV(t, q, content(t, "testdata/ex1/processes.csv"))
		_, _ = q.AddText(text)
		rec := record.New(Names())
		rec.Set(Names().Slot("_raw"), text)
		rec.Set(Names().Slot("properties.DeviceId"), []byte("d"))
		_, _ = q.Add(rec)
		columns, rows, _ := q.Finish()
		for _, r := range rows {
			if len(r) != len(columns) {
				t.Fatalf("a row has %d cells for %d columns", len(r), len(columns))
			}
		}
	})
}
