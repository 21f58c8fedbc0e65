//go:build !race

// Under the race detector a sync.Pool drops what it is given at random, so that what is
// allocated then says nothing about us.

package source

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// A long text needs a handful of buffers, however long it is. A collection in the middle would
// throw away what lies in a pool for the next batch, and has nothing to do with the text.
func TestMemoryIsUsedAgain(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for name, text := range manyTexts(100000) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := EachIn("in", strings.NewReader(text), func(Event) error { return nil }); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20+uint64(len(text)/2) {
			t.Errorf("%s: %d bytes are allocated to read a text of %d", name, n, len(text))
		}
	}
}
