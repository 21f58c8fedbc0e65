package template

// dotted writes versions and inside addresses; a public address is evidence and stays.
func (f *folder) dotted() bool {
	if f.last() == '.' && len(f.dst)-f.base > 1 && isDigit(f.dst[len(f.dst)-2]) {
		return false
	}
	n, parts, address := dottedLength(f.src[f.at:])
	if parts < 2 || isLetter(f.next(f.at+n)) && !isHex(f.next(f.at+n)) {
		return false
	}
	folder := f.last() == '\\' && !f.ends(`\\`) || f.last() == '_' || f.last() == '-' || f.next(f.at+n) == '\\' && f.last() != '\\' && f.last() != '@'
	if parts == 4 && address && !folder && !f.named("v") {
		f.address(n)
		return true
	}
	if parts == 2 && n == 3 && f.argument("-version", "-v") {
		f.lower(f.at + n) // an interpreter of another language level is another program
		return true
	}
	f.replace(n+f.build(n), "<version>")
	return true
}

// build returns the length of a build's number behind a version: `-0`, `+1234`.
func (f *folder) build(n int) int {
	c := f.next(f.at + n)
	if c != '-' && c != '+' {
		return 0
	}
	more := digits(f.src[f.at+n+1:])
	if more == 0 || more > 2 && c == '-' || isWord(f.next(f.at+n+1+more)) || f.next(f.at+n+1+more) == '-' {
		return 0
	}
	return 1 + more
}

// dottedLength returns the length of numbers with dots between them, how many they are,
// and whether four of them can be an address.
func dottedLength(text []byte) (n, parts int, address bool) {
	address = true
	for {
		more := digits(text[n:])
		if more == 0 || more > 10 {
			return max(0, n-1), parts, address
		}
		address = address && more <= 3 && number(text[n:n+more]) < 256 && (more == 1 || text[n] != '0')
		n, parts = n+more, parts+1
		if n >= len(text) || text[n] != '.' || n+1 == len(text) || !isDigit(text[n+1]) || parts == 8 {
			return n, parts, address
		}
		n++
	}
}

func (f *folder) address(n int) {
	text := f.src[f.at : f.at+n]
	a := number(text[:digits(text)])
	second := text[digits(text)+1:]
	b := number(second[:digits(second)])
	if a == 10 || a == 127 || a == 0 || a == 172 && b >= 16 && b < 32 || a == 192 && b == 168 || a == 169 && b == 254 || a == 100 && b >= 64 && b < 128 {
		f.replace(n, "<ip>")
		return
	}
	f.lower(f.at + n)
}

// named reports whether the key of the value that begins here says version.
func (f *folder) named(part string) bool {
	key := f.dst[f.word:]
	if len(key) == 0 {
		key = f.dst[f.before:f.word]
		if len(key) == 0 || key[0] != '-' && key[0] != '/' {
			return false
		}
	}
	for len(key) > 0 && !isLetter(key[0]) {
		key = key[1:]
	}
	return hasPrefix(key, part+"er") || hasPrefix(key, "productv") || hasPrefix(key, "appv")
}

// argument reports whether the argument before this one is one of these.
func (f *folder) argument(names ...string) bool {
	if len(f.dst) != f.word || f.word == f.base {
		return false
	}
	before := f.dst[f.before : f.word-1]
	for _, name := range names {
		if string(before) == name {
			return true
		}
	}
	return false
}

// digits writes the number at the end of a word: one that is all of the word from three
// digits on, one behind letters from five on (KB5034441, but not win32 or office365).
func (f *folder) digits(end int) bool {
	text := f.src[f.at:end]
	n := 0
	for n < len(text) && isDigit(text[len(text)-1-n]) {
		n++
	}
	whole := n == len(text)
	switch {
	case n < 3, !whole && n < 5, whole && n < 5 && isStem(f.src[end:]), whole && n <= 5 && f.port():
		return f.versioned(text)
	}
	f.lower(end - n)
	f.replace(end-f.at, "<n>")
	return true
}

// versioned writes the version behind letters: v1.2.3, jre1.8.0.
func (f *folder) versioned(text []byte) bool {
	letters := 0
	for letters < len(text) && isLetter(text[letters]) {
		letters++
	}
	if letters == 0 || letters == len(text) || digits(text[letters:]) != len(text)-letters {
		return false
	}
	if f.ends(`\windowspowershell\`) {
		return false // v1.0 is its folder's name in all versions
	}
	n, parts, _ := dottedLength(f.src[f.at+letters:])
	if parts < 3 && (parts < 2 || letters != 1 || small(text[0]) != 'v') || isLetter(f.next(f.at+letters+n)) {
		return false
	}
	f.lower(f.at + letters)
	f.replace(n+f.build(n), "<version>")
	return true
}

// port reports whether a number of at most five digits is a port, or the ordinal of a
// function: both tell programs apart.
func (f *folder) port() bool {
	argument := f.dst[f.word:]
	switch f.last() {
	case '#':
		return true
	case ':':
		isSwitch := len(argument) > 0 && (argument[0] == '/' || argument[0] == '-') && !f.link
		return !isSwitch || containsPort(argument)
	case '=':
		return containsPort(argument)
	}
	return f.argument("-p", "-port", "--port", "/port", "-lport", "-rport", "-remoteport", "-localport")
}

func containsPort(text []byte) bool {
	for i := range text {
		if hasPrefix(text[i:], "port") && len(text)-i == len("port=") {
			return true
		}
	}
	return false
}

// programs are the endings of what can be run: what stands before one is its stem.
var programs = []string{".exe", ".dll", ".ps1", ".psm1", ".bat", ".cmd", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta",
	".py", ".pyw", ".pyz", ".pl", ".rb", ".jar", ".scr", ".cpl", ".com", ".msi", ".msp", ".msc", ".sct", ".ocx", ".xsl", ".lnk", ".sh", ".lua", ".ahk", ".au3", ".url", ".inf", ".chm", ".xll"}

// isStem reports whether the ending of a program or script follows.
func isStem(rest []byte) bool {
	if len(rest) < 3 || rest[0] != '.' {
		return false
	}
	for _, ending := range programs {
		if hasPrefix(rest, ending) && (len(rest) == len(ending) || !isWord(rest[len(ending)])) {
			return true
		}
	}
	return false
}
