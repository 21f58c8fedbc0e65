package command

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestWildcards(t *testing.T) {
	w, err := NewWildcards([]string{`C:\Program Files\*\updater.exe`, "*-cv:*", "sc.exe start", "a*b*c", "a**z", "SC.EXE*"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		value string
		want  int // -1: no match
	}{
		{`c:\program files\corel\UPDATER.EXE`, 0},
		{`c:\program files\updater.exe`, -1}, // the star stands between two separators
		{`x c:\program files\corel\updater.exe`, -1},
		{"CompatTelRunner.exe -m:appraiser -cv:abc", 1},
		{"SC.exe START", 2},
		{"sc.exe start x", 5},
		{"abc", 3},
		{"aXbXXc", 3},
		{"ac", -1},
		{"az", 4},
		{"", -1},
		{"a", -1},
	} {
		got, ok := w.Match(c.value)
		if ok != (c.want >= 0) || ok && got != c.want {
			t.Errorf("%q: entry %d, %t; want %d", c.value, got, ok, c.want)
		}
	}
}

// Fixed parts may not share letters: ab*ba needs four.
func TestWildcardPartsDoNotOverlap(t *testing.T) {
	w, _ := NewWildcards([]string{"ab*ba", "x*yy*y"})
	for value, want := range map[string]bool{"aba": false, "abba": true, "xyy": false, "xyyy": true} {
		if _, ok := w.Match(value); ok != want {
			t.Errorf("%q: %t", value, ok)
		}
	}
}

// The oracle is the obvious translation into a regular expression, entry by entry.
func TestWildcardsAgreeWithRegexp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		entries := make([]string, 1+rng.IntN(4))
		for i := range entries {
			entries[i] = randomText(rng, "aAbBü*", 1, 7)
		}
		w, err := NewWildcards(entries)
		if err != nil {
			continue // only stars
		}
		for range 10 {
			value := randomText(rng, "aAbBÜ\n", 0, 8)
			got, ok := w.Match(value)
			want, wantOK := slowMatch(entries, value)
			if ok != wantOK || got != want {
				t.Fatalf("%q on %q: entry %d, %t; the oracle says %d, %t", entries, value, got, ok, want, wantOK)
			}
		}
	}
}

func slowMatch(entries []string, value string) (int, bool) {
	for i, entry := range entries {
		quoted := strings.ReplaceAll(regexp.QuoteMeta(strings.ToLower(entry)), `\*`, `.*`)
		if regexp.MustCompile(`(?s)\A` + quoted + `\z`).MatchString(strings.ToLower(value)) {
			return i, true
		}
	}
	return 0, false
}

func randomText(rng *rand.Rand, letters string, least, most int) string {
	alphabet := []rune(letters)
	text := make([]rune, least+rng.IntN(most-least+1))
	for i := range text {
		text[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(text)
}

func TestNoWildcards(t *testing.T) {
	var none Wildcards
	if _, ok := none.Match(""); ok || none.Len() != 0 {
		t.Error("the zero value matches")
	}
	for _, entry := range []string{"", " ", "*", "***"} {
		if _, err := NewWildcards([]string{"a", entry}); err == nil {
			t.Errorf("%q is accepted", entry)
		}
	}
}

func TestWildcardsKeepTheirOwnEntries(t *testing.T) {
	entries := []string{"a", "b*"}
	w, _ := NewWildcards(entries)
	entries[0] = "changed"
	if w.Entry(0) != "a" || w.Len() != 2 {
		t.Errorf("entry 0 is %q of %d", w.Entry(0), w.Len())
	}
}
