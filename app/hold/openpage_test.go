package hold

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// Open pages are whole lines of the core's cache, and begin with one.
func TestOpenPagesAreWholeLines(t *testing.T) {
	const line = 64
	w := NewSet(Limit{}).Writer()
	if size := unsafe.Sizeof(w.open[0]); size != openSize || size%line != 0 {
		t.Errorf("an open page takes %d bytes, not %d", size, openSize)
	}
	if at := unsafe.Offsetof(w.open[0].stage); at != beforeStage {
		t.Errorf("the stage begins at byte %d, not %d", at, beforeStage)
	}
	if at := uintptr(unsafe.Pointer(&w.open)); at%line != 0 {
		t.Errorf("they begin at %x", at)
	}
}

// What was added is all there, in order, whatever the sizes.
func TestOpenPage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 5, 45, 100, len(openPage{}.stage), len(openPage{}.stage) + 1, 3000, 2 * pageSize}
	for range 300 {
		var page openPage
		var want []byte
		for range r.IntN(200) {
			event := bytes.Repeat([]byte{byte(r.Uint32())}, sizes[r.IntN(1+r.IntN(len(sizes)))])
			want = append(want, event...)
			full := page.add(event)
			if held := len(page.bytes); full != (held >= pageSize && page.staged == 0) || held+int(page.staged) != len(want) {
				t.Fatalf("%d bytes of %d are there, %d of them staged; full: %v", held+int(page.staged), len(want), page.staged, full)
			}
			if full {
				break
			}
		}
		if !bytes.Equal(page.all(), want) {
			t.Fatal("other bytes come out than went in")
		}
		if left := page.all(); len(left) > 0 {
			t.Fatalf("%d bytes are still there", len(left))
		}
	}
}
