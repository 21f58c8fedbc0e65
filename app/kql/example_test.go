package kql

import (
	"encoding/csv"
	"strings"
	"testing"
)

// The goldens of ex1 were worked out by hand, and both they and those of ex2 are what
// two independent engines return: the query's own text run by Microsoft's parser and
// binder, and its translation to SQL.
func TestWorkedExamples(t *testing.T) {
	cases := []struct {
		folder, want string
		change       func(*Options)
	}{
		{"ex1", "want.csv", func(*Options) {}},
		{"ex1", "want_all.csv", func(o *Options) { o.AllColumns = true }},
		{"ex1", "want_max_devices_1.csv", func(o *Options) { o.MaxDevices = 1 }},
		{"ex1", "want_allow_command.csv", func(o *Options) { o.AllowCommand = []string{"dl.cmd", "u.ps1"} }},
		{"ex2", "want.csv", func(*Options) {}},
		{"ex2", "want_all.csv", func(o *Options) { o.AllColumns = true }},
		{"ex2", "want_null_keys_match.csv", func(o *Options) { o.NullKeysMatch = true }},
	}
	for _, c := range cases {
		t.Run(c.folder+"/"+c.want, func(t *testing.T) {
			o := original()
			c.change(&o)
			dir := "testdata/" + c.folder
			got, _ := resultOf(t, o, content(t, dir, "processes.csv"), content(t, dir, "network.csv"))
			compareLines(t, got, string(content(t, dir, c.want)))
		})
	}
}

func TestStagesOfTheWorkedExample(t *testing.T) {
	_, report := resultOf(t, original(), content(t, "testdata/ex1/processes.csv"), content(t, "testdata/ex1/network.csv"))
	want := Stages{
		Processes: 12, Scheduled: 6, Prevalence: 4, Roots: 6, RecentRoots: 5, Paths: 6, Patterns: 5, Nodes: 9,
		Connections: 10, // of 13: one private, one on the list of names, one listening
		Rows:        6,
	}
	if report.Defender != want || report.Sysmon != (Stages{}) {
		t.Errorf("stages %+v and %+v, want %+v", report.Defender, report.Sysmon, want)
	}
}

// The Sysmon goldens have columns of their own names; these are the same in ours.
var sysmonGolden = map[string]string{
	"f0": "InitiatingProcessG3ParentFileName", "f1": "InitiatingProcessG2ParentFileName",
	"f2": "InitiatingProcessG1ParentFileName", "f3": "InitiatingProcessParentFileName",
	"f4": "InitiatingProcessFileName", "f5": "FileName",
	"i0": "InitiatingProcessG3ParentId", "i1": "InitiatingProcessG2ParentId", "i2": "InitiatingProcessG1ParentId",
	"i3": "InitiatingProcessParentId", "i4": "InitiatingProcessId", "i5": "ProcessId",
	"N_FileName": "N_InitiatingProcessFileName", "N_CommandLine": "N_InitiatingProcessCommandLine",
	"N_ProcessId": "N_InitiatingProcessId",
}

func TestSysmonExamples(t *testing.T) {
	for _, folder := range []string{"ex1", "ex2"} {
		t.Run(folder, func(t *testing.T) {
			dir := "testdata/" + folder
			q := New(original())
			addCSV(t, q, content(t, dir, "sysmon_process.csv"))
			addCSV(t, q, content(t, dir, "sysmon_network.csv"))
			columns, rows, _ := q.Finish()
			got := sysmonResult(t, columns, rows, content(t, dir, "want_sysmon.csv"))
			compareLines(t, got, string(content(t, dir, "want_sysmon.csv")))
		})
	}
}

// sysmonResult returns rows under the header of want.
func sysmonResult(tb testing.TB, columns []string, rows [][]string, want []byte) string {
	tb.Helper()
	header, err := csv.NewReader(strings.NewReader(string(want))).Read()
	if err != nil {
		tb.Fatal(err)
	}
	at := make(map[string]int)
	for i, name := range columns {
		at[name] = i
	}
	var out [][]string
	for _, row := range rows {
		var cells []string
		for _, name := range header {
			if ours, renamed := sysmonGolden[name]; renamed {
				name = ours
			}
			if name == "N_ProcessGuid" { // the join_key is the Computer, a dash and the GUID
				cells = append(cells, strings.TrimPrefix(row[at["join_key"]], row[at["DeviceId"]]+"-"))
				continue
			}
			i, known := at[name]
			if !known {
				tb.Fatalf("no column %s", name)
			}
			cells = append(cells, row[i])
		}
		out = append(out, cells)
	}
	return asCSV(tb, header, out)
}
