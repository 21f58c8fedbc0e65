package event

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

// TestSymbolsAgainstAMap grows the table through several doublings and the arena
// through several chunks, with texts larger than a chunk in between.
func TestSymbolsAgainstAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	symbols, oracle := NewSymbols(), map[string]Sym{"": NoSym}
	for i := range 30_000 {
		text := fmt.Sprintf("%d-%s", r.IntN(15_000), strings.Repeat("x", r.IntN(150)))
		if i%5000 == 7 {
			text = strings.Repeat(text, 1+(chunkBytes+1000)/len(text))
		}
		y := symbols.Intern([]byte(text))
		if want, seen := oracle[text]; seen && y != want {
			t.Fatalf("%.20q is %d, was %d", text, y, want)
		}
		oracle[text] = y
	}
	if symbols.Len() != len(oracle) {
		t.Errorf("%d symbols for %d texts", symbols.Len(), len(oracle))
	}
	if len(symbols.long.chunks) < 4 || len(symbols.table) < 8*1024 {
		t.Errorf("%d chunks, table of %d: the test is too small", len(symbols.long.chunks), len(symbols.table))
	}
	for text, y := range oracle {
		if symbols.String(y) != text {
			t.Fatalf("symbol %d is %.20q, want %.20q", y, symbols.String(y), text)
		}
	}
}

func TestSymbolsCopyTheirText(t *testing.T) {
	symbols := NewSymbols()
	text := []byte("svchost.exe")
	y := symbols.Intern(text)
	text[0] = 'X'
	if got := symbols.String(y); got != "svchost.exe" {
		t.Errorf("text is %q after the caller changed its slice", got)
	}
	got := symbols.Bytes(y)
	_ = append(got, "overrun"...)
	if z := symbols.Intern([]byte("next")); symbols.String(z) != "next" || symbols.String(y) != "svchost.exe" {
		t.Error("appending to a symbol's bytes reaches another symbol")
	}
}

func TestFold(t *testing.T) {
	symbols := NewSymbols()
	intern := func(s string) Sym { return symbols.Intern([]byte(s)) }
	for _, c := range [][2]string{{"CMD.EXE", "cmd.exe"}, {"cmd.exe", "cmd.exe"}, {"ÄÖ.exe", "äö.exe"}, {"", ""}} {
		folded := symbols.Fold(intern(c[0]))
		if symbols.String(folded) != c[1] || folded != intern(c[1]) {
			t.Errorf("Fold(%q) = %q", c[0], symbols.String(folded))
		}
		if symbols.Fold(folded) != folded {
			t.Errorf("folding %q twice differs", c[0])
		}
	}
}

// Folding is done once and remembered as its own fold, so it must be so for every
// character.
func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := bytes.ToLower([]byte(string(r)))
		if twice := bytes.ToLower(once); !bytes.Equal(once, twice) {
			t.Errorf("%U folds to %q and then to %q", r, once, twice)
		}
	}
}

func TestCompareIsByText(t *testing.T) {
	symbols := NewSymbols()
	b, a := symbols.Intern([]byte("b")), symbols.Intern([]byte("a"))
	if symbols.Compare(a, b) >= 0 || symbols.Compare(b, a) <= 0 || symbols.Compare(a, a) != 0 || symbols.Compare(NoSym, a) >= 0 {
		t.Error("symbols are not ordered by their text")
	}
}

// TestFileName is what Windows and Unix call the last part of a path.
func TestFileName(t *testing.T) {
	s := NewSymbols()
	for path, want := range map[string]string{
		`C:\Windows\System32\cmd.exe`: "cmd.exe", "/usr/bin/env": "env", `\Device\a/b`: "b", "cmd.exe": "cmd.exe",
		`C:\Windows\`: `C:\Windows\`, "/": "/", "": "",
	} {
		for range 2 {
			if got := s.String(s.FileName(s.Intern([]byte(path)))); got != want {
				t.Errorf("%q has the file name %q, want %q", path, got, want)
			}
		}
	}
	s.Reset()
	if got := s.FileName(s.Intern([]byte(`C:\a.exe`))); s.String(got) != "a.exe" {
		t.Errorf("after a reset: %q", s.String(got))
	}
}
