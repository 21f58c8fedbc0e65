package event

import (
	"encoding/binary"
	"slices"
)

// chunkBytes is the size of the arena's pieces: large enough to be few, small
// enough not to double memory at the end of a growth.
const chunkBytes = 1 << 20

// keptChunks is how many pieces a reset keeps.
const keptChunks = 16

// arena keeps texts one behind the other, without a pointer for the garbage collector to
// follow.
type arena struct {
	chunks  [][]byte
	filling int // the chunk that is being filled; those behind it are empty
}

// place is where a text lies.
type textAt struct{ chunk, start uint32 }

func (k *symbol) textAt() textAt {
	return textAt{binary.LittleEndian.Uint32(k.text[:]), binary.LittleEndian.Uint32(k.text[4:])}
}

func (k *symbol) setTextAt(p textAt) {
	binary.LittleEndian.PutUint32(k.text[:], p.chunk)
	binary.LittleEndian.PutUint32(k.text[4:], p.start)
}

// add copies a text; one that is larger than a chunk gets its own.
func (a *arena) add(text []byte) textAt {
	for a.filling < len(a.chunks) && len(a.chunks[a.filling])+len(text) > cap(a.chunks[a.filling]) {
		a.filling++
	}
	if a.filling == len(a.chunks) {
		a.chunks = append(a.chunks, make([]byte, 0, max(chunkBytes, len(text))))
	}
	chunk := &a.chunks[a.filling]
	start := len(*chunk)
	*chunk = append(*chunk, text...)
	return textAt{uint32(a.filling), uint32(start)}
}

// bytes returns a text, which nobody may write to.
func (a *arena) bytes(p textAt, size uint32) []byte {
	return a.chunks[p.chunk][p.start : p.start+size : p.start+size]
}

// reset empties the arena and keeps its memory, apart from what a rare flood of texts has
// made of it.
func (a *arena) reset() {
	a.filling = 0
	a.chunks = slices.DeleteFunc(a.chunks, func(c []byte) bool { return cap(c) > chunkBytes })
	a.chunks = slices.Delete(a.chunks, min(len(a.chunks), keptChunks), len(a.chunks))
	for i := range a.chunks {
		a.chunks[i] = a.chunks[i][:0]
	}
}
