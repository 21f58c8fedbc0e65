package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// TestProfileIsOfThisProgram: what the compiler optimises for is this program's work, and
// says nothing of the machine that it was measured on.
func TestProfileIsOfThisProgram(t *testing.T) {
	file, err := os.Open("default.pgo")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p, err := profile.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, f := range p.Function {
		if filepath.IsAbs(f.Filename) {
			t.Errorf("%s is in %s: make profile measures with -trimpath", f.Name, f.Filename)
		}
		if strings.HasPrefix(f.Name, "github.com/schtaskhunt/schtaskhunt/app/record.") {
			ours++
		}
	}
	if ours == 0 || len(p.Mapping) > 0 {
		t.Errorf("%d functions that read records, %d programs", ours, len(p.Mapping))
	}
}
