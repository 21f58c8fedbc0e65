package host

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// However the stream is cut into pieces, the lines are the same, and those of the
// whole text split at its line ends.
func TestLogLines(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		var text strings.Builder
		var want []string
		for range r.IntN(20) {
			line := strings.Repeat("äb\x00"[:1+r.IntN(4)], r.IntN(300))
			text.WriteString(line + []string{"\n", "\r\n"}[r.IntN(2)])
			if line != "" && len(want) < maxLogLines {
				want = append(want, "plugin p: "+printable(line, maxLogLine))
			}
		}
		var got []string
		log := &pluginLog{name: "p", to: func(line string) { got = append(got, line) }}
		s := &logStream{log: log}
		for rest := text.String(); rest != ""; {
			n := min(1+r.IntN(200), len(rest))
			_, _ = s.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		s.flush()
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("got %q\nwant %q", got, want)
		}
	}
}

func TestLogIsLimited(t *testing.T) {
	var got []string
	log := &pluginLog{name: "p", to: func(line string) { got = append(got, line) }}
	s := log.stream()
	for range 10 * maxLogLines {
		_, _ = s.Write([]byte("x\n"))
	}
	if len(got) != maxLogLines+1 || !strings.HasSuffix(got[maxLogLines], "the rest is left out") {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	log.silence()
	before := len(got)
	_, _ = s.Write([]byte("x\n"))
	if len(got) > before {
		t.Error("a line after the end")
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("plain", 3)
	f.Add("\x1b[31m\u202e\xff\xe4\xbd", 5)
	f.Add(strings.Repeat("ä", 10), 7)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 0 || limit > 1000 {
			return
		}
		got := printable(text, limit)
		for _, r := range got {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q has %q", got, r)
			}
		}
		if !utf8.ValidString(got) || len(got) > 10*limit+3 {
			t.Errorf("%q", got)
		}
	})
}
