package read

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHasAny(t *testing.T) {
	names := []string{"corel.com", "ocsp.digicert.com", "avast.com"}
	cases := []struct {
		text  string
		terms []string
		want  bool
	}{
		{"corel.com", names, true},
		{"https://www.COREL.com/x", names, true},
		{"corel.com.evil.example", names, true},
		{"my-avast.com", names, true},
		{"evil.example/?ref=avast.com", names, true},
		{"ocsp.digicert.com:80", names, true},
		{"xcorel.com corel.com", names, true}, // the second place counts
		{"corel.comcorel.com", names, false},
		{"xcorel.com", names, false},
		{"notcorel.com", names, false},
		{"corel.comx", names, false},
		{"corel-com", names, false},
		{"ocsp2.digicert.com", names, false},
		{"corel.comé", names, false}, // beyond ASCII counts as a letter
		{"écorel.com", names, false},
		{"", names, false},
		{"", []string{""}, true},
		{"anything", []string{""}, true},
		{"anything", nil, false},
		{"run z -a now", []string{"-a"}, true},
		{"run z x-a now", []string{"-a"}, true}, // nothing is asked on the side of the dash
		{"run z -ab now", []string{"-a"}, false},
		{`C:\x\a.exe`, []string{`x\`}, true},
		{`C:\xx\a.exe`, []string{`x\`}, false},
		{"ÄRGER", []string{"ärger"}, true},
		{"bad \xff byte", []string{"byte"}, true},
		{"aab ab", []string{"ab"}, true},
		{"xa-a-a", []string{"a-a"}, true}, // places may overlap
	}
	for _, c := range cases {
		if got := newTerms(c.terms).any([]byte(c.text)); got != c.want {
			t.Errorf("%q has_any %q: %v, want %v", c.text, c.terms, got, c.want)
		}
	}
}

// FuzzHasAny compares with a regular expression of the same rule.
func FuzzHasAny(f *testing.F) {
	for _, seed := range [][2]string{{"https://www.COREL.com/x", "corel.com"}, {"xcorel.com", "corel.com"}, {"a-b", "-b"}, {"", ""}, {"éa b", "a"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, term string) {
		if !isPlain(text) || !isPlain(term) {
			t.Skip("letter case beyond ASCII is Unicode's own subject")
		}
		got := newTerms([]string{term}).any([]byte(text))
		if want := hasByRegexp(text, term); got != want {
			t.Errorf("%q has %q: %v, want %v", text, term, got, want)
		}
	})
}

// isPlain reports whether a text is ASCII, or characters without letter case.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f && (r < 0x4e00 || r > 0x9fff) })
}

const wordClass = `0-9A-Za-z\x{80}-\x{10FFFF}`

var beginsWord, endsWord = regexp.MustCompile(`^[` + wordClass + `]`), regexp.MustCompile(`[` + wordClass + `]$`)

func hasByRegexp(text, term string) bool {
	expression := `(?i:` + regexp.QuoteMeta(term) + `)`
	if beginsWord.MatchString(term) {
		expression = `(?:^|[^` + wordClass + `])` + expression
	}
	if endsWord.MatchString(term) {
		expression += `(?:$|[^` + wordClass + `])`
	}
	return regexp.MustCompile(expression).MatchString(text)
}
