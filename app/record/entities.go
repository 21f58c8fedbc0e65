package record

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Unescape appends v to dst with the five XML entities (&amp; &lt; &gt; &quot;
// &apos;) and numeric references (&#N; &#xN;) replaced, once: what was escaped
// twice is still escaped once. Anything else after an ampersand stays as it is.
// Source of the rule: XML 1.0, section 4.6.
func Unescape(dst, v []byte) []byte {
	for {
		amp := bytes.IndexByte(v, '&')
		if amp < 0 {
			return append(dst, v...)
		}
		dst = append(dst, v[:amp]...)
		v = v[amp:]
		r, n := entity(v)
		if n == 0 {
			dst, v = append(dst, '&'), v[1:]
			continue
		}
		dst, v = utf8.AppendRune(dst, r), v[n:]
	}
}

// longestEntity bounds the search for the semicolon: &#x0010FFFF; and some zeros.
const longestEntity = 16

// entity reads the reference at the start of v; n is 0 when there is none.
func entity(v []byte) (r rune, n int) {
	end := bytes.IndexByte(v[:min(len(v), longestEntity)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := v[1:end]; string(name) {
	case "amp":
		r = '&'
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		r = numericEntity(name)
	}
	if r == 0 {
		return 0, 0
	}
	return r, end + 1
}

// numericEntity reads #N or #xN; 0 when it is neither, or no character.
func numericEntity(name []byte) rune {
	if name[0] != '#' {
		return 0
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0
	}
	return rune(n)
}

// unescaped returns v with its entities replaced: v itself when it has none, else
// a copy in the record's scratch memory.
func (r *Record) unescaped(v []byte) []byte {
	if bytes.IndexByte(v, '&') < 0 {
		return v
	}
	start := len(r.scratch)
	r.scratch = Unescape(r.scratch, v)
	return r.kept(start)
}

// kept returns what was appended to the scratch memory since start.
func (r *Record) kept(start int) []byte {
	return r.scratch[start:len(r.scratch):len(r.scratch)]
}
