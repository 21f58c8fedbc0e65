package indicator

import (
	"bytes"
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// maxPatterns bounds the command lines with an asterisk: each is tried on every
// command line that is looked up.
const maxPatterns = 1000

// maxCommand is the longest command line that is compared, in bytes. Windows allows
// 32,767 characters.
const maxCommand = 128 << 10

// commands matches whole command lines, letter case and the amount of blanks aside.
type commands struct {
	exact    names
	patterns []pattern
}

// pattern is a command line in which an asterisk stands for any text, none included.
type pattern struct {
	parts [][]byte // between the asterisks; the first and the last may be empty
	note  uint32
}

// appendCommand appends a command line as it is compared: lower case, every run of
// white space one blank, none at the ends. Bytes that are no UTF-8 stay.
func appendCommand(dst []byte, command string) []byte {
	start, blank := len(dst), false
	for i := 0; i < len(command); {
		r, size := utf8.DecodeRuneInString(command[i:])
		switch {
		case unicode.IsSpace(r):
			blank = true
		default:
			if blank && len(dst) > start {
				dst = append(dst, ' ')
			}
			blank = false
			dst = appendLower(dst, command[i:i+size], r)
		}
		i += size
	}
	return dst
}

func appendLower(dst []byte, spelled string, r rune) []byte {
	if r == utf8.RuneError {
		return append(dst, spelled...)
	}
	return utf8.AppendRune(dst, unicode.ToLower(r))
}

// newPattern cuts a pattern at its asterisks.
func newPattern(command []byte, note uint32) pattern {
	parts := bytes.Split(command, []byte("*"))
	parts = slices.CompactFunc(parts, func(a, b []byte) bool { return len(a) == 0 && len(b) == 0 })
	return pattern{parts, note}
}

// matches takes the first place for each part, which is as good as any: time grows
// with the length of the command line, whatever the pattern.
func (p *pattern) matches(command []byte) bool {
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	if len(command) < len(first)+len(last) || !bytes.HasPrefix(command, first) || !bytes.HasSuffix(command, last) {
		return false
	}
	rest := command[len(first) : len(command)-len(last)]
	for _, part := range p.parts[1 : len(p.parts)-1] {
		at := bytes.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// order puts the patterns so that the first that matches is the one to take: the best
// score and source, then the longest.
func (c *commands) order(n *notes) {
	slices.SortFunc(c.patterns, func(a, b pattern) int {
		return cmp.Or(
			cmp.Compare(n.places[a.note], n.places[b.note]), cmp.Compare(b.size(), a.size()),
			cmp.Compare(a.note, b.note), slices.CompareFunc(a.parts, b.parts, bytes.Compare),
		)
	})
	c.patterns = slices.CompactFunc(c.patterns, func(a, b pattern) bool {
		return a.note == b.note && slices.EqualFunc(a.parts, b.parts, bytes.Equal)
	})
}

func (p *pattern) size() (n int) {
	for _, part := range p.parts {
		n += len(part)
	}
	return n
}

func (c *commands) find(value string, n *notes) (best uint32, found bool) {
	if c.len() == 0 || len(value) > maxCommand {
		return 0, false
	}
	var buffer [1024]byte
	command := appendCommand(buffer[:0], value)
	best, found = c.exact.find(command)
	for i := range c.patterns {
		p := &c.patterns[i]
		if found && !n.better(p.note, best) {
			break
		}
		if p.matches(command) {
			return p.note, true
		}
	}
	return best, found
}

func (c *commands) len() int { return c.exact.len() + len(c.patterns) }

func (c *commands) bytes() int {
	n := c.exact.bytes()
	for i := range c.patterns {
		n += 32 + 24*len(c.patterns[i].parts) + c.patterns[i].size()
	}
	return n
}
