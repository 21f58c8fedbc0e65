package keep

import (
	"bytes"
	"encoding/binary"
	"errors"
	"sync"
)

// TextRef is where a text lies: a chunk, and a place in it counted in units. The
// empty text is 0. Refs of all lanes of a query are of one numbering; equal texts may
// have different refs.
type TextRef uint32

// A text begins on a multiple of unitBytes, and behind its length.
const (
	unitBytes   = 8
	unitBits    = 17 // of the place within a chunk
	chunkBytes  = unitBytes << unitBits
	maxChunks   = 1 << (32 - unitBits)
	lengthBytes = 4
)

// ErrFull is what an event costs that came after the texts of all before it took up
// 32 GB.
var ErrFull = errors.New("the texts of the events take more than 32 GB: narrow the search's time range, or split it by device")

// TextList reads texts.
type TextList [][]byte

// Bytes returns a text, which nobody may write to.
func (l TextList) Bytes(ref TextRef) []byte {
	if ref == 0 {
		return nil
	}
	at := l[ref>>unitBits][ref%(1<<unitBits)*unitBytes:]
	n := binary.NativeEndian.Uint32(at)
	return at[lengthBytes : lengthBytes+n : lengthBytes+n]
}

func (l TextList) compare(a, b TextRef) int {
	if a == b {
		return 0
	}
	return bytes.Compare(l.Bytes(a), l.Bytes(b))
}

func (l TextList) equal(a, b TextRef) bool { return a == b || bytes.Equal(l.Bytes(a), l.Bytes(b)) }

// Chunks are the chunks of all lanes; the zero value has none. A lane asks for one and
// has it for itself.
type Chunks struct {
	// Max bounds their number; 0 is as many as there are refs for.
	Max int

	lock sync.Mutex
	list TextList
}

// add makes a chunk, and returns its number and a list that holds it. The list is
// safe to read beside other lanes' asking for chunks: they write behind its end only.
func (c *Chunks) add(size int) (number int, list TextList, err error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if len(c.list) >= maxChunks || c.Max > 0 && len(c.list) >= c.Max {
		return 0, nil, ErrFull
	}
	c.list = append(c.list, make([]byte, size))
	return len(c.list) - 1, c.list, nil
}

// All returns what reads the texts of all lanes, once none adds another.
func (c *Chunks) All() TextList { return c.list }

func put(dst, text []byte) {
	binary.NativeEndian.PutUint32(dst, uint32(len(text)))
	copy(dst[lengthBytes:], text)
}
