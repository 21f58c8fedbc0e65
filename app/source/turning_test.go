package source

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"
)

// Lines in UTF-8 that were put behind others in UTF-16 are read, and so are more in UTF-16
// behind those, in either order of bytes. A line that only looks so costs nothing but itself.
func TestLinesOfAnotherEncoding(t *testing.T) {
	const (
		line    = "<Event>überall dasselbe, Zeile für Zeile</Event>\n"
		plain   = "<Event>the same wherever one looks, a line each</Event>\r\n"
		chinese = "任务计划程序已成功完成任务，实例的操作。今天的天气很好，我们一起去公园散步吧。\n"
	)
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		in16 := func(text string) string {
			var b []byte
			for _, unit := range utf16.Encode([]rune(text)) {
				b = order.AppendUint16(b, unit)
			}
			return string(b)
		}
		for _, c := range []struct{ text, want string }{
			{in16("\ufeff"+line) + plain + line + plain, line + plain + line + plain},
			{in16("\ufeff"+line) + plain + in16(line+plain) + plain, line + plain + line + plain + plain},
			{in16("\ufeff" + line + "\n" + chinese + plain), line + "\n" + chinese + plain},
			{in16("\ufeff" + line + "\n\n"), line + "\n\n"},
		} {
			if got := asList(t, c.text); got != c.want {
				t.Errorf("%s-endian: %q, want %q", name, got, c.want)
			}
		}
		forged := in16("\ufeff"+line) + plain[:40] + in16("\n"+line+plain)
		if got, want := asList(t, forged), line+plain; len(got) < len(want) || got[len(got)-len(want):] != want {
			t.Errorf("%s-endian: a line that looks like another encoding hides what follows: %q", name, got)
		}
	}
}
