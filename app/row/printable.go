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
		shown, size, _ := Shown(s)
		b.WriteString(shown)
		s = s[size:]
	}
	return b.String()
}

// Shown returns the first character of a text as Printable shows it, how many bytes of the text
// that is, and whether it is an escape. One that was made of the text before is one character,
// so that nothing that cuts a text can cut it.
func Shown(s string) (shown string, size int, escaped bool) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return `\x` + strconv.FormatUint(uint64(s[0])|0x100, 16)[1:], size, true
	case harmful(r):
		quoted := strconv.QuoteRuneToASCII(r)
		return quoted[1 : len(quoted)-1], size, true
	case r == '\\':
		if n := escapeLength(s); n > 0 {
			return s[:n], n, true
		}
	}
	return s[:size], size, false
}

// escapeDigits is how many digits an escape has by its letter. Those without digits are not
// known from a folder's name: \temp.
var escapeDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escapeLength is how long the escape is that a text begins with, 0 for none.
func escapeLength(s string) int {
	if len(s) < 2 {
		return 0
	}
	digits := escapeDigits[s[1]]
	if digits == 0 || len(s) < 2+digits {
		return 0
	}
	code, err := strconv.ParseUint(s[2:2+digits], 16, 32)
	if err != nil || strings.ToLower(s[2:2+digits]) != s[2:2+digits] {
		return 0
	}
	if isByte := s[1] == 'x' && code >= 0x80; !isByte && !harmful(rune(code)) {
		return 0
	}
	return 2 + digits
}

// HasEscape reports whether a text has an escape in it that was made of it before.
func HasEscape(s string) bool {
	for at := strings.IndexByte(s, '\\'); at >= 0; {
		if escapeLength(s[at:]) > 0 {
			return true
		}
		next := strings.IndexByte(s[at+1:], '\\')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return false
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

// Clip shortens s so that Printable shows at most width characters of it, 1 or more, and marks
// the cut, which is never within what is shown of one character.
func Clip(s string, width int) string {
	count, cut := 0, 0
	for at := 0; at < len(s); {
		if count < width {
			cut = at
		}
		shown, size, _ := Shown(s[at:])
		if count += utf8.RuneCountInString(shown); count > width {
			return s[:cut] + "…"
		}
		at += size
	}
	return s
}
