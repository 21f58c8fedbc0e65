package event

import (
	"testing"
	"unicode/utf8"
)

func TestTextOfAnotherCodePage(t *testing.T) {
	for bytes, want := range map[string]string{
		"": "", "plain": "plain", "Zähler": "Zähler", "Z\xe4hler": "Zähler", "100 \x80": "100 €", "\x93a\x94 \x96 b": "“a” – b",
		"Zähler und Z\xe4hler": "Zähler und Zähler", "\xff\xfe": "ÿþ", "\x81": "\u0081", "cut \xc3": "cut Ã", "\ufffd": "\ufffd",
	} {
		if got := Text([]byte(bytes)); got != want || !utf8.ValidString(got) {
			t.Errorf("Text(%q) = %q, want %q", bytes, got, want)
		}
	}
}

// No two bytes become one character, so that what differs looks different.
func TestEveryByteOfAnotherCodePageIsItsOwn(t *testing.T) {
	seen := map[string]byte{}
	for b := 0x80; b < 0x100; b++ {
		text := Text([]byte{byte(b)})
		if other, twice := seen[text]; twice || utf8.RuneCountInString(text) != 1 {
			t.Errorf("%#x and %#x are both %q", other, b, text)
		}
		seen[text] = byte(b)
	}
}
