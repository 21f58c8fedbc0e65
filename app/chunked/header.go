package chunked

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// HeaderError says that what stands where a chunk header should be is none, or
// one that asks for more than is accepted.
type HeaderError struct{ reason string }

func (e *HeaderError) Error() string { return e.reason }

func headerErrorf(format string, args ...any) error {
	return &HeaderError{reason: fmt.Sprintf(format, args...)}
}

const (
	protocolName    = "chunked"
	protocolVersion = "1.0"
	quotedAtMost    = 40 // bytes of a bad header that an error repeats
)

// header is what a header line says: two lengths in bytes.
type header struct{ metadata, body int64 }

// appendHeader appends the line as splunkd spells it.
func appendHeader(dst []byte, h header) []byte {
	dst = append(dst, protocolName+" "+protocolVersion+","...)
	dst = strconv.AppendInt(dst, h.metadata, 10)
	dst = append(dst, ',')
	dst = strconv.AppendInt(dst, h.body, 10)
	return append(dst, '\n')
}

// readHeader skips blank lines and reads a header. Old recordings of the SDK hold
// line ends that no length counts.
func (r *Reader) readHeader() (header, error) {
	for {
		if err := r.readLine(); err != nil {
			return header{}, err
		}
		if r.strict || len(bytes.Trim(r.line, blanks+"\n")) > 0 {
			return r.parseLine()
		}
	}
}

func (r *Reader) parseLine() (header, error) {
	h, err := parseHeader(r.line)
	if err != nil {
		return header{}, err
	}
	if r.strict && !bytes.Equal(appendHeader(nil, h), r.line) {
		return header{}, headerErrorf("chunk header %s is not spelt as splunkd spells it", excerpt(r.line))
	}
	return h, nil
}

// readLine reads one line into r.line, byte by byte: a line that does not end
// must not make the reader wait for more than MaxHeader bytes.
func (r *Reader) readLine() error {
	r.line = r.line[:0]
	for len(r.line) < MaxHeader {
		c, err := r.src.ReadByte()
		if err != nil {
			return r.lineCut(err)
		}
		if r.line = append(r.line, c); c == '\n' {
			return nil
		}
	}
	return headerErrorf("chunk header %s is longer than %d bytes", excerpt(r.line), MaxHeader)
}

// lineCut says what the end of the input means: nothing more to come, a chunk
// that was cut short, or a text that never was a chunk.
func (r *Reader) lineCut(err error) error {
	line := r.line
	if !r.strict {
		line = bytes.TrimLeft(line, blanks)
	}
	if errors.Is(err, io.EOF) && len(line) == 0 {
		return io.EOF
	}
	if n := min(len(line), len(protocolName)); string(line[:n]) != protocolName[:n] {
		return notAHeader(line)
	}
	return fmt.Errorf("reading chunk header: %w", insideChunk(err))
}

// parseHeader reads a line. The grammar is that of the Splunk SDK:
// chunked\s+1.0\s*,\s*(\d+)\s*,\s*(\d+)\s*\n.
func parseHeader(line []byte) (header, error) {
	rest, ok := bytes.CutPrefix(line, []byte(protocolName))
	if !ok || len(rest) == len(skipBlanks(rest)) {
		return header{}, notAHeader(line)
	}
	version, rest, ok := bytes.Cut(rest, []byte(","))
	if !ok {
		return header{}, notAHeader(line)
	}
	if v := bytes.Trim(version, blanks); string(v) != protocolVersion {
		return header{}, headerErrorf("chunk header %s: version %s is not supported, only %s", excerpt(line), excerpt(v), protocolVersion)
	}
	metadata, rest, okM := parseLength(rest)
	rest, okC := bytes.CutPrefix(rest, []byte(","))
	body, rest, okB := parseLength(rest)
	if !okM || !okC || !okB || string(rest) != "\n" {
		return header{}, notAHeader(line)
	}
	return header{metadata: metadata, body: body}, nil
}

const blanks = " \t\r\v\f"

func skipBlanks(text []byte) []byte { return bytes.TrimLeft(text, blanks) }

// parseLength reads digits with blanks around them. A number too large for an
// int64 becomes the largest: it is refused by its size, not as bad grammar.
func parseLength(text []byte) (n int64, rest []byte, ok bool) {
	text = skipBlanks(text)
	digits := 0
	for digits < len(text) && '0' <= text[digits] && text[digits] <= '9' {
		if d := int64(text[digits] - '0'); n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
		} else {
			n = n*10 + d
		}
		digits++
	}
	return n, skipBlanks(text[digits:]), digits > 0
}

func notAHeader(line []byte) error {
	return headerErrorf("not a chunk header: %s; want \"chunked 1.0,<metadata length>,<body length>\"", excerpt(line))
}

// excerpt quotes the beginning of text for an error, so that it is one short line
// of ASCII.
func excerpt(text []byte) string {
	if len(text) > quotedAtMost {
		return strconv.QuoteToASCII(string(text[:quotedAtMost])) + "..."
	}
	return strconv.QuoteToASCII(string(text))
}
