package source

import (
	"encoding/binary"
	"math/bits"
)

// stringEnd looks for the end of the JSON string that has begun before data[i]: yes,
// it ends before next; no, a line end is in it, at next; unsure, data is too short.
func stringEnd(data []byte, i int) (next int, found verdict) {
	for {
		if i = stringSign(data, i); i >= len(data) {
			return len(data), unsure
		}
		switch data[i] {
		case '"':
			return i + 1, yes
		case '\n':
			return i, no
		}
		i++ // behind a backslash, which takes the meaning from a quote or a backslash
		if i < len(data) && data[i] != '\n' {
			i++
		}
	}
}

// stringSign returns the place of the first quote, backslash or line end at or after
// data[i], or the length of data. It looks at eight bytes at a time: strings in
// events are short, and three searches for each would cost more than the rest.
func stringSign(data []byte, i int) int {
	for ; i+8 <= len(data); i += 8 {
		word := binary.LittleEndian.Uint64(data[i:])
		if marks := equal(word, '"') | equal(word, '\\') | equal(word, '\n'); marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
	}
	for ; i < len(data); i++ {
		if c := data[i]; c == '"' || c == '\\' || c == '\n' {
			break
		}
	}
	return i
}

// equal marks the bytes of word that are c, in the highest bit of each. Above the
// lowest of them it may mark others.
func equal(word uint64, c byte) uint64 {
	const low, high = 0x0101010101010101, 0x8080808080808080
	word ^= low * uint64(c)
	return (word - low) &^ word & high
}
