package hold

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What a writer forgets changes nothing of what comes out, whatever it retains.
func TestForgettingChangesNothing(t *testing.T) {
	first, room, most := atFirst, besides, mostToKeep
	t.Cleanup(func() { atFirst, besides, mostToKeep = first, room, most })
	for name, c := range map[string]struct{ first, room, most capacity }{
		"most is retained":   {capacity{100, 1 << 20}, capacity{100, 1 << 20}, mostToKeep},
		"little is":          {capacity{20, 1 << 20}, capacity{1, 1 << 20}, mostToKeep},
		"few, they are long": {capacity{1 << 20, 2000}, capacity{1 << 20, 500}, mostToKeep},
		"none is":            {capacity{100, 1 << 20}, capacity{100, 1 << 20}, capacity{1, 1 << 20}},
	} {
		t.Run(name, func(t *testing.T) {
			atFirst, besides, mostToKeep = c.first, c.room, c.most
			want, set := event.NewStore(), NewSet(Limit{})
			plain, packed := newMaker(9), newMaker(9)
			w := set.Writer()
			for range 3000 {
				plain.add(want)
				packed.add(w)
				if w.symbols.Len() > w.most.symbols || w.symbols.Size() > w.most.text {
					t.Fatalf("%d symbols of %d bytes", w.symbols.Len(), w.symbols.Size())
				}
			}
			if got, _ := readAll(t, set); !sameStrings(got, toldAll(want)) {
				t.Error("other events came out than went in")
			}
		})
	}
}

// A text that comes again and again keeps its number while others are forgotten.
func TestWhatComesAgainIsRetained(t *testing.T) {
	m, w := newMaker(3), NewSet(Limit{}).Writer()
	end := event.End{}
	again := func() known {
		name := w.Interner().Intern([]byte("HOST-1.corp.example"))
		end.Device, end.DeviceName = w.Interner().Fold(name), name
		w.AddEnd(&end)
		return w.know(name)
	}
	again()
	number := again().number()
	for forgotten, before := 0, w.symbols.Len(); forgotten < 5; {
		m.add(w)
		if now := w.symbols.Len(); now < before {
			forgotten++
			name := w.Interner().Intern([]byte("HOST-1.corp.example"))
			if k := w.know(name); k.number() != number || number == 0 || k&placed == 0 {
				t.Fatalf("after forgetting %d times: %x, its number was %d", forgotten, k, number)
			}
			again()
		}
		before = w.symbols.Len()
	}
	// What does not come again is forgotten the second time.
	for forgotten, before := 0, w.symbols.Len(); forgotten < 2; before = w.symbols.Len() {
		if m.add(w); w.symbols.Len() < before {
			forgotten++
		}
	}
	symbols := w.symbols.Len()
	if w.Interner().Intern([]byte("HOST-1.corp.example")); w.symbols.Len() != symbols+1 {
		t.Error("a text that nobody has seen for long is still there")
	}
}
