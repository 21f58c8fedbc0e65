package record

import (
	"os"
	"path/filepath"
	"testing"
)

// dataset returns the path of a file of real telemetry that lies beside the
// checkout, and skips the test where there is none: the data are not ours to ship.
func dataset(t testing.TB, name string) string {
	t.Helper()
	for dir := "."; ; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			path := filepath.Join(dir, "..", "shared", "datasets", name)
			if _, err := os.Stat(path); err != nil {
				t.Skipf("no real telemetry beside the checkout: %v", err)
			}
			return path
		}
		if abs, err := filepath.Abs(dir); err != nil || abs == string(filepath.Separator) {
			t.Skip("no go.mod above the test: cannot look beside the checkout")
		}
	}
}

// fields returns what a record holds, by name.
func fields(rec *Record) map[string]string {
	m := map[string]string{}
	for _, s := range rec.Filled() {
		m[rec.Names().Name(s)] = string(rec.Get(s))
	}
	return m
}

// allNames returns the names of a map as a set, so that a record can hold them all.
func allNames(m map[string]string) *Names {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	return NewNames(names...)
}

func checkFields(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, v := range want {
		if got[name] != v {
			t.Errorf("field %q is %q, want %q", name, got[name], v)
		}
	}
	for name, v := range got {
		if _, known := want[name]; !known {
			t.Errorf("field %q is %q, want none", name, v)
		}
	}
}
