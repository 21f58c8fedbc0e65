package evtx

import (
	"errors"
	"io"
	"path/filepath"
	"testing"
)

// datasets are the logs that lie beside the checkout.
func datasets(t *testing.T) []string {
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
