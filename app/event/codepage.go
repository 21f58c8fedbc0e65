package event

import (
	"bytes"
	"unicode/utf8"
)

// from1252 are the characters that Windows-1252 has where ISO 8859-1 has controls, from
// 0x80 on; 0 where it has none (WHATWG's Encoding Standard, index windows-1252).
var from1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// Text returns a text as a string of UTF-8. Bytes that are none are read as Windows-1252,
// in which spreadsheets of Western Europe and the Americas save a table unless they are
// told otherwise: that loses nothing, and never makes one text of two.
func Text(b []byte) string { return string(UTF8(b)) }

// UTF8 is Text as bytes: those of the text itself where it is in UTF-8.
func UTF8(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	text := make([]byte, 0, len(b)+utf8.UTFMax)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			if r = rune(b[0]); r >= 0x80 && r < 0xa0 && from1252[r-0x80] != 0 {
				r = from1252[r-0x80]
			}
		}
		text, b = utf8.AppendRune(text, r), b[size:]
	}
	return text
}

// Lower returns a text in lower case and in UTF-8, by which it is the same text in whichever
// of the encodings it came: a log and its export from a spreadsheet name one device.
func Lower(b []byte) []byte { return bytes.ToLower(UTF8(b)) }
