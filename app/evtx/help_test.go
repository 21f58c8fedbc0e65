package evtx

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// datasets are the logs that lie beside the checkout.
func datasets(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../../../shared/datasets/evtx/*.evtx")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no event logs beside the checkout")
	}
	return paths
}

// readAll calls fn with a decoder that stands at each record of a log in turn.
func readAll(t testing.TB, r io.Reader, warn func(Warning), fn func(*Decoder)) {
	t.Helper()
	log, err := NewReader(r, warn)
	if err != nil {
		t.Fatal(err)
	}
	var chunk Chunk
	decoder := Decoder{Warn: warn}
	for {
		if err := log.Next(&chunk); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		for decoder.Open(&chunk); decoder.Next(); {
			fn(&decoder)
		}
	}
}

// render returns the XML of the one record of a chunk that body writes, and the warnings.
func render(t testing.TB, body func(*evtxtest.XML)) (text string, warnings []Warning) {
	t.Helper()
	chunk := evtxtest.NewChunk(7)
	chunk.Record(0, body)
	texts, warnings := renderAll(t, evtxtest.File(1, chunk.Bytes()))
	if len(texts) != 1 {
		t.Fatalf("%d records, want 1: %v", len(texts), warnings)
	}
	return texts[0], warnings
}

// renderAll returns the XML of all records of a log.
func renderAll(t testing.TB, log []byte) (texts []string, warnings []Warning) {
	t.Helper()
	warn := func(w Warning) { warnings = append(warnings, w) }
	readAll(t, bytes.NewReader(log), warn, func(d *Decoder) {
		text, _ := d.AppendXML(nil)
		texts = append(texts, string(text))
	})
	return texts, warnings
}

func readFile(t testing.TB, path string, fn func(*Decoder)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	readAll(t, f, nil, fn)
}
