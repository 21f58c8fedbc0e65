package record

import (
	"io"
	"sync"
)

// Buffer is memory into which a stream is read, and which becomes one piece of its
// text: what is cut from it stays where it was read, and only the unfinished rest
// moves on into the next Buffer. Buffers come from a pool, so that a long text
// needs as many as are in use at a time.
type Buffer struct {
	memory []byte
	length int       // bytes of memory that are read
	closes []closing // memory for those of a piece
}

// keptBuffer is the largest memory that Free gives back to the pool, in bytes: one
// giant row shall not be held for ever.
const keptBuffer = 4 * PieceSize

// leastBuffer has room for a byte order mark.
const leastBuffer = 4

var buffers = sync.Pool{New: func() any { return new(Buffer) }}

// NewBuffer returns a Buffer that begins with a copy of rest. It has size bytes, or
// more if rest would leave less than a quarter of them free: a row that grows over
// several buffers is moved a few times and not at every read.
func NewBuffer(rest []byte, size int) *Buffer {
	for size = max(size, leastBuffer); size-len(rest) < (size+3)/4; {
		size *= 2
	}
	b := buffers.Get().(*Buffer)
	if size > cap(b.memory) {
		b.memory = make([]byte, max(size, PieceSize))
	}
	b.memory = b.memory[:size]
	b.length = copy(b.memory, rest)
	return b
}

// Bytes returns what was read. It is valid, and keeps its place, until Free.
func (b *Buffer) Bytes() []byte { return b.memory[:b.length:b.length] }

// takeCloses takes the memory for the ends of quoted fields out of the buffer.
func (b *Buffer) takeCloses() []closing {
	memory := b.closes
	b.closes = nil
	return memory[:0]
}

// Fill reads on until the buffer is full. An error is the reader's own, io.EOF at
// the end; what came before it is in the buffer.
//
// It does not use io.ReadFull, which gives one error for the end of a stream and
// for the broken end of a compressed file.
func (b *Buffer) Fill(r io.Reader) error {
	for b.length < len(b.memory) {
		n, err := r.Read(b.memory[b.length:])
		b.length += n
		if err != nil {
			return err
		}
	}
	return nil
}

// Free gives the memory to a later Buffer. The buffer and all that was cut from it
// must not be used any more.
func (b *Buffer) Free() {
	if cap(b.memory) > keptBuffer {
		b.memory, b.closes = nil, nil
	}
	buffers.Put(b)
}
