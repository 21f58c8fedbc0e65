package source

import (
	"bufio"
	"bytes"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// otherSigns are what stands between columns besides the comma: a spreadsheet's list
// separator where the comma is in numbers, and what it saves as text.
const otherSigns = ";\t|"

// dialect is how a CSV text is written.
type dialect struct {
	sign   byte // between columns
	before int  // bytes before the header: a line sep=;
}

// dialectOf tells how a text is written whose columns are not parted by commas, or that
// says by what they are. ok is false for any other text.
func dialectOf(head []byte) (d dialect, ok bool) {
	if blank := len(head) - len(bytes.TrimLeft(head, "\r\n")); blank > 0 {
		d, ok = dialectOf(head[blank:])
		d.before += blank
		return d, ok
	}
	line, _, _ := bytes.Cut(head, newline)
	line = bytes.Trim(line, "\r\" ")
	if len(line) == len("sep=;") && bytes.EqualFold(line[:len("sep=")], []byte("sep=")) {
		d = dialect{line[len(line)-1], bytes.IndexByte(head, '\n') + 1}
		return d, d.before > 0 && columnsIn(head[d.before:], d.sign) > 1
	}
	for _, sign := range []byte(otherSigns) {
		if columnsIn(head, sign) > 2 {
			return dialect{sign: sign}, true
		}
	}
	return d, false
}

// columnsIn returns how many columns the first line of a text names, 0 if these are no
// names.
func columnsIn(text []byte, sign byte) int {
	line, _, whole := bytes.Cut(text, newline)
	if !whole {
		return 0
	}
	names, empty := bytes.Split(bytes.TrimRight(line, "\r"), []byte{sign}), 0
	for _, name := range names {
		switch name = bytes.Trim(name, "\"\x00"); {
		case len(name) == 0:
			empty++
		case !isColumn(string(name)):
			return 0
		}
	}
	if empty > 1 { // an index has no name; more are no header
		return 0
	}
	return len(names)
}

// commaReader turns a CSV text of another dialect into one with commas. A line before the
// header becomes an empty one, so that lines are numbered as in the file.
type commaReader struct {
	r     *bufio.Reader
	sign  byte
	out   []byte // that was not given out yet
	field []byte
	err   error
}

// withCommas returns the text with commas between its columns.
func withCommas(r *bufio.Reader, d dialect) io.Reader {
	c := &commaReader{r: r, sign: d.sign}
	if d.before > 0 {
		lines, _ := r.Peek(d.before) // they were peeked at before
		c.out = bytes.Repeat(newline, countLines(lines))
		_, c.err = r.Discard(d.before)
	}
	return c
}

// Read implements io.Reader.
func (c *commaReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.out, c.field = c.out[:0], c.field[:0]
		c.err = c.next()
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// next reads a field and what ends it.
func (c *commaReader) next() error {
	first, err := c.r.ReadByte()
	if err != nil {
		return err
	}
	if first == '"' {
		return c.quoted()
	}
	for b := first; ; {
		if b == c.sign || b == '\n' {
			c.bare(b)
			return nil
		}
		if c.field = append(c.field, b); len(c.field) > record.MaxRow {
			return record.ErrLongRow
		}
		if b, err = c.r.ReadByte(); err != nil {
			c.bare(0)
			return err
		}
	}
}

// bare puts out a field without quotes, and the end behind it.
func (c *commaReader) bare(end byte) {
	field := c.field
	var lineEnd []byte
	if end == '\n' {
		lineEnd = newline
		if n := len(field); n > 0 && field[n-1] == '\r' {
			field, lineEnd = field[:n-1], []byte("\r\n")
		}
	}
	if bytes.IndexByte(field, ',') >= 0 || bytes.IndexByte(field, '"') >= 0 {
		c.out = append(c.out, '"')
		c.out = append(c.out, bytes.ReplaceAll(field, []byte{'"'}, []byte(`""`))...)
		c.out = append(c.out, '"')
	} else {
		c.out = append(c.out, field...)
	}
	if end == c.sign {
		lineEnd = []byte{','}
	}
	c.out = append(c.out, lineEnd...)
}

// quoted puts out a field in quotes, whose first one was read.
func (c *commaReader) quoted() error {
	c.out = append(c.out, '"')
	for {
		b, err := c.r.ReadByte()
		if err != nil {
			return err
		}
		if c.out = append(c.out, b); len(c.out) > record.MaxRow {
			return record.ErrLongRow
		}
		if b != '"' {
			continue
		}
		after, err := c.r.ReadByte()
		switch {
		case err != nil:
			return err
		case after == c.sign:
			c.out = append(c.out, ',')
			return nil
		case after == '\n':
			c.out = append(c.out, '\n')
			return nil
		case after == '\r':
			c.out = append(c.out, '\r')
			if next, err := c.r.Peek(1); err == nil && next[0] == '\n' {
				_, _ = c.r.ReadByte()
				c.out = append(c.out, '\n')
				return nil
			}
		default:
			c.out = append(c.out, after)
		}
	}
}
