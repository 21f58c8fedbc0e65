package plugins

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// A plugin that takes too long to start is waited for once in a search, however many
// processes that has; one that fails at once may be tried again.
func TestRemember(t *testing.T) {
	starts := map[string]int{}
	in := Installed{Start: func(name string, _ func(string)) (Running, error) {
		starts[name]++
		switch name {
		case "hangs":
			return nil, fmt.Errorf("plugin %s: %w: it did not start within 30s", name, host.ErrTimeout)
		case "fails":
			return nil, errors.New("plugin fails: it ended")
		}
		return &fake{}, nil
	}}
	search := t.TempDir()
	for process := range 5 {
		known := in.Remember(search)
		for range 2 {
			_, err := known.Start("hangs", nil)
			if !errors.Is(err, host.ErrTimeout) || !strings.Contains(err.Error(), "within 30s") {
				t.Errorf("process %d: %v", process, err)
			}
			if _, err := known.Start("fails", nil); err == nil {
				t.Error("it started")
			}
			if _, err := known.Start("works", nil); err != nil {
				t.Error(err)
			}
		}
	}
	if starts["hangs"] != 1 || starts["fails"] != 10 || starts["works"] != 10 {
		t.Errorf("starts: %v", starts)
	}
	if _, err := in.Remember(t.TempDir()).Start("hangs", nil); err == nil || starts["hangs"] != 2 {
		t.Errorf("another search: %v, %v", starts, err)
	}
	alone := in.Remember("")
	for range 3 {
		_, _ = alone.Start("hangs", nil)
	}
	if starts["hangs"] != 3 {
		t.Errorf("without a folder: %v", starts)
	}
}
