package sample

import (
	"encoding/json"
	"encoding/xml"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzAppendJSON(f *testing.F) {
	for _, seed := range []string{"", `C:\Program Files\a "b" & <c>`, "zoë\t\r\n\x00\x1f", "ሴ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // the generator makes none
		}
		var back string
		if err := json.Unmarshal(appendJSON(nil, text), &back); err != nil || back != text {
			t.Errorf("%q came back as %q (%v)", text, back, err)
		}
	})
}

func FuzzAppendXML(f *testing.F) {
	for _, seed := range []string{"", `"x" & 'y' > nul 2>&1`, "<unknown process>", "]]>", "zoë &amp;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0xfffe || r == 0xffff }) {
			return // not to be written in XML at all, or changed by every reader
		}
		var back struct {
			Value string `xml:",chardata"`
		}
		line := append(appendXML([]byte("<Data>"), text), "</Data>"...)
		if err := xml.Unmarshal(line, &back); err != nil || back.Value != text {
			t.Errorf("%q came back as %q (%v)", text, back.Value, err)
		}
	})
}

func TestLongAddr(t *testing.T) {
	for text, want := range map[string]string{
		"::1": "0:0:0:0:0:0:0:1", "fe80::12:0:3": "fe80:0:0:0:0:12:0:3", "10.1.2.3": "10.1.2.3", "2a00:1450:4001:82b::2003": "2a00:1450:4001:82b:0:0:0:2003",
	} {
		a := netip.MustParseAddr(text)
		got := longAddr(a)
		if got != want || netip.MustParseAddr(got) != a {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}

func TestDigest(t *testing.T) {
	a := digest("MD5", `C:\A.exe`, 32)
	if len(a) != 32 || a != digest("MD5", `c:\a.EXE`, 32) {
		t.Errorf("%s: want 32 digits that do not depend on the path's case", a)
	}
	if a == digest("MD5", `C:\B.exe`, 32) || a == digest("SHA256", `C:\A.exe`, 64)[:32] {
		t.Error("another program or another kind of hash gives the same digits")
	}
}

func TestAppendEventKeepsWhatIsThere(t *testing.T) {
	h := histories(t, Config{Devices: 1, Days: 1.0 / 24})[0]
	for _, format := range AllFormats() {
		got := AppendEvent([]byte("before "), format, &h.Events[0])
		if !strings.HasPrefix(string(got), "before ") {
			t.Errorf("%s: %s", format, got)
		}
	}
}
