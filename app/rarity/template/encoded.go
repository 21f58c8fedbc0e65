package template

// encoded writes the slot of an encoded command: the value of PowerShell's switch, which
// may be shortened, and what a script decodes by itself. It is a program, so its length
// and hash stay.
func (f *folder) encoded() bool {
	if last := f.last(); last == '(' && f.ends("frombase64string(") || last == '\'' && f.ends("frombase64string('") {
		return f.sized(8)
	}
	if len(f.dst) != f.word || f.word < f.base+3 || !isEncodedSwitch(f.dst[f.before:f.word-1]) {
		return false
	}
	return f.sized(16)
}

func isEncodedSwitch(text []byte) bool {
	if len(text) < 2 || (text[0] != '-' && text[0] != '/') {
		return false
	}
	name := string(text[1:])
	return name == "ec" || len(name) <= len("encodedcommand") && name == "encodedcommand"[:len(name)]
}

// sized writes a slot with length and hash for at least so many letters of base64.
func (f *folder) sized(least int) bool {
	n := base64Length(f.src[f.at:])
	if n < least || isWord(f.next(f.at+n)) {
		return false
	}
	f.dst = appendSized(f.dst, "base64", f.src[f.at:f.at+n], false)
	f.at += n
	f.changed = true
	return true
}

func isBase64(c byte) bool { return isDigit(c) || isLetter(c) || c == '+' || c == '/' }

// inBase64 is isBase64 as a table: encoded commands are long.
var inBase64 = func() (in [256]bool) {
	for c := range in {
		in[c] = isBase64(byte(c))
	}
	return in
}()

// base64Length returns how much of a text is base64, with its padding.
func base64Length(text []byte) int {
	n := 0
	for n < len(text) && inBase64[text[n]] {
		n++
	}
	for pad := 0; pad < 2 && n > 0 && n < len(text) && text[n] == '='; pad++ {
		n++
	}
	return n
}

// base64 writes the slot of other base64: a token or a state that differs from run to
// run. Only the first word of a stretch of the alphabet is looked at, so that a path
// with many parts is not gone over again for each. AppX… is the name of an application,
// the same on all devices.
func (f *folder) base64() bool {
	if isBase64(f.last()) || f.last() == '=' && !f.keyed() {
		return false
	}
	n := base64Length(f.src[f.at:])
	text := f.src[f.at : f.at+n]
	if n < 24 || n%4 != 0 || isWord(f.next(f.at+n)) || hasPrefix(text, "appx") || !isWide(text) && !isShuffled(text) || !isVaried(text) {
		return false
	}
	f.replace(n, "<base64>")
	return true
}

// keyed reports whether the `=` before is one between a key and its value.
func (f *folder) keyed() bool {
	return len(f.dst)-f.word >= 2 && isWord(f.dst[len(f.dst)-2])
}

// leastVaried is of how many different letters base64 is at least: 24 that chance took are of
// twenty, those of a word in UTF-16 of six. Fewer are a filler, or a rule of signs.
const leastVaried = 5

// isVaried reports whether a text has so many different letters.
func isVaried(text []byte) bool {
	var seen [256]bool
	different := 0
	for _, c := range text {
		if !seen[c] {
			seen[c] = true
			different++
		}
	}
	return different >= leastVaried
}

// isWide reports whether base64 holds UTF-16 of Latin letters: every second byte is
// zero, which leaves few letters in four of eight places. It need not contain a digit.
func isWide(text []byte) bool {
	fit, all := 0, 0
	for i := 0; i+8 <= len(text); i += 8 {
		for _, is := range [...]bool{isQuarter(text[i+1]), text[i+2] == 'A' || text[i+2] == 'B', text[i+4] == 'A', text[i+7] == 'A'} {
			if all++; is {
				fit++
			}
		}
	}
	return all >= 12 && fit*10 >= all*9
}

// isQuarter reports whether a letter of base64 has no bit but its highest two.
func isQuarter(c byte) bool { return c == 'A' || c == 'Q' || c == 'g' || c == 'w' }

// isShuffled reports whether large and small letters and digits change places as often
// as chance has it: three times in five, letters alone every second time. In words put
// together they do it at their joints only, twice in seven letters, and hardly a large letter
// follows another.
func isShuffled(text []byte) bool {
	var large, low, other bool
	changes, pairs := 0, 0 // pairs: of large letters
	for i, c := range text {
		large, low, other = large || c >= 'A' && c <= 'Z', low || c >= 'a' && c <= 'z', other || !isLetter(c)
		switch {
		case i > 0 && caseOf(c) != caseOf(text[i-1]):
			changes++
		case i > 0 && caseOf(c) == 0:
			pairs++
		}
	}
	return large && low && (other && changes*5 >= len(text)*2 || changes*20 >= len(text)*7 && pairs*8 >= len(text))
}

func caseOf(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return 0
	case c >= 'a' && c <= 'z':
		return 1
	case isDigit(c):
		return 2
	}
	return 3
}
