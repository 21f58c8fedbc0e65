package evtx

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Magic is how every event log begins.
const Magic = "ElfFile\x00"

// ChunkSize is the size of a chunk, in bytes.
const ChunkSize = 64 << 10

const (
	chunkMagic     = "ElfChnk\x00"
	headerSize     = 128      // of the file's header, and of a chunk's
	headerBlock    = 4096     // the room that a file has for its header
	noChecksumFlag = 1 << 2   // of the file: its checksums are not kept
	firstRecord    = 512      // where a chunk's records begin
	majorVersion   = 3        // the version that is known, 3.1 and 3.2
	checkedHeader  = 120      // how much of a header its checksum covers
	readAhead      = 64 << 10 // of the stream
)

var le = binary.LittleEndian

// ErrNoLog is what NewReader returns (wrapped) for a stream that is no event log.
var ErrNoLog = errors.New("this is no Windows event log: it does not begin with ElfFile")

// Header is what a file says of itself. Its count of chunks is often wrong, so nothing
// here goes by it.
type Header struct {
	Major, Minor uint16
	Chunks       uint16
	Flags        uint32 // 1 for a log that was not closed
}

// Reader takes the chunks of a log from a stream. It is for one goroutine.
type Reader struct {
	r      *bufio.Reader
	header Header
	warn   func(Warning)
	chunk  int // number of the next
}

// NewReader reads a log's header. warn, if not nil, is told what is wrong with the file.
func NewReader(r io.Reader, warn func(Warning)) (*Reader, error) {
	if warn == nil {
		warn = func(Warning) {}
	}
	reader := &Reader{r: bufio.NewReaderSize(r, readAhead), warn: warn}
	head, err := reader.r.Peek(headerSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the log's header: %w", err)
	}
	if !bytes.HasPrefix(head, []byte(Magic)) {
		return nil, ErrNoLog
	}
	reader.readHeader(head)
	return reader, reader.skipHeader(head)
}

// Header returns the file's header.
func (r *Reader) Header() Header { return r.header }

func (r *Reader) fileWarning(kind Kind, format string, args ...any) {
	r.warn(Warning{Kind: kind, Chunk: -1, Err: fmt.Errorf(format, args...)})
}

func (r *Reader) readHeader(head []byte) {
	if len(head) < headerSize {
		r.fileWarning(CutFile, "the file has %d bytes", len(head))
		return
	}
	r.header = Header{Minor: le.Uint16(head[36:]), Major: le.Uint16(head[38:]), Chunks: le.Uint16(head[42:]), Flags: le.Uint32(head[120:])}
	if h := r.header; h.Major != majorVersion {
		r.fileWarning(FileHeader, "version %d.%d is not known, read as 3.1", h.Major, h.Minor)
	}
	if want, got := le.Uint32(head[124:]), crc32.ChecksumIEEE(head[:checkedHeader]); want != got && r.header.Flags&noChecksumFlag == 0 {
		r.fileWarning(FileHeader, "its checksum is %08x, that of its bytes %08x", want, got)
	}
}

// skipHeader goes to the first chunk: behind the room that the header states, if a chunk
// is there, else behind the usual.
func (r *Reader) skipHeader(head []byte) error {
	size := headerBlock
	if len(head) == headerSize {
		if stated := int(le.Uint16(head[40:])); stated >= headerSize && stated < readAhead-headerSize && stated != headerBlock {
			if ahead, _ := r.r.Peek(stated + len(chunkMagic)); bytes.HasSuffix(ahead, []byte(chunkMagic)) {
				size = stated
			}
		}
	}
	n, err := r.r.Discard(size)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("reading the log's header: %w", err)
	case n < size && len(head) == headerSize: // of a shorter one it has been said
		r.fileWarning(CutFile, "the file ends in its header, after %d bytes", n)
	}
	return nil
}

// Chunk is a chunk's bytes. One that is used again needs no new memory.
type Chunk struct {
	Number    int // 0, 1, 2 ... by place in the file
	data      []byte
	unchecked bool // the file keeps no checksums
}

// Next reads the next chunk into c. The error is io.EOF at the end; another one is the
// stream's own, and what came before it was given out.
func (r *Reader) Next(c *Chunk) error {
	if cap(c.data) < ChunkSize {
		c.data = make([]byte, ChunkSize)
	}
	for {
		n, err := fill(r.r, c.data[:ChunkSize])
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading chunk %d: %w", r.chunk, err)
		}
		if n == 0 {
			return io.EOF
		}
		c.Number, c.data, c.unchecked = r.chunk, c.data[:n], r.header.Flags&noChecksumFlag != 0
		r.chunk++
		if found, err := r.align(c); found || err != nil {
			return err
		}
	}
}

// align makes the chunk's bytes begin where a chunk does. It reports false when there is
// no chunk in them.
func (r *Reader) align(c *Chunk) (bool, error) {
	at := bytes.Index(c.data, []byte(chunkMagic))
	if at != 0 && !isEmpty(c.data) {
		passed := len(c.data)
		if at > 0 {
			passed = at
		}
		r.warn(Warning{Kind: NoChunk, Chunk: c.Number, Err: fmt.Errorf("%d bytes that are no chunk were passed over", passed)})
	}
	if at < 0 {
		return false, nil
	}
	if at > 0 {
		kept := copy(c.data, c.data[at:])
		n, err := fill(r.r, c.data[kept:cap(c.data)][:ChunkSize-kept])
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("reading chunk %d: %w", c.Number, err)
		}
		c.data = c.data[:kept+n]
	}
	if len(c.data) < ChunkSize {
		r.warn(Warning{Kind: CutFile, Chunk: c.Number, Err: fmt.Errorf("the file ends %d bytes into a chunk of %d", len(c.data), ChunkSize)})
	}
	return true, nil
}

// isEmpty reports whether a block was never written to.
func isEmpty(block []byte) bool {
	for _, b := range block {
		if b != 0 {
			return false
		}
	}
	return true
}

// fill reads until p is full. It gives the reader's own error, so that a broken
// compressed stream is not taken for an end.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var k int
		k, err = r.Read(p[n:])
		n += k
	}
	if n == len(p) {
		return n, nil
	}
	return n, err
}
