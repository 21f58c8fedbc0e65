package beacon

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// worlds are sets of contacts that a law has to hold for: few and many, spread and
// flooded, with and without runs and weights, before 1970 and far in the future.
func worlds(r *rand.Rand) map[string][]Contact {
	span := func(n int, seconds float64) (all []Contact) {
		for range n {
			at := start + event.Time(r.Float64()*seconds*float64(event.Second))
			all = append(all, Contact{at, int32(r.IntN(9)), int32(r.IntN(3))})
		}
		return all
	}
	return map[string][]Contact{
		"one": span(1, 1), "few": span(20, 86400), "at the bound": span(exactCells, 864000),
		"over the bound": span(exactCells+40, 864000), "many": span(6000, 1_000_000),
		"flood": span(5000, 60), "floods": slices.Concat(span(3000, 100), span(700, 8e6)),
		"extreme": {{math.MinInt64 + 1, math.MinInt32, 0}, {math.MaxInt64, math.MaxInt32, math.MaxInt32}, {start, 0, -5}},
	}
}

func gather(all []Contact) *Contacts {
	c := &Contacts{}
	for _, x := range all {
		c.Add(x)
	}
	return c
}

func packed(t *testing.T, c *Contacts) []byte {
	t.Helper()
	b, err := c.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The same set has the same bytes, whatever the order, however often a contact comes,
// and however it was cut into parts that were merged.
func TestContactsAreASet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, all := range worlds(r) {
		want := packed(t, gather(all))
		for range 6 {
			shuffled := slices.Clone(all)
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			shuffled = append(shuffled, shuffled[:r.IntN(len(shuffled)+1)]...)
			if got := packed(t, gather(shuffled)); !bytes.Equal(got, want) {
				t.Errorf("%s: another order, another %d bytes instead of %d", name, len(got), len(want))
			}
			if got := packed(t, mergedFromParts(t, r, shuffled)); !bytes.Equal(got, want) {
				t.Errorf("%s: merged from parts, another %d bytes instead of %d", name, len(got), len(want))
			}
		}
	}
}

// mergedFromParts adds contacts to a few collections at random, sends some of them
// through bytes, and merges all in a random order.
func mergedFromParts(t *testing.T, r *rand.Rand, all []Contact) *Contacts {
	t.Helper()
	parts := make([]*Contacts, 1+r.IntN(5))
	for i := range parts {
		parts[i] = &Contacts{}
	}
	for _, x := range all {
		parts[r.IntN(len(parts))].Add(x)
	}
	for len(parts) > 1 {
		i := r.IntN(len(parts) - 1)
		again, err := ParseContacts(packed(t, parts[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		parts[i].Merge(&again)
		parts = slices.Delete(parts, i+1, i+2)
	}
	return parts[0]
}

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	all := worlds(r)
	for nameA, a := range all {
		for nameB, b := range all {
			ab, ba, aab := gather(a), gather(b), gather(a)
			ab.Merge(gather(b))
			ba.Merge(gather(a))
			aab.Merge(ab)
			if !bytes.Equal(packed(t, ab), packed(t, ba)) || !bytes.Equal(packed(t, ab), packed(t, aab)) {
				t.Errorf("%s and %s: a+b, b+a and a+(a+b) differ", nameA, nameB)
			}
		}
	}
}

// Few contacts are all there; the bytes are few.
func TestContactsAreExactWhileFew(t *testing.T) {
	c := &Contacts{}
	for i := range exactCells {
		c.Add(Contact{Time: start + event.Time(i)*3600*event.Second, Run: int32(i), Weight: 2})
	}
	if n, exact := c.Count(); n != 2*exactCells || !exact {
		t.Errorf("%d contacts, exact %t", n, exact)
	}
	if n := len(packed(t, c)); n > 6*exactCells {
		t.Errorf("%d bytes for %d contacts", n, exactCells)
	}
	if times, all := c.Times(); !all || len(times) != exactCells || start-times[0] >= tick || !slices.IsSorted(times) {
		t.Errorf("%d times, all of them %t", len(times), all)
	}
	if c.Add(Contact{}) {
		t.Error("a contact without a time was added")
	}
	c.Add(Contact{Time: start - event.Day})
	if times, all := c.Times(); all || len(times) != 0 {
		t.Errorf("%d times of a sample", len(times))
	}
	if _, exact := c.Count(); exact {
		t.Error("one more than the bound is still exact")
	}
}

func TestCountAndSpanOfASample(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{600, 5000, 60_000} {
		c, first, last := &Contacts{}, event.Time(math.MaxInt64), event.Time(0)
		for range n {
			at := start + event.Time(r.Float64()*864000*float64(event.Second))
			first, last = min(first, at), max(last, at)
			c.Add(Contact{Time: at})
		}
		if got, _ := c.Count(); math.Abs(float64(got-n)) > 0.2*float64(n) {
			t.Errorf("%d contacts counted as %d", n, got)
		}
		if f, l := c.Span(); first-f >= tick || last-l >= tick || f > first || l > last {
			t.Errorf("span %d to %d, want %d to %d", f, l, first, last)
		}
		if size := len(packed(t, c)); size > 8192 {
			t.Errorf("%d contacts take %d bytes", n, size)
		}
	}
}

// What is not ours is refused, and never by a panic.
func FuzzParseContacts(f *testing.F) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, all := range worlds(r) {
		b, _ := gather(all).AppendBinary(nil)
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseContacts(b)
		if err != nil {
			if !errors.Is(err, errPacked) {
				t.Fatal(err)
			}
			return
		}
		once := packed(t, &c)
		again, err := ParseContacts(once)
		if err != nil || !bytes.Equal(packed(t, &again), once) {
			t.Fatalf("read, written, read: %v", err)
		}
	})
}

// Contacts come in some order of time, as logs do; at random is the worst there is.
func BenchmarkAdd(b *testing.B) {
	for _, name := range []string{"sorted", "random"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, c := rand.New(rand.NewPCG(5, 5)), &Contacts{}
				for i := range int64(1_000_000) {
					at := i * int64(14*event.Day) / 1_000_000
					if name == "random" {
						at = r.Int64N(int64(14 * event.Day))
					}
					c.Add(Contact{Time: start + event.Time(at), Run: 1})
				}
			}
		})
	}
}
