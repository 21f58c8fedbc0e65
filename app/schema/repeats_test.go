package schema

import (
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func TestRepeatsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		want := Repeat{r.Uint64() >> r.IntN(64), event.Time(r.Int64() - r.Int64()), event.Time(r.Int64()), uint16(r.Uint32())}
		text := want.Append(nil)
		if got, ok := parseRepeat(text); !ok || got != want {
			t.Fatalf("%+v became %s and %+v, %t", want, text, got, ok)
		}
	}
}

// One broken repeat costs itself.
func TestRepeatsOfARow(t *testing.T) {
	first := event.Connection{Source: event.Source{Record: 7, Time: 70}, Stamp: 69, LocalPort: 1000}
	second := event.Connection{Source: event.Source{Record: 8, Time: 80}, Stamp: 79, LocalPort: 1001}
	rest, _ := RepeatOf(&first)
	other, repeat := RepeatOf(&second)
	if rest != other {
		t.Fatalf("%+v and %+v differ in more than a Repeat", rest, other)
	}
	r := newReading(t)
	f := addonOwn(networkConnect).and(splunkOwn).with(Repeats, string(repeat.Append([]byte("1:2 1:2:3:99999 x:1:1:1")))+" ")
	if kind := r.Read(f.record()); kind != event.NetworkConnection {
		t.Fatalf("kind %v", kind)
	}
	if added, malformed := r.Repeated(); added != 1 || malformed != 3 {
		t.Errorf("%d added, %d malformed, want 1 and 3", added, malformed)
	}
	if n := len(r.store.Connections); n != 2 {
		t.Fatalf("%d connections", n)
	}
	a, b := r.store.Connections[0], r.store.Connections[1]
	if b.Record != 8 || b.Time != 80 || b.Stamp != 79 || b.LocalPort != 1001 {
		t.Errorf("the repeat is %+v", b)
	}
	if x, _ := RepeatOf(&a); true {
		if y, _ := RepeatOf(&b); x != y {
			t.Errorf("%+v is not like %+v", b, a)
		}
	}
}
