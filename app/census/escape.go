package census

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Texts come from command lines that anybody may have written. In rows, bytes that no
// program along the way is sure to leave alone (control characters, what is no UTF-8,
// blanks at the ends) stand as the sign for "escape" and two hex digits.
const escapeSign = '␛' // U+241B

// mostKey is how long a text may be, in bytes; templates end in a tail before.
const mostKey = 16 << 10

func escape(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isPlain(r, size) && (!unicode.IsSpace(r) || (i > 0 && i+size < len(text))) {
			b.WriteString(text[i : i+size])
		} else {
			for _, c := range []byte(text[i : i+size]) {
				b.WriteRune(escapeSign)
				b.WriteString(hex.EncodeToString([]byte{c}))
			}
		}
		i += size
	}
	return b.String()
}

func isPlain(r rune, size int) bool {
	return r >= ' ' && r != 0x7f && r != escapeSign && (r != utf8.RuneError || size > 1) && (r < 0x80 || r > 0x9f) && r != 0x2028 && r != 0x2029 && r != 0xfeff
}

func plain(text string) bool {
	for i, r := range text {
		if !isPlain(r, utf8.RuneLen(r)) || r == utf8.RuneError {
			return false
		}
		if unicode.IsSpace(r) && (i == 0 || i+utf8.RuneLen(r) == len(text)) {
			return false
		}
	}
	return true
}

// unescape is escape undone. It reports whether the text is one that escape writes.
func unescape(text string) (string, bool) {
	if !strings.ContainsRune(text, escapeSign) {
		return text, true
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, string(escapeSign))
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		if len(after) < 2 {
			return "", false
		}
		c, err := hex.DecodeString(after[:2])
		if err != nil {
			return "", false
		}
		b.Write(c)
		text = after[2:]
	}
}
