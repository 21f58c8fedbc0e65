package row

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns s so that it can be shown on one line of a terminal or a page:
// attackers write command lines, and an escape sequence, a line break or a
// right-to-left mark in one must not change what the reader sees. Such characters
// come out as Go escapes.
func Printable(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[0])|0x100, 16)[1:])
		case harmful(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

func clean(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || harmful(r) {
			return false
		}
	}
	return true
}

// harmful reports whether a character is not what it looks like: controls, marks
// that turn the writing direction, characters without width, line separators.
func harmful(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad
	}
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Clip shortens s to at most width characters, 1 or more, and marks the cut.
func Clip(s string, width int) string {
	count := 0
	cut := 0
	for at := range s {
		if count++; count == width {
			cut = at
		}
		if count > width {
			return s[:cut] + "…"
		}
	}
	return s
}
