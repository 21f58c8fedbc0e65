// Package chunked speaks Splunk's custom search command protocol, version 2
// (`chunked = true` in commands.conf), in both directions. It knows nothing of
// what a command does.
//
// A command needs little of it: it implements Command and calls Serve, or, to read
// rows while they arrive, StreamCommand and ServeStream. Reader,
// Writer, the metadata types and the CSV Encoder are the parts Serve is made of;
// a program that plays splunkd's half uses the same parts.
//
// On the wire a chunk is
//
//	chunked 1.0,<metadata length>,<body length>\n
//
// then one JSON object, then CSV text, nothing between them; lengths are bytes.
// The package follows the reader and writer of the Splunk SDK for Python.
//
// The package never writes to stderr: splunkd logs all of it as errors.
package chunked

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

const (
	// MaxHeader bounds a header line in bytes, its line end included. A header
	// as splunkd writes it has at most 44.
	MaxHeader = 256
	// MaxMetadata bounds the JSON of one chunk in bytes.
	MaxMetadata = 64 << 20
	// DefaultMaxBody bounds the body of one chunk in bytes, unless SetMaxBody
	// says otherwise: 2 GiB - 1.
	DefaultMaxBody = math.MaxInt32

	readAhead = 64 << 10 // what a pipe holds
	firstStep = 1 << 20  // bytes reserved on the word of a header alone
)

// Chunk is one message of either side. Both slices belong to the Reader that
// returned them and are valid until its next Read or Open.
type Chunk struct {
	Metadata []byte // one JSON object; may have white space around it
	Body     []byte // CSV text, possibly empty
}

// Reader reads chunks. It is not safe for concurrent use.
type Reader struct {
	src      *bufio.Reader
	maxBody  int64
	strict   bool
	line     []byte
	metadata []byte
	body     []byte
}

// NewReader returns a Reader of src. It reads ahead: src must not be read by
// anyone else.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: bufio.NewReaderSize(src, readAhead), maxBody: DefaultMaxBody}
}

// SetMaxBody bounds the length of a body in bytes.
func (r *Reader) SetMaxBody(n int64) { r.maxBody = min(n, math.MaxInt) }

// SetStrict makes the Reader refuse blank lines between chunks and any header
// that is not spelt exactly as splunkd spells it. It is for tests of programs
// that write chunks.
func (r *Reader) SetStrict(strict bool) { r.strict = strict }

// Read returns the next chunk. The end of the input before a header is io.EOF
// itself; inside a chunk it is an error that wraps io.ErrUnexpectedEOF. What is
// not a header is a *HeaderError. After any error the Reader has lost its place
// and must not be read again.
func (r *Reader) Read() (Chunk, error) {
	metadata, body, err := r.Open()
	if err != nil {
		return Chunk{}, err
	}
	if r.body, err = fill(body, r.body, body.Len()); err != nil {
		return Chunk{}, err
	}
	return Chunk{Metadata: metadata, Body: r.body}, nil
}

// Open returns the next chunk's metadata, valid until the next Open or Read, and its
// body, to be read while it arrives. Its errors are those of Read. The body must be
// at its end before the next chunk is read: see Body.Discard.
func (r *Reader) Open() (metadata []byte, body *Body, err error) {
	head, err := r.readHeader()
	if err != nil {
		return nil, nil, err
	}
	if err := r.checkLengths(head); err != nil {
		return nil, nil, err
	}
	if r.metadata, err = fill(r.src, r.metadata, int(head.metadata)); err != nil {
		return nil, nil, fmt.Errorf("reading chunk metadata of %d bytes: %w", head.metadata, insideChunk(err))
	}
	return r.metadata, &Body{src: r.src, size: int(head.body), left: int(head.body)}, nil
}

// Unread reads on to the end of the input and returns the first bytes of what is
// there, at most limit, for a caller that expects nothing more.
func (r *Reader) Unread(limit int) ([]byte, error) {
	rest, err := io.ReadAll(io.LimitReader(r.src, int64(limit)))
	if err != nil {
		return rest, err
	}
	_, err = io.Copy(io.Discard, r.src)
	return rest, err
}

// Buffered returns how many bytes have arrived that belong to no chunk returned
// so far. More may be on their way.
func (r *Reader) Buffered() int { return r.src.Buffered() }

func (r *Reader) checkLengths(head header) error {
	if head.metadata > MaxMetadata {
		return headerErrorf("chunk metadata of %d bytes: at most %d are accepted", head.metadata, MaxMetadata)
	}
	if head.body > r.maxBody {
		return headerErrorf("chunk body of %d bytes: at most %d are accepted", head.body, r.maxBody)
	}
	return nil
}

// fill reads exactly n bytes into buf's memory. It reserves memory as bytes
// arrive, at most twice what has come: a lying header costs nothing.
func fill(src io.Reader, buf []byte, n int) ([]byte, error) {
	buf = buf[:0]
	for len(buf) < n {
		have := len(buf)
		step := min(n-have, max(firstStep, have, cap(buf)-have))
		buf = slices.Grow(buf, step)[:have+step]
		if _, err := io.ReadFull(src, buf[have:]); err != nil {
			return buf[:0], err
		}
	}
	return buf, nil
}

// insideChunk turns the end of the input into the error that it is there.
func insideChunk(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
