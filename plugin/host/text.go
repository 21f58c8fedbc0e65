package host

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// printable returns text from a plugin or a file for people to read: control
// characters, what is not UTF-8 and what would turn the line around are escaped, and
// what is longer than limit bytes is cut.
func printable(text string, limit int) string {
	cut := len(text) > limit
	if cut {
		for back := 0; back < utf8.UTFMax && limit > 0 && !utf8.RuneStart(text[limit]); back++ {
			limit--
		}
		text = text[:limit]
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[i])|0x100, 16)[1:])
		case r != utf8.RuneError && !strconv.IsPrint(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	if cut {
		b.WriteString("...")
	}
	return b.String()
}
