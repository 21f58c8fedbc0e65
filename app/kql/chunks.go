package kql

import (
	"bytes"
	"encoding/binary"
	"errors"
	"sync"
)

// textRef is where a text lies: a chunk, and a place in it counted in units. The
// empty text is 0. Refs of all lanes of a query are of one numbering; equal texts may
// have different refs.
type textRef uint32

// A text begins on a multiple of unitBytes, and behind its length.
const (
	unitBytes   = 8
	unitBits    = 17 // of the place within a chunk
	chunkBytes  = unitBytes << unitBits
	maxChunks   = 1 << (32 - unitBits)
	lengthBytes = 4
)

// errFull is what an event costs that came after the texts of all before it took up
// 32 GB.
var errFull = errors.New("the texts of the events take more than 32 GB: narrow the search's time range, or split it by device")

// textList reads texts.
type textList [][]byte

// bytes returns a text, which nobody may write to.
func (l textList) bytes(ref textRef) []byte {
	if ref == 0 {
		return nil
	}
	at := l[ref>>unitBits][ref%(1<<unitBits)*unitBytes:]
	n := binary.NativeEndian.Uint32(at)
	return at[lengthBytes : lengthBytes+n : lengthBytes+n]
}

func (l textList) compare(a, b textRef) int {
	if a == b {
		return 0
	}
	return bytes.Compare(l.bytes(a), l.bytes(b))
}

func (l textList) equal(a, b textRef) bool { return a == b || bytes.Equal(l.bytes(a), l.bytes(b)) }

// chunks are the chunks of all lanes; the zero value has none. A lane asks for one and has it for itself.
type chunks struct {
	// Max bounds their number; 0 is as many as there are refs for.
	Max int

	lock sync.Mutex
	list textList
}

// add makes a chunk, and returns its number and a list that holds it. The list is
// safe to read beside other lanes' asking for chunks: they write behind its end only.
func (c *chunks) add(size int) (number int, list textList, err error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if len(c.list) >= maxChunks || c.Max > 0 && len(c.list) >= c.Max {
		return 0, nil, errFull
	}
	c.list = append(c.list, make([]byte, size))
	return len(c.list) - 1, c.list, nil
}

// all returns what reads the texts of all lanes, once none adds another.
func (c *chunks) all() textList { return c.list }

func put(dst, text []byte) {
	binary.NativeEndian.PutUint32(dst, uint32(len(text)))
	copy(dst[lengthBytes:], text)
}
