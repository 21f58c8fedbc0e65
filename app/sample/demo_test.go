package sample

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the bundled demonstration data anew")

// demo is the configuration of the bundled demonstration data.
var demo = Config{Devices: 12, Days: 2, Seed: 7, Format: FormatSysmonXML, Scale: 0.05, Plants: 10, OneFile: true, Gzip: true}

// The bundled data are what the generator makes today. Where that is meant to
// change: go test ./app/sample -run TestDemo -update
func TestDemo(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "demo")
	made, _ := written(t, demo)
	if *update {
		install(t, made, dir)
	}
	want, got := everything(t, made), everything(t, dir)
	if len(got) != len(want) {
		t.Errorf("%d files in %s, want %d", len(got), dir, len(want))
	}
	total := 0
	for name, content := range want {
		total += len(got[name])
		if !bytes.Equal(unpacked(t, name, got[name]), unpacked(t, name, content)) {
			t.Errorf("%s is not what the generator makes: run this test with -update", filepath.Join(dir, name))
		}
	}
	if events := len(got["events.xml.gz"]); events > 300_000 || total > 600_000 {
		t.Errorf("events are %d bytes, all is %d: too much for a repository", events, total)
	}
}

func install(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range everything(t, from) {
		if err := os.WriteFile(filepath.Join(to, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unpacked undoes compression, which may differ between versions of Go.
func unpacked(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	if !strings.HasSuffix(name, ".gz") || len(content) == 0 {
		return content
	}
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
