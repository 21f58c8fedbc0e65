package kql

import "testing"

// Lists of any length, joined, have every element once, at the index that it was told.
func TestPagesJoined(t *testing.T) {
	for _, lengths := range [][]int{{0, 0}, {1, 0, 1}, {pageSize, 1}, {pageSize - 1, pageSize + 1, 2*pageSize + 5}, {0, 3}} {
		var all pages[int]
		value, total := 0, 0
		at := make(map[int32]int)
		for _, length := range lengths {
			var part pages[int]
			first := value
			for i := range length {
				part.add(value)
				if part.last() != int32(i) {
					t.Fatalf("element %d has index %d", i, part.last())
				}
				value++
			}
			base := all.join(part)
			for i := range length {
				at[base+int32(i)] = first + i
			}
			total += length
		}
		if len(at) != total || all.len() != total {
			t.Errorf("%v: %d indexes, length %d; want %d", lengths, len(at), all.len(), total)
		}
		for i, want := range at {
			if got := *all.at(i); got != want || i >= all.end() {
				t.Errorf("%v: element %d is %d, want %d", lengths, i, got, want)
			}
		}
	}
}
