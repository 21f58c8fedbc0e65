package event

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// What is retained has its text, in the order that it had, and with it what belongs to it;
// everything else is new when it comes again.
func TestRetain(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	s := NewSymbols()
	text := func() []byte {
		return []byte(strings.Repeat(`C:\`, r.IntN(2)) + fmt.Sprintf("Name%d", r.IntN(3000)) + strings.Repeat("x", r.IntN(300)))
	}
	for round := range 12 {
		for range r.IntN(4000) {
			y := s.Intern(text())
			*s.Note(y) = uint64(s.hash(s.Bytes(y)))
			if r.IntN(2) == 0 {
				s.Fold(y)
			}
			if r.IntN(2) == 0 {
				s.FileName(y)
			}
		}
		before := make([]string, s.Len())
		for y := range before {
			before[y] = s.String(Sym(y))
		}
		keeps := 1 + r.IntN(5)
		wanted := func(y Sym) bool { return int(y)%keeps == 0 }
		belongs := map[string]bool{}
		for y := Sym(1); int(y) < s.Len(); y++ {
			if wanted(y) {
				belongs[s.String(y)], belongs[s.String(s.known[y].fold)], belongs[s.String(s.known[y].file)] = true, true, true
			}
		}
		delete(belongs, "")

		s.Retain(wanted)
		former := s.former

		if len(former) != s.Len() || s.Len() != len(belongs)+1 {
			t.Fatalf("round %d: %d symbols are left, of %d wanted; %d have a former number", round, s.Len(), len(belongs), len(former))
		}
		for now, then := range former {
			is := s.String(Sym(now))
			if is != before[then] || now > 0 && !belongs[is] {
				t.Fatalf("round %d: symbol %d is %.40q, was %.40q", round, now, is, before[then])
			}
			if now > 0 && then <= former[now-1] {
				t.Fatalf("round %d: %d was %d, and %d was %d", round, now, then, now-1, former[now-1])
			}
			if note := *s.Note(Sym(now)); note != 0 && note != uint64(s.hash([]byte(is))) {
				t.Fatalf("round %d: the note of %.40q is another's", round, is)
			}
			if got := s.Intern([]byte(is)); got != Sym(now) {
				t.Fatalf("round %d: %.40q is found as %d, not %d", round, is, got, now)
			}
		}
		if size := len(strings.Join(before, "")); s.Size() > size {
			t.Fatalf("round %d: %d bytes of text, %d before", round, s.Size(), size)
		}
		for y := Sym(1); int(y) < len(former); y++ {
			if fold := s.Bytes(s.Fold(y)); !bytes.Equal(fold, bytes.ToLower(s.Bytes(y))) {
				t.Fatalf("round %d: %.40q has the lower case %.40q", round, s.Bytes(y), fold)
			}
			if file := s.Bytes(s.FileName(y)); !bytes.Equal(file, FileName(s.Bytes(y))) {
				t.Fatalf("round %d: %.40q has the file name %.40q", round, s.Bytes(y), file)
			}
		}
	}
}

func TestRetainNothing(t *testing.T) {
	s := NewSymbols()
	for i := range 100_000 {
		s.Intern(fmt.Append(nil, i))
	}
	if s.Retain(func(Sym) bool { return false }); s.Len() != 1 || s.Size() != 0 {
		t.Errorf("%d symbols of %d bytes are left", s.Len(), s.Size())
	}
	if y := s.Intern([]byte("5")); s.String(y) != "5" || y != 1 {
		t.Errorf("symbol %d, %q", y, s.String(y))
	}
}
