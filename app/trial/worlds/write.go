package worlds

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx"
)

// WriteLines writes events into a file of that path, one a line.
func WriteLines(t *testing.T, path string, lines [][]byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(bytes.Join(lines, []byte("\n")), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Dumped writes an event log as lines of XML.
func Dumped(t *testing.T, path string) string {
	t.Helper()
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := evtx.Dump(&text, bytes.NewReader(log), 2, nil); err != nil {
		t.Fatal(err)
	}
	return Saved(t, "dump.xml", text.Bytes())
}

// Saved writes a file into a folder of its own.
func Saved(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// WriteCSV writes the rows of crowded worlds under their header.
func WriteCSV(t testing.TB, file string, rows [][]string) {
	t.Helper()
	WriteCSVOf(t, file, CrowdedColumns, rows)
}

// WriteCSVOf writes rows under a header.
func WriteCSVOf(t testing.TB, file string, columns []string, rows [][]string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := errors.Join(w.Write(columns), w.WriteAll(rows), w.Error(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// LinesOf splits a text into its lines, which do not alias.
func LinesOf(text []byte) [][]byte {
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}
