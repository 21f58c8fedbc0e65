// Package evtxtest writes small Windows event logs for tests: sound ones, and with a few
// bytes changed, unsound ones.
package evtxtest

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// ChunkSize is the size of a chunk, in bytes.
const ChunkSize = 64 << 10

const (
	headerBlock = 4096
	firstRecord = 512
)

var le = binary.LittleEndian

// File puts chunks into a file of version 3.minor, with a header that is right.
func File(minor uint16, chunks ...[]byte) []byte {
	head := make([]byte, headerBlock)
	copy(head, "ElfFile\x00")
	le.PutUint32(head[32:], 128)
	le.PutUint16(head[36:], minor)
	le.PutUint16(head[38:], 3)
	le.PutUint16(head[40:], headerBlock)
	le.PutUint16(head[42:], uint16(len(chunks)))
	le.PutUint32(head[124:], crc32.ChecksumIEEE(head[:120]))
	return slices.Concat(append([][]byte{head}, chunks...)...)
}

// Chunk is a chunk that is being written.
type Chunk struct {
	data      []byte
	number    uint64 // of the next record
	names     map[string]int
	templates map[string]int
}

// NewChunk begins a chunk whose first record has a number.
func NewChunk(first uint64) *Chunk {
	return &Chunk{data: make([]byte, firstRecord), number: first, names: map[string]int{}, templates: map[string]int{}}
}

// Record adds a record that was written at a time; body writes its binary XML.
func (c *Chunk) Record(filetime uint64, body func(*XML)) {
	start := len(c.data)
	c.data = append(c.data, "**\x00\x00size"...)
	c.data = le.AppendUint64(c.data, c.number)
	c.data = le.AppendUint64(c.data, filetime)
	body(&XML{c: c})
	for len(c.data)%8 != 4 {
		c.data = append(c.data, 0)
	}
	size := uint32(len(c.data) + 4 - start)
	le.PutUint32(c.data[start+4:], size)
	c.data = le.AppendUint32(c.data, size)
	c.number++
}

// Bytes returns the chunk, with checksums that are right. It panics when the records do not
// fit: a test that writes so much is wrong.
func (c *Chunk) Bytes() []byte {
	if len(c.data) > ChunkSize {
		panic("evtxtest: the records do not fit into a chunk")
	}
	data := append(slices.Clone(c.data), make([]byte, ChunkSize-len(c.data))...)
	copy(data, "ElfChnk\x00")
	le.PutUint32(data[40:], 128)
	le.PutUint32(data[48:], uint32(len(c.data)))
	return Sum(data)
}

// Sum sets a chunk's checksums, after its bytes were changed, and returns it.
func Sum(chunk []byte) []byte {
	free := min(le.Uint32(chunk[48:]), ChunkSize)
	le.PutUint32(chunk[52:], crc32.ChecksumIEEE(chunk[firstRecord:max(free, firstRecord)]))
	header := crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:firstRecord])
	le.PutUint32(chunk[124:], header)
	return chunk
}
