package sink

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// texts are what a field may hold.
var texts = []string{
	"", "plain", `with "quotes"`, `""`, `"`, "a,b", "two\nlines", "\n", "cr\rlf\r\n", " blanks ", "\ttab", `back\slash`, "größe 文件", "<a href='x'>&amp;",
	"\x1b[31m", "\u2028", "=cmd|' /C calc'!A0", "-", `\N`,
}

var nodes = row.HeaderOf(row.Nodes).Names

// table makes a row for each text, which goes into every column in turn.
func table(columns []string) (rows []row.Row) {
	for i := range texts {
		values := make([]string, len(columns))
		for j := range values {
			values[j] = texts[(i+j)%len(texts)]
		}
		rows = append(rows, row.NewHeader(columns).Row(values))
	}
	return rows
}

func write(t *testing.T, format string, columns []string, rows []row.Row) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, Options{Format: format, Width: 100}, columns, rows, About{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSVReadsBack(t *testing.T) {
	for _, columns := range [][]string{nodes, row.HeaderOf(row.Trees).Names} {
		rows := table(columns)
		reader := csv.NewReader(strings.NewReader(write(t, "csv", columns, rows)))
		got, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(rows)+1 || !slices.Equal(got[0], columns) {
			t.Fatalf("%d records, the first %q", len(got), got[0])
		}
		for i, r := range rows {
			for j := range r.Values {
				// encoding/csv makes CR LF inside quotes one LF.
				if want := strings.ReplaceAll(r.Values[j], "\r\n", "\n"); got[i+1][j] != want {
					t.Errorf("row %d, %s: %q, want %q", i, columns[j], got[i+1][j], want)
				}
			}
		}
	}
}

func TestCSVLinesEndInLF(t *testing.T) {
	out := write(t, "csv", nodes, []row.Row{{Values: make([]string, len(nodes))}})
	if strings.Contains(out, "\r") || strings.Count(out, "\n") != 2 {
		t.Errorf("%q", out)
	}
}

func TestJSONReadsBack(t *testing.T) {
	for _, columns := range [][]string{nodes, row.HeaderOf(row.Trees).Names} {
		rows := table(columns)
		lines := strings.Split(strings.TrimSuffix(write(t, "json", columns, rows), "\n"), "\n")
		if len(lines) != len(rows) {
			t.Fatalf("%d lines for %d rows", len(lines), len(rows))
		}
		for i, line := range lines {
			decoder := json.NewDecoder(strings.NewReader(line))
			if _, err := decoder.Token(); err != nil {
				t.Fatal(err)
			}
			for j, column := range columns { // every column, in order
				key, _ := decoder.Token()
				value, err := decoder.Token()
				if err != nil || key != column || value != rows[i].Values[j] {
					t.Fatalf("line %d: %v is %q, want %s %q (%v)", i, key, value, column, rows[i].Values[j], err)
				}
			}
		}
	}
}

func TestJSONIsAlwaysUTF8(t *testing.T) {
	out := write(t, "json", []string{"a"}, []row.Row{{Values: []string{"\xff\xc3("}}})
	if !utf8.ValidString(out) || !json.Valid([]byte(out)) {
		t.Errorf("%q", out)
	}
}

func TestNoRows(t *testing.T) {
	for format, want := range map[string]string{"csv": strings.Join(nodes, ",") + "\n", "json": "", "table": "0 findings\n", "jsonl": ""} {
		if got := write(t, format, nodes, nil); got != want {
			t.Errorf("%s of no rows is %q", format, got)
		}
	}
	if body, err := Body(nodes, nil); err != nil || len(body) != 0 {
		t.Errorf("body of no rows is %q, %v", body, err)
	}
}

func TestBodyIsTheCSV(t *testing.T) {
	rows := table(nodes)
	body, err := Body(nodes, rows)
	if err != nil || string(body) != write(t, "csv", nodes, rows) {
		t.Errorf("body differs from the CSV (%v)", err)
	}
}

func TestErrors(t *testing.T) {
	rows := []row.Row{row.HeaderOf(row.Nodes).Row(make([]string, len(nodes)))}
	rows[0].Kind = row.Nodes
	for name, c := range map[string]struct {
		format string
		rows   []row.Row
		want   string
	}{
		"format":    {"xml", rows, `format "xml" is not one of table, csv, json, jsonl`},
		"short csv": {"csv", []row.Row{{Values: []string{"1"}}}, "row of 1 cells"},
		"short":     {"json", []row.Row{{Values: []string{"1"}}}, fmt.Sprintf("row of 1 values for %d columns", len(nodes))},
	} {
		if err := Write(new(bytes.Buffer), Options{Format: c.format}, nodes, c.rows, About{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, format := range Formats {
		if err := Write(full{}, Options{Format: format}, nodes, rows, About{}); !errors.Is(err, errFull) {
			t.Errorf("%s to a full disk: %v", format, err)
		}
	}
}

var errFull = errors.New("disk full")

// full is a file on a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// trees are two trees, with what an attacker writes in every text.
func trees() []row.Tree {
	const noon = event.Time(1_700_000_000) * event.Second
	evil := "x\x1b[2J\u202e\ny"
	node := func(depth int, name string) row.Node {
		return row.Node{ID: name, Depth: depth, Path: name, Process: row.Process{Name: name, Command: name + " /c", PID: 7}, User: "SYSTEM", Edge: "guid", Started: noon}
	}
	first := row.Tree{ID: "t1", Device: "PC-1", Devices: 1, Nodes: []row.Node{node(1, "a.exe"), node(2, "b.exe")}}
	first.Nodes[1].Connections = []row.Connection{{Edge: "guid", IP: "1.1.1.1", Port: 443, Class: "public", Direction: "outbound", Count: 2, First: noon, Last: noon}}
	second := row.Tree{ID: "t2", Device: evil, Devices: 12, Nodes: []row.Node{node(1, evil)}}
	second.Nodes[0].User = evil
	second.Nodes[0].Connections = []row.Connection{{Edge: "guid", Host: evil, URL: evil, Transport: evil, Action: evil, Class: "none", Direction: "listen", Count: 1}}
	return []row.Tree{first, second}
}

// What is drawn is the same whichever rows there are, and nothing of it is an attacker's.
func TestTable(t *testing.T) {
	for _, output := range []row.Kind{row.Nodes | row.Connections, row.Trees, row.Connections, row.Nodes} {
		got := write(t, "table", row.HeaderOf(output).Names, row.Build(trees(), output))
		want := []string{"2 findings\n", "#1  ", "PC-1 · task on 1 device", `x\x1b[2J\u202e\ny · task on 12 devices`}
		if output != row.Nodes {
			want = append(want, "-> 1.1.1.1:443  public  2x  2023-11-14 22:13:20\n", `<> x\x1b[2J\u202e\ny`)
		}
		if output != row.Connections {
			want = append(want, "   a.exe (7)  a.exe /c\n   └─ b.exe (7)  b.exe /c\n")
		}
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%q is missing in\n%s", text, got)
			}
		}
		if strings.ContainsAny(got, "\x1b\u202e\r") {
			t.Errorf("%q", got)
		}
	}
}
