package source

import (
	"bufio"
	"bytes"
)

// padded gives line ends for long runs of zero bytes: logs of a machine that lost power
// are padded with them, and so are those that were allocated before they were written. No
// place in the text moves by it, and no run is judged by where a read happens to end.
type padded struct {
	r      *bufio.Reader
	within bool // the last read ended in a long run
}

// padding is from how many zero bytes on a run is no part of an event.
const padding = 8

// Read implements io.Reader.
func (p *padded) Read(to []byte) (int, error) {
	n, err := p.r.Read(to)
	for at := 0; at < n; {
		zero := bytes.IndexByte(to[at:n], 0)
		if zero < 0 {
			p.within = false
			break
		}
		from := at + zero
		at = from + zeros(to[from:n])
		if p.isLong(at-from, from == 0, at == n) {
			copy(to[from:at], bytes.Repeat(newline, at-from))
		}
	}
	return n, err
}

// isLong reports whether a run, of which length bytes are at hand, has padding bytes or
// more with what lies before a read's first byte and behind its last.
func (p *padded) isLong(length int, first, last bool) bool {
	long := length >= padding || first && p.within
	if last && !long {
		next, _ := p.r.Peek(padding - length) // an error comes back at the next read
		long = length+zeros(next) >= padding
	}
	p.within = long && last
	return long
}

// zeros returns how many zero bytes text begins with.
func zeros(text []byte) int {
	return len(text) - len(bytes.TrimLeft(text, "\x00"))
}
