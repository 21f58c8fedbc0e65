package kql

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// texts keeps command lines. They are too many and too different to be interned one
// and all: finding each among millions costs more than reading its event. So a text
// is looked for among those that came lately, which finds nearly all that repeat, and
// is kept once more if it is not there. Equal texts may have different refs.
type texts struct {
	seed   maphash.Seed
	chunks [][]byte
	recent []recentText // by hash
}

// textRef is where a text lies: a chunk, and a place in it counted in units. The
// empty text is 0.
type textRef uint32

type recentText struct {
	hash uint64
	ref  textRef
}

// A text begins on a multiple of unitBytes, and behind its length.
const (
	unitBytes   = 8
	unitBits    = 17 // of the place within a chunk
	chunkBytes  = unitBytes << unitBits
	lengthBytes = 4
	recentTexts = 1 << 16
)

func newTexts() *texts {
	return &texts{seed: maphash.MakeSeed(), recent: make([]recentText, recentTexts)}
}

// keep returns the ref of a text and copies it, unless it came lately.
func (t *texts) keep(text []byte) textRef {
	if len(text) == 0 {
		return 0
	}
	hash := maphash.Bytes(t.seed, text)
	slot := &t.recent[hash%recentTexts]
	if slot.hash != hash || slot.ref == 0 || !bytes.Equal(t.bytes(slot.ref), text) {
		*slot = recentText{hash, t.store(text)}
	}
	return slot.ref
}

// bytes returns a text, which nobody may write to.
func (t *texts) bytes(ref textRef) []byte {
	if ref == 0 {
		return nil
	}
	at := t.chunks[ref>>unitBits][ref%(1<<unitBits)*unitBytes:]
	n := binary.NativeEndian.Uint32(at)
	return at[lengthBytes : lengthBytes+n : lengthBytes+n]
}

func (t *texts) compare(a, b textRef) int {
	if a == b {
		return 0
	}
	return bytes.Compare(t.bytes(a), t.bytes(b))
}

// store copies a text to the end of the last chunk, or to a new one; a text larger
// than a chunk gets its own. The first unit is never used: its ref would be 0.
func (t *texts) store(text []byte) textRef {
	need := lengthBytes + len(text)
	last := len(t.chunks) - 1
	if last < 0 || len(t.chunks[last])+need > chunkBytes {
		t.chunks = append(t.chunks, make([]byte, unitBytes, max(chunkBytes, unitBytes+need)))
		last++
	}
	chunk := t.chunks[last]
	start := len(chunk)
	chunk = binary.NativeEndian.AppendUint32(chunk, uint32(len(text)))
	chunk = append(chunk, text...)
	t.chunks[last] = append(chunk, make([]byte, -len(chunk)&(unitBytes-1))...)
	return textRef(last<<unitBits | start/unitBytes)
}
