package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// caseFolders are the shapes whose files give one and the same story, each by itself. What
// lies there is no part of the checkout: the shapes are tested with events of our own where
// they are read, and here with files that others wrote.
var caseFolders = []string{
	"01-elastic-agent-ecs", "03-elasticsearch-hit-wrapper", "05-wazuh-archives", "08-evtx_dump-record-lines", "09-evtxecmd-csv",
	"11-splunk-json-export", "12-sentinel-event-table", "13-sentinel-windowsevent-csv", "16-get-winevent-json", "25-defender-api-results",
	"26-defender-aggregated-reports", "33-velociraptor-parse-evtx", "34-hec-wrapper", "43-defender-envelopes", "58-kusto-and-graph", "61-message-in-message",
}

// told is a row, by column.
type told map[string]string

func caseFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "cases", folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("the cases do not lie beside the checkout")
	}
	return files
}

func huntCase(t *testing.T, files ...string) (rows []told, stderr string) {
	t.Helper()
	args := append([]string{"hunt", "--recent", "all", "--lookback", "all", "--max-devices", "0", "--internal", "include", "--format", "json"}, files...)
	out, stderr, code := cli(args...)
	if code != done {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for line := range strings.Lines(out) {
		var r told
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows = append(rows, r)
	}
	return rows, stderr
}

func TestCasesOfShapes(t *testing.T) {
	for _, folder := range caseFolders {
		t.Run(folder, func(t *testing.T) {
			for _, file := range caseFiles(t, folder) {
				rows, stderr := huntCase(t, file)
				checkStory(t, filepath.Base(file), rows)
				if strings.Contains(stderr, "warning") || !strings.Contains(stderr, "malformed=0") {
					t.Errorf("%s: %s", filepath.Base(file), stderr)
				}
			}
		})
	}
}

// checkStory compares rows with what happened on FIN-PC21.
func checkStory(t *testing.T, file string, rows []told) {
	t.Helper()
	weight := "1"
	if strings.Contains(file, "aggregated") {
		weight = "42"
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.ToLower(strings.Join([]string{
			r["row"], r["depth"], r["process_name"], r["process_id"], r["user"], r["device"], r["remote_ip"], r["remote_port"],
		}, " ")))
		if r["row"] == "connection" && r["connection_count"] != weight || r["tree_id"] != rows[0]["tree_id"] {
			t.Errorf("%s: %s connections, tree %s", file, r["connection_count"], r["tree_id"])
		}
		if !strings.HasPrefix(r["_time"], "17951652") { // 2026-11-20 09:00 UTC
			t.Errorf("%s: %s of %s is at %q", file, r["row"], r["process_name"], r["_time"])
		}
	}
	want := []string{
		`node 1 wscript.exe 5012 lab\mira fin-pc21.lab.example  `, `node 2 powershell.exe 5140 lab\mira fin-pc21.lab.example  `,
		`connection 2 powershell.exe 5140 lab\mira fin-pc21.lab.example 185.220.44.10 443`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(rows) > 1 && (rows[0]["process"] != `wscript.exe //B "C:\ProgramData\Ledger\tidy.vbs"` || rows[1]["parent_process_name"] != "wscript.exe") {
		t.Errorf("%s: command %q, parent %q", file, rows[0]["process"], rows[1]["parent_process_name"])
	}
}

// A joined row has both of its events.
func TestCasesOfJoins(t *testing.T) {
	for _, file := range caseFiles(t, "53-kql-joined-rows") {
		if strings.HasSuffix(file, ".jsonl") {
			rows, _ := huntCase(t, file)
			checkStory(t, filepath.Base(file), rows)
		}
	}
}

// All files of all shapes are one hunt, in which every device has one story of its own kind
// of sensor.
func TestCasesTogether(t *testing.T) {
	var all []string
	for _, folder := range caseFolders {
		all = append(all, caseFiles(t, folder)...)
	}
	if _, err := os.Stat(all[0]); err != nil {
		t.Fatal(err)
	}
	rows, stderr := huntCase(t, all...)
	names := map[string]bool{}
	for _, r := range rows {
		names[r["process_name"]] = true
	}
	if len(names) != 2 || !strings.Contains(stderr, "malformed=0") {
		t.Errorf("processes %v: %s", names, stderr)
	}
}
