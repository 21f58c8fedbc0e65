package source

import (
	"bufio"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	gzipMagic = "\x1f\x8b"
	zstdMagic = "\x28\xb5\x2f\xfd"
)

// zstdMemory bounds what a zstd file may make the decoder allocate: the window of
// zstd --long=27, the largest that the tool itself opens without being asked to.
const zstdMemory = 128 << 20

// headSize is how much of a text is looked at to tell what it is, in bytes.
const headSize = 64 << 10

// open returns the text behind r in UTF-8: unpacked, without a byte order mark.
// The function it returns frees what the unpacking took. start is where the text begins
// in r; -1 when r has it in another form.
func open(name string, r io.Reader) (text *bufio.Reader, start int64, closeText func(), err error) {
	packed := bufio.NewReaderSize(r, headSize)
	plain, closeText, err := decompress(packed)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("unpacking %s: %w", name, &PackedError{Err: err})
	}
	text, ok := plain.(*bufio.Reader)
	if !ok {
		text = bufio.NewReaderSize(&unpacking{r: plain}, headSize)
	}
	text, start = decode(text)
	if !ok {
		start = -1
	}
	return text, start, closeText, nil
}

// decompress goes by the first bytes of the stream, never by a file's name.
func decompress(r *bufio.Reader) (io.Reader, func(), error) {
	head, _ := r.Peek(4) // an error comes back at the first read
	switch {
	case len(head) >= 2 && string(head[:2]) == gzipMagic:
		z, err := gzip.NewReader(r)
		return z, func() {}, err
	case string(head) == zstdMagic:
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(zstdMemory), zstd.WithDecoderMaxWindow(zstdMemory))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return r, func() {}, nil
}

// decode drops a byte order mark, and turns UTF-16, which Windows' tools export,
// into UTF-8. start is as in open.
func decode(r *bufio.Reader) (text *bufio.Reader, start int64) {
	head, _ := r.Peek(3)
	switch {
	case string(head) == "\xef\xbb\xbf":
		_, _ = r.Discard(3)
		return r, 3
	case len(head) >= 2 && string(head[:2]) == "\xff\xfe":
		return fromUTF16(r, littleEndian), -1
	case len(head) >= 2 && string(head[:2]) == "\xfe\xff":
		return fromUTF16(r, bigEndian), -1
	}
	// Without a byte order mark, every other byte of what an event begins with is zero.
	switch head, _ := r.Peek(4); {
	case len(head) < 4:
	case head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return plainUTF16(r, littleEndian), -1
	case head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return plainUTF16(r, bigEndian), -1
	}
	return r, 0
}
