package template

import (
	"unicode"
	"unicode/utf8"
)

// folder goes over one command line once.
type folder struct {
	src    []byte
	at     int
	dst    []byte
	base   int // where the template begins in dst
	device Names
	// What came before decides on what follows.
	word, before int  // where the current argument and the one before it begin in dst
	clsid        bool // a host of COM classes was named: GUIDs are programs
	link         bool // the current argument has a scheme: `http://…`
	quoted       bool // between two quotes that are characters
	changed      bool // more than letter case and blanks: another round may find more
}

// fold appends what one round makes of a text, and whether another may make more.
func fold(dst, src []byte, device Names) (folded []byte, changed bool) {
	f := folder{src: src, dst: dst, base: len(dst), word: len(dst), before: len(dst), device: device}
	for f.at < len(f.src) && !f.tail() {
		f.step()
	}
	for len(f.dst) > f.base && f.dst[len(f.dst)-1] == ' ' {
		f.dst = f.dst[:len(f.dst)-1]
	}
	return f.dst, f.changed
}

// step folds one character, word or slot.
func (f *folder) step() {
	c := f.src[f.at]
	switch {
	case c <= ' ' || c == 0x7f:
		f.blank()
	case c == '"':
		f.at++
		f.changed = true
	case c == '\\':
		f.backslash()
	case isWord(c):
		f.wordAt()
	case c == '<' && f.slot(), c == '%' && f.variable(), c == '{' && f.braced(), c == '~' && f.tilde(),
		(c == '/' || c == '+') && f.base64():
	default:
		f.put(c)
	}
}

func (f *folder) put(c byte) {
	f.dst = append(f.dst, c)
	f.at++
}

func (f *folder) blank() {
	f.changed = f.changed || f.src[f.at] != ' '
	f.at++
	if n := len(f.dst); n > f.base && f.dst[n-1] != ' ' {
		f.dst = append(f.dst, ' ')
		f.before, f.word, f.link = f.word, len(f.dst), false
	}
}

// backslash knows how programs read quotes (CommandLineToArgvW): an odd backslash
// before a quote makes it a character. At the end of an argument people mean the folder
// `"C:\x\"`. The prefixes of long and native paths are dropped.
func (f *folder) backslash() {
	rest := f.src[f.at:]
	switch {
	case hasPrefix(rest, `\\?\`) || hasPrefix(rest, `\??\`) || hasPrefix(rest, `\\.\`) && len(rest) > 5 && rest[5] == ':':
		f.replace(4, "")
	case hasPrefix(rest, `\systemroot\`) && f.word == len(f.dst):
		f.replace(len(`\systemroot`), `c:\windows`)
	case len(rest) > 1 && rest[1] == '"' && (f.quoted || len(rest) > 2 && rest[2] > ' '):
		f.replace(2, "'")
		f.quoted = !f.quoted
	default:
		f.put('\\')
	}
}

// replace writes a text instead of the next n bytes.
func (f *folder) replace(n int, text string) {
	f.dst = append(f.dst, text...)
	f.at += n
	f.changed = true
}

// wordAt folds the word that begins here, or what begins with it.
func (f *folder) wordAt() {
	end := f.wordEnd(f.at)
	if f.classes(end) {
		return
	}
	from := len(f.dst)
	f.lower(end)
	f.after(from)
}

func (f *folder) wordEnd(at int) int {
	for at < len(f.src) && isWord(f.src[at]) {
		at++
	}
	return at
}

// lower copies up to end, or to the limit, in small letters; what is no UTF-8 stays as
// it is.
func (f *folder) lower(end int) {
	for f.at < end && len(f.dst)-f.base < limit {
		c := f.src[f.at]
		if c < utf8.RuneSelf {
			f.dst = append(f.dst, small(c))
			f.at++
			continue
		}
		f.changed = true
		r, n := utf8.DecodeRune(f.src[f.at:end])
		if r == utf8.RuneError {
			n = min(1, n)
			f.dst = append(f.dst, f.src[f.at:f.at+n]...)
		} else {
			f.dst = utf8.AppendRune(f.dst, unicode.ToLower(r))
		}
		f.at += n
	}
}

// after notes what a word means for those behind it.
func (f *folder) after(from int) {
	switch string(f.dst[from:]) {
	case "taskhostw", "taskhost", "taskhostex", "dllhost":
		f.clsid = true
	case "users":
		f.profile(from)
	case "docume":
		if hasPrefix(f.src[f.at:], `~1\`) {
			f.replace(2, "~1")
			f.profile(from)
		}
	case "settings":
		if f.ends(`:\documents and settings`) {
			f.profile(len(f.dst) - len(`documents and settings`))
		}
	case "progra":
		f.shortName()
	case "user", "username":
		f.account(from)
	}
	if hasPrefix(f.src[f.at:], "://") {
		f.link = true
	}
}

// tail ends a template that became too long with the length and the hash of the rest.
func (f *folder) tail() bool {
	if len(f.dst)-f.base < limit {
		return false
	}
	rest := f.src[f.at:]
	for len(rest) > 0 && rest[len(rest)-1] <= ' ' {
		rest = rest[:len(rest)-1]
	}
	if n := slotLength(rest); n > 0 && n == len(rest) {
		f.dst = append(f.dst, rest...)
	} else if len(rest) > 0 {
		f.dst = appendSized(f.dst, "tail", rest, true)
	}
	f.changed = true
	f.at = len(f.src)
	return true
}

// ends reports whether the template so far ends in a text of small letters.
func (f *folder) ends(text string) bool {
	written := f.dst[f.base:]
	return len(written) >= len(text) && string(written[len(written)-len(text):]) == text
}

// last returns the last byte written, 0 at the beginning.
func (f *folder) last() byte {
	if len(f.dst) == f.base {
		return 0
	}
	return f.dst[len(f.dst)-1]
}

// next returns the byte at a place of the command, 0 behind its end.
func (f *folder) next(at int) byte {
	if at >= len(f.src) {
		return 0
	}
	return f.src[at]
}
