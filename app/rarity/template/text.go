package template

import "strconv"

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
func isHex(c byte) bool    { return isDigit(c) || (c|0x20 >= 'a' && c|0x20 <= 'f') }

// isWord says what words are made of: letters and digits, of any alphabet. `_`, `-` and
// `.` end a word: a date behind them begins one.
func isWord(c byte) bool { return isDigit(c) || isLetter(c) || c >= 0x80 }

func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// hasPrefix compares with a text of small letters, case aside.
func hasPrefix(text []byte, prefix string) bool {
	if len(text) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if small(text[i]) != prefix[i] {
			return false
		}
	}
	return true
}

// digits returns how many digits a text begins with.
func digits(text []byte) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func hasDigit(text []byte) bool {
	for _, c := range text {
		if isDigit(c) {
			return true
		}
	}
	return false
}

// number returns the value of a few digits.
func number(text []byte) int {
	value := 0
	for _, c := range text {
		value = value*10 + int(c-'0')
	}
	return value
}

// appendSized writes a slot that keeps length and hash (FNV-1a) of what it stands for.
func appendSized(dst []byte, name string, text []byte, folded bool) []byte {
	hash := uint64(14695981039346656037)
	for _, c := range text {
		if folded {
			c = small(c)
		}
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	dst = append(append(append(dst, '<'), name...), ':')
	dst = append(strconv.AppendInt(dst, int64(len(text)), 10), ':')
	short := uint32(hash ^ hash>>32)
	for shift := 28; shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[short>>shift&15])
	}
	return append(dst, '>')
}

// slotLength returns the length of the slot that a text begins with, 0 for none.
func slotLength(text []byte) int {
	if len(text) < 3 || text[0] != '<' {
		return 0
	}
	end := 1
	for end < len(text) && end < 40 && text[end] != '>' {
		end++
	}
	if end >= len(text) || text[end] != '>' {
		return 0
	}
	switch string(text[1:end]) {
	case "guid", "sid", "base64", "tmp", "host", "user", "date", "time", "ip", "version", "hash", "hex", "n", "*":
		return end + 1
	}
	if isSized(text[1:end], "base64:") || isSized(text[1:end], "tail:") {
		return end + 1
	}
	return 0
}

// isSized recognises what appendSized writes between < and >.
func isSized(text []byte, name string) bool {
	if len(text) < len(name) || string(text[:len(name)]) != name {
		return false
	}
	text = text[len(name):]
	n := digits(text)
	if n == 0 || len(text) != n+9 || text[n] != ':' {
		return false
	}
	for _, c := range text[n+1:] {
		if !isHex(c) || c != small(c) {
			return false
		}
	}
	return true
}
