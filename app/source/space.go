package source

import "bytes"

// space is what may stand between events.
const space = " \t\r\n"

var newline = []byte{'\n'}

func countLines(text []byte) int { return bytes.Count(text, newline) }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// leadingSpace returns how much white space text begins with.
func leadingSpace(text []byte) int {
	n := 0
	for n < len(text) && isSpace(text[n]) {
		n++
	}
	return n
}

// trailingSpace returns how much white space text ends with.
func trailingSpace(text []byte) int {
	n := 0
	for n < len(text) && isSpace(text[len(text)-1-n]) {
		n++
	}
	return n
}
