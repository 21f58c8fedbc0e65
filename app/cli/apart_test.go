package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copyOf puts the bundled events of a first hunt into a file.
func copyOf(t *testing.T, file string) {
	t.Helper()
	events, err := os.ReadFile(filepath.Join("..", "..", "testdata", "first", "events.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, events, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Nothing that is read is written over, by whatever name.
func TestOutputOverInput(t *testing.T) {
	folder := t.TempDir()
	logs := filepath.Join(folder, "logs")
	evidence := filepath.Join(logs, "day", "evidence.json")
	copyOf(t, evidence)
	link, hard := filepath.Join(folder, "link.json"), filepath.Join(folder, "hard.json")
	if err := os.Link(evidence, hard); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(evidence, link); err != nil {
		t.Skip(err)
	}
	stdin, err := os.Open(evidence)
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	events := filepath.Join("..", "..", "testdata", "first", "events.jsonl")
	for _, args := range [][]string{
		{"hunt", "-o", evidence, evidence}, {"hunt", "-o", link, evidence}, {"hunt", "-o", hard, evidence}, {"hunt", "-o", evidence, link},
		{"hunt", "-o", evidence, events, logs}, {"hunt", "-o", link, logs}, {"hunt", "-o", hard, logs}, {"hunt", "-o", evidence, "-"},
		{"hunt", "--output", "census", "-o", evidence, logs}, {"splunk", "-o", evidence, "", evidence},
		{"propose", "--finding", "706d4506e24fa2a0", "-o", evidence, logs},
	} {
		var out, errs bytes.Buffer
		code := Main(args, Streams{In: stdin, Out: &out, Err: &errs})
		if code != usage || !strings.Contains(errs.String(), "name another file to write to") || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%q: exit %d, %s", args, code, errs.String())
		}
	}
	before, _ := os.ReadFile(events)
	if after, err := os.ReadFile(evidence); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the evidence is not what it was: %v", err)
	}
}

// A new file in the folder that is read is fine, and so is the report of the last hunt there.
func TestOutputBesideInput(t *testing.T) {
	logs := t.TempDir()
	copyOf(t, filepath.Join(logs, "evidence.json"))
	for range 2 {
		for _, name := range []string{"rows.csv", "rows.json", "report.html", "list.txt"} {
			if _, stderr, code := cli("hunt", "-o", filepath.Join(logs, name), logs); code != done {
				t.Errorf("%s: exit %d, %s", name, code, stderr)
			}
		}
	}
}
