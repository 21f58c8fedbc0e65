package evtx

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes is what is written instead of a character below 128: "" for itself.
type escapes [utf8.RuneSelf]string

// plain escapes nothing.
var plain escapes

// inText and inAttribute are how characters are written in an element and between an
// attribute's quotes. What XML 1.0 has no notation for is written as XML 1.1 does, except
// NUL, which neither can hold.
var inText, inAttribute = xmlEscapes(""), xmlEscapes("'\"\n\t")

func xmlEscapes(also string) (e escapes) {
	for c := 1; c < ' '; c++ {
		if c != '\n' && c != '\t' {
			e[c] = "&#" + strconv.Itoa(c) + ";"
		}
	}
	for _, c := range also {
		e[c] = "&#" + strconv.Itoa(int(c)) + ";"
	}
	e[0], e['&'], e['<'], e['>'] = "\uFFFD", "&amp;", "&lt;", "&gt;"
	if also != "" {
		e['\''], e['"'] = "&apos;", "&quot;"
	}
	return e
}

// appendUTF16 appends little-endian UTF-16 as UTF-8. A lone surrogate becomes U+FFFD, and so
// does U+FFFE and U+FFFF, which no XML may hold; half a unit at the end is dropped.
func appendUTF16(dst, text []byte, e *escapes) []byte {
	for i := 0; i+1 < len(text); i += 2 {
		unit := uint16(text[i]) | uint16(text[i+1])<<8
		if unit < utf8.RuneSelf {
			if written := e[unit]; written != "" {
				dst = append(dst, written...)
			} else {
				dst = append(dst, byte(unit))
			}
			continue
		}
		r := rune(unit)
		switch {
		case r >= 0xFFFE:
			r = utf8.RuneError
		case utf16.IsSurrogate(r):
			r = utf8.RuneError
			if i+3 < len(text) {
				if pair := utf16.DecodeRune(rune(unit), rune(le.Uint16(text[i+2:]))); pair != utf8.RuneError {
					r, i = pair, i+2
				}
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// appendUTF8 appends text that is UTF-8 already.
func appendUTF8(dst, text []byte, e *escapes) []byte {
	for _, c := range text {
		if c < utf8.RuneSelf && e[c] != "" {
			dst = append(dst, e[c]...)
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

// appendANSI appends text in Windows' code page 1252: a log does not say in which its
// writer worked.
func appendANSI(dst, text []byte, e *escapes) []byte {
	for _, c := range text {
		switch {
		case c < utf8.RuneSelf && e[c] != "":
			dst = append(dst, e[c]...)
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		case c < 0xA0:
			dst = utf8.AppendRune(dst, windows1252[c-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// windows1252 are its characters 128 to 159; the five that it leaves free stand for the
// control characters of that number, as Windows reads them.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}
