package census

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Sets of days are those of a plain map of days.
func TestDays(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		d, plain := Days{}, map[int]bool{}
		base := firstDay + rng.IntN(30)
		for range rng.IntN(40) {
			n := base + rng.IntN(90)
			d, plain[n] = d.Union(Day(n)), true
		}
		from := base + rng.IntN(100)
		cut := d.From(from)
		for n := base - 10; n < base+110; n++ {
			if d.Has(n) != plain[n] || cut.Has(n) != (plain[n] && n >= from) {
				t.Fatalf("day %d of %v from %d", n, d, from)
			}
		}
		if d.Count() != len(plain) {
			t.Fatalf("%d days, want %d", d.Count(), len(plain))
		}
		var p packer
		d.append(&p)
		u := unpack(p.text())
		if got := u.days(d.last); got != d || !u.done() {
			t.Fatalf("%v is read as %v", d, got)
		}
		now := base + 20 + rng.IntN(90)
		for i := range 63 {
			later := false
			for n := range plain {
				later = later || (i == 0 && n > now)
			}
			if got := d.Back(now)>>i&1 != 0; got != (plain[now-i] || later) {
				t.Fatalf("bit %d of %v back from %d", i, d, now)
			}
		}
	}
}

// Sets of devices are read as they were written, whichever way is the shortest.
func TestSets(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	ways := map[byte]int{}
	for range 500 {
		var set []int
		share := rng.IntN(101)
		for n := range rng.IntN(400) {
			if rng.IntN(100) < share {
				set = append(set, n)
			}
		}
		var p packer
		p.set(set)
		ways[p.bytes[0]]++
		u := unpack(p.text())
		if got := u.set(400); !slices.Equal(got, set) || !u.done() {
			t.Fatalf("%v is read as %v", set, got)
		}
		if u := unpack(p.text()); len(set) > 0 && u.set(set[len(set)-1]) != nil {
			t.Fatalf("%v is a set of %d devices", set, set[len(set)-1])
		}
	}
	if len(ways) != 3 {
		t.Errorf("ways taken: %v", ways)
	}
}

// Whatever a text is, it comes back, and on its way it is one line of UTF-8 without blanks
// at its ends.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", " a b ", "a\r\nb", "\xff\xfe", "␛0a", "é\u0085\u2028\ufeff", "\x00", "a\\x0a", "\u2000", "\u3000a\u00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := escape(s)
		if got, ok := unescape(e); !ok || got != s {
			t.Errorf("%q is %q and then %q", s, e, got)
		}
		if !utf8.ValidString(e) || strings.ContainsAny(e, "\r\n\x00") || strings.TrimSpace(e) != e {
			t.Errorf("%q is %q on its way", s, e)
		}
	})
}
