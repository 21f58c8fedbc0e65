package hunt

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// Events get half of max_mem_mb, or what is left beside the hunt's other needs if that is
// less; without a bound they have none.
func TestMemoryForEvents(t *testing.T) {
	for all, want := range map[int]int64{0: 0, 64: 8, 96: 12, 128: 32, 192: 96, 256: 128, 1024: 512} {
		limit := memoryFor(command.Options{MaxMemory: all}, "somewhere")
		if limit.Bytes != want*megabyte || limit.Folder != "somewhere" {
			t.Errorf("max_mem_mb=%d: events get %d MB in %q, want %d", all, limit.Bytes/megabyte, limit.Folder, want)
		}
	}
}
