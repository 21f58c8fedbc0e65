package source_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// What is offered to another reader and is none is read for events as if nobody had looked,
// also a text that is longer than such a text may be.
func TestOtherTexts(t *testing.T) {
	folder := t.TempDir()
	line := `{"EventID":1,"Channel":"x"}` + "\n"
	for name, text := range map[string]string{
		"a.jsonl": line, "b.other": "<other/>", ".hidden": "<other/>", "c.jsonl": strings.Repeat(line, 10_000), "d.txt": "<other but not taken/>", "e.txt": "text",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	from := source.Source{Other: &source.Other{
		Begins: func(head []byte) bool { return head[0] != 't' },
		Take: func(_, within string, text []byte) bool {
			taken := bytes.Equal(text, []byte("<other/>"))
			if taken {
				names = append(names, within)
			}
			return taken
		},
		Most: 100_000,
	}}
	events := 0
	stats, err := from.Each(folder, func(source.Event) error { events++; return nil })
	if err != nil || events != 10_001 {
		t.Errorf("%d events, %v", events, err)
	}
	if want := []string{".hidden", "b.other"}; !slices.Equal(names, want) {
		t.Errorf("taken are %q, want %q", names, want)
	}
	if len(stats.Skipped) != 2 || stats.Files != 4 {
		t.Errorf("%d files, left out %v", stats.Files, stats.Skipped)
	}
}
