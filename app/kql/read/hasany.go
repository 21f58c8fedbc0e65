package read

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// terms is the right side of KQL's has_any: a text has a term if it stands there
// whatever its letter case, and not as part of a longer word. A word is a run of
// letters and digits; anything beyond ASCII counts as a letter. On a side where the
// term itself ends in another character, nothing is asked of the neighbour.
//
// So corel.com is in https://www.COREL.com/x, in corel.com.evil.example and in
// a-corel.com, and not in xcorel.com. The empty term is in every text.
type terms struct {
	terms []term
	lower []byte // the text being looked at, in lower case
}

type term struct {
	text       []byte
	head, tail bool // the term begins, ends with a letter or digit
}

func newTerms(texts []string) *terms {
	t := &terms{}
	for _, text := range texts {
		folded := appendLower(nil, []byte(text))
		n := len(folded)
		t.terms = append(t.terms, term{folded, n > 0 && isWordByte(folded[0]), n > 0 && isWordByte(folded[n-1])})
	}
	return t
}

// any reports whether text has any of the terms.
func (t *terms) any(text []byte) bool {
	if len(t.terms) == 0 {
		return false
	}
	t.lower = appendLower(t.lower[:0], text)
	for i := range t.terms {
		if t.terms[i].in(t.lower) {
			return true
		}
	}
	return false
}

func (m *term) in(text []byte) bool {
	for from := 0; from+len(m.text) <= len(text); {
		i := bytes.Index(text[from:], m.text)
		if i < 0 {
			return false
		}
		start := from + i
		end := start + len(m.text)
		if (!m.head || start == 0 || !isWordByte(text[start-1])) && (!m.tail || end == len(text) || !isWordByte(text[end])) {
			return true
		}
		from = start + 1
	}
	return false
}

// isWordByte reports whether b is an ASCII letter or digit, or a byte of any
// character beyond ASCII.
func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= utf8.RuneSelf
}

// appendLower appends text in lower case; bytes that are no UTF-8 stay as they are.
func appendLower(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			if b >= 'A' && b <= 'Z' {
				b += 'a' - 'A'
			}
			dst = append(dst, b)
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, b)
		} else {
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += size
	}
	return dst
}
