package source

import (
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzLists: the events of a text are the same whatever the size of the pieces it is cut in.
func FuzzLists(f *testing.F) {
	for _, text := range lists {
		f.Add(text, 7)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		text = `{"id":0}` + "\n" + text // passes for events
		size = 1 + (size&0x7fffffff)%300
		want := slowEvents(slowPadded(text))
		var got []read
		if _, err := (Source{size: size}).EachIn("in", iotest.HalfReader(strings.NewReader(text)), collect(t, &got)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q in pieces of %d:\ngot  %v\nwant %v", text, size, got, want)
		}
	})
}
