package standin

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A preview has the newest events, and the search all of them, whatever the previews said.
func TestPreviewsHaveTheEventsSoFar(t *testing.T) {
	for _, c := range []struct {
		rows, previews int
		want           []int
	}{{10, 0, nil}, {10, 1, []int{5}}, {9, 2, []int{3, 6}}, {0, 2, []int{0, 0}}} {
		cfg := events(c.rows)
		cfg.Previews, cfg.ChunkRows = c.previews, 2
		got, err := runFake(t, "echo", cfg)
		if err != nil || !slices.Equal(got.PreviewRows, c.want) || len(got.Rows) != c.rows {
			t.Errorf("%d previews of %d rows: %v, then %d, %v", c.previews, c.rows, got.PreviewRows, len(got.Rows), err)
		}
		if len(got.Messages) != 1 || got.Messages[0].From != "reduce" {
			t.Errorf("messages of a preview are the search's: %v", got.Messages)
		}
	}
}

// A command that a preview sees fail has failed, and one that a cancelled preview hears of
// is said to have spoken.
func TestPreviewsAreHeldToTheProtocol(t *testing.T) {
	cfg := events(8)
	cfg.Previews, cfg.ChunkRows = 1, 2
	if got, err := runFake(t, "fail", cfg); err != nil || got.Error != "too bad" || len(got.Rows) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := runFake(t, "speaks when cancelled", cfg)
	if said := fmt.Sprint(err); !strings.Contains(said, "cancelled preview: ") || !strings.Contains(said, "stray bytes") {
		t.Errorf("speaking after the end: %v", err)
	}
}

// TestOneCommandOnly: what stands behind a pipe is named, not run.
func TestOneCommandOnly(t *testing.T) {
	_, _, err := Tokenize(`recent=1d | where row="connection"`)
	if err == nil || !strings.Contains(err.Error(), "one command runs here") || !strings.Contains(err.Error(), `"| where row=\"connection\""`) {
		t.Error(err)
	}
}
