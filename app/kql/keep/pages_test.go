package keep

import "testing"

// Lists of any length, joined, have every element once, at the index that it was told.
func TestPagesJoined(t *testing.T) {
	for _, lengths := range [][]int{{0, 0}, {1, 0, 1}, {PageSize, 1}, {PageSize - 1, PageSize + 1, 2*PageSize + 5}, {0, 3}} {
		var all Pages[int]
		value, total := 0, 0
		at := make(map[int32]int)
		for _, length := range lengths {
			var part Pages[int]
			first := value
			for i := range length {
				part.Add(value)
				if part.Last() != int32(i) {
					t.Fatalf("element %d has index %d", i, part.Last())
				}
				value++
			}
			base := all.join(part)
			for i := range length {
				at[base+int32(i)] = first + i
			}
			total += length
		}
		if len(at) != total || all.Len() != total {
			t.Errorf("%v: %d indexes, length %d; want %d", lengths, len(at), all.Len(), total)
		}
		for i, want := range at {
			if got := *all.At(i); got != want || i >= all.End() {
				t.Errorf("%v: element %d is %d, want %d", lengths, i, got, want)
			}
		}
	}
}
