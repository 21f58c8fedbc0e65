package record

import (
	"encoding/xml"
	"testing"
)

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"plain":                         "plain",
		"&lt;a&gt; &amp; &quot;b&apos;": `<a> & "b'`,
		"2&gt;&amp;1":                   "2>&1",
		"&amp;lt;":                      "&lt;",
		"&#65;&#x42;&#x1F600;":          "AB\U0001F600",
		"&#10;&#xD;":                    "\n\r",
		"&":                             "&",
		"a & b; c":                      "a & b; c",
		"&;&#;&#x;&#0;&nbsp;":           "&;&#;&#x;&#0;&nbsp;",
		"&#x110000;&#99999999999999;":   "&#x110000;&#99999999999999;",
		"&#xD800;":                      "\uFFFD",
		"&lt":                           "&lt",
	} {
		if got := string(Unescape(nil, []byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzUnescape(f *testing.F) {
	for _, s := range []string{"&amp;", "&#x41;x&#66;", "a&lt;", "&&amp;;", "&#xD800;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(Unescape(nil, []byte(s)))
		var want struct {
			V string `xml:",attr"`
		}
		if xml.Unmarshal([]byte(`<a V="`+s+`"/>`), &want) != nil || want.V == "" && s != "" {
			return
		}
		if normalLines(got) != normalLines(want.V) && !containsAny(s, "\"<>\r") {
			t.Errorf("%q became %q, encoding/xml says %q", s, got, want.V)
		}
	})
}
