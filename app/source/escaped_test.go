package source

import (
	"html"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestEscapedEventsAreRead has events as text in XML and in a page, whose own escapes are
// undone once, and no more.
func TestEscapedEventsAreRead(t *testing.T) {
	event := func(id string) string { return strings.Replace(xmlEvent("0"), "0", id, 1) }
	escaped := html.EscapeString(event("a&amp;amp;b")) + "\n" + html.EscapeString(event("2"))
	for name, text := range map[string]string{
		"alone": escaped, "in XML": "<rows><row><raw>" + strings.ReplaceAll(escaped, "\n", "</raw></row>\n<row><raw>") + "</raw></row></rows>\n",
		"with a declaration": "<?xml version='1.0'?>\n<string xmlns='u'>" + escaped + "</string>",
	} {
		var ids []string
		for _, r := range readText(t, text) {
			if !r.bad {
				ids = append(ids, r.id)
			}
		}
		if strings.Join(ids, " ") != "a&amp;b 2" {
			t.Errorf("%s: %q", name, ids)
		}
	}
	if got := readText(t, xmlEvent("&lt;Event&gt;")); len(got) != 1 || got[0].id != "<Event>" {
		t.Errorf("an event that holds such a text: %v", got)
	}
}

// TestReferencesAreUndoneWhereverReadsEnd compares with undoing them in one go.
func TestReferencesAreUndoneWhereverReadsEnd(t *testing.T) {
	text := strings.Repeat("a&lt;b&amp;lt;c&#38;d&#x3C;e & f&; ", 700) + "&am"
	want := html.UnescapeString(text)
	for name, r := range map[string]io.Reader{"at once": strings.NewReader(text), "by bytes": iotest.OneByteReader(strings.NewReader(text)), "by halves": iotest.HalfReader(strings.NewReader(text)), "with the end": iotest.DataErrReader(strings.NewReader(text))} {
		got, err := io.ReadAll(&unescaping{r: r})
		if err != nil || string(got) != want {
			t.Errorf("%s: %d bytes, want %d, error %v", name, len(got), len(want), err)
		}
	}
}
