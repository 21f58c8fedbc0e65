package chunked

import (
	"os"
	"path/filepath"
	"testing"
)

// recording returns the bytes of a recorded session, which is not part of this
// repository: it is looked for in ../shared/datasets beside the checkout.
func recording(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "datasets", "protocol", name))
	if os.IsNotExist(err) {
		t.Skipf("recorded session %s is not here: put the shared data sets beside the checkout", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}
