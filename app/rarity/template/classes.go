package template

import "bytes"

// classes writes the slot of what begins at a word that goes up to end, if it is of a
// class. Their order matters.
func (f *folder) classes(end int) bool {
	if f.encoded() {
		return true
	}
	c, n := f.src[f.at], end-f.at
	hex := isHex(c) && n >= 8
	return hex && f.guid(f.at, f.at) ||
		small(c) == 's' && n == 1 && f.sid() ||
		(n >= 2 || isBase64(f.next(end))) && f.base64() ||
		f.temporary(end) ||
		f.host(end) || hasDigit(f.src[f.at:end]) && f.numeric(end)
}

// numeric writes the slot of what holds digits.
func (f *folder) numeric(end int) bool {
	c := f.src[f.at]
	return isDigit(c) && (f.date(end) || f.clock() || f.dotted()) ||
		isHex(c) && f.hex(end) ||
		f.digits(end)
}

// braced writes a GUID in braces.
func (f *folder) braced() bool {
	return f.next(f.at+37) == '}' && f.guid(f.at+1, f.at)
}

// guid writes the slot of a GUID whose digits begin at a place, or the GUID itself where
// it is the program.
func (f *folder) guid(at, from int) bool {
	if !isGUID(f.src[min(at, len(f.src)):]) || (from == at && isWord(f.next(at+36))) {
		return false
	}
	end := at + 36 + at - from
	if !f.clsid && !f.ends("::") && !f.ends("clsid:") && !f.ends(`clsid\`) {
		f.replace(end-from, "<guid>")
		return true
	}
	for f.at < end {
		f.put(small(f.src[f.at]))
	}
	return true
}

func isGUID(text []byte) bool {
	if len(text) < 36 {
		return false
	}
	for i, c := range text[:36] {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || (!dash && !isHex(c)) {
			return false
		}
	}
	return true
}

// sid writes a SID: those of domains, machines and directories become slots.
func (f *folder) sid() bool {
	rest := f.src[f.at:]
	if !hasPrefix(rest, "s-1-") {
		return false
	}
	end, parts := 1, 0
	for end < len(rest) && rest[end] == '-' && parts < 16 {
		n := digits(rest[end+1:])
		if n == 0 {
			break
		}
		end, parts = end+1+n, parts+1
	}
	if parts < 3 || isWord(f.next(f.at+end)) {
		return false
	}
	if (hasPrefix(rest, "s-1-5-21-") || hasPrefix(rest, "s-1-12-1-")) && parts >= 6 {
		f.replace(end, "<sid>")
		return true
	}
	f.lower(f.at + end)
	return true
}

// temporary writes the names that Windows and installers make for passing files.
func (f *folder) temporary(end int) bool {
	text := f.src[f.at:end]
	switch {
	case f.last() == ':' && f.ends("-cv:"), f.argument("-cv", "/cv"):
		for end < len(f.src) && f.src[end] > ' ' && f.src[end] != '"' {
			end++
		}
	case hasPrefix(text, "tmp") && len(text) >= 6 && isMixed(text[3:], isHex) && len(text) <= 24:
	case isTempFile(text) && hasPrefix(f.src[end:], ".tmp") && !isWord(f.next(end+4)):
	case len(text) == 2 && hasPrefix(f.src[f.at:], "is-") && hasPrefix(f.src[min(f.at+8, len(f.src)):], ".tmp"):
		f.lower(f.at + 3)
		f.replace(5, "<tmp>")
		return true
	case len(text) >= 6 && hasPrefix(f.src[end:], ".ses") && !isWord(f.next(end+4)):
	default:
		return false
	}
	f.replace(end-f.at, "<tmp>")
	return true
}

// isTempFile recognises the names that GetTempFileName makes, three letters and up to four
// hex digits, and those of compilers, with more of them.
func isTempFile(text []byte) bool {
	return len(text) >= 4 && all(text[:3], isLetter) && all(text[3:], isHex) && (len(text) >= 7 || isMixed(text[3:], isHex))
}

// isMixed reports whether all of a text is of a kind, and some of it are digits.
func isMixed(text []byte, kind func(byte) bool) bool {
	some := false
	for _, c := range text {
		if !kind(c) {
			return false
		}
		some = some || isDigit(c)
	}
	return some
}

// tilde writes the temporary names that begin with `~DF`.
func (f *folder) tilde() bool {
	end := f.wordEnd(f.at + 1)
	if text := f.src[f.at+1 : end]; !hasPrefix(text, "df") || len(text) < 5 || !isMixed(text, isHex) {
		return false
	}
	f.replace(end-f.at, "<tmp>")
	return true
}

// slot copies a slot.
func (f *folder) slot() bool {
	n := slotLength(f.src[f.at:])
	if n > 0 {
		f.dst = append(f.dst, f.src[f.at:f.at+n]...)
		f.at += n
		f.changed = true
	}
	return n > 0
}

// host writes the slot of the device's own name.
func (f *folder) host(end int) bool {
	for _, name := range f.device.folded {
		stop := f.at + len(name)
		if !hasPrefix(f.src[f.at:], name) || isWord(f.next(stop)) || (isLabel(name) && (isStem(f.src[stop:]) || !f.alone(stop))) {
			continue
		}
		if stop == end || stop > end {
			f.replace(stop-f.at, "<host>")
			return true
		}
	}
	return false
}

// isLabel reports whether a name is a word as any other.
func isLabel(name string) bool {
	for i := range len(name) {
		if !isLetter(name[i]) {
			return false
		}
	}
	return true
}

// alone reports whether the word up to stop is a whole value.
func (f *folder) alone(stop int) bool {
	return (f.ends("//") || bytes.IndexByte([]byte("\x00 =:\\@'"), f.last()) >= 0) &&
		bytes.IndexByte([]byte("\x00 \t\"\\'/,;:"), f.next(stop)) >= 0 &&
		(f.last() != ' ' || f.ends("host ") || f.ends("computer ") || f.ends("server ")) && len(f.dst) > f.base
}

// hex writes hashes and hexadecimal numbers.
func (f *folder) hex(end int) bool {
	text := f.src[f.at:end]
	if len(text) > 4 && hasPrefix(text, "0x") && all(text[2:], isHex) {
		f.replace(len(text), "<hex>")
		return true
	}
	if f.last() == '$' && len(text) >= 4 && len(text) <= 8 && isMixed(text, isHex) { // a window's handle, as installers pass it
		f.replace(len(text), "<hex>")
		return true
	}
	if len(text) < 8 || all(text, isDigit) || !isMixed(text, isHex) {
		return false
	}
	switch len(text) {
	case 32, 40, 64, 96, 128:
		f.replace(len(text), "<hash>")
	default:
		f.replace(len(text), "<hex>")
	}
	return true
}

func all(text []byte, kind func(byte) bool) bool {
	for _, c := range text {
		if !kind(c) {
			return false
		}
	}
	return true
}
