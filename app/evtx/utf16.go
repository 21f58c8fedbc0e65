package evtx

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes are what is written instead of characters below 128.
type escapes struct {
	instead [utf8.RuneSelf]bool
	text    [utf8.RuneSelf]string
}

func (e *escapes) set(c int, text string) { e.instead[c], e.text[c] = true, text }

// plain escapes nothing.
var plain escapes

// inText and inAttribute are how characters are written in an element and between an
// attribute's quotes. What XML 1.0 has no notation for is written as XML 1.1 does, except
// NUL, which neither can hold.
var inText, inAttribute = xmlEscapes(""), xmlEscapes("'\"\n\t")

func xmlEscapes(also string) (e escapes) {
	for c := 1; c < ' '; c++ {
		if c != '\n' && c != '\t' {
			e.set(c, "&#"+strconv.Itoa(c)+";")
		}
	}
	for _, c := range also {
		e.set(int(c), "&#"+strconv.Itoa(int(c))+";")
	}
	e.set(0, "\uFFFD")
	e.set('&', "&amp;")
	e.set('<', "&lt;")
	e.set('>', "&gt;")
	return e
}

// notASCII are the bits of four units that no character below 128 has.
const notASCII = 0xFF80FF80FF80FF80

// appendUTF16 appends little-endian UTF-16 as UTF-8. A lone surrogate becomes U+FFFD, and so
// does U+FFFE and U+FFFF, which no XML may hold; half a unit at the end is dropped.
func appendUTF16(dst, text []byte, e *escapes) []byte {
	for i := 0; i+1 < len(text); i += 2 {
		for i+8 <= len(text) { // four at a time, as most text is plain
			four := le.Uint64(text[i:])
			a, b, c, d := byte(four), byte(four>>16), byte(four>>32), byte(four>>48)
			if four&notASCII != 0 || e.instead[a&0x7F] || e.instead[b&0x7F] || e.instead[c&0x7F] || e.instead[d&0x7F] {
				break
			}
			dst = append(dst, a, b, c, d)
			i += 8
		}
		if i+1 >= len(text) {
			break
		}
		unit := le.Uint16(text[i:])
		if unit < utf8.RuneSelf {
			if e.instead[unit] {
				dst = append(dst, e.text[unit]...)
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
		if c < utf8.RuneSelf && e.instead[c] {
			dst = append(dst, e.text[c]...)
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
		case c < utf8.RuneSelf && e.instead[c]:
			dst = append(dst, e.text[c]...)
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
