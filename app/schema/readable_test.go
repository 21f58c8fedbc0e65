package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The README tells what the tables of the code can read, no more and no less.
func TestREADMEHasTheTable(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := ReadableTable(); !strings.Contains(string(readme), "\n\n"+want+"\n") {
		t.Errorf("README.md lacks this table:\n%s", want)
	}
}

func TestEverySchemaIsReadable(t *testing.T) {
	names := map[string]bool{}
	for _, r := range AllReadable() {
		if names[r.Name] || len(r.Kinds) == 0 {
			t.Errorf("%s comes twice, or has no kinds: %v", r.Name, r.Kinds)
		}
		names[r.Name] = true
	}
	for i := range builtIn().schemas {
		if !names[readableName(builtIn().schemas[i].Name)] {
			t.Errorf("schema %s is not among them", builtIn().schemas[i].Name)
		}
	}
}
