package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// A census and a list of tasks have no trees and no findings: pictures of them are refused, and
// what is said of a file of them is how long they are.
func TestListsAreNoPictures(t *testing.T) {
	events := filepath.Join("..", "..", "testdata", "first", "events.jsonl")
	for what, sums := range map[string]string{
		"census": "a census of 1 device with 2 tasks over 1 day\n\nwritten to ", "tasks": "2 tasks\n\nwritten to ",
	} {
		for _, format := range sink.Formats {
			file := filepath.Join(t.TempDir(), "list")
			out, stderr, code := cli("hunt", "--output", what, "--format", format, "-o", file, events)
			if format == "csv" || format == "json" || format == "jsonl" {
				if code != done || out != sums+file+"\n" {
					t.Errorf("%s as %s: exit %d, %s%s", what, format, code, out, stderr)
				}
				continue
			}
			if _, err := os.Stat(file); code != usage || err == nil || !strings.Contains(stderr, " a list, which --format "+format+" cannot draw") {
				t.Errorf("%s as %s: exit %d, %s", what, format, code, stderr)
			}
			_, stderr, code = cli("splunk", "--format", format, "output="+what, events)
			if code != usage || !strings.Contains(stderr, "cannot draw") {
				t.Errorf("%s as %s in Splunk: exit %d, %s", what, format, code, stderr)
			}
		}
	}
}
