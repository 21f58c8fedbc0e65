package source

import (
	"bufio"
	"bytes"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// isEscaped reports whether the events of a text are XML that was written into XML or a web
// page as text: &lt;Event&gt;. Splunk's export is such, too, and is read as what it is.
func isEscaped(trimmed []byte) bool {
	begins := bytes.HasPrefix(trimmed, []byte("<")) || bytes.HasPrefix(trimmed, []byte("&lt;"))
	return begins && bytes.Contains(trimmed, []byte("&lt;Event")) && !bytes.Contains(trimmed, []byte("<result ")) && nextEventTag(trimmed) < 0
}

// cutEscaped cuts the events of such a text.
func (c *cutting) cutEscaped(text *bufio.Reader, _ []byte) error {
	c.text, c.files = &unescaping{r: text}, nil
	return c.events()
}

// unescaping undoes the references to characters in a text, once.
type unescaping struct {
	r    io.Reader
	in   []byte // read and not looked at: it may begin a reference
	out  []byte // not given out yet
	last []byte // the memory of out
	err  error
}

// longestReference is how long a reference to a character is at most, in bytes.
const longestReference = 16

// Read implements io.Reader.
func (u *unescaping) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// fill reads some more, and keeps back a reference that is not whole.
func (u *unescaping) fill() {
	const step = 16 << 10
	have := len(u.in)
	u.in = append(u.in, make([]byte, step)...)
	n, err := u.r.Read(u.in[have:])
	u.in, u.err = u.in[:have+n], err
	whole := len(u.in)
	if at := bytes.LastIndexByte(u.in, '&'); at >= 0 && len(u.in)-at < longestReference && bytes.IndexByte(u.in[at:], ';') < 0 && err == nil {
		whole = at
	}
	u.last = record.Unescape(u.last[:0], u.in[:whole])
	u.out = u.last
	u.in = u.in[:copy(u.in, u.in[whole:])]
}
