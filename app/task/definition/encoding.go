package definition

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// utf8Text returns a text in UTF-8. Task files are UTF-16 with a mark of the byte order;
// without one, a NUL beside the first "<" tells.
func utf8Text(text []byte) []byte {
	switch {
	case bytes.HasPrefix(text, []byte{0xFF, 0xFE}):
		return fromUTF16(text[2:], binary.LittleEndian)
	case bytes.HasPrefix(text, []byte{0xFE, 0xFF}):
		return fromUTF16(text[2:], binary.BigEndian)
	case bytes.HasPrefix(text, []byte{'<', 0}):
		return fromUTF16(text, binary.LittleEndian)
	case bytes.HasPrefix(text, []byte{0, '<'}):
		return fromUTF16(text, binary.BigEndian)
	}
	return text
}

func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
