package json

import "bytes"

// noNumbers are what Python's json writes of numbers that are none, as pandas has for a cell
// without a value. JSON knows no such words, and neither does json-iterator.
var noNumbers = []string{"NaN", "Infinity", "-Infinity"}

// noNumber returns the length of such a word here, 0 for none. One that ends the text may be
// cut, and one that goes on is another.
func (it *Iterator) noNumber() int {
	rest := it.text[it.pos:]
	for _, word := range noNumbers {
		if len(rest) > len(word) && string(rest[:len(word)]) == word && bytes.IndexByte([]byte(",]} \t\r\n"), rest[len(word)]) >= 0 {
			return len(word)
		}
	}
	return 0
}

// deepest is how many brackets may be open in a value that is skipped part by part.
const deepest = 1000

// skipParts moves past an array or object part by part, as json-iterator refuses one with a
// word in it that is no number. It reports false, and does not move, where that does not help.
func (it *Iterator) skipParts() bool {
	if c := it.text[it.pos]; c != '[' && c != '{' {
		return false
	}
	start, first := it.pos, it.first
	if it.skipPart(deepest); it.err == nil {
		return true
	}
	it.pos, it.first, it.err = start, first, nil
	return false
}

// skipPart moves past the next value, which may have as many more brackets in it.
func (it *Iterator) skipPart(most int) {
	switch kind := it.Kind(); {
	case most == 0:
		it.unexpected()
	case kind == Array:
		for it.EnterArray(); it.Element(); {
			it.skipPart(most - 1)
		}
	case kind == Object:
		for it.EnterObject(); it.separator('}'); {
			if it.String(); it.expect(':') {
				it.skipPart(most - 1)
			}
		}
	default:
		it.Skip()
	}
}
