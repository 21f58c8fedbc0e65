package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// names are what the tests look for in any event.
var names = record.NewNames("EventID", "EventCode", "id", "properties.id", "X")

// read is what one event gave.
type read struct {
	line int
	id   string // the first of names that has a value
	bad  bool
}

func id(rec *record.Record) string {
	if filled := rec.Filled(); len(filled) > 0 {
		return string(rec.Get(filled[0]))
	}
	return ""
}

// collect is a function for Each that keeps what it was given.
func collect(t *testing.T, into *[]read) func(Event) error {
	rec := record.New(names)
	return func(e Event) error {
		err := e.Fill(rec)
		if err != nil && !strings.HasPrefix(err.Error(), e.Where()+":") {
			t.Errorf("the error does not name the file: %v", err)
		}
		*into = append(*into, read{e.Line(), id(rec), err != nil})
		return nil
	}
}

// readText reads a text as a stream.
func readText(t *testing.T, text string) []read {
	t.Helper()
	var got []read
	stats, err := EachIn("in", strings.NewReader(text), collect(t, &got))
	if err != nil {
		t.Fatalf("%.80q: %v", text, err)
	}
	if stats.Events != len(got) || stats.Files != 1 {
		t.Errorf("stats %+v for %d events", stats, len(got))
	}
	return got
}

func xmlEvent(id string) string {
	return `<Event xmlns='u'><System><EventID>` + id + `</EventID></System><EventData><Data Name='X'>x</Data></EventData></Event>`
}

func classicEvent(id string) string {
	return "03/01/2024 02:15:47 AM\nLogName=Security\nEventCode=" + id + "\nMessage=one\n\n12 monkeys\nX: y\n"
}

func write(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	return w.EncodeAll([]byte(text), nil)
}

// dataset returns the path of a file of real telemetry that lies beside the
// checkout, and skips the test where there is none: the data are not ours to ship.
func dataset(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "datasets", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real telemetry beside the checkout: %v", err)
	}
	return path
}
