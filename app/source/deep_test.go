package source

import (
	"strings"
	"testing"
)

// A list that lies too deep is told, once for each event, and one that does not is read.
func TestListsTooDeepAreTold(t *testing.T) {
	at := func(depth int) string {
		return strings.Repeat(`[{"events":`, depth) + `[{"id":7}]` + strings.Repeat(`}]`, depth)
	}
	for depth, want := range map[int]bool{1: false, 4: false, 7: false, 9: true, 30: true} {
		notes := &Notes{}
		read := 0
		_, err := Source{Notes: notes}.EachIn("in", strings.NewReader("{\"id\":1}\n"+at(depth)+"\n{\"id\":2}"), func(Event) error { read++; return nil })
		lines := notes.Lines(false)
		if err != nil || read != 3 || want != (len(lines) == 1) || want && !strings.Contains(lines[0], "more than 16 brackets deep (1, first on line ") {
			t.Errorf("at %d: %d events, said %q, error %v", depth, read, lines, err)
		}
	}
}
