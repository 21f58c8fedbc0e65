package keep

import "hash/maphash"

// Texts keeps the texts of one lane, in two ways. Those of a column that repeats all
// the time, such as names, are kept once. Command lines are too many and too different
// for that: finding each among millions costs more than reading its event. So a text of
// that kind is looked for among those that came lately, which finds nearly all that
// repeat, and is kept once more if it is not there.
type Texts struct {
	TextList
	chunks *Chunks
	seed   maphash.Seed // the same in all lanes
	number int          // of the chunk that is being filled
	chunk  []byte
	used   int // of the chunk, in bytes
	// Err says that there was no room left for a text.
	Err error

	recent []heldText // by hash
	once   []heldText // open addressing, by hash; at most three quarters full
	names  int        // texts in once
}

// heldText is a text that can be found by its hash.
type heldText struct {
	hash uint32
	ref  TextRef // 0 for none
}

// recentTexts is small enough to stay in a core's cache.
const recentTexts = 1 << 15

// NewTexts returns an empty keeper of texts that takes its memory from c. The seed is
// the same for all lanes of a query.
func NewTexts(c *Chunks, seed maphash.Seed) *Texts {
	return &Texts{chunks: c, seed: seed, recent: make([]heldText, recentTexts), once: make([]heldText, 1<<10)}
}

// Keep returns the ref of a text and copies it, unless it came lately.
func (t *Texts) Keep(text []byte) TextRef {
	if len(text) == 0 {
		return 0
	}
	hash := uint32(maphash.Bytes(t.seed, text))
	held := &t.recent[hash%recentTexts]
	if held.hash != hash || !t.isText(held.ref, text) {
		*held = heldText{hash, t.store(text)}
	}
	return held.ref
}

// Name is a text that is kept once, and its hash, which is the same in all lanes.
type Name struct {
	Ref  TextRef
	Hash uint64
}

// Intern returns the name of a text and copies it, unless the lane has it.
func (t *Texts) Intern(text []byte) Name {
	if len(text) == 0 {
		return Name{}
	}
	hash := maphash.Bytes(t.seed, text)
	mask := uint64(len(t.once) - 1)
	at := hash & mask
	for t.once[at].ref != 0 {
		if t.once[at].hash == uint32(hash) && t.isText(t.once[at].ref, text) {
			return Name{t.once[at].ref, hash}
		}
		at = (at + 1) & mask
	}
	ref := t.store(text)
	if ref == 0 {
		return Name{}
	}
	t.once[at] = heldText{uint32(hash), ref}
	if t.names++; t.names*4 > len(t.once)*3 {
		t.grow()
	}
	return Name{ref, hash}
}

// grow doubles the table. Its hashes have 32 bits, and so has its size at most: there
// are no more refs.
func (t *Texts) grow() {
	old := t.once
	t.once = make([]heldText, 2*len(old))
	mask := uint32(len(t.once) - 1)
	for _, held := range old {
		if held.ref == 0 {
			continue
		}
		at := held.hash & mask
		for t.once[at].ref != 0 {
			at = (at + 1) & mask
		}
		t.once[at] = held
	}
}

func (t *Texts) isText(ref TextRef, text []byte) bool {
	return ref != 0 && string(t.Bytes(ref)) == string(text)
}

// store copies a text to the end of the chunk, or to a new one; a text larger than a
// chunk gets its own. Where there is no room left, err says so.
func (t *Texts) store(text []byte) TextRef {
	need := lengthBytes + len(text)
	if unitBytes+need > chunkBytes {
		return t.storeAlone(text)
	}
	if t.used+need > len(t.chunk) && !t.newChunk() {
		return 0
	}
	ref := TextRef(t.number<<unitBits | t.used/unitBytes)
	put(t.chunk[t.used:], text)
	t.used = (t.used + need + unitBytes - 1) &^ (unitBytes - 1)
	return ref
}

func (t *Texts) storeAlone(text []byte) TextRef {
	number, list, err := t.chunks.add(unitBytes + lengthBytes + len(text))
	if err != nil {
		t.Err = err
		return 0
	}
	t.TextList = list
	put(list[number][unitBytes:], text)
	return TextRef(number<<unitBits | 1)
}

// newChunk leaves the first unit unused: in the first chunk, its ref would be 0.
func (t *Texts) newChunk() bool {
	number, list, err := t.chunks.add(chunkBytes)
	if err != nil {
		t.Err = err
		return false
	}
	t.TextList, t.number, t.chunk, t.used = list, number, list[number], unitBytes
	return true
}
