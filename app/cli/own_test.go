package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the program wrote into a folder of logs is left out of the next hunt there, with a word,
// whatever it is.
func TestOwnOutputIsLeftOut(t *testing.T) {
	events := filepath.Join("..", "..", "testdata", "first", "events.jsonl")
	const finding = "706d4506e24fa2a0"
	for name, args := range map[string][]string{
		"rows.csv": {"hunt", "--format", "csv"}, "rows.json": {"hunt", "--format", "json"}, "rows.jsonl": {"hunt", "--format", "jsonl"},
		"safe.csv":  {"hunt", "--format", "csv", "--safe"},
		"trees.csv": {"hunt", "--output", "trees", "--format", "csv"}, "trees.jsonl": {"hunt", "--output", "trees", "--format", "jsonl"},
		"findings.csv": {"hunt", "--output", "findings", "--format", "csv"}, "findings.jsonl": {"hunt", "--output", "findings", "--format", "jsonl"},
		"census.csv": {"hunt", "--output", "census"}, "census.json": {"hunt", "--output", "census", "--format", "json"},
		"census.jsonl": {"hunt", "--output", "census", "--format", "jsonl"}, "tasks.csv": {"tasks"}, "tasks.json": {"tasks", "--format", "json"},
		"timeline.csv": {"hunt", "--format", "timesketch"}, "allow.csv": {"propose", "--finding", finding},
		"allow.json": {"propose", "--finding", finding, "--format", "json"}, "stock.tsv": {"stock"},
		"kql.csv": {"hunt", "--mode", "kql", "--format", "csv"}, "kql.json": {"hunt", "--mode", "kql", "--format", "json"},
		"kql.jsonl": {"hunt", "--mode", "kql", "--format", "jsonl"}, "all.csv": {"hunt", "--mode", "kql", "--columns", "all", "--format", "csv"},
		"report.html": {"hunt", "--format", "html"},
	} {
		if args[0] != "stock" {
			args = append(args, events)
		}
		out, stderr, code := cli(args...)
		if code != done || out == "" {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
			continue
		}
		folder := t.TempDir()
		copyOf(t, filepath.Join(folder, "events.jsonl"))
		if err := os.WriteFile(filepath.Join(folder, name), []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
		_, stderr, code = cli("hunt", folder)
		if code != done || !strings.Contains(stderr, name+" is not an event log") || !strings.Contains(stderr, "schtaskhunt: events=11 ") {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
}
