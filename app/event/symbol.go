package event

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// Sym is an interned string of a Symbols table. Two events have the same Sym
// exactly when they have the same text. Syms are numbered in order of arrival:
// compare them for equality, never for order.
type Sym uint32

// NoSym is the symbol of the empty text, which means "absent".
const NoSym Sym = 0

// chunkBytes is the size of the arena's pieces: large enough to be few, small
// enough not to double memory at the end of a growth.
const chunkBytes = 1 << 20

// Symbols interns strings: each text is stored once, without a pointer for the
// garbage collector to follow. It only grows and is not safe for concurrent use.
type Symbols struct {
	seed   maphash.Seed
	chunks [][]byte
	places []place // by Sym
	table  []entry // open addressing, by hash; NoSym is a free place
	folds  []Sym   // by Sym: its lower-case symbol, NoSym where not asked for yet
	files  []Sym   // by Sym: its file name, NoSym where not asked for yet
	lower  []byte
	size   int // of the texts, in bytes

	filling int // the chunk that is being filled; those behind it are empty
}

// place is where a symbol's text lies, and half the text's hash.
type place struct{ chunk, start, size, hash uint32 }

// entry is a symbol and half the hash of its text, so that most texts that are not
// it are told apart without a look at them, which would leave the core's cache.
type entry struct {
	hash uint32
	sym  Sym
}

// fewest is the size of a new table.
const fewest = 1024

// NewSymbols returns a table that holds the empty text only.
func NewSymbols() *Symbols { return symbolsOf(maphash.MakeSeed()) }

// Sibling returns an empty table to and from which Adopt and Find are cheap.
func (s *Symbols) Sibling() *Symbols { return symbolsOf(s.seed) }

func symbolsOf(seed maphash.Seed) *Symbols {
	return &Symbols{seed: seed, places: make([]place, 1), folds: make([]Sym, 1), files: make([]Sym, 1), table: make([]entry, fewest)}
}

// Reset empties the table and keeps its memory, apart from what a rare flood of texts
// has made of it. Every symbol given out before is void.
func (s *Symbols) Reset() {
	s.places, s.folds, s.files = s.places[:1], s.folds[:1], s.files[:1]
	if len(s.table) > keptPlaces {
		s.table = make([]entry, fewest)
	}
	clear(s.table)
	s.size, s.filling = 0, 0
	s.chunks = slices.DeleteFunc(s.chunks, func(c []byte) bool { return cap(c) > chunkBytes })
	s.chunks = slices.Delete(s.chunks, min(len(s.chunks), keptChunks), len(s.chunks))
	for i := range s.chunks {
		s.chunks[i] = s.chunks[i][:0]
	}
}

// keptChunks is how many pieces of the arena a Reset keeps.
const keptChunks = 16

// keptPlaces is how large a table a Reset keeps: clearing a larger one costs more
// than to grow it again.
const keptPlaces = 1 << 16

// Size returns the length of all texts together, in bytes.
func (s *Symbols) Size() int { return s.size }

// Len returns the number of symbols, NoSym included: every Sym is below it.
func (s *Symbols) Len() int { return len(s.places) }

// Intern returns the symbol of a text and copies the text if it is new.
func (s *Symbols) Intern(text []byte) Sym {
	if len(text) == 0 {
		return NoSym
	}
	return s.intern(text, s.hash(text))
}

// Adopt is Intern for the text of a sibling's symbol.
func (s *Symbols) Adopt(from *Symbols, y Sym) Sym {
	if y == NoSym {
		return NoSym
	}
	return s.intern(from.Bytes(y), from.places[y].hash)
}

// Find returns the symbol of the text of a sibling's symbol, NoSym when it has none.
func (s *Symbols) Find(from *Symbols, y Sym) Sym {
	if y == NoSym {
		return NoSym
	}
	return s.table[s.find(from.Bytes(y), from.places[y].hash)].sym
}

func (s *Symbols) intern(text []byte, hash uint32) Sym {
	at := s.find(text, hash)
	if y := s.table[at].sym; y != NoSym {
		return y
	}
	y := Sym(len(s.places))
	s.places = append(s.places, s.store(text, hash))
	s.folds, s.files = append(s.folds, NoSym), append(s.files, NoSym)
	s.table[at] = entry{hash, y}
	if len(s.places)*4 > len(s.table)*3 {
		s.grow()
	}
	return y
}

func (s *Symbols) hash(text []byte) uint32 { return uint32(maphash.Bytes(s.seed, text) >> 32) }

// Bytes returns a symbol's text, which nobody may write to.
func (s *Symbols) Bytes(y Sym) []byte {
	if y == NoSym {
		return nil
	}
	p := s.places[y]
	return s.chunks[p.chunk][p.start : p.start+p.size : p.start+p.size]
}

// String returns a symbol's text.
func (s *Symbols) String(y Sym) string { return string(s.Bytes(y)) }

// Fold returns the symbol of the text in lower case: the one to compare names,
// paths and hosts by, as Windows does. Each symbol is folded once.
func (s *Symbols) Fold(y Sym) Sym {
	if y == NoSym || s.folds[y] != NoSym {
		return s.folds[y]
	}
	s.lower = append(s.lower[:0], bytes.ToLower(s.Bytes(y))...)
	folded := s.Intern(s.lower)
	s.folds[y] = folded
	s.folds[folded] = folded
	return folded
}

// FileName returns the symbol of the last part of a Windows or Unix path; of a path that
// ends in a separator, its own. Each symbol is looked at once.
func (s *Symbols) FileName(path Sym) Sym {
	if path == NoSym || s.files[path] != NoSym {
		return s.files[path]
	}
	file := s.Intern(FileName(s.Bytes(path)))
	s.files[path] = file
	return file
}

// FileName returns what follows the last separator of a Windows or Unix path, and all of
// a path that ends in one.
func FileName(path []byte) []byte {
	for i := len(path) - 1; i >= 0; i-- {
		if c := path[i]; c == '\\' || c == '/' {
			if i == len(path)-1 {
				return path
			}
			return path[i+1:]
		}
	}
	return path
}

// Compare orders two symbols by their text, bytewise.
func (s *Symbols) Compare(a, b Sym) int {
	if a == b {
		return 0
	}
	return bytes.Compare(s.Bytes(a), s.Bytes(b))
}

// find returns the place in the table where the text is or belongs.
func (s *Symbols) find(text []byte, hash uint32) uint32 {
	mask := uint32(len(s.table) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		e := s.table[at]
		if e.sym == NoSym || e.hash == hash && bytes.Equal(s.Bytes(e.sym), text) {
			return at
		}
	}
}

func (s *Symbols) grow() {
	s.table = make([]entry, 2*len(s.table))
	mask := uint32(len(s.table) - 1)
	for y := Sym(1); int(y) < len(s.places); y++ {
		at := s.places[y].hash & mask
		for s.table[at].sym != NoSym {
			at = (at + 1) & mask
		}
		s.table[at] = entry{s.places[y].hash, y}
	}
}

// store copies the text into the arena; a text larger than a chunk gets its own.
func (s *Symbols) store(text []byte, hash uint32) place {
	for s.filling < len(s.chunks) && len(s.chunks[s.filling])+len(text) > cap(s.chunks[s.filling]) {
		s.filling++
	}
	if s.filling == len(s.chunks) {
		s.chunks = append(s.chunks, make([]byte, 0, max(chunkBytes, len(text))))
	}
	chunk := &s.chunks[s.filling]
	start := len(*chunk)
	s.size += len(text)
	*chunk = append(*chunk, text...)
	return place{uint32(s.filling), uint32(start), uint32(len(text)), hash}
}
