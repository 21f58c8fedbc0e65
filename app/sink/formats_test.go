package sink

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

func writeAs(t *testing.T, o Options, kinds row.Kind, rows []row.Row) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, o, row.HeaderOf(kinds).Names, rows, About{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A line of jsonl has what the row has: numbers as numbers with all their digits, lists
// as arrays, and no key without a value.
func TestLinesAreTyped(t *testing.T) {
	header := row.HeaderOf(row.Nodes)
	values := make([]string, len(header.Names))
	for column, value := range map[string]string{
		"_time": "1795165201.2500001", "row": "node", "depth": "1", "process_id": "7004", "why": "rare +1.0 x\nhabit +2.5 y",
		"score": "3.5", "process": "1e5", "process_name": "007", "clock_gap": "1e5", "intel_score": "007",
	} {
		values[header.Index(column)] = value
	}
	got := writeAs(t, Options{Format: "jsonl"}, row.Nodes, []row.Row{header.Row(values)})
	want := `{"_time":1795165201.2500001,"row":"node","depth":1,"process_name":"007","process":"1e5","process_id":7004,"clock_gap":"1e5",` +
		`"intel_score":"007","score":3.5,"why":["rare +1.0 x","habit +2.5 y"]}` + "\n"
	if got != want || !json.Valid([]byte(got)) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := writeAs(t, Options{Format: "jsonl"}, row.Nodes, []row.Row{header.Row(make([]string, len(values)))}); got != "{}\n" {
		t.Errorf("an empty row is %q", got)
	}
}

// Whatever a value is, jsonl holds it, once the types are undone.
func TestLinesReadBack(t *testing.T) {
	rows := table(nodes)
	for i, line := range strings.Split(strings.TrimSuffix(writeAs(t, Options{Format: "jsonl"}, row.Nodes, rows), "\n"), "\n") {
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		var got map[string]any
		if err := decoder.Decode(&got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for j, column := range nodes {
			text := ""
			switch v := got[column].(type) {
			case string:
				text = v
			case json.Number:
				text = v.String()
			case []any:
				for k, one := range v {
					text += strings.Repeat("\n", min(k, 1)) + one.(string)
				}
			}
			if text != rows[i].Values[j] {
				t.Errorf("row %d, %s: %q, want %q", i, column, text, rows[i].Values[j])
			}
		}
	}
}

func TestTimes(t *testing.T) {
	was := time.Local
	defer func() { time.Local = was }()
	time.Local = time.FixedZone("here", 5*3600+1800)
	header := row.HeaderOf(row.Nodes)
	values := make([]string, len(header.Names))
	values[0], values[1], values[header.Index("first_seen")] = "1795165201.2500001", "node", "never"
	rows := []row.Row{header.Row(values)}
	for times, want := range map[string]string{
		"epoch": "1795165201.2500001,node,", "": "1795165201.2500001,node,",
		"iso": "2026-11-20T09:00:01.2500001Z,node,", "local": "2026-11-20T14:30:01.2500001+05:30,node,",
	} {
		for _, format := range []string{"csv", "json", "jsonl"} {
			got := writeAs(t, Options{Format: format, Times: times}, row.Nodes, rows)
			if stamp, _, _ := strings.Cut(want, ","); !strings.Contains(got, stamp) || !strings.Contains(got, "never") {
				t.Errorf("%s, %s: %s", times, format, got)
			}
		}
	}
	if rows[0].Values[0] != "1795165201.2500001" {
		t.Error("writing changed the rows")
	}
}

// No cell begins as a formula does, but for numbers, and what is behind the apostrophe is
// the cell.
func TestSafeCSV(t *testing.T) {
	cells := []string{"=cmd|' /C calc'!A0", "+1+2", "-x", "@SUM(1)", "\t=1", "\r=1", "＝1", "-5", "+3.5", "plain", "", "a=b", "'q"}
	for _, cell := range cells {
		got := safe(cell)
		number := cell == "-5" || cell == "+3.5"
		formula := got != "" && strings.ContainsRune("=+-@\t\r\n＝", []rune(got)[0])
		if formula != number || strings.TrimPrefix(got, "'") != strings.TrimPrefix(cell, "'") {
			t.Errorf("%q becomes %q", cell, got)
		}
	}
	rows := table(nodes)
	records, err := csv.NewReader(strings.NewReader(writeAs(t, Options{Format: "csv", Safe: true}, row.Nodes, rows))).ReadAll()
	if err != nil || len(records) != len(rows)+1 {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		for _, cell := range record {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "\t") {
				t.Errorf("%q", cell)
			}
		}
	}
}

// Every moment has what Timesketch asks for, and a time that it reads.
func TestTimesketch(t *testing.T) {
	rows := row.Build(trees(), row.Nodes|row.Connections)
	records, err := csv.NewReader(strings.NewReader(writeAs(t, Options{Format: "timesketch"}, row.Nodes, rows))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(records[0][:3], ","); got != "message,datetime,timestamp_desc" {
		t.Errorf("header %s", got)
	}
	if len(records) != 1+3+1 { // three processes; one of two connections has a time, and one moment
		t.Errorf("%d records", len(records))
	}
	for _, r := range records[1:] {
		if _, err := time.Parse(time.RFC3339, r[1]); err != nil || r[0] == "" || r[2] == "" {
			t.Errorf("%q: %v", r[:3], err)
		}
	}
}

func TestOneFinding(t *testing.T) {
	rows := row.Build(trees(), row.Nodes|row.Connections)
	if got := writeAs(t, Options{Format: "csv", Finding: "T2"}, row.Nodes, rows); strings.Contains(got, "a.exe") || strings.Count(got, ",t2,") != 2 {
		t.Errorf("%s", got)
	}
	err := Write(new(bytes.Buffer), Options{Format: "csv", Finding: "nothing"}, nodes, rows, About{})
	if err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Error(err)
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]string{
		"": "table", "a.HTML": "html", "x/y.mmd": "mermaid", "a.gv": "dot", "a.jsonl": "jsonl", "a.ndjson": "jsonl", "a.txt": "table", "a.csv": "csv",
	} {
		if got, known := FormatOf(file); !known || got != want {
			t.Errorf("%q: %q", file, got)
		}
	}
	for _, file := range []string{"a", "a.pdf", ".", "a.csv.gz"} {
		if got, known := FormatOf(file); known {
			t.Errorf("%q: %q", file, got)
		}
	}
}
