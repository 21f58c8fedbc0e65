package account

import (
	"testing"
	"testing/quick"
)

type counts struct {
	Seen  int
	Odd   int `count:"peculiar"`
	Inner int `count:"-"`
	Last  int
}

func TestLine(t *testing.T) {
	if got, want := Line(counts{1, -2, 3, 0}), "seen=1 peculiar=-2 last=0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Line(struct{}{}); got != "" {
		t.Errorf("of no counts: %q", got)
	}
}

func TestAdd(t *testing.T) {
	check := func(a, b counts) bool {
		sum := a
		Add(&sum, b)
		return sum == counts{a.Seen + b.Seen, a.Odd + b.Odd, a.Inner + b.Inner, a.Last + b.Last}
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
}

// A field that is no count must not be passed over in silence.
func TestWhatIsNoCountPanics(t *testing.T) {
	for name, add := range map[string]func(){
		"a text":            func() { Add(&struct{ A string }{}, struct{ A string }{}) },
		"an unexported int": func() { Add(&struct{ a int }{}, struct{ a int }{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was added", name)
				}
			}()
			add()
		}()
	}
}
